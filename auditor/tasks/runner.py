"""How jobs run beside a window: one thread, and lanes in which the newest request wins."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from auditor.core.errors import Cancelled
from auditor.tasks.cancel import CancelToken
from auditor.tasks.context import Progress, TaskContext

Result = TypeVar("Result")
Deliver = Callable[[Callable[[], None]], None]
"""Runs a function later on the thread of those who ask."""

PROGRESS_EVERY = 0.05  # seconds: 20 reports a second are more than an eye follows


@dataclass(frozen=True, slots=True)
class Lane:
    """A name under which only the newest request matters.

    A request that `keeps_running` may finish when a newer one comes, and is still delivered unless that newer one was
    before: a long drag goes on showing states. In other lanes the newer one cancels it.
    """

    name: str
    keeps_running: bool = False


def _unheard(*_: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener(Generic[Result]):
    """What becomes of a request, told on the asker's thread: one of `done`, `failed` and `cancelled`, or nothing at
    all when a newer request of the lane took its place; then a result that came all the same goes to `unwanted`."""

    done: Callable[[Result], None]
    failed: Callable[[Exception], None]
    cancelled: Callable[[], None] = _unheard
    progress: Callable[[Progress], None] = _unheard
    unwanted: Callable[[Result], None] = _unheard


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    lane: Lane
    number: int
    work: Callable[[TaskContext], Any]
    listener: Listener[Any]
    token: CancelToken = field(default_factory=CancelToken)


class TaskRunner:
    """One thread for all lanes, since a second busy one makes a window late. Plain Python: `deliver` leads to the
    asker's thread, on which all methods are called. A request is a frozen value; work never reads a widget."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._changed = threading.Condition()
        self._pending: dict[Lane, _Ticket] = {}  # the lane asked last stands at the end and is served first
        self._running: _Ticket | None = None
        self._closed = False
        self._numbers = 0
        self._newest: dict[Lane, int] = {}
        self._delivered: dict[Lane, int] = {}
        self._stopped: dict[Lane, int] = {}
        self._last: Callable[[], None] = _unheard
        self._thread = threading.Thread(target=self._serve, name="auditor compute", daemon=True)
        self._thread.start()

    def submit(self, lane: Lane, work: Callable[[TaskContext], Result], listener: Listener[Result]) -> None:
        """Replaces what waits in the lane. After `close` nothing happens any more."""
        with self._changed:
            if self._closed:
                return
            self._numbers += 1
            ticket = _Ticket(lane, self._numbers, work, listener)
            self._newest[lane] = ticket.number
            self._pending.pop(lane, None)
            self._pending[lane] = ticket
            if not lane.keeps_running:
                self._cancel_running(lane)
            self._changed.notify()

    def stop(self, lane: Lane) -> None:
        """What runs or waits in the lane, or whose result is on its way, is cancelled, and its listener told so."""
        with self._changed:
            waiting = self._pending.pop(lane, None)
            self._cancel_running(lane)
            self._stopped[lane] = self._numbers
        if waiting is not None:
            self._settle(waiting, waiting.listener.cancelled)

    def forget(self, lane: Lane) -> None:
        """As `stop`, and nobody is told anything."""
        with self._changed:
            self._pending.pop(lane, None)
            self._cancel_running(lane)
            self._numbers += 1
            self._newest[lane] = self._delivered[lane] = self._numbers

    def forget_all(self, *, but: Lane) -> None:
        """`forget` for every lane that was ever asked, but one."""
        for lane in self._newest.keys() - {but}:
            self.forget(lane)

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        with self._changed:
            return self._running is not None or bool(self._pending)

    def close(self, last: Callable[[], None] = _unheard) -> None:
        """Takes no more requests, cancels all, and runs `last` on the thread when what runs has ended. See `join`."""
        with self._changed:
            self._closed = True
            self._pending.clear()
            self._last = last
            if self._running is not None:
                self._running.token.cancel()
            self._changed.notify()

    def join(self, seconds: float) -> bool:
        """Waits for the thread after `close`; whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    # -- on the asker's thread, or under the lock ------------------------------------------------------------

    def _cancel_running(self, lane: Lane) -> None:
        if self._running is not None and self._running.lane == lane:
            self._running.token.cancel()

    def _is_wanted(self, ticket: _Ticket) -> bool:
        if self._closed:
            return False
        if ticket.lane.keeps_running:
            return ticket.number > self._delivered.get(ticket.lane, 0)
        return ticket.number == self._newest[ticket.lane]

    def _settle(
        self, ticket: _Ticket, tell: Callable[[], None], otherwise: Callable[[], None] = _unheard
    ) -> None:
        def tell_if_wanted() -> None:
            if self._is_wanted(ticket):
                self._delivered[ticket.lane] = ticket.number
                tell()
            else:
                otherwise()

        self._deliver(tell_if_wanted)

    def _tell_done(self, ticket: _Ticket, result: Any) -> None:
        if ticket.number > self._stopped.get(ticket.lane, 0):
            ticket.listener.done(result)
        else:
            ticket.listener.cancelled()
            ticket.listener.unwanted(result)

    # -- on the thread ---------------------------------------------------------------------------------------

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._running = None
                self._changed.wait_for(lambda: self._closed or self._pending)
                if self._closed:
                    break
                _, ticket = self._pending.popitem()
                self._running = ticket
            self._work(ticket)
        self._last()

    def _work(self, ticket: _Ticket) -> None:
        listener = ticket.listener
        context = TaskContext(token=ticket.token, on_progress=self._throttled(ticket))
        try:
            ticket.token.raise_if_cancelled()
            result = ticket.work(context)
        except Cancelled:
            self._settle(ticket, listener.cancelled)
        except Exception as error:  # noqa: BLE001 - the one place where a failed job becomes a message
            self._settle(ticket, partial(listener.failed, error))
        else:
            self._settle(ticket, partial(self._tell_done, ticket, result), partial(listener.unwanted, result))

    def _throttled(self, ticket: _Ticket) -> Callable[[Progress], None]:
        told = 0.0

        def report(progress: Progress) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told < PROGRESS_EVERY and progress.done != progress.total:
                return
            told = now

            def tell_if_wanted() -> None:
                if self._is_wanted(ticket):
                    ticket.listener.progress(progress)

            self._deliver(tell_if_wanted)

        return report
