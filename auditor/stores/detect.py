"""Which kind of event store the tables of an opened database are."""

from collections.abc import Mapping
from typing import Final

from auditor.core.errors import StoreError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores import native_schema
from auditor.stores.dialects.viewing import Relations

NATIVE: Final = "native"
_MOST_NAMES = 12

Columns = Mapping[str, frozenset[str]]

NATIVE_TABLES: Final[Columns] = {
    table.name: frozenset(table.columns.keys())
    for table in (native_schema.events, native_schema.streams, native_schema.store_info)
}


def detect_layout(relations: Relations, name: str) -> str:
    """The layout of the store called `name`, which has these tables.

    Raises: StoreError listing the tables found, when they fit no layout or a newer version of the program made them.
    """
    tables, others = relations.tables, relations.others
    refuse_newer(relations.made_by_version, name)
    if NATIVE_TABLES.keys() <= tables.keys():
        missing = {
            table: columns - tables[table]
            for table, columns in NATIVE_TABLES.items()
            if columns - tables[table]
        }
        if not missing:
            return NATIVE
        raise _unfit(name, missing)
    for table in NATIVE_TABLES.keys() & others.keys():
        raise StoreError(
            tr(
                "{path} is no event store that can be read: its {table} is {kind}, not a table.",
                path=name,
                table=table,
                kind=others[table],
            ),
            tr("A store keeps its events in real tables. Check who made this one."),
        )
    raise StoreError(
        tr(
            "{path} is a database, but no event store that can be read: {tables}.",
            path=name,
            tables=_found(tables),
        ),
        tr("Check that it is the right one."),
    )


def _unfit(name: str, missing: Columns) -> StoreError:
    listed = sorted(f"{table}.{column}" for table, columns in missing.items() for column in columns)
    return StoreError(
        tr(
            "{path} is no event store that can be read: it lacks {columns}, or may leave it empty.",
            path=name,
            columns=", ".join(listed),
        ),
        tr("Check that it is the right one and that its tables were not changed or copied by hand."),
    )


def refuse_newer(version: int, name: str) -> None:
    """Raises: StoreError for a schema version above ours."""
    if version > native_schema.SCHEMA_VERSION:
        raise StoreError(
            tr(
                "{path} was made by a newer version of the program: its tables have version {found}, and this one "
                "reads up to version {known}.",
                path=name,
                found=version,
                known=native_schema.SCHEMA_VERSION,
            ),
            tr("Update the program. The store was not changed."),
        )


def _found(tables: Columns) -> str:
    if not tables:
        return tr("it has no tables")
    names = sorted(display(table, longest=60) for table in tables)
    listed = ", ".join(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        return tr("its tables are {tables} and {count} more", tables=listed, count=len(names) - _MOST_NAMES)
    return tr("its tables are {tables}", tables=listed)
