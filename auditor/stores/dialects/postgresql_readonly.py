"""The one place that opens a viewed database on a server, with several locks on the door.

Each transaction is a read-only one that has answered a question before anything else is asked: after that the server
refuses to make a writing one of it. It is no security setting, so what the role could do otherwise is said.
"""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from auditor.core.errors import AuditorError, Cancelled, PasswordNeeded, StoreError
from auditor.core.ports import NeverStopped, StopToken
from auditor.core.text import tr
from auditor.stores.dialects.expressions import IS_JSON_SINCE
from auditor.stores.dialects.postgresql import connected
from auditor.stores.dialects.postgresql_errors import reason
from auditor.stores.dialects.postgresql_reading import OlderServerCursor, ServerCursor, WholeNumber
from auditor.stores.dialects.postgresql_reading_errors import is_damage, is_lost, told_to_reader
from auditor.stores.dialects.postgresql_watching import NoAnswer, WatchedConnection
from auditor.stores.dialects.viewing import PlaceLost
from auditor.stores.gate import Gate
from auditor.stores.location import ServerLocation

LOCK_WAIT_SECONDS: Final = 1.0
OLDEST_SERVER: Final = 140000
_IS_JSON_SINCE: Final = IS_JSON_SINCE[0] * 10000

_SETTINGS: Final = {
    "default_transaction_read_only": "on",
    "lock_timeout": f"{round(LOCK_WAIT_SECONDS * 1000)}",
    # A program that was halted must not hold up the server's tidying for ever.
    "idle_in_transaction_session_timeout": "60000",
    "jit": "off",  # pays off for none of our questions, and costs some 100 ms where the planner errs
    # Our questions are written so that an index is walked in order and left after a page. The planner, which does not
    # know what a page is worth, would rather read and sort all that could come.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_bitmapscan": "off",
    "random_page_cost": "1.1",
    "standard_conforming_strings": "on",  # our statements have backslashes
}
_BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
_FIRST_QUESTION: Final = "SELECT 1"


