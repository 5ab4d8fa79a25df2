"""What looking into read models asks of a file or a server. Nothing is made or changed by it."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeVar

from auditor.core.errors import StoreError
from auditor.core.ports import StopToken
from auditor.stores.location import FileLocation, StoreLocation
from auditor.stores.read_model_place import ReadModelPlace

Cursor = Any
"""That of a read transaction, as `Query` takes it."""
Answer = TypeVar("Answer")
MOST_TRIES = 3


class NothingRebuilt(StoreError):
    """There is no read model yet: not the place, or not the projection in it."""


class RowColumn(NamedTuple):
    """A column as declared. `kind` is text, integer, real or boolean; `key`: whether it is part of the key."""

    name: str
    kind: str
    key: bool


class ReadModelsLookedAt(Protocol):
    """A place of read models, open for reading alone."""

    def answer(self, read: Callable[[Cursor], Answer]) -> Answer:
        """What `read` makes of one moment of the place; it may be called anew.

        Raises: StoreBusy, StoreError; Cancelled.
        """

    def tables(self, cursor: Cursor) -> frozenset[str]:
        """The names of all tables."""

    def columns_of(self, cursor: Cursor, table: str) -> tuple[tuple[RowColumn, ...], tuple[str, ...]]:
        """The columns of a table and the names of its key in order; nothing where the table is gone."""

    def is_at_work(self, projection: str) -> bool:
        """Whether a rebuild of it is running now, in any process."""

    def close(self) -> None: ...


def looked_at(
    place: ReadModelPlace, *, store: StoreLocation | None, token: StopToken | None
) -> ReadModelsLookedAt:
    """Raises: NothingRebuilt where there are no read models; StoreError, StoreBusy, PasswordNeeded; Cancelled."""
    if isinstance(place, FileLocation):
        from auditor.stores.read_model_file_view import FileLookedAt

        return FileLookedAt(place, store, token)
    from auditor.stores.dialects.postgresql_read_model_view import SchemaLookedAt

    return SchemaLookedAt(place, token)
