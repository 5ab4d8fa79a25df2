"""Native stores in SQLite files."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.pool import NullPool

from auditor.core.errors import StoreBusy, StoreDamaged, StoreError, StoreFull
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.dialects.protocol import UniqueKey, is_utf8
from auditor.stores.dialects.statements import Statements
from auditor.stores.sqlite_errors import primary_code

DriverConnection = sqlite3.Connection
DriverCursor = sqlite3.Cursor

_KEYS: Final = {
    "events.event_id": UniqueKey.EVENT_ID,
    "events.aggregate_id, events.version": UniqueKey.AGGREGATE_VERSION,
    "streams.aggregate_id": UniqueKey.STREAM,
}


class Sqlite(Statements):
    """SQLite through the driver's own connections, which SQLAlchemy opens.

    The connections are in autocommit mode: a transaction is what stands inside `writing`.
    """

    integrity_error: Final = sqlite3.IntegrityError

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self.path = path
        self.shown_name: Final = display(str(path))
        self.busy_seconds: Final = busy_seconds
        self._engine: Engine = create_engine(
            URL.create("sqlite", database=str(path)),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"timeout": busy_seconds, "isolation_level": None, "check_same_thread": False},
        )
        super().__init__(self._engine.dialect, insert)

    def holds(self, text: str) -> bool:
        return is_utf8(text)

    # -- connections -------------------------------------------------------------------------------------------

    def connect(self) -> DriverConnection:
        with self.told():
            pooled = self._engine.raw_connection()
            connection = pooled.driver_connection
            pooled.detach()
            if not isinstance(connection, sqlite3.Connection):
                raise TypeError(f"an unknown driver: {type(connection).__name__}")
            try:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA mmap_size = 0")
                # For large transactions: pages of the random indexes stay at hand, and not every commit moves the log.
                connection.execute("PRAGMA cache_size = -32768")
                connection.execute("PRAGMA wal_autocheckpoint = 8000")
            except BaseException:
                connection.close()
                raise
            return connection

    @contextmanager
    def writing(self, connection: DriverConnection) -> Iterator[DriverCursor]:
        cursor = connection.cursor()
        try:
            cursor.execute("BEGIN IMMEDIATE")
            yield cursor
            cursor.execute("COMMIT")
        except BaseException as error:
            _roll_back(connection)
            if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.IntegrityError):
                raise self.error_for(error) from error
            raise

    def is_lost(self, connection: DriverConnection) -> bool:  # noqa: ARG002 - a file does not hang up
        return False

    def next_positions(self, cursor: DriverCursor, count: int) -> int:  # noqa: ARG002 - SQLite counts what is inserted
        row = cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return 1 if row is None else int(row[0]) + 1

    def relations(self, connection: DriverConnection | DriverCursor) -> Mapping[str, str]:
        return dict(connection.execute("SELECT name, type FROM sqlite_schema").fetchall())

    # -- errors ------------------------------------------------------------------------------------------------

    @contextmanager
    def told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self.error_for(error) from error

    def violated_key(self, error: Exception) -> UniqueKey | None:
        _, _, columns = str(error).partition("UNIQUE constraint failed: ")
        return _KEYS.get(columns)

    def error_for(self, error: sqlite3.Error) -> StoreError:
        code, path = primary_code(error), self.shown_name
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return StoreBusy(
                tr("{path} is locked by another program.", path=path),
                tr("Nothing was changed. Try again when the other program has finished."),
            )
        if code == sqlite3.SQLITE_FULL or getattr(error, "sqlite_errorcode", 0) in _NO_SPACE:
            return StoreFull(
                tr("There is no space left to write to {path}.", path=path),
                tr("Nothing of this transaction was stored. Make room and repeat it."),
            )
        if code == sqlite3.SQLITE_CORRUPT:
            return StoreDamaged(
                tr("{path} is damaged: {why}.", path=path, why=error),
                tr("Work on a copy of the store, and restore it from a backup."),
            )
        if code == sqlite3.SQLITE_NOTADB:
            return StoreError(tr("{path} is not an SQLite database.", path=path))
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
            return StoreError(
                tr("{path} cannot be opened for writing: {why}.", path=path, why=error),
                tr("Check the permissions of the file and of its folder."),
            )
        return StoreError(tr("{path} cannot be used: {why}.", path=path, why=error))


_NO_SPACE = (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE)


def _roll_back(connection: DriverConnection) -> None:
    # A full disk or a broken file has SQLite roll back by itself.
    if connection.in_transaction:
        connection.execute("ROLLBACK")
