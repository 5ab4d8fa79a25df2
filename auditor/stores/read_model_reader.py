"""Read-only access to read models: rows of live tables, with the position at which they are true."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from sqlalchemy import select

from auditor.core.errors import StoreBusy, StoreError
from auditor.core.rows import Row, Table
from auditor.core.text import tr
from auditor.stores.location import StoreLocation
from auditor.stores.read_model_file import recover, refuse_unless_ours
from auditor.stores.read_model_schema import Checkpoint, checkpoint_from, checkpoints, sql_table
from auditor.stores.readonly import ReadOnlyFile
from auditor.stores.scanning import Query

_MOST_TRIES = 3


class ReadModelReader:
    """The live tables of one projection. Nothing can be written through it; a context manager."""

    def __init__(self, location: StoreLocation, projection: str) -> None:
        """Raises: StoreError where the file is absent or not ours, or the projection was never rebuilt; StoreBusy."""
        self._location = location
        self._projection = projection
        if not refuse_unless_ours(location.path, None):
            raise self._never_rebuilt()
        recover(location.path)
        self._file = ReadOnlyFile(location)
        try:
            self.checkpoint()
        except BaseException:
            self._file.close()
            raise

    def checkpoint(self) -> Checkpoint:
        """Where the live rows are true. Raises: StoreError."""
        return self._answer(None, {}, ())[0]

    def find(
        self, table: Table, where: Mapping[str, Any], *, newest_first: Sequence[str] = ()
    ) -> tuple[Checkpoint, list[Row]]:
        """The rows in which these columns have these values, the highest of `newest_first` first, and the checkpoint
        of the same moment. Cost: all rows, unless `where` names the key."""
        return self._answer(table, where, newest_first)

    def _answer(
        self, table: Table | None, where: Mapping[str, Any], newest_first: Sequence[str]
    ) -> tuple[Checkpoint, list[Row]]:
        for _ in range(_MOST_TRIES - 1):
            try:
                return self._read(table, where, newest_first)
            except StoreBusy:
                raise
            except StoreError:
                # A rebuild may have been killed since we opened: what it left half written must be undone first.
                if not recover(self._location.path):
                    raise
        return self._read(table, where, newest_first)

    def _read(
        self, table: Table | None, where: Mapping[str, Any], newest_first: Sequence[str]
    ) -> tuple[Checkpoint, list[Row]]:
        with self._file.translated(), self._file.reading() as cursor:
            of_ours = (checkpoints.c.projection == self._projection, checkpoints.c.stage == "live")
            found: list[tuple[Any, ...]] = []
            Query(select(checkpoints).where(*of_ours)).fill(found, cursor, tuple)
            if not found:
                raise self._never_rebuilt()
            rows: list[tuple[Any, ...]] = []
            if table is not None:
                named = sql_table(table, table.name)
                column = dict(zip(table.columns, named.columns, strict=True))
                statement = select(named).where(*(column[name] == value for name, value in where.items()))
                statement = statement.order_by(*(column[name].desc() for name in newest_first))
                Query(statement).fill(rows, cursor, tuple)
        if table is None:
            return checkpoint_from(found[0]), []
        return checkpoint_from(found[0]), [_row(table, values) for values in rows]

    def _never_rebuilt(self) -> StoreError:
        return StoreError(
            tr("{path} has no rows of {name} yet.", path=self._location.name, name=self._projection),
            tr("`auditor rebuild STORE {name}` makes them.", name=self._projection),
        )

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _row(table: Table, values: Sequence[Any]) -> Row:
    return {
        column: bool(value) if kind == "boolean" and value is not None else value
        for (column, kind), value in zip(table.columns.items(), values, strict=True)
    }
