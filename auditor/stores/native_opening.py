"""Making a native store, and opening one for writing without touching what is none."""

import stat
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.schema import CreateIndex, CreateTable

from auditor.core.errors import StoreDamaged, StoreError
from auditor.core.text import tr
from auditor.stores.dialects import DriverConnection, DriverCursor, Sqlite
from auditor.stores.native_schema import APPLICATION_ID, SCHEMA_VERSION, metadata

_HEADER_LENGTH = 100
_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID = slice(68, 72)


class Opened(NamedTuple):
    """A connection in writing mode, and what the store says about itself."""

    connection: DriverConnection
    store_id: str
    domain: str | None


def sqlite_path(url: str) -> Path:
    """The file that a path or an SQLAlchemy URL names.

    Raises: StoreError for other databases, and for URLs with more than a path.
    """
    if "://" not in url:
        return Path(url)
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text may hold a password: it is not repeated.
        raise StoreError(
            tr("The address of the store is no SQLAlchemy URL."),
            tr("Write it like sqlite:///folder/orders.db."),
        ) from None
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(
            tr("This is the address of a {database} database.", database=parsed.get_backend_name()),
            tr("This version of the program opens SQLite stores: give a path or sqlite:///path."),
        )
    if parsed.query or parsed.host or parsed.database in (None, "", ":memory:"):
        raise StoreError(
            tr("The address of an SQLite store holds a path and nothing else."),
            tr("Write it like sqlite:///folder/orders.db."),
        )
    return Path(str(parsed.database))


def open_native(
    dialect: Sqlite, path: Path, *, domain: str | None, create: bool, store_id: str | None = None
) -> Opened:
    """Opens the store for writing; makes it where the file is absent or empty and `create` allows it.

    Raises: StoreError for anything that is no native store, or one made by a newer version; nothing of it is changed.
    """
    new = _is_to_be_made(path, create)
    connection = dialect.connect()
    try:
        if new:
            with dialect.writing(connection) as cursor:
                _make(dialect, cursor, path, domain, store_id)
        with dialect.told():
            _check_schema_version(connection, path)
            about = dict(connection.execute("SELECT name, value FROM store_info").fetchall())
        _check_info(about, path, domain)
        dialect.enter_writing_mode(connection)
    except BaseException:
        connection.close()
        raise
    return Opened(connection, about["store_id"], about.get("domain"))


def _is_to_be_made(path: Path, create: bool) -> bool:
    """Looks at the file without SQLite, which would tidy up a foreign database at once."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = tr("a folder") if stat.S_ISDIR(status.st_mode) else tr("no regular file")
            raise StoreError(tr("{path} is {kind}, not a store.", path=path, kind=kind))
        with path.open("rb") as file:
            header = file.read(_HEADER_LENGTH)
    except FileNotFoundError:
        header = b""
        if not create or not path.parent.is_dir():
            missing = path if path.parent.is_dir() else path.parent
            raise StoreError(tr("{path} does not exist.", path=missing)) from None
    except OSError as error:
        raise StoreError(tr("{path} cannot be read: {why}.", path=path, why=error.strerror)) from None
    if not header and not create:
        raise StoreError(tr("{path} is empty.", path=path))
    if header:
        _check_header(header, path)
    return not header


def _check_header(header: bytes, path: Path) -> None:
    if not header.startswith(_MAGIC) or len(header) < _HEADER_LENGTH:
        raise StoreError(
            tr("{path} is not an SQLite database.", path=path), tr("Nothing was changed. Give another path.")
        )
    if header[_APPLICATION_ID] != APPLICATION_ID.to_bytes(4, "big"):
        raise _foreign(path)


def _foreign(path: Path) -> StoreError:
    return StoreError(
        tr("{path} is another program's database, not a native event store.", path=path),
        tr("Nothing was changed. Give another path; foreign stores can be viewed, not written."),
    )


def _make(
    dialect: Sqlite, cursor: DriverCursor, path: Path, domain: str | None, store_id: str | None
) -> None:
    application_id = cursor.execute("PRAGMA application_id").fetchone()[0]
    if application_id == APPLICATION_ID:
        return  # somebody else made it in this moment
    if cursor.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise _foreign(path)
    for table in metadata.sorted_tables:
        cursor.execute(dialect.ddl(CreateTable(table)))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            cursor.execute(dialect.ddl(CreateIndex(index)))
    about = {
        "store_id": store_id or str(uuid4()),
        "schema_version": str(SCHEMA_VERSION),
        "created_by": f"auditor {version('auditor')}",
        **({} if domain is None else {"domain": domain}),
    }
    cursor.executemany("INSERT INTO store_info (name, value) VALUES (?, ?)", about.items())
    cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    cursor.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _check_schema_version(connection: DriverConnection, path: Path) -> None:
    schema_version = connection.execute("PRAGMA user_version").fetchone()[0]
    if schema_version > SCHEMA_VERSION:
        raise StoreError(
            tr("{path} was made by a newer version of the program.", path=path),
            tr("Nothing was changed. Open it with that version."),
        )
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if schema_version < 1 or not tables.issuperset(metadata.tables):
        raise StoreDamaged(tr("{path} lacks tables of a native store.", path=path))


def _check_info(about: dict[str, str], path: Path, domain: str | None) -> None:
    if "store_id" not in about:
        raise StoreDamaged(tr("{path} has lost its store id.", path=path))
    if domain is not None and about.get("domain") != domain:
        raise StoreError(
            tr("{path} is no store of the domain {domain}.", path=path, domain=domain),
            tr("Nothing was changed. Give another path."),
        )
