"""Which kind of event store the tables of an opened database are."""

import sqlite3
from collections.abc import Mapping
from typing import Final

from auditor.core.errors import StoreError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores import native_schema

NATIVE: Final = "native"
_MOST_NAMES = 12

Columns = Mapping[str, frozenset[str]]

_NATIVE: Final[Columns] = {
    table.name: frozenset(table.columns.keys())
    for table in (native_schema.events, native_schema.streams, native_schema.store_info)
}


def detect_layout(cursor: sqlite3.Cursor, name: str) -> str:
    """The layout of the store called `name`.

    Raises: StoreError listing the tables found, when they fit no layout or a newer version of the program made them.
    """
    tables, others = _relations(cursor)
    _refuse_newer_header(cursor, name)
    if _NATIVE.keys() <= tables.keys():
        missing = {
            table: columns - tables[table] for table, columns in _NATIVE.items() if columns - tables[table]
        }
        if not missing:
            return NATIVE
        raise _unfit(name, missing)
    for table in _NATIVE.keys() & others.keys():
        raise StoreError(
            tr(
                "{path} is no event store that can be read: its {table} is {kind}, not a table.",
                path=name,
                table=table,
                kind=others[table],
            ),
            tr("A store keeps its events in real tables. Check who made the file."),
        )
    raise StoreError(
        tr(
            "{path} is a database, but no event store that can be read: {tables}.",
            path=name,
            tables=_found(tables),
        ),
        tr("Check that it is the right file."),
    )


def _unfit(name: str, missing: Columns) -> StoreError:
    listed = sorted(f"{table}.{column}" for table, columns in missing.items() for column in columns)
    return StoreError(
        tr(
            "{path} is no event store that can be read: it lacks {columns}, or may leave it empty.",
            path=name,
            columns=", ".join(listed),
        ),
        tr("Check that it is the right file and that its tables were not changed or copied by hand."),
    )


def _relations(cursor: sqlite3.Cursor) -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """The real tables, those of a native store with columns, and what else bears the name of a table."""
    tables: dict[str, frozenset[str]] = {}
    others: dict[str, str] = {}
    listed = cursor.execute(
        "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"
    ).fetchall()
    for table, kind, sql in listed:
        if not isinstance(table, str) or table.startswith("sqlite_"):
            continue
        if kind == "view":
            others[table] = tr("a view")
        elif str(sql).upper().startswith("CREATE VIRTUAL"):
            others[table] = tr("a virtual table")
        else:
            tables[table] = _stored_columns(cursor, table) if table in _NATIVE else frozenset()
    return tables, others


def _stored_columns(cursor: sqlite3.Cursor, table: str) -> frozenset[str]:
    """Columns that are stored as somebody wrote them, and hold a value wherever a native store's would."""
    may_be_empty = {column.name for column in native_schema.metadata.tables[table].columns if column.nullable}
    rows = cursor.execute(f"PRAGMA table_xinfo({table})").fetchall()
    return frozenset(
        name
        for _, name, _, not_null, _, key, computed in rows
        if not computed and (not_null or key or name in may_be_empty)
    )


def _refuse_newer_header(cursor: sqlite3.Cursor, name: str) -> None:
    application = cursor.execute("PRAGMA application_id").fetchone()[0]
    version = (
        cursor.execute("PRAGMA user_version").fetchone()[0]
        if application == native_schema.APPLICATION_ID
        else 0
    )
    refuse_newer(version, name)


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
