"""What a native store asks of a database."""

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Insert, Table
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql import ClauseElement

from auditor.core.errors import StoreError
from auditor.core.text import tr


class UniqueKey(enum.Enum):
    """The key that a refused row would have stood under twice."""

    EVENT_ID = enum.auto()
    AGGREGATE_VERSION = enum.auto()
    STREAM = enum.auto()


class DriverCursor(Protocol):
    """What the drivers' cursors have in common."""

    @property
    def rowcount(self) -> int: ...
    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> "DriverCursor": ...
    def executemany(self, statement: str, values: Any, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class DriverConnection(Protocol):
    """What the drivers' connections have in common. In autocommit mode: a transaction is what stands in `writing`."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> DriverCursor: ...
    def close(self) -> None: ...


Own = Any
"""A connection or a cursor that the same dialect has made."""


class NativeHome(Protocol):
    """How a native store stands in a database: what shows that it is there, and what its writers must have."""

    def look(self, *, create: bool) -> None:
        """Looks at the place before anything is opened for writing.

        Raises: StoreError for what is no native store and cannot become one; nothing is changed.
        """

    def is_marked(self, connection: Own) -> bool:
        """Whether a native store bears its mark here."""

    def may_be_made(self, connection: Own) -> bool:
        """Whether nothing stands here that a native store would meet."""

    def mark(self, cursor: Own, schema_version: int) -> None:
        """What is to be noted outside the tables, within `writing`."""

    def schema_version(self, connection: Own) -> int: ...
    def enter_writing_mode(self, connection: Own) -> None:
        """Readers and the one writer do not wait for each other from now on. Raises: StoreBusy, StoreError."""

    def leave_writing_mode(self, connection: Own) -> None: ...


class Dialect(Protocol):
    """One database, and how a native store stands in it."""

    @property
    def shown_name(self) -> str:
        """How people call this place; holds no password."""

    @property
    def integrity_error(self) -> type[Exception]:
        """What the driver raises when a key or a constraint refuses a row."""

    def holds(self, text: str) -> bool:
        """Whether the database can keep such a text."""

    # -- statements --------------------------------------------------------------------------------------------

    def compiled(self, statement: ClauseElement, *names: str) -> str:
        """The text of a statement whose parameters are given by place, in the order of `names`."""

    def replacing(self, table: Table, when: Callable[[Any], ColumnElement[bool]]) -> Insert:
        """Inserts one row, its values by the names of the columns. Where one with the same primary key stands, it is
        replaced if `when`, which is given the columns of the new row, holds, else it stays: one step, whatever other
        writers do."""

    def ddl(self, statement: ExecutableDDLElement) -> str: ...
    def quoted(self, name: str) -> str:
        """A name as it stands in a statement, whatever characters it has."""

    # -- connections -------------------------------------------------------------------------------------------

    def connect(self) -> DriverConnection:
        """A connection that waits for locks no longer than it may, and whose commits are on disk when they return.

        It may be used from any thread, by one at a time. Raises: what `told` makes of the driver's errors.
        """

    def is_lost(self, connection: Own) -> bool:
        """Whether the connection is broken, so that a new one must be made. Asks the database nothing."""

    def writing(self, connection: Own) -> AbstractContextManager[DriverCursor]:
        """A transaction that keeps every other writer of this store out from its beginning; rolled back whole if the
        block raises.

        Raises: StoreBusy when the lock is not to be had in time, StoreFull, StoreDamaged, OutcomeUnknown, StoreError.
        The driver's `integrity_error` passes as it is: only the block knows what it means.
        """

    def next_positions(self, cursor: Own, count: int) -> int:
        """The first of `count` positions in a row, within `writing`.

        Higher than all that were handed out before. Since writers take turns, positions are committed in their order.
        """

    def relations(self, connection: Own) -> Mapping[str, str]:
        """The names of tables and of what else could stand in their way, each with its kind."""

    # -- errors ------------------------------------------------------------------------------------------------

    def told(self) -> AbstractContextManager[None]:
        """Errors of the driver leave the block as errors that a user can read.

        Raises: StoreBusy, StoreFull, StoreDamaged, StoreError.
        """

    def violated_key(self, error: Exception) -> UniqueKey | None:
        """Which unique key refused a row, given the driver's `integrity_error`; None for any other constraint."""

    def error_for(self, error: Any) -> StoreError: ...


def foreign(name: str) -> StoreError:
    """For a place where somebody else's tables stand."""
    return StoreError(
        tr("{path} is another program's database, not a native event store.", path=name),
        tr("Nothing was changed. Give another path; foreign stores can be viewed, not written."),
    )


def is_utf8(text: str) -> bool:
    """Whether it has no lone surrogate, which UTF-8 cannot carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
