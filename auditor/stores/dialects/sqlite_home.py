"""How a native store stands in an SQLite file: our number in its header, and a write-ahead log while it is written."""

import sqlite3
import time

from auditor.core.errors import StoreError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.dialects.protocol import foreign
from auditor.stores.dialects.sqlite import DriverConnection, DriverCursor, Sqlite
from auditor.stores.location import FileLocation, require_file
from auditor.stores.native_schema import APPLICATION_ID
from auditor.stores.sqlite_errors import primary_code
from auditor.stores.sqlite_format import SMALLEST_DATABASE


class SqliteHome:
    """The `NativeHome` of one file."""

    def __init__(self, dialect: Sqlite) -> None:
        self._dialect = dialect
        self._path = dialect.path

    def look(self, *, create: bool) -> None:
        if create and not self._path.exists():
            self._require_folder()
            return
        if create and self._path.is_file() and self._path.stat().st_size == 0:
            return
        require_file(FileLocation(self._path))
        if self._path.stat().st_size < SMALLEST_DATABASE:
            raise StoreError(tr("{path} is not an SQLite database.", path=self._dialect.shown_name))
        # Asked before the file is opened for writing, when SQLite would tidy up a foreign database at once.
        if self._application_id() != APPLICATION_ID:
            raise foreign(self._dialect.shown_name)

    def _require_folder(self) -> None:
        folder = self._path.parent
        if not folder.is_dir():
            raise StoreError(
                tr("There is no folder {path}.", path=display(str(folder))),
                tr("Make it first, or give another path."),
            )

    def _application_id(self) -> int:
        """What stands in the file's header. Takes no lock, recovers nothing and makes no file beside it.

        Only SQLite may open the file: closing it elsewhere would drop the locks that this process holds on it.
        """
        with self._dialect.told():
            connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            try:
                # Also of a file that a power failure or a kill left in the midst of growing: SQLite would else call it
                # malformed, though the log beside it makes it whole.
                connection.execute("PRAGMA writable_schema = ON")
                return int(connection.execute("PRAGMA application_id").fetchone()[0])
            finally:
                connection.close()

    def is_marked(self, connection: DriverConnection | DriverCursor) -> bool:
        return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)

    def may_be_made(self, connection: DriverConnection | DriverCursor) -> bool:
        return not self._dialect.relations(connection)

    def mark(self, cursor: DriverCursor, schema_version: int) -> None:
        cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        cursor.execute(f"PRAGMA user_version = {schema_version}")

    def schema_version(self, connection: DriverConnection) -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])

    def enter_writing_mode(self, connection: DriverConnection) -> None:
        deadline = time.monotonic() + self._dialect.busy_seconds
        while True:
            try:
                mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            except sqlite3.OperationalError as error:
                # SQLite does not wait by itself for the lock that this change needs.
                if primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise self._dialect.error_for(error) from error
                time.sleep(0.01)
                continue
            if mode != "wal":
                raise StoreError(
                    tr(
                        "{path} cannot be opened for writing: its folder allows no write-ahead log.",
                        path=self._dialect.shown_name,
                    ),
                    tr("Put the store on a local disk."),
                )
            return

    def leave_writing_mode(self, connection: DriverConnection) -> None:
        """One file, readable without any beside it, unless somebody else has the store open."""
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            # In use elsewhere: the last one to close tidies up.
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
