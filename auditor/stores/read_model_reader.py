"""Read-only access to read models: rows of live tables, with the position at which they are true."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from sqlalchemy import select

from auditor.core.rows import Row, Table
from auditor.stores.read_model_looking import Cursor
from auditor.stores.read_model_place import ReadModelPlace
from auditor.stores.read_model_schema import Checkpoint, sql_table
from auditor.stores.read_model_view import (
    NothingRebuilt,
    ReadModelView,
    as_declared,
    checkpoint_of,
    never_rebuilt,
)
from auditor.stores.scanning import Query


class ReadModelReader:
    """The live tables of one projection. Nothing can be written through it; a context manager."""

    def __init__(self, location: ReadModelPlace, projection: str) -> None:
        """Raises: StoreError where the file is absent or not ours, or the projection was never rebuilt; StoreBusy."""
        self._location = location
        self._projection = projection
        try:
            self._view = ReadModelView(location)
        except NothingRebuilt:
            raise never_rebuilt(location, projection) from None
        try:
            self.checkpoint()
        except BaseException:
            self._view.close()
            raise

    def checkpoint(self) -> Checkpoint:
        """Where the live rows are true. Raises: StoreError."""
        return self._view.answer(self._checkpoint)

    def find(
        self, table: Table, where: Mapping[str, Any], *, newest_first: Sequence[str] = ()
    ) -> tuple[Checkpoint, list[Row]]:
        """The rows in which these columns have these values, the highest of `newest_first` first, and the checkpoint
        of the same moment. Cost: all rows, unless `where` names the key."""
        named = sql_table(table, table.name)
        column = dict(zip(table.columns, named.columns, strict=True))
        statement = select(named).where(*(column[name] == value for name, value in where.items()))
        query = Query(statement.order_by(*(column[name].desc() for name in newest_first)))

        def read(cursor: Cursor) -> tuple[Checkpoint, list[tuple[Any, ...]]]:
            checkpoint, rows = self._checkpoint(cursor), list[tuple[Any, ...]]()
            query.fill(rows, cursor, tuple)
            return checkpoint, rows

        checkpoint, rows = self._view.answer(read)
        kinds = list(table.columns.values())
        return checkpoint, [dict(zip(table.columns, as_declared(kinds, row), strict=True)) for row in rows]

    def _checkpoint(self, cursor: Cursor) -> Checkpoint:
        live = checkpoint_of(cursor, self._projection, "live")
        if live is None:
            raise never_rebuilt(self._location, self._projection)
        return live

    def close(self) -> None:
        self._view.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
