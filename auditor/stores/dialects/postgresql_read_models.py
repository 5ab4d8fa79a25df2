"""Read models in a schema of a PostgreSQL database, opened for writing by one run of a projection at a time."""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

import psycopg
from psycopg import errors
from sqlalchemy import Insert, Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.schema import CreateTable

from auditor.core.errors import ModelError, StoreBusy, StoreError
from auditor.core.presenter import display
from auditor.core.projection_run import NotStorable
from auditor.core.rows import Table as DeclaredTable
from auditor.core.text import tr
from auditor.stores.dialects.postgresql import (
    DriverConnection,
    DriverCursor,
    PostgreSql,
    roll_back,
)
from auditor.stores.dialects.postgresql_errors import outcome_unknown, reason
from auditor.stores.dialects.postgresql_marks import (
    application_name,
    at_work,
    mark_of,
    marked_version,
    projection_in,
)
from auditor.stores.dialects.postgresql_swap import InUse, put_in_place, take_tables
from auditor.stores.dialects.protocol import is_utf8
from auditor.stores.native_schema import events, store_info, streams
from auditor.stores.read_model_place import SchemaLocation
from auditor.stores.read_model_schema import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    Checkpoint,
    checkpoint_from,
    checkpoints,
    metadata,
    shadow_name,
)
from auditor.stores.read_model_statements import CheckpointStatements, TableStatements, upsert

BUSY_SECONDS: Final = 10.0
NOTICING_SECONDS: Final = 0.6
"""The server may need so long to notice that the one who held the lock is gone."""
_BETWEEN_TRIES: Final = 0.02
_LONGEST_NAME: Final = 63  # in bytes; the server cuts longer ones without an error
_SYSTEM_COLUMNS: Final = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
_MANY_ROWS: Final = 200
_RESERVED: Final = "pg_"


