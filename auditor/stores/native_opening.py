"""Making a native store, and opening one for writing without touching what is none."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.schema import CreateIndex, CreateTable

from auditor.core.errors import NoStoreHere, StoreDamaged, StoreError
from auditor.core.text import tr
from auditor.stores.dialects import Dialect, DriverConnection, DriverCursor, native_home
from auditor.stores.dialects.protocol import foreign
from auditor.stores.native_schema import ADDED_TABLES, SCHEMA_VERSION, metadata, store_info


class Opened(NamedTuple):
    """A connection in writing mode, and what the store says about itself."""

    connection: DriverConnection
    store_id: str
    domain: str | None


def open_native(dialect: Dialect, *, domain: str | None, create: bool, store_id: str | None = None) -> Opened:
    """Opens the store for writing; makes it where nothing stands yet and `create` allows it.

    A store of an older version gets the tables that it lacks.

    Raises: StoreError for anything that is no native store, or one made by a newer version; nothing of it is changed.
    """
    home = native_home(dialect)
    home.look(create=create)
    connection = dialect.connect()
    try:
        if _is_to_be_made(dialect, connection, create):
            with dialect.writing(connection) as cursor:
                _make(dialect, cursor, domain, store_id)
        about = _checked_info(dialect, connection, domain)
        with dialect.told():
            is_older = home.schema_version(connection) < SCHEMA_VERSION
        if is_older:
            _bring_forward(dialect, connection)
        home.enter_writing_mode(connection)
    except BaseException:
        connection.close()
        raise
    return Opened(connection, about["store_id"], about.get("domain"))


def _is_to_be_made(dialect: Dialect, connection: DriverConnection, create: bool) -> bool:
    """Whether the tables are still to be made, as when the process that began to make them was killed."""
    home = native_home(dialect)
    with dialect.told():
        if home.is_marked(connection):
            return False
        if not home.may_be_made(connection):
            raise foreign(dialect.shown_name)
    if not create:
        raise NoStoreHere(
            tr("There is no event store in {path}.", path=dialect.shown_name),
            tr("Check the address. Nothing was created."),
        )
    return True


def _make(dialect: Dialect, cursor: DriverCursor, domain: str | None, store_id: str | None) -> None:
    home = native_home(dialect)
    if home.is_marked(cursor):
        return  # somebody else made them in this moment
    _make_tables(dialect, cursor, metadata.sorted_tables)
    about = {
        "store_id": store_id or str(uuid4()),
        "schema_version": str(SCHEMA_VERSION),
        "created_by": f"auditor {version('auditor')}",
        **({} if domain is None else {"domain": domain}),
    }
    cursor.executemany(dialect.compiled(insert(store_info), "name", "value"), list(about.items()))
    home.mark(cursor, SCHEMA_VERSION)


def _make_tables(dialect: Dialect, cursor: DriverCursor, tables: Iterable[Table]) -> None:
    for table in tables:
        cursor.execute(dialect.ddl(CreateTable(table)))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            cursor.execute(dialect.ddl(CreateIndex(index)))


def _bring_forward(dialect: Dialect, connection: DriverConnection) -> None:
    """Gives a store of an older schema version the tables that it lacks; what it has stays as it is."""
    home = native_home(dialect)
    with dialect.told(), dialect.writing(connection) as cursor:
        found = home.schema_version(connection)
        if found >= SCHEMA_VERSION:
            return  # somebody else did it in this moment
        added = _added_since(found)
        for table in added:
            if table.name in dialect.relations(cursor):
                raise StoreError(
                    tr("{path} has a {table} of its own already.", path=dialect.shown_name, table=table.name),
                    tr(
                        "Nothing was changed. The program needs that name for a table: give the other one another."
                    ),
                )
        _make_tables(dialect, cursor, added)
        statement = update(store_info).where(store_info.c.name == bindparam("which"))
        changed = dialect.compiled(statement.values(value=bindparam("new")), "new", "which")
        cursor.execute(changed, (str(SCHEMA_VERSION), "schema_version"))
        home.mark(cursor, SCHEMA_VERSION)


def _added_since(schema_version: int) -> list[Table]:
    return [table for added, tables in ADDED_TABLES.items() if added > schema_version for table in tables]


def _checked_info(dialect: Dialect, connection: DriverConnection, domain: str | None) -> dict[str, str]:
    name = dialect.shown_name
    with dialect.told():
        schema_version = native_home(dialect).schema_version(connection)
        if schema_version > SCHEMA_VERSION:
            raise StoreError(
                tr("{path} was made by a newer version of the program.", path=name),
                tr("Nothing was changed. Open it with that version."),
            )
        due = metadata.tables.keys() - {table.name for table in _added_since(schema_version)}
        if schema_version < 1 or not due <= dialect.relations(connection).keys():
            raise StoreDamaged(tr("{path} lacks tables of a native store.", path=name))
        rows = connection.execute(dialect.compiled(select(store_info.c.name, store_info.c.value)))
        about = dict(rows.fetchall())
    if "store_id" not in about:
        raise StoreDamaged(tr("{path} has lost its store id.", path=name))
    if domain is not None and about.get("domain") != domain:
        raise StoreError(
            tr("{path} is no store of the domain {domain}.", path=name, domain=domain),
            tr("Nothing was changed. Give another path."),
        )
    return about
