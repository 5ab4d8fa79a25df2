"""Looking into the read models of a schema on a PostgreSQL server."""

from collections.abc import Callable
from typing import Final

from auditor.core.errors import StoreBusy, StoreError
from auditor.core.ports import StopToken
from auditor.core.text import tr
from auditor.stores.dialects.postgresql_marks import application_name, at_work, marked_version
from auditor.stores.dialects.postgresql_reading import ServerCursor
from auditor.stores.dialects.postgresql_readonly import ReadOnlyServer
from auditor.stores.read_model_looking import MOST_TRIES, Answer, NothingRebuilt, RowColumn
from auditor.stores.read_model_place import SchemaLocation
from auditor.stores.read_model_schema import SCHEMA_VERSION

_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
# A swap after this moment began: tables are found by the names that they have now, rows as they were then.
_SWAPPED: Final = (
    "SELECT count(*) FROM pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace"
    " AND relkind IN ('r', 'p')"
    " AND to_regclass(quote_ident(current_schema()) || '.' || quote_ident(relname)) IS DISTINCT FROM pg_class.oid"
)
_COLUMNS: Final = (
    "SELECT attname, atttypid::regtype::text, array_position(conkey, attnum) FROM pg_attribute"
    " JOIN pg_class ON pg_class.oid = attrelid"
    " LEFT JOIN pg_constraint ON conrelid = attrelid AND contype = 'p'"
    " WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relname = %s AND relkind IN ('r', 'p')"
    " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
)
_KINDS: Final = {"bigint": "integer", "double precision": "real"}


class SchemaLookedAt:
    """The search path of its place names the schema."""

    def __init__(self, place: SchemaLocation, token: StopToken | None) -> None:
        """Raises: NothingRebuilt, StoreError, StoreBusy, PasswordNeeded; Cancelled."""
        self._place = place
        self._server = ReadOnlyServer(place.server, token)
        try:
            self._refuse_unless_ours()
        except BaseException:
            self._server.close()
            raise

    def _refuse_unless_ours(self) -> None:
        with self._server.translated(), self._server.reading() as cursor:
            version = marked_version(cursor, self._place.schema)
            may_look = version is None or self._may_look(cursor)
        if not may_look:
            raise StoreError(
                tr(
                    "This role may not look into {path}: permission denied for the schema.",
                    path=self._place.name,
                ),
                tr("Ask its owner for USAGE on the schema and SELECT on its tables."),
            )
        if version is None:
            raise NothingRebuilt(tr("There are no read models in {path} yet.", path=self._place.name))
        if version > SCHEMA_VERSION:
            raise StoreError(
                tr("{path} was made by a newer version of the program.", path=self._place.name),
                tr("Look into it with that version."),
            )

    def _may_look(self, cursor: ServerCursor) -> bool:
        row = cursor.execute("SELECT has_schema_privilege(%s, 'USAGE')", (self._place.schema,)).fetchone()
        return row is not None and bool(row[0])

    def answer(self, read: Callable[[ServerCursor], Answer]) -> Answer:
        for _ in range(MOST_TRIES):
            with self._server.translated(), self._server.reading() as cursor:
                answer = read(cursor)
                # What was read is locked: it cannot be swapped from here on.
                row = cursor.execute(_SWAPPED).fetchone()
            if row is not None and not row[0]:
                return answer
        raise StoreBusy(
            tr("The tables in {name} are being replaced again and again.", name=self._place.name),
            tr("Try again in a moment."),
        )

    def tables(self, cursor: ServerCursor) -> frozenset[str]:
        return frozenset(name for (name,) in cursor.execute(_TABLES).fetchall())

    def columns_of(self, cursor: ServerCursor, table: str) -> tuple[tuple[RowColumn, ...], tuple[str, ...]]:
        found = cursor.execute(_COLUMNS, (table,)).fetchall()
        columns = tuple(
            RowColumn(name, _KINDS.get(kind, kind), place is not None) for name, kind, place in found
        )
        key = sorted((place, name) for name, _, place in found if place is not None)
        return columns, tuple(name for _, name in key)

    def is_at_work(self, projection: str) -> bool:
        with self._server.translated(), self._server.reading() as cursor:
            return at_work(cursor, self._place.schema) == application_name(projection)

    def close(self) -> None:
        self._server.close()
