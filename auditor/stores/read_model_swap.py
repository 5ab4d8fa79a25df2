"""Putting shadow tables in the place of live ones, inside the caller's transaction."""

import sqlite3
from collections.abc import Sequence

from auditor.core.errors import ModelError
from auditor.core.text import tr
from auditor.stores.dialects.sqlite import DriverCursor, Sqlite
from auditor.stores.read_model_schema import Checkpoint, shadow_name
from auditor.stores.sqlite_errors import primary_code


def put_in_place(
    dialect: Sqlite, cursor: DriverCursor, live: Checkpoint | None, tables: Sequence[str]
) -> list[str]:
    """Drops the live tables, renames the shadows, and makes the user's indexes and triggers on them again.

    Views stay as their text is: the connection must rename by the old rule (`legacy_alter_table`), by which no view
    or trigger follows a renamed table. Returns what the user should know. Raises: ModelError.
    """
    views = _usable_views(dialect, cursor)
    made_again = [(table, *made) for table in tables for made in _made_by_the_user(cursor, table)]
    no_more = [] if live is None else [table for table in live.tables if table not in tables]
    for table in (*tables, *no_more):
        cursor.execute(f"DROP TABLE IF EXISTS {dialect.quoted(table)}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {dialect.quoted(shadow_name(table))} RENAME TO {dialect.quoted(table)}")
    for table, name, statement in made_again:
        _make_again(cursor, table, name, statement)
    broken = sorted(views - _usable_views(dialect, cursor))
    warnings = [tr("The view {view} does not fit the rebuilt tables.", view=view) for view in broken]
    return warnings + [
        tr("The table {table} is declared no more and was removed.", table=table) for table in no_more
    ]


def _make_again(cursor: DriverCursor, table: str, name: str, statement: str) -> None:
    try:
        cursor.execute(statement)
    except (sqlite3.OperationalError, sqlite3.IntegrityError) as error:
        if primary_code(error) not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT):
            raise  # a full disk or the like is nobody's index
        raise ModelError(
            tr("{name} does not fit the rebuilt table {table}: {why}.", name=name, table=table, why=error),
            tr("The read model was left as it is. Drop {name} and rebuild again.", name=name),
        ) from error


def _made_by_the_user(cursor: DriverCursor, table: str) -> list[tuple[str, str]]:
    """Name and statement of the indexes and triggers on a table, in the order in which they were made."""
    return cursor.execute(
        "SELECT name, sql FROM sqlite_schema WHERE tbl_name = ? COLLATE NOCASE"
        " AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid",
        (table,),
    ).fetchall()


def _usable_views(dialect: Sqlite, cursor: DriverCursor) -> set[str]:
    usable = set()
    for (view,) in cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall():
        try:
            cursor.execute(f"PRAGMA table_info({dialect.quoted(view)})").fetchall()
        except sqlite3.OperationalError:
            continue
        usable.add(view)
    return usable