class ReadModelServer:
    """The connection, the lock that keeps a second run out, and what differs from a file.

    The lock ends with the connection, so also with a process that is killed. Names without a schema are those of the
    read models: the search path names nothing else.
    """

    row_refused: Final = (psycopg.IntegrityError, errors.RaiseException)

    def __init__(self, place: SchemaLocation) -> None:
        """Raises: StoreBusy, PasswordNeeded, StoreError; a schema that is refused is left as it is."""
        self.place = place
        self.dialect = PostgreSql(place.server, BUSY_SECONDS)
        self.statements = CheckpointStatements(self.dialect, _upsert)
        self.connection = self._open()

    def say_at_work(self, projection: str) -> None:
        """What `at_work` answers until it is closed. Also to be seen in `pg_stat_activity`."""
        with self.told():
            _set(self.connection, "application_name", application_name(projection))

    def told(self) -> AbstractContextManager[None]:
        return self.dialect.told()

    @contextmanager
    def writing(self, *, provisional: bool = False) -> Iterator[DriverCursor]:
        committing = False
        try:
            cursor = self.connection.cursor()
            cursor.execute("BEGIN")
            if provisional:
                # The commit of the swap brings everything before it to the disk.
                cursor.execute("SET LOCAL synchronous_commit = off")
            yield cursor
            committing = True
            cursor.execute("COMMIT")
        except BaseException as error:
            if committing and isinstance(error, psycopg.Error) and self.connection.closed:
                raise outcome_unknown(
                    error,
                    self.place.name,
                    tr(
                        "Rows and checkpoint were stored together, or neither. Start it again: it looks first."
                    ),
                ) from error
            roll_back(self.connection)
            if isinstance(error, psycopg.Error) and not isinstance(error, self.row_refused):
                raise self.dialect.error_for(error) from error
            raise

    @contextmanager
    def storing(self) -> Iterator[None]:
        try:
            yield
        except UnicodeEncodeError as error:
            raise NotStorable(tr("a row holds text that is no Unicode ({why})", why=error.reason)) from error
        except errors.NumericValueOutOfRange as error:
            raise NotStorable(tr("a row holds an integer beyond 64 bits")) from error
        except (psycopg.DataError, errors.ProgramLimitExceeded) as error:
            raise NotStorable(
                tr("a row holds what PostgreSQL cannot store: {why}", why=reason(error))
            ) from error

    def close(self) -> None:
        """Lets the next one in."""
        self.connection.close()

    # -- tables ----------------------------------------------------------------------------------------------------

    def table_statements(self, declared: DeclaredTable, *, live: bool) -> TableStatements:
        return TableStatements(self.dialect, declared, live=live, put=_upsert)

    def put(self, cursor: DriverCursor, statements: TableStatements, rows: Sequence[Sequence[Any]]) -> None:
        """Large batches go through a table of this transaction, which costs less than half the time."""
        if len(rows) < _MANY_ROWS or not self._may_stage:
            cursor.executemany(statements.put, rows)
            return
        cursor.execute(f"CREATE TEMP TABLE auditor_batch (LIKE {statements.quoted}) ON COMMIT DROP", ())
        with cursor.copy("COPY auditor_batch FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(statements.put_all_from("auditor_batch", _upsert), ())
        cursor.execute("DROP TABLE auditor_batch")

    def check_names(self, projection: str, tables: Sequence[DeclaredTable]) -> None:
        """What PostgreSQL would cut, or keeps for itself. Raises: ModelError."""
        for table in tables:
            for name, longest in [
                (shadow_name(table.name), _LONGEST_NAME),
                *((column, _LONGEST_NAME) for column in table.columns),
            ]:
                shown = display(name, longest=100)
                if not is_utf8(name):
                    raise ModelError(
                        tr(
                            "{projection} declares a name that is no Unicode: {name}.",
                            projection=projection,
                            name=shown,
                        )
                    )
                if len(name.encode()) > longest:
                    raise ModelError(
                        tr(
                            "The name {name} of {projection} is too long for PostgreSQL.",
                            name=shown,
                            projection=projection,
                        ),
                        tr(
                            "Names of tables have up to {most} bytes there, those of columns up to 63.",
                            most=55,
                        ),
                    )
            taken = [column for column in table.columns if column in _SYSTEM_COLUMNS]
            if table.name.startswith(_RESERVED) or taken:
                raise ModelError(
                    tr(
                        "{projection} declares the name {name}, which PostgreSQL keeps for itself.",
                        projection=projection,
                        name=taken[0] if taken else table.name,
                    )
                )

    def as_compared(self, name: str) -> str:
        """Names differ in upper and lower case."""
        return name

    def relations(self, cursor: DriverCursor | DriverConnection) -> Mapping[str, str]:
        return self.dialect.relations(cursor)

    def columns_of(self, cursor: DriverCursor, table: str) -> list[str] | None:
        found = cursor.execute(
            "SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relname = %s"
            " AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            (table,),
        ).fetchall()
        return [name for (name,) in found] or None

    @contextmanager
    def swapping(self, projection: str) -> Iterator[DriverCursor]:
        """A transaction for `put_in_place`, which has the live tables to itself from its beginning.

        Readers are not kept waiting for long while somebody holds a table: the lock is asked for again and again.
        """
        until = time.monotonic() + BUSY_SECONDS
        while True:
            with contextlib.suppress(InUse), self.writing() as cursor:
                take_tables(cursor, self.place.schema, self._live_tables(cursor, projection))
                yield cursor
                return
            if time.monotonic() > until:
                raise StoreBusy(
                    tr("A table of {name} is in use by another program.", name=projection),
                    tr("Nothing was changed. Try again when the other program has finished."),
                )
            time.sleep(_BETWEEN_TRIES)

    def _live_tables(self, cursor: DriverCursor, projection: str) -> tuple[str, ...]:
        row = cursor.execute(self.statements.checkpoint, (projection, "live")).fetchone()
        return () if row is None else checkpoint_from(row).tables

    def put_in_place(self, cursor: DriverCursor, live: Checkpoint | None, tables: Sequence[str]) -> list[str]:
        no_more = [] if live is None else [table for table in live.tables if table not in tables]
        put_in_place(cursor, self.place.schema, tables, no_more)
        return [
            tr("The table {table} is declared no more and was removed.", table=table) for table in no_more
        ]

    # -- opening ---------------------------------------------------------------------------------------------------

    def _open(self) -> DriverConnection:
        connection = self.dialect.connect()
        try:
            with self.dialect.told():
                self._prepare(connection)
                self._refuse_stores(connection)
                self._lock(connection)
                self._mark(connection)
                row = connection.execute(
                    "SELECT has_database_privilege(current_database(), 'TEMP')"
                ).fetchone()
                self._may_stage = bool(row and row[0])
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: DriverConnection) -> None:
        _set(connection, "search_path", self.dialect.quoted(self.place.schema).replace("%%", "%"))
        _set(connection, "application_name", "auditor")
        # The lock must not go while the handlers think for long, nor stay when this process is gone.
        for name, value in (("idle_session_timeout", "0"), ("client_connection_check_interval", "250ms")):
            with contextlib.suppress(psycopg.Error):  # an older server, or one on a system that cannot look
                _set(connection, name, value)

    def _refuse_stores(self, connection: DriverConnection) -> None:
        row = connection.execute(
            "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE nspname = %s AND relname = ANY(%s)",
            (self.place.schema, [events.name, streams.name, store_info.name]),
        ).fetchone()
        if row and row[0] == 3:
            raise StoreError(
                tr(
                    "{name} is where an event store stands: a read model cannot be written there.",
                    name=self.place.name,
                ),
                tr("Name another target in the workspace file."),
            )

    def _lock(self, connection: DriverConnection) -> None:
        until = time.monotonic() + NOTICING_SECONDS
        while True:
            row = connection.execute(
                "SELECT pg_try_advisory_lock(%s, oid::int) FROM pg_namespace WHERE nspname = %s",
                (APPLICATION_ID, self.place.schema),
            ).fetchone()
            if row is None:
                self._make_schema(connection)
                continue
            if row[0]:
                return
            if time.monotonic() > until:
                raise self._busy(connection)
            time.sleep(_BETWEEN_TRIES)

    def _make_schema(self, connection: DriverConnection) -> None:
        name = self.dialect.quoted(self.place.schema)
        try:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name}", ())
        except (errors.DuplicateSchema, errors.UniqueViolation):
            return  # somebody else made it in this moment
        except errors.InsufficientPrivilege as error:
            raise StoreError(
                tr(
                    "The schema {schema} for read models cannot be made: {why}.",
                    schema=self.place.short_name,
                    why=reason(error),
                ),
                tr(
                    "Have the owner of the database make it for you, or name another target in the workspace file."
                ),
            ) from error

    def _busy(self, connection: DriverConnection) -> StoreBusy:
        noted = at_work(connection, self.place.schema)
        name = None if noted is None else projection_in(noted)
        place = self.place.name
        return StoreBusy(
            tr("Another rebuild is writing to {path}: that of {name}.", path=place, name=name)
            if name
            else tr("Another rebuild, or a projection that catches up, is writing to {path}.", path=place),
            tr("Wait until it has finished, or stop it; it loses nothing."),
        )

    def _mark(self, connection: DriverConnection) -> None:
        """Our tables are those with our mark; it is made with them."""
        there = self.relations(connection).keys() & metadata.tables.keys()
        version = marked_version(connection, self.place.schema)
        if there and version is None:
            raise StoreError(
                tr(
                    "{name} has a table {table} that no rebuild made.",
                    name=self.place.name,
                    table=sorted(there)[0],
                ),
                tr("Nothing was changed. Rename or remove it, or name another target in the workspace file."),
            )
        if version is not None and version > SCHEMA_VERSION:
            raise StoreError(
                tr("{path} was made by a newer version of the program.", path=self.place.name),
                tr("Nothing was changed. Use that version, or name another target."),
            )
        if version == SCHEMA_VERSION and len(there) == len(metadata.tables):
            return
        with connection.transaction():
            for made in metadata.sorted_tables:
                connection.execute(self.dialect.ddl(CreateTable(made, if_not_exists=True)), ())
            connection.execute(f"COMMENT ON TABLE {checkpoints.name} IS '{mark_of(SCHEMA_VERSION)}'")


def _upsert(table: Table) -> Insert:
    return upsert(insert, table)


def _set(connection: DriverConnection, name: str, value: str) -> None:
    connection.execute("SELECT set_config(%s, %s, false)", (name, value))
