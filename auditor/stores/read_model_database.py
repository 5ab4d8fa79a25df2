"""What the writer of read models asks of a file or a server."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from auditor.core.rows import Table
from auditor.stores.dialects.protocol import DriverConnection
from auditor.stores.location import FileLocation, StoreLocation
from auditor.stores.read_model_file import ReadModelFile
from auditor.stores.read_model_place import ReadModelPlace
from auditor.stores.read_model_schema import Checkpoint
from auditor.stores.read_model_statements import CheckpointStatements, StatementText, TableStatements

Cursor = Any
"""A cursor that the same database has made."""


class ReadModelDatabase(Protocol):
    """Opened for writing: nobody else writes read models there until it is closed, however its owner ends."""

    @property
    def row_refused(self) -> tuple[type[Exception], ...]:
        """What the driver raises when a constraint or a trigger refuses a row."""

    @property
    def statements(self) -> CheckpointStatements: ...
    @property
    def dialect(self) -> StatementText: ...
    @property
    def connection(self) -> DriverConnection: ...
    def say_at_work(self, projection: str) -> None:
        """Others can ask whose rebuild is at work, from now on until it is closed."""

    def told(self) -> AbstractContextManager[None]:
        """Errors of the driver leave the block as errors that a user can read."""

    def writing(self, *, provisional: bool = False) -> AbstractContextManager[Cursor]:
        """A transaction, rolled back whole if the block raises; on disk when it returns unless it is provisional.

        Raises: StoreBusy, StoreFull, StoreDamaged, StoreError; `row_refused` passes as it is.
        """

    def swapping(self, projection: str) -> AbstractContextManager[Cursor]:
        """The transaction of a swap, which has the live tables of the projection to itself. Raises: as `writing`."""

    def storing(self) -> AbstractContextManager[None]:
        """Within `writing`: a value for which there is no room is told as such. Raises: NotStorable."""

    def close(self) -> None: ...
    def table_statements(self, declared: Table, *, live: bool) -> TableStatements: ...
    def put(self, cursor: Cursor, statements: TableStatements, rows: Sequence[Sequence[Any]]) -> None:
        """Rows with different keys, each in the place of the one with its key."""

    def check_names(self, projection: str, tables: Sequence[Table]) -> None:
        """Raises: ModelError for names that this database would not keep as they are."""

    def as_compared(self, name: str) -> str:
        """The same for all names that are one to the database."""

    def relations(self, cursor: Cursor) -> Mapping[str, str]:
        """The names of tables and of what else could stand in their way, each with its kind."""

    def columns_of(self, cursor: Cursor, table: str) -> list[str] | None:
        """The names of a table's columns; None where it is gone."""

    def put_in_place(self, cursor: Cursor, live: Checkpoint | None, tables: Sequence[str]) -> list[str]:
        """Within `swapping`: shadow tables become live ones, and what people made on those is on them.

        Returns what the user should know. Raises: ModelError where it does not fit.
        """


def opened_for_writing(place: ReadModelPlace, *, store: StoreLocation | None) -> ReadModelDatabase:
    """Raises: StoreBusy where somebody writes there; PasswordNeeded; StoreError for no place for read models."""
    if isinstance(place, FileLocation):
        return ReadModelFile(place, store=store)
    from auditor.stores.dialects.postgresql_read_models import ReadModelServer

    return ReadModelServer(place)
