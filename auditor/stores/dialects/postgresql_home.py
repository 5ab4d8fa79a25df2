"""How a native store stands in a schema: by its tables, and the row of `store_info` that says which they are."""

from auditor.core.errors import StoreError
from auditor.core.text import tr
from auditor.stores.dialects.postgresql import DriverConnection, DriverCursor, PostgreSql
from auditor.stores.dialects.protocol import foreign
from auditor.stores.native_schema import metadata


class PostgreSqlHome:
    """The `NativeHome` of the first schema of a search path."""

    def __init__(self, dialect: PostgreSql) -> None:
        self._dialect = dialect

    def look(self, *, create: bool) -> None:
        """There is nothing to see without a connection, and a connection changes nothing."""

    def is_marked(self, connection: DriverConnection | DriverCursor) -> bool:
        self._require_schema(connection)
        columns = connection.execute(
            "SELECT count(*) FROM pg_attribute"
            " WHERE attrelid = to_regclass(quote_ident(current_schema()) || '.store_info')"
            " AND attname IN ('name', 'value')"
        ).fetchone()
        if columns is None or columns[0] != 2:
            return False
        row = connection.execute("SELECT count(*) FROM store_info WHERE name = 'schema_version'").fetchone()
        return row is not None and row[0] == 1

    def _require_schema(self, connection: DriverConnection | DriverCursor) -> None:
        row = connection.execute("SELECT current_schema()").fetchone()
        if row is None or row[0] is None:
            raise StoreError(
                tr(
                    "{name} has none of the schemas that its search path names.",
                    name=self._dialect.shown_name,
                ),
                tr("Make the schema first, or name another one in the URL: ?options=-csearch_path%3Dname"),
            )

    def may_be_made(self, connection: DriverConnection | DriverCursor) -> bool:
        return not self._dialect.relations(connection).keys() & metadata.tables.keys()

    def mark(self, cursor: DriverCursor, schema_version: int) -> None:
        """The row of `store_info` says all there is."""

    def schema_version(self, connection: DriverConnection) -> int:
        row = connection.execute("SELECT value FROM store_info WHERE name = 'schema_version'").fetchone()
        if row is None or not str(row[0]).isdecimal():
            raise foreign(self._dialect.shown_name)
        return int(row[0])

    def enter_writing_mode(self, connection: DriverConnection) -> None:
        """Readers and writers never wait for each other here."""

    def leave_writing_mode(self, connection: DriverConnection) -> None:
        """Nothing is left behind."""
