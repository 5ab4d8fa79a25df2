"""The one place that opens a viewed store, with several locks on the door.

`mode=ro` keeps SQLite from writing the file, `query_only` from writing at all, and an authorizer from everything that
is not reading: without it ATTACH and VACUUM INTO make new files, and `query_only` can be switched off again.
"""

import contextlib
import errno
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy.pool import QueuePool

from auditor.core.errors import AuditorError, Cancelled, StoreReplaced
from auditor.core.ports import NeverStopped, StopToken
from auditor.core.text import tr
from auditor.stores.dialects.sqlite_reading import SqliteCursor
from auditor.stores.gate import Gate
from auditor.stores.location import FileLocation, require_file
from auditor.stores.opening import SideFiles, not_a_database, told_at_opening, truncated
from auditor.stores.sqlite_errors import TooLong, is_damage, primary_code, told, unreadable_name, why
from auditor.stores.sqlite_format import SMALLEST_DATABASE
from auditor.stores.write_ahead import MainFile, wal_is_used

LOCK_WAIT_SECONDS: Final = 1.0
OPENING_SECONDS: Final = 10.0
# SQLite asks after so many steps of its machine: a fraction of a millisecond.
_STEPS_BETWEEN_QUESTIONS: Final = 20_000

_LOCKS: Final = (
    "PRAGMA mmap_size = 0",  # a file that shrinks while it is mapped kills the process
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",  # functions in views and columns of a hostile file are not called
    "PRAGMA temp_store = MEMORY",
    "PRAGMA query_only = ON",
)
_READING: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION}
)
_REFUSED_FUNCTIONS: Final = frozenset({"load_extension", "fts3_tokenizer"})
_PRAGMAS_WITHOUT_VALUE: Final = frozenset(
    {"application_id", "encoding", "page_count", "page_size", "query_only", "user_version"}
)
_PRAGMAS_WITH_NAME: Final = frozenset({"table_xinfo"})


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action in _READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _REFUSED_FUNCTIONS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        if name in _PRAGMAS_WITH_NAME or (name in _PRAGMAS_WITHOUT_VALUE and second is None):
            return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


