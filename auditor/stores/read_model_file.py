"""A file of read models, opened for writing by one run of a projection at a time."""

import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Insert, insert
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from auditor.core.errors import StoreBusy, StoreError
from auditor.core.projection_run import NotStorable
from auditor.core.rows import Table
from auditor.core.text import tr
from auditor.stores.dialects.sqlite import DriverConnection, DriverCursor, Sqlite
from auditor.stores.file_lock import LockFile, noted_by_holder
from auditor.stores.location import FileLocation, StoreLocation, readable
from auditor.stores.read_model_schema import APPLICATION_ID, SCHEMA_VERSION, Checkpoint, metadata
from auditor.stores.read_model_statements import CheckpointStatements, TableStatements, upsert
from auditor.stores.read_model_swap import put_in_place
from auditor.stores.sqlite_errors import is_damage
from auditor.stores.sqlite_format import SMALLEST_DATABASE

BUSY_SECONDS = 10.0
LOCK_SUFFIX = "-rebuilding"


def default_path(store_path: Path) -> Path:
    """`<store stem>.readmodels.db` beside the store."""
    return store_path.with_name(f"{store_path.stem}.readmodels.db")


class ReadModelFile:
    """The connection, the lock that keeps a second rebuild out, and what differs from a server.

    Rollback journal, every commit synced: the live tables of other projections share the file, and in this journal
    mode a lesser setting could break them at a power cut. Readers are only kept out while a batch is committed.
    """

    row_refused: Final = (sqlite3.IntegrityError,)

    def __init__(self, place: FileLocation, *, store: StoreLocation | None) -> None:
        """Raises: StoreBusy, StoreError; a file that is refused is left as it is."""
        self.place = place
        path = self.path = place.path
        refuse_unless_ours(path, store)
        self._lock = _locked(path)
        try:
            refuse_unless_ours(path, store)  # only now nobody else can be making it
            self.dialect = Sqlite(path, BUSY_SECONDS)
            self.statements = CheckpointStatements(self.dialect, _replace)
            self.connection = self._open()
        except BaseException:
            self._lock.close()
            raise

    def say_at_work(self, projection: str) -> None:
        """What `at_work` answers until the file is closed."""
        self._lock.note(projection)

    def writing(self, *, provisional: bool = False) -> AbstractContextManager[DriverCursor]:  # noqa: ARG002 - see above
        return self.dialect.writing(self.connection)

    def swapping(self, projection: str) -> AbstractContextManager[DriverCursor]:  # noqa: ARG002 - it is one file
        return self.dialect.writing(self.connection)

    def told(self) -> AbstractContextManager[None]:
        return self.dialect.told()

    @contextmanager
    def storing(self) -> Iterator[None]:
        try:
            yield
        except OverflowError as error:
            raise NotStorable(tr("a row holds an integer beyond 64 bits")) from error
        except UnicodeEncodeError as error:
            raise NotStorable(tr("a row holds text that is no Unicode ({why})", why=error.reason)) from error

    def table_statements(self, declared: Table, *, live: bool) -> TableStatements:
        return TableStatements(self.dialect, declared, live=live, put=_upsert if live else _replace)

    def put(self, cursor: DriverCursor, statements: TableStatements, rows: Sequence[Sequence[Any]]) -> None:
        cursor.executemany(statements.put, rows)

    def check_names(self, projection: str, tables: Sequence[Table]) -> None:
        """Any name will do that is free."""

    def as_compared(self, name: str) -> str:
        return name.lower()

    def relations(self, cursor: DriverCursor) -> Mapping[str, str]:
        return self.dialect.relations(cursor)

    def columns_of(self, cursor: DriverCursor, table: str) -> list[str] | None:
        named = self.dialect.quoted(table)
        return [name for _, name, *_ in cursor.execute(f"PRAGMA table_info({named})").fetchall()] or None

    def put_in_place(self, cursor: DriverCursor, live: Checkpoint | None, tables: Sequence[str]) -> list[str]:
        return put_in_place(self.dialect, cursor, live, tables)

    def close(self) -> None:
        """Takes the journal away and lets the next rebuild in."""
        try:
            with self.dialect.told():
                if self._journal_is_ours:
                    self.connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            self.connection.close()
            self._lock.close()

    def _open(self) -> DriverConnection:
        connection = self.dialect.connect()
        try:
            with self.dialect.told():
                mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
                # A write-ahead log is another program's choice for this file, and as safe.
                self._journal_is_ours = mode != "wal"
                if self._journal_is_ours:
                    connection.execute("PRAGMA journal_mode = TRUNCATE")
                connection.execute("PRAGMA cache_spill = OFF")
                connection.execute("PRAGMA cache_size = -65536")
                connection.execute("PRAGMA legacy_alter_table = ON")
            with self.dialect.writing(connection) as cursor:
                _mark(self.dialect, cursor, self.path)
        except BaseException:
            connection.close()
            raise
        return connection


