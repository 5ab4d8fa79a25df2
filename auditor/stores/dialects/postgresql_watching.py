"""Connections that wait for an answer only as long as somebody wants it and the server is there.

The driver asks us while it waits, so that no thread stands by: a wish to stop becomes a cancel request, and a server
that is silent for long is asked over a second connection for a sign of life.
"""

import time
from collections.abc import Callable, Generator
from typing import Any, ClassVar, Final

import psycopg
from psycopg import errors, generators, waiting

from auditor.core.errors import Cancelled
from auditor.core.ports import NeverStopped
from auditor.core.text import tr
from auditor.stores.gate import Gate

Work = Generator[Any, Any, Any]
"""The driver's: yields what to wait for; is sent what is ready, or nothing where an interval has passed."""

ASK_SECONDS: Final = 0.02
CANCEL_SECONDS: Final = 1.0
"""How long a cancel request may take, and then the server's answer to it, before the connection is given up."""
SILENT_SECONDS: Final = 10.0
"""After so long without a byte the server is asked for a sign of life."""
SIGN_SECONDS: Final = 5.0


class NoAnswer(psycopg.OperationalError):
    """The server is silent; the connection was given up."""


class WatchedConnection(psycopg.Connection[Any]):
    """Asks its gate whether to go on, from the first step of connecting."""

    gate: ClassVar[Gate] = Gate(NeverStopped())
    tidying = False
    """Whether what runs is of no interest to an asker, and worth no patience."""

    @classmethod
    def of(cls, gate: Gate) -> "type[WatchedConnection]":
        """The class of connections that ask this gate."""
        return type(cls.__name__, (cls,), {"gate": gate})

    def wait(self, gen: Work, interval: float = ASK_SECONDS, timeout: float | None = None) -> Any:
        return super().wait(_attended(gen, _Attendant(self)), min(interval, ASK_SECONDS), timeout)

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Work:
        # The driver's own; were it to connect in another way, connecting would go on until its time is up.
        return _attended(super()._connect_gen(conninfo), lambda _: _raise_if_unwanted(cls.gate))


def _attended(work: Work, attend: Callable[[Any], None]) -> Work:
    """The same work; `attend` is told each time what is ready."""
    try:
        wanted = next(work)
        while True:
            ready = yield wanted
            attend(ready)
            wanted = work.send(ready)
    except StopIteration as done:
        return done.value


def _raise_if_unwanted(gate: Gate) -> None:
    if gate.wants_stop():
        if gate.token.cancelled:
            raise Cancelled
        raise errors.ConnectionTimeout(tr("it did not answer in time"))


class _Attendant:
    """Stands by one statement."""

    def __init__(self, connection: WatchedConnection) -> None:
        self._connection = connection
        self._heard = time.monotonic()
        self._cancelled_at: float | None = None

    def __call__(self, ready: Any) -> None:
        now = time.monotonic()
        if ready:
            self._heard = now
        if self._connection.tidying:
            self._give_up_after(CANCEL_SECONDS, self._heard)
        elif self._cancelled_at is not None:
            self._give_up_after(CANCEL_SECONDS, self._cancelled_at)
        elif self._connection.gate.wants_stop():
            self._cancel()
        elif now - self._heard > SILENT_SECONDS:
            self._ask_for_a_sign()

    def _cancel(self) -> None:
        try:
            self._connection.cancel_safe(timeout=CANCEL_SECONDS)
        except psycopg.Error:
            self._give_up()
        self._cancelled_at = time.monotonic()

    def _give_up_after(self, seconds: float, since: float) -> None:
        if time.monotonic() - since > seconds:
            self._give_up()

    def _give_up(self) -> None:
        self._connection.close()
        raise NoAnswer(tr("the server does not answer"))

    def _ask_for_a_sign(self) -> None:
        """Whatever it says to a newcomer, it is there: also when it refuses."""
        gate = self._connection.gate
        greeting = _attended(
            generators.connect(self._connection.info.dsn), lambda _: _raise_if_unwanted(gate)
        )
        try:
            waiting.wait_conn(greeting, ASK_SECONDS, SIGN_SECONDS).finish()
        except errors.ConnectionTimeout:
            pass  # not wanted any more; said at the next question
        except errors._WaitTimeout:  # noqa: SLF001 - has no other name
            self._give_up()
        except (psycopg.Error, Cancelled):
            pass
        self._heard = time.monotonic()
