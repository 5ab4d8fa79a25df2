"""Looking into a read-model file. What a killed rebuild left half written is undone first."""

import sqlite3
from collections.abc import Callable

from auditor.core.errors import StoreBusy, StoreError
from auditor.core.ports import StopToken
from auditor.core.text import tr
from auditor.stores.location import FileLocation, StoreLocation
from auditor.stores.read_model_file import at_work, recover, refuse_unless_ours
from auditor.stores.read_model_looking import MOST_TRIES, Answer, Cursor, NothingRebuilt, RowColumn
from auditor.stores.readonly import ReadOnlyFile
from auditor.stores.scanning import quoted


class FileLookedAt:
    """An open read-model file."""

    def __init__(self, place: FileLocation, store: StoreLocation | None, token: StopToken | None) -> None:
        """Raises: StoreError where the file is absent, empty or not ours; StoreBusy; Cancelled."""
        self._path = place.path
        if not refuse_unless_ours(place.path, store):
            raise NothingRebuilt(tr("There are no read models in {path} yet.", path=place.name))
        recover(place.path)
        self._file = ReadOnlyFile(place, token)

    def answer(self, read: Callable[[Cursor], Answer]) -> Answer:
        for _ in range(MOST_TRIES - 1):
            try:
                return self._moment(read)
            except StoreBusy:
                raise
            except StoreError:
                # A rebuild may have been killed since we opened: what it left half written must be undone first.
                if not recover(self._path):
                    raise
        return self._moment(read)

    def _moment(self, read: Callable[[Cursor], Answer]) -> Answer:
        with self._file.translated(), self._file.reading() as cursor:
            return read(cursor)

    def tables(self, cursor: sqlite3.Cursor) -> frozenset[str]:
        found = cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return frozenset(name for (name,) in found)

    def columns_of(self, cursor: sqlite3.Cursor, table: str) -> tuple[tuple[RowColumn, ...], tuple[str, ...]]:
        found = cursor.execute(f"PRAGMA table_xinfo({quoted(table)})").fetchall()
        columns = tuple(RowColumn(named, kind.lower(), key > 0) for _, named, kind, _, _, key, _ in found)
        key = tuple(named for _, named, _, _, _, key, _ in sorted(found, key=lambda row: row[5]) if key)
        return columns, key

    def is_at_work(self, projection: str) -> bool:
        return at_work(self._path) == projection

    def close(self) -> None:
        self._file.close()
