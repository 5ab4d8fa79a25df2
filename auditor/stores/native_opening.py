"""Making a native store, and opening one for writing without touching what is none."""

from importlib.metadata import version
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy.schema import CreateIndex, CreateTable

from auditor.core.errors import StoreDamaged, StoreError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.dialects import DriverConnection, DriverCursor, Sqlite
from auditor.stores.location import StoreLocation, require_file
from auditor.stores.native_schema import APPLICATION_ID, SCHEMA_VERSION, metadata
from auditor.stores.sqlite_format import SMALLEST_DATABASE


class Opened(NamedTuple):
    """A connection in writing mode, and what the store says about itself."""

    connection: DriverConnection
    store_id: str
    domain: str | None


def open_native(
    dialect: Sqlite, location: StoreLocation, *, domain: str | None, create: bool, store_id: str | None = None
) -> Opened:
    """Opens the store for writing; makes it where the file is absent or empty and `create` allows it.

    Raises: StoreError for anything that is no native store, or one made by a newer version; nothing of it is changed.
    """
    if not _is_to_be_made(location, create):
        _refuse_foreign(dialect, location)
    connection = dialect.connect()
    try:
        if _is_empty(dialect, connection, location.name):
            with dialect.writing(connection) as cursor:
                _make(dialect, cursor, location.name, domain, store_id)
        about = _checked_info(dialect, connection, location.name, domain)
        dialect.enter_writing_mode(connection)
    except BaseException:
        connection.close()
        raise
    return Opened(connection, about["store_id"], about.get("domain"))


def _is_to_be_made(location: StoreLocation, create: bool) -> bool:
    """Raises: StoreError for what is neither a file nor a place for one."""
    if create and not location.path.exists():
        _require_folder(location)
        return True
    if create and location.path.is_file() and location.path.stat().st_size == 0:
        return True
    require_file(location)
    return False


def _refuse_foreign(dialect: Sqlite, location: StoreLocation) -> None:
    if location.path.stat().st_size < SMALLEST_DATABASE:
        raise StoreError(tr("{path} is not an SQLite database.", path=location.name))
    # Asked before the file is opened for writing, when SQLite would tidy up a foreign database at once.
    if dialect.application_id() != APPLICATION_ID:
        raise _foreign(location.name)


def _require_folder(location: StoreLocation) -> None:
    folder = location.path.parent
    if not folder.is_dir():
        raise StoreError(
            tr("There is no folder {path}.", path=display(str(folder))),
            tr("Make it first, or give another path."),
        )


def _is_empty(dialect: Sqlite, connection: DriverConnection, name: str) -> bool:
    """Whether the tables are still to be made, as when the process that began to make them was killed."""
    with dialect.told():
        if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
            return False
        if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise _foreign(name)
    return True


def _foreign(name: str) -> StoreError:
    return StoreError(
        tr("{path} is another program's database, not a native event store.", path=name),
        tr("Nothing was changed. Give another path; foreign stores can be viewed, not written."),
    )


def _make(dialect: Sqlite, cursor: DriverCursor, name: str, domain: str | None, store_id: str | None) -> None:
    if not _is_empty(dialect, cursor.connection, name):
        return  # somebody else made them in this moment
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


def _checked_info(
    dialect: Sqlite, connection: DriverConnection, name: str, domain: str | None
) -> dict[str, str]:
    with dialect.told():
        schema_version = connection.execute("PRAGMA user_version").fetchone()[0]
        if schema_version > SCHEMA_VERSION:
            raise StoreError(
                tr("{path} was made by a newer version of the program.", path=name),
                tr("Nothing was changed. Open it with that version."),
            )
        tables = {
            table for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
        if schema_version < 1 or not tables.issuperset(metadata.tables):
            raise StoreDamaged(tr("{path} lacks tables of a native store.", path=name))
        about = dict(connection.execute("SELECT name, value FROM store_info").fetchall())
    if "store_id" not in about:
        raise StoreDamaged(tr("{path} has lost its store id.", path=name))
    if domain is not None and about.get("domain") != domain:
        raise StoreError(
            tr("{path} is no store of the domain {domain}.", path=name, domain=domain),
            tr("Nothing was changed. Give another path."),
        )
    return about
