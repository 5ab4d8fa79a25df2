"""What viewing asks of a database: read transactions, statements in its own words, errors that a user can read."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sqlalchemy.sql import ClauseElement

from auditor.core.errors import AuditorError, Cancelled, StoreError
from auditor.core.text import tr
from auditor.stores.gate import Gate
from auditor.stores.location import StoreLocation

Make = Callable[[Any], Any]
"""Makes of a row, as the driver gives it, what the asker wants."""


class Compiled(NamedTuple):
    """A statement in one database's words; `values` are those of its parameters, by name."""

    text: str
    values: Mapping[str, Any]


class ReadCursor(Protocol):
    """The driver's own cursor within a read transaction."""

    @staticmethod
    def compiled(statement: ClauseElement) -> Compiled: ...
    def run(self, text: str, values: Mapping[str, Any]) -> "ReadCursor":
        """Runs a compiled statement. Values that the database cannot hold are equal to none that it has."""

    def fill(self, rows: list[Any], text: str, values: Mapping[str, Any], make: Make) -> None:
        """Appends all rows of the answer, each made by `make`. When reading fails in the midst, `rows` keeps those
        before."""

    def fetchone(self) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """What is in a database: the names of its `tables`; of those that a native store has, the columns that are stored
    as somebody wrote them and hold a value wherever a native store's would; `others` with the name of a table, and
    what they are, as a translated noun."""

    tables: Mapping[str, frozenset[str]]
    others: Mapping[str, str]
    made_by_version: int = 0
    """The schema version that stands outside the tables, 0 where there is none."""


class PlaceLost(StoreError):
    """The way to a database broke, or there is none any more. A later question makes a new one."""

    def after(self, place: str) -> "PlaceLost":
        """The same, met in the midst of reading; `place` names the last good row."""
        return PlaceLost(
            tr("{what} Reading stopped after {place}.", what=self.message, place=place), self.hint
        )


class ReadOnlyPlace(Protocol):
    """A database opened for reading alone. `access` says how it is kept unchanged, `warnings` what else to know."""

    gate: Gate
    access: list[str]
    warnings: list[str]

    @property
    def location(self) -> StoreLocation: ...
    @property
    def driver_error(self) -> type[Exception]:
        """What all errors of the driver are."""

    def reading(self) -> AbstractContextManager[ReadCursor]:
        """One read transaction: what the block sees belongs together. Keep it short, it holds up the tidying of what
        writers leave."""

    def translated(self) -> AbstractContextManager[None]:
        """Errors of the driver leave the block as errors that a user can read.

        Raises: Cancelled, StoreBusy, StoreDamaged, StoreReplaced, PlaceLost, StoreError.
        """

    def told(self, error: Any) -> AuditorError | Cancelled:
        """The error to raise for one of the driver's."""

    def damage(self, error: Exception) -> str | None:
        """What is broken, in half a sentence, where one of the driver's errors says that something is; else None."""

    def check_unchanged(self) -> None:
        """Raises: StoreReplaced when the place leads to another database than the one that is open."""

    def close(self) -> None: ...


def native_capabilities(how_ordered: str) -> dict[str, Any]:
    """What a native store can do; `how_ordered` is a sentence: by what positions become visible in their order."""
    return {
        "global_order": True,
        "commit_order": True,
        "never_misses_events": how_ordered,
        "cheap_aggregates": True,
        "contiguous_versions": True,
        "json_filter": True,
    }


class ViewedStore(ReadOnlyPlace, Protocol):
    """A place where a native store may stand."""

    @property
    def product(self) -> str:
        """What runs there, with its version."""

    @property
    def opening_seconds(self) -> float:
        """How long looking at what is there may take."""

    @property
    def capabilities(self) -> Mapping[str, Any]:
        """By name: whether, or a sentence that says how."""

    @property
    def keeps_any_kind(self) -> bool:
        """Whether a column may hold values of other kinds than it was declared for."""

    @property
    def by_code_points(self) -> bool:
        """Whether ids stand in the order of their code points."""

    @property
    def limit_of_users(self) -> str:
        """A sentence on the metadata that users are not found in; empty where they are found in all."""

    def relations(self, cursor: Any) -> Relations: ...
    def recognise(self, cursor: Any) -> None:
        """A native store was found: looks up the rest that is to be known of it, in the same transaction."""

    def look_closer(self) -> None:
        """What takes transactions of its own, once the store is known. Raises: StoreError, Cancelled."""