class ReadOnlyServer:
    """A database opened for viewing. `access` says how it is kept unchanged, `warnings` what else to know."""

    driver_error: Final = psycopg.Error

    def __init__(self, location: ServerLocation, token: StopToken | None = None) -> None:
        """Raises: StoreError with its own sentence for each problem; PasswordNeeded, StoreBusy; Cancelled."""
        self.location = location
        self.gate = Gate(token or NeverStopped())
        self.warnings: list[str] = []
        self.access: list[str] = [
            tr(
                "Every look is a transaction that the server keeps read-only (BEGIN READ ONLY), and that has answered "
                "a question before anything else: from then on it refuses to become a writing one."
            ),
            tr("default_transaction_read_only is on for the whole connection."),
        ]
        self.product = "PostgreSQL"
        self._first_question = _FIRST_QUESTION
        self._class = WatchedConnection.of(self.gate)
        self._pool = QueuePool(
            self._connect, pool_size=2, max_overflow=8, timeout=30, reset_on_return=None, use_lifo=True
        )
        try:
            self.gate.token.raise_if_cancelled()
            with self.translated(), self.reading() as cursor:
                self._look(cursor)
        except BaseException:
            self.close()
            raise

    def _look(self, cursor: ServerCursor) -> None:
        """What must be true of the server, and what a viewer should know of it."""
        info = cursor.connection.info
        self.product = f"PostgreSQL {(info.parameter_status('server_version') or '?').split()[0]}"
        if info.server_version < OLDEST_SERVER:
            raise StoreError(
                tr(
                    "{name} runs PostgreSQL {found}, and viewing needs version {wanted} or newer.",
                    name=self.location.name,
                    found=info.server_version // 10000,
                    wanted=OLDEST_SERVER // 10000,
                )
            )
        encoding = info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise StoreError(
                tr("{name} keeps its texts as {encoding}.", name=self.location.name, encoding=str(encoding)),
                tr("An event store needs a database with the encoding UTF8."),
            )
        if info.parameter_status("in_hot_standby") == "on":
            self.access.append(tr("The server is a standby, which refuses every change."))

    # -- connections -------------------------------------------------------------------------------------------

    def _connect(self) -> Any:  # the pool's protocol asks for more than the driver declares
        given = self.location.url.query.get("options") or _standing_options()
        settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        options = " ".join([*([given] if isinstance(given, str) else given), settings])
        try:
            connection = connected(self.location, self._class, options=options)
        except PasswordNeeded:
            raise
        except StoreError as error:
            raise PlaceLost(error.message, error.hint) from error
        connection.prepare_threshold = None
        connection.adapters.register_loader("numeric", WholeNumber)
        return connection

    @contextmanager
    def reading(self) -> Iterator[ServerCursor]:
        """One read transaction: what the block sees belongs together. Keep it short, it holds up the server's tidying.

        A connection that broke while nobody used it is replaced. Raises: StoreReplaced.
        """
        pooled, cursor = self._begun()
        try:
            self._check_first_answer(cursor)
            yield cursor
        finally:
            _end(pooled)

    def _begun(self) -> tuple[PoolProxiedConnection, ServerCursor]:
        while True:
            pooled = self._pool.connect()
            was_used = pooled.info.setdefault("used", False)
            try:
                cursor = _cursor(pooled)
                cursor.execute(_BEGIN + self._first_question)
                cursor.nextset()
            except psycopg.Error as error:
                may_be_replaced = (
                    was_used and is_lost(error, _driver(pooled)) and not isinstance(error, NoAnswer)
                )
                _end(pooled)
                if may_be_replaced and not self.gate.wants_stop():
                    continue
                raise
            except BaseException:
                _end(pooled)
                raise
            pooled.info["used"] = True
            return pooled, cursor

    def _check_first_answer(self, cursor: ServerCursor) -> None:
        cursor.fetchone()

    # -- errors ------------------------------------------------------------------------------------------------

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of the driver leave the block as errors that a user can read.

        Raises: Cancelled, StoreBusy, StoreDamaged, StoreReplaced, PlaceLost, StoreError.
        """
        try:
            yield
        except psycopg.Error as error:
            raise self.told(error) from error

    def told(self, error: psycopg.Error) -> AuditorError | Cancelled:
        return told_to_reader(error, self.location.name, self.gate)

    def damage(self, error: Exception) -> str | None:
        """What is broken, where the server says that something is."""
        return reason(error) if isinstance(error, psycopg.Error) and is_damage(error) else None

    def check_unchanged(self) -> None:
        """Nothing is asked here: each transaction begins with asking."""

    def close(self) -> None:
        self._pool.dispose()


def _standing_options() -> str:
    """What the environment sets for each connection, or the service that it names: ours would take their place."""
    values = (option.val for option in psycopg.pq.Conninfo.get_defaults() if option.keyword == b"options")
    return os.fsdecode(next(values) or b"")


def _driver(pooled: PoolProxiedConnection) -> WatchedConnection:
    connection: WatchedConnection = pooled.driver_connection  # type: ignore[assignment]  # typed as anything
    return connection


def _cursor(pooled: PoolProxiedConnection) -> ServerCursor:
    connection = _driver(pooled)
    knows_json = connection.info.server_version >= _IS_JSON_SINCE
    return ServerCursor(connection) if knows_json else OlderServerCursor(connection)


def _end(pooled: PoolProxiedConnection) -> None:
    """Back to the pool without a transaction, or closed where that cannot be had at once."""
    connection = _driver(pooled)
    connection.tidying = True
    with contextlib.suppress(psycopg.Error):
        connection.rollback()
    connection.tidying = False
    idle = psycopg.pq.TransactionStatus.IDLE
    if connection.closed or connection.info.transaction_status != idle:
        pooled.invalidate()
    pooled.close()