def _upsert(table: SqlTable) -> Insert:
    return upsert(sqlite.insert, table)


def _replace(table: SqlTable) -> Insert:
    return insert(table).prefix_with("OR REPLACE")


def refuse_unless_ours(path: Path, store: StoreLocation | None) -> bool:
    """Looks at the path without opening it as a database. Returns whether there is anything yet.

    Raises: StoreError for the store itself, a folder, another program's file.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise StoreError(tr("The folder {path} does not exist.", path=path.parent)) from None
        return False
    except OSError as error:
        raise _unreadable(path, error.strerror) from error
    if isinstance(store, FileLocation) and store.path.exists() and path.samefile(store.path):
        raise StoreError(
            tr("{path} is the store itself: a read model cannot be written into it.", path=path),
            tr("Name another target in the workspace file."),
        )
    if not stat.S_ISREG(status.st_mode):
        kind = tr("a folder") if stat.S_ISDIR(status.st_mode) else tr("no regular file")
        raise StoreError(tr("{path} is {kind}, not a read-model file.", path=path, kind=kind))
    if status.st_size == 0:
        return False
    if not readable(path):
        raise _unreadable(path, tr("permission denied"))
    _check_mark(path, status.st_size)
    return True


def _check_mark(path: Path, size: int) -> None:
    hint = tr("Nothing was changed. Move it away, or name another target in the workspace file.")
    application = None
    if size >= SMALLEST_DATABASE:
        try:
            application = _application_id(path)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise _unreadable(path, error) from error
    if application is None:
        raise StoreError(tr("{path} is no SQLite database.", path=path), hint)
    if application != APPLICATION_ID:
        raise StoreError(tr("{path} is a database, but not a read-model file of ours.", path=path), hint)


def _application_id(path: Path) -> int:
    """What stands in the header. Takes no lock, recovers nothing, makes no file.

    Asked of SQLite: who opens the file otherwise drops, on closing it, the locks of a rebuild or a reader in this
    process, and another program could then write in between.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        # Also of a file that was left in the midst of growing, which SQLite would else call malformed.
        connection.execute("PRAGMA writable_schema = ON")
        return int(connection.execute("PRAGMA application_id").fetchone()[0])


def at_work(path: Path) -> str | None:
    """The projection whose rebuild is writing to the file now, in any process."""
    return noted_by_holder(_lock_path(path))


def _lock_path(path: Path) -> Path:
    real = Path(os.path.realpath(path))
    return real.with_name(f"{real.name}{LOCK_SUFFIX}")


def _locked(path: Path) -> LockFile:
    try:
        return LockFile(_lock_path(path))
    except BlockingIOError as error:
        raise StoreBusy(
            _who_writes(path),
            tr("Wait until it has finished, or stop it; it loses nothing."),
        ) from error
    except OSError as error:
        raise StoreError(
            tr("{path} cannot be opened for writing: {why}.", path=path, why=error.strerror),
            tr("Check the permissions of the file and of its folder."),
        ) from error


def _who_writes(path: Path) -> str:
    name = at_work(path)
    if name:
        return tr("Another rebuild is writing to {path}: that of {name}.", path=path, name=name)
    return tr("Another rebuild, or a projection that catches up, is writing to {path}.", path=path)


def _mark(dialect: Sqlite, cursor: DriverCursor, path: Path) -> None:
    version = cursor.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreError(
            tr("{path} was made by a newer version of the program.", path=path),
            tr("Nothing was changed. Use that version, or name another target."),
        )
    if version == SCHEMA_VERSION:
        return
    for made in metadata.sorted_tables:
        # An earlier version made some of them.
        cursor.execute(dialect.ddl(CreateTable(made, if_not_exists=True)))
    cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    cursor.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _unreadable(path: Path, why: object) -> StoreError:
    return StoreError(tr("{path} cannot be read: {why}.", path=path, why=why))


def recover(path: Path) -> bool:
    """Undoes what a killed rebuild left half written, where its journal still lies beside the file.

    Returns whether there was anything to undo. Raises: StoreError.
    """
    journal = path.with_name(f"{path.name}-journal")
    try:
        left = journal.stat().st_size > 0
    except FileNotFoundError:
        return False
    if not left or not refuse_unless_ours(path, None):
        return False
    try:
        ReadModelFile(FileLocation(path), store=None).close()
    except StoreBusy:
        return False  # a rebuild is at work: the journal is its own, and no reader is kept out for long
    return True
