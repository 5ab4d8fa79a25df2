"""Native stores in PostgreSQL databases.

The tables stand in the first schema of the search path. Writers of one store take turns by a lock that they take before
a position is drawn, and that ends with their transaction: so positions become visible in their order.
"""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import errors
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from auditor.core.errors import StoreError
from auditor.core.text import tr
from auditor.stores.dialects.postgresql_errors import locked, not_connected, outcome_unknown, told
from auditor.stores.dialects.protocol import UniqueKey, is_utf8
from auditor.stores.dialects.statements import Statements
from auditor.stores.location import ServerLocation
from auditor.stores.native_schema import APPLICATION_ID

DriverConnection = psycopg.Connection[Any]
DriverCursor = psycopg.Cursor[Any]

# The driver warns of what follows from an error that is told to the caller anyway. A program that keeps a log gets it.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

CONNECT_SECONDS: Final = 10
_KEYS: Final = {
    "events_event_id_key": UniqueKey.EVENT_ID,
    "events_aggregate_id_version_key": UniqueKey.AGGREGATE_VERSION,
    "streams_pkey": UniqueKey.STREAM,
}
_REACHED: Final = {
    # What is written to a server that went away is noticed after so long, not after the system's quarter of an hour.
    "tcp_user_timeout": "20000",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "2",
}
# By the table's own number, so that all who write to it meet, whatever their search path; before there is one, by the
# schema's name.
_TAKE_TURN: Final = (
    f"SELECT pg_advisory_xact_lock({APPLICATION_ID}, coalesce(to_regclass('events')::oid::int,"
    " hashtext(current_schema())))"
)
_POSITIONS: Final = "pg_get_serial_sequence('events', 'position')"


class PostgreSql(Statements):
    """PostgreSQL through psycopg's own connections, in autocommit mode: a transaction is what stands in `writing`."""

    integrity_error: Final = psycopg.IntegrityError

    def __init__(self, location: ServerLocation, busy_seconds: float) -> None:
        self.shown_name: Final = location.name
        self._location = location
        self._busy_seconds = busy_seconds
        super().__init__(_dialect(paramstyle="format"), insert)

    def holds(self, text: str) -> bool:
        return "\0" not in text and is_utf8(text)

    # -- connections -------------------------------------------------------------------------------------------

    def connect(self) -> DriverConnection:
        connection = connected(self._location)
        try:
            with self.told():
                self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: DriverConnection) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise StoreError(
                tr("{name} keeps its texts as {encoding}.", name=self.shown_name, encoding=str(encoding)),
                tr("An event store needs a database with the encoding UTF8."),
            )
        settings = {
            "lock_timeout": f"{max(1, round(self._busy_seconds * 1000))}ms",
            "default_transaction_isolation": "read committed",  # the look after the lock must see what it let through
        }
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        # Stronger settings stay as they are.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )

    def is_lost(self, connection: DriverConnection) -> bool:
        """Also where the server has ended it since it was used last, which has been sent by then."""
        with contextlib.suppress(psycopg.Error):
            connection.pgconn.consume_input()  # what the server said last
            connection.pgconn.consume_input()  # and the end behind it
        return connection.closed

    @contextmanager
    def writing(self, connection: DriverConnection) -> Iterator[DriverCursor]:
        committing = False
        try:
            cursor = connection.cursor()
            cursor.execute("BEGIN")
            self._take_turn(cursor)
            yield cursor
            committing = True
            cursor.execute("COMMIT")
        except BaseException as error:
            if committing and isinstance(error, psycopg.Error) and connection.closed:
                raise outcome_unknown(
                    error,
                    self.shown_name,
                    tr("All of it was stored, or nothing. Load the aggregate again to see which."),
                ) from error
            roll_back(connection)
            if isinstance(error, psycopg.Error) and not isinstance(error, psycopg.IntegrityError):
                raise self.error_for(error) from error
            raise

    def _take_turn(self, cursor: DriverCursor) -> None:
        try:
            cursor.execute(_TAKE_TURN)
        except errors.QueryCanceled as error:  # the server lets no statement wait so long
            raise locked(self.shown_name) from error

    def next_positions(self, cursor: DriverCursor, count: int) -> int:
        statement = f"SELECT setval({_POSITIONS}, nextval({_POSITIONS}) + %s)"
        row = cursor.execute(statement, (count - 1,)).fetchone()
        return int(row[0]) - count + 1 if row else 1

    def relations(self, connection: DriverConnection | DriverCursor) -> Mapping[str, str]:
        statement = (
            "SELECT relname, CASE WHEN relkind IN ('r', 'p') THEN 'table' ELSE relkind::text END FROM pg_class"
            " WHERE relnamespace = quote_ident(current_schema())::regnamespace"
        )
        return dict(connection.execute(statement).fetchall())

    # -- errors ------------------------------------------------------------------------------------------------

    @contextmanager
    def told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise self.error_for(error) from error

    def violated_key(self, error: Exception) -> UniqueKey | None:
        if isinstance(error, errors.UniqueViolation):
            return _KEYS.get(error.diag.constraint_name or "")
        return None

    def error_for(self, error: psycopg.Error) -> StoreError:
        return told(error, self.shown_name)


def connected(
    location: ServerLocation, kind: type[DriverConnection] = psycopg.Connection, **settings: str
) -> DriverConnection:
    """A connection of that class in autocommit mode, its texts in UTF-8.

    Raises: PasswordNeeded; StoreError saying why there is none.
    """
    _, given = _dialect().create_connect_args(location.url)
    wanted = {
        "connect_timeout": str(CONNECT_SECONDS),
        "application_name": "auditor",
        **_REACHED,
        **given,
        **settings,
    }
    try:
        return kind.connect(**{**wanted, "client_encoding": "UTF8"}, autocommit=True)
    except psycopg.Error as error:
        raise not_connected(error, location.name) from error
    except (UnicodeError, ValueError) as error:
        raise StoreError(
            tr("{name} is no address that can be understood.", name=location.name),
            tr("Write it like postgresql://user@host/database."),
        ) from error


def _dialect(**settings: str) -> Any:
    """SQLAlchemy's dialect, whose making is not typed."""
    return PGDialect_psycopg(**settings)  # type: ignore[no-untyped-call]


def roll_back(connection: DriverConnection) -> None:
    # A connection that is gone has had its transaction rolled back by the server.
    if not connection.closed and connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            connection.close()
