"""Native stores in PostgreSQL databases, as they are viewed."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Integer

from auditor.core.errors import StoreError
from auditor.core.ports import StopToken
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.dialects.postgresql_json import DEPTH
from auditor.stores.dialects.postgresql_reading import OlderServerCursor, ServerCursor
from auditor.stores.dialects.postgresql_reading_errors import replaced
from auditor.stores.dialects.postgresql_readonly import ReadOnlyServer
from auditor.stores.dialects.viewing import Relations, native_capabilities
from auditor.stores.location import ServerLocation
from auditor.stores.native_schema import events, metadata, snapshots, store_info, streams

_READ: Final = (events.name, streams.name, store_info.name)
_LOOKED_AT: Final = (*_READ, snapshots.name)  # the last one may be missing, or barred
_TABLES_OF_THE_SCHEMA: Final = (
    "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace"
    " AND relkind IN ('r', 'p', 'v', 'm', 'f')"
)
_COLUMNS: Final = (
    "SELECT attname, atttypid::regtype::text, attnotnull FROM pg_attribute"
    " WHERE attrelid = to_regclass(quote_ident(current_schema()) || '.' || quote_ident(%s))"
    " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
)
_TEXTS: Final = ("text", "character varying")
_NUMBERS: Final = ("bigint", "integer", "smallint")
_WHO: Final = "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
_COULD: Final = (
    "SELECT name, right_to FROM unnest(%s::text[]) AS name,"
    " unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS right_to"
    " WHERE has_table_privilege(name, right_to)"
    " OR right_to IN ('INSERT', 'UPDATE') AND has_any_column_privilege(name, right_to)"
)
_HIDDEN: Final = "SELECT bool_or(row_security_active(name)) FROM unnest(%s::text[]) AS name"
_BY_CODE_POINTS: Final = (
    "SELECT bool_and(collname IN ('C', 'POSIX')) FROM pg_attribute JOIN pg_collation ON pg_collation.oid = attcollation"
    " WHERE attrelid = 'streams'::regclass AND attname = 'aggregate_id'"
)
# Asked at the beginning of each transaction.
_IDENTITY: Final = "SELECT to_regclass('events')::oid, (SELECT value FROM store_info WHERE name = 'store_id')"


class ViewedServer(ReadOnlyServer):
    """A database where a native store may stand, in the first schema of the search path."""

    opening_seconds: Final = 30.0
    keeps_any_kind: Final = False

    def __init__(self, location: ServerLocation, token: StopToken | None = None) -> None:
        """Raises: StoreError with its own sentence for each problem; PasswordNeeded, StoreBusy; Cancelled."""
        self.by_code_points = False
        self.limit_of_users = ""
        self._identity: tuple[Any, ...] | None = None
        super().__init__(location, token)

    @property
    def capabilities(self) -> Mapping[str, Any]:
        return native_capabilities(
            tr(
                "Appends take turns: each takes its positions under a lock that it holds until it is committed, so "
                "that events become visible in the order of their positions."
            )
        )

    def relations(self, cursor: ServerCursor) -> Relations:
        schema = _one(cursor, "SELECT current_schema()")[0]
        if schema is None:
            raise StoreError(
                tr("{name} has none of the schemas that its search path names.", name=self.location.name),
                tr("Name another one in the URL: ?options=-csearch_path%3Dname"),
            )
        tables: dict[str, frozenset[str]] = {}
        others: dict[str, str] = {}
        for name, kind in cursor.execute(_TABLES_OF_THE_SCHEMA).fetchall():
            if kind in ("r", "p"):
                tables[name] = _stored_columns(cursor, name) if name in _LOOKED_AT else frozenset()
            else:
                others[name] = _noun(kind)
        return Relations(tables=tables, others=others)

    def recognise(self, cursor: ServerCursor) -> None:
        self._identity = _one(cursor, _IDENTITY)
        self._first_question = _IDENTITY
        self.by_code_points = bool(_one(cursor, _BY_CODE_POINTS)[0])
        self._say_what_the_role_could(cursor)
        if isinstance(cursor, OlderServerCursor):
            self.limit_of_users = tr(
                "The server is older than PostgreSQL 16: users are found only where an event's metadata are nested "
                "at most {depth} deep.",
                depth=DEPTH,
            )
        if _one(cursor, _HIDDEN, [list(_READ)])[0]:
            self.warnings.append(
                tr(
                    "The server hides rows of the store's tables from this role (row-level security): lists, counts "
                    "and histories may lack events."
                )
            )

    def _say_what_the_role_could(self, cursor: ServerCursor) -> None:
        role, is_superuser = _one(cursor, _WHO)
        could: dict[str, list[str]] = {}
        for table, right in cursor.execute(_COULD, [list(_READ)]).fetchall():
            could.setdefault(table, []).append(right)
        if not could:
            safest = tr("The role {role} may not change the store's tables at all.", role=display(role))
            self.access.insert(0, safest)
            return
        rights = "; ".join(f"{table}: {', '.join(names)}" for table, names in could.items())
        self.warnings.append(
            tr(
                "This role could write: the role {role} {rights}. The program does not, but ask for a role that "
                "may only SELECT.",
                role=display(role),
                rights=tr("is a superuser") if is_superuser else tr("has rights ({rights})", rights=rights),
            )
        )

    def look_closer(self) -> None:
        """There is nothing beside a database."""

    def _check_first_answer(self, cursor: ServerCursor) -> None:
        found = cursor.fetchone()
        if self._identity is not None and found != self._identity:
            raise replaced(self.location.name, tr("another one stands in its place"))


def _stored_columns(cursor: ServerCursor, table: str) -> frozenset[str]:
    """Columns that are stored as somebody wrote them, of their kind, and hold a value wherever a native store's do."""
    declared = metadata.tables[table].columns
    return frozenset(
        name
        for name, kind, not_null in cursor.execute(_COLUMNS, [table]).fetchall()
        if name in declared
        and kind in (_NUMBERS if isinstance(declared[name].type, Integer) else _TEXTS)
        and (not_null or declared[name].nullable)
    )


def _noun(kind: str) -> str:
    nouns = {
        "v": tr("a view"),
        "m": tr("a materialized view"),
        "f": tr("a foreign table"),
    }
    return nouns[kind]


def _one(cursor: ServerCursor, question: str, values: Any = None) -> tuple[Any, ...]:
    row = cursor.execute(question, values).fetchone()
    return tuple(row) if row else ()