class ReadOnlyFile:
    """An SQLite file opened for viewing. `access` says how it is kept unchanged, `warnings` what else to know."""

    driver_error: Final = sqlite3.Error

    def __init__(self, location: FileLocation, token: StopToken | None = None) -> None:
        """Raises: StoreError with its own sentence for each problem; StoreBusy, StoreDamaged; Cancelled."""
        self.location = location
        self.gate = Gate(token or NeverStopped())
        self.warnings: list[str] = []
        self.access: list[str] = [
            tr("Opened with mode=ro: SQLite itself refuses to write the file."),
            tr("query_only is on: INSERT, UPDATE, DELETE and changes of the schema are refused."),
            tr(
                "Only reading is let through: an authorizer refuses ATTACH, VACUUM INTO and switching query_only off."
            ),
        ]
        found = require_file(location)
        if found.st_size < SMALLEST_DATABASE:
            raise not_a_database(location)
        self._identity = (found.st_dev, found.st_ino)
        self._uri = f"{location.path.as_uri()}?mode=ro"
        self._pool = self._new_pool()
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _new_pool(self) -> QueuePool:
        return QueuePool(self._connect, pool_size=2, max_overflow=8, timeout=30, reset_on_return="rollback")

    def _open(self) -> None:
        before = SideFiles.of(self.location)
        try:
            self._first_read()
        except sqlite3.Error as error:
            if not before.may_be_left_out(self.location, error):
                raise self._told_at_opening(error, before) from error
            self._pool.dispose()
            self._uri += "&immutable=1"
            self._pool = self._new_pool()
            self.access.append(
                tr(
                    "The folder cannot be written and no other program has left changes beside the file, so it is read "
                    "as a file that nobody changes."
                )
            )
            try:
                self._first_read()
            except sqlite3.Error as second:
                raise self._told_at_opening(second, before) from second
        self.warnings += before.notes(self.location)
        self._refuse_truncated()

    def _told_at_opening(self, error: sqlite3.Error, before: SideFiles) -> AuditorError | Cancelled:
        if primary_code(error) == sqlite3.SQLITE_INTERRUPT:
            return self.told(error)
        return told_at_opening(error, self.location, before)

    def _first_read(self) -> None:
        with self.gate.within(OPENING_SECONDS), self.reading() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master")
            cursor.fetchone()

    def _refuse_truncated(self) -> None:
        """The header's number of pages against the file's size, under a read lock."""
        with self.translated(), self.reading() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()
            pages = int(cursor.execute("PRAGMA page_count").fetchone()[0])
            page_size = int(cursor.execute("PRAGMA page_size").fetchone()[0])
            size = self.location.path.stat().st_size
        if size < pages * page_size and not wal_is_used(self.location.beside("-wal")):
            raise truncated(self.location, size, pages * page_size)

    def _connect(self) -> Any:  # the pool's protocol asks for more than the driver declares
        connection = sqlite3.connect(
            self._uri, uri=True, timeout=LOCK_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for lock in _LOCKS:
                connection.execute(lock)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            if sys.version_info >= (3, 12):
                connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
            connection.set_progress_handler(self.gate.wants_stop, _STEPS_BETWEEN_QUESTIONS)
            connection.set_authorizer(_authorize)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def reading(self) -> Iterator[SqliteCursor]:
        """One read transaction: what the block sees belongs together. Keep it short, it holds up a writer's tidying."""
        pooled = self._pool.connect()
        try:
            cursor: SqliteCursor = pooled.cursor(SqliteCursor)  # type: ignore[assignment]  # typed by protocol
            cursor.execute("BEGIN")
            yield cursor
            cursor.close()
        except UnicodeDecodeError as error:
            raise unreadable_name(error) from error
        finally:
            pooled.close()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of SQLite leave the block as errors that a user can read.

        Raises: Cancelled, StoreBusy, StoreDamaged, StoreError.
        """
        try:
            yield
        except sqlite3.Error as error:
            raise self.told(error) from error

    def told(self, error: sqlite3.Error) -> AuditorError | Cancelled:
        if primary_code(error) == sqlite3.SQLITE_INTERRUPT and not self.gate.token.cancelled:
            return TooLong(
                tr("Reading {path} took longer than it may.", path=self.location.name),
                tr("The file may be made to keep programs busy. Do not trust it."),
            )
        return told(error, self.location.name)

    def damage(self, error: Exception) -> str | None:
        """What is broken, where SQLite says that something is."""
        return why(error) if isinstance(error, sqlite3.Error) and is_damage(error) else None

    def main_file(self) -> MainFile:
        """The store's own file, without a log beside it."""
        return MainFile(self.location.path, self._identity)

    def check_unchanged(self) -> None:
        """Raises: StoreReplaced when the path leads to another file than the one that is open."""
        try:
            found = self.location.path.stat()
        except OSError as error:
            raise StoreReplaced(
                tr("{path} is gone: {why}.", path=self.location.name, why=error.strerror),
                tr("What is shown was read before. Open the store again when the file is back."),
            ) from None
        if (found.st_dev, found.st_ino) != self._identity:
            raise StoreReplaced(
                tr("{path} was replaced by another file while it was open.", path=self.location.name),
                tr("What is shown was read from the file before. Open the store again to see the new one."),
            )

    def close(self) -> None:
        self._pool.dispose()


@contextmanager
def held_open(path: Path) -> Iterator[None]:
    """SQLite has the file open within the block, reads nothing of it and takes no lock. Raises: OSError."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path)) from None
    with contextlib.closing(connection):
        yield


@contextmanager
def in_memory(database: bytes, gate: Gate) -> Iterator[SqliteCursor]:
    """A database that lies in memory, opened for reading with the same locks and stopped by the same gate."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        for lock in _LOCKS:
            connection.execute(lock)
        connection.set_progress_handler(gate.wants_stop, _STEPS_BETWEEN_QUESTIONS)
        connection.set_authorizer(_authorize)
        yield connection.cursor(SqliteCursor)
