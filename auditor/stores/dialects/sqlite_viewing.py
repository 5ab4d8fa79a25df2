"""Native stores in SQLite files, as they are viewed."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from auditor.core.ports import StopToken
from auditor.core.text import tr
from auditor.stores.dialects.sqlite_reading import SqliteCursor
from auditor.stores.dialects.viewing import Relations, native_capabilities
from auditor.stores.foreign_log import refuse_foreign_log
from auditor.stores.location import FileLocation
from auditor.stores.native_schema import APPLICATION_ID, metadata
from auditor.stores.readonly import OPENING_SECONDS, ReadOnlyFile


class ViewedFile(ReadOnlyFile):
    """A file where a native store may stand."""

    product: Final = f"SQLite {sqlite3.sqlite_version}"
    opening_seconds: Final = OPENING_SECONDS
    keeps_any_kind: Final = True
    limit_of_users: Final = ""

    def __init__(self, location: FileLocation, token: StopToken | None = None) -> None:
        """Raises: StoreError with its own sentence for each problem; StoreBusy, StoreDamaged; Cancelled."""
        self.by_code_points = False
        super().__init__(location, token)

    @property
    def capabilities(self) -> Mapping[str, Any]:
        return native_capabilities(
            tr(
                "SQLite lets one writer in at a time, so that events become visible in the order of their positions."
            )
        )

    def relations(self, cursor: SqliteCursor) -> Relations:
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
                tables[table] = _stored_columns(cursor, table) if table in metadata.tables else frozenset()
        return Relations(tables=tables, others=others, made_by_version=_version_in_header(cursor))

    def recognise(self, cursor: SqliteCursor) -> None:
        self.by_code_points = cursor.execute("PRAGMA encoding").fetchone()[0] == "UTF-8"

    def look_closer(self) -> None:
        refuse_foreign_log(self)


def _stored_columns(cursor: SqliteCursor, table: str) -> frozenset[str]:
    """Columns that are stored as somebody wrote them, and hold a value wherever a native store's would."""
    may_be_empty = {column.name for column in metadata.tables[table].columns if column.nullable}
    rows = cursor.execute(f"PRAGMA table_xinfo({table})").fetchall()
    return frozenset(
        name
        for _, name, _, not_null, _, key, computed in rows
        if not computed and (not_null or key or name in may_be_empty)
    )


def _version_in_header(cursor: SqliteCursor) -> int:
    if cursor.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return 0
    return int(cursor.execute("PRAGMA user_version").fetchone()[0])
