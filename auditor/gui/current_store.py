"""The store that a window shows, and the one way to ask jobs about it."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from auditor.core.errors import AuditorError, Cancelled
from auditor.core.server_address import is_server_address
from auditor.gui.bridge import MainThreadBridge
from auditor.gui.server_access import ServerAccess
from auditor.jobs.origin import Origin, origin_of_process
from auditor.tasks.context import Progress, TaskContext
from auditor.tasks.runner import Lane, Listener, TaskRunner

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.jobs.session import Session

Request = TypeVar("Request")
Result = TypeVar("Result")
Job = Callable[["Session", Request, TaskContext], Result]

Guard = Callable[[Callable[[], object], bool], bool]
"""Whether the open store may be left; if not, it has taken the way to go on (and whether the window closes)."""

Entrance = Callable[[str, "Path | None"], bool]
"""Whether that store may be opened now; if not, it has taken the way to go on."""

OPENING = Lane("open")
CLOSING = Lane("close")
VIEWS_WAITED_FOR = 5.0  # seconds; then they are finished at once when the store is open


def _unheard(*_: object) -> None:
    """Nobody listens."""


class CurrentStore(QObject):
    """One window's store and its compute thread. Panels hear `opened` and `closed`, and `ask`.

    Everything that touches the store happens on the runner's thread; answers come back on Qt's.
    """

    views_loaded = Signal()
    """The modules of what shows a store are loaded; it is about to be opened."""
    opened = Signal()
    closed = Signal()
    opening_changed = Signal()
    """Opening has begun, failed (`failure`) or been cancelled."""
    crashed = Signal(object)
    """An exception that is a mistake of ours, not an answer."""
    shutting_down = Signal()
    """The window closes: children must end now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = MainThreadBridge(self)
        self._runner = TaskRunner(self._bridge.post)
        self._session: Session | None = None
        self.views_made = threading.Event()
        """Cleared by who wants to make views, after `views_loaded`, with nothing else running; set when they are."""
        self.views_made.set()
        self._leaving: list[Session] = []  # still to be closed, on the runner's thread
        self.origin: Origin = origin_of_process("window")
        self.location: str = ""
        """What was given to open the store that is shown, or being opened; never with a password."""
        self.workspace: Path | None = None
        self.is_opening = False
        self.failure: Exception | None = None
        self.guards: list[Guard] = []
        self.entrances: list[Entrance] = []
        self.access = ServerAccess()

    # -- opening -------------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self._session is not None

    @property
    def session(self) -> "Session":
        """For values that do not change once it is open (names, capabilities); all else is asked by jobs."""
        if self._session is None:
            raise LookupError
        return self._session

    @property
    def name(self) -> str:
        """The open store's name as people say it, without its folder or server: `orders.db`."""
        return self.session.reader.location.short_name

    @property
    def is_on_server(self) -> bool:
        """Whether the open store is no file, which could be copied."""
        return is_server_address(self.session.reader.location.address)

    @property
    def child_environment(self) -> dict[str, str]:
        """What this program's children need to open the store too, beside what it was given itself."""
        return self.access.environment(self.location)

    def open(self, location: str, workspace: "Path | None" = None) -> None:
        """Shows another store instead of the one that is open. Tells `opened`, or `opening_changed` with a failure."""
        location = self.access.note(location)
        if not self.may_leave(lambda: self.open(location, workspace)):
            return
        if not all(may_enter(location, workspace) for may_enter in self.entrances):
            return
        self.close()
        self.location, self.workspace = location, workspace
        self.is_opening, self.failure = True, None
        listener: Listener[Session] = Listener(
            done=self._on_opened,
            failed=self._on_not_opened,
            cancelled=self._on_opening_cancelled,
            unwanted=self._leave,
        )
        self._runner.submit(OPENING, self._open_work(location, workspace), listener)
        self.opening_changed.emit()

    def _open_work(self, location: str, workspace: "Path | None") -> Callable[[TaskContext], "Session"]:
        origin, password = self.origin, self.access.password(location)
        loaded = partial(self._bridge.post, self.views_loaded.emit)

        def work(context: TaskContext) -> "Session":
            # Heavy, and not before the window is painted: here, so that Qt's thread finds them loaded.
            import auditor.gui.store_view  # noqa: F401

            loaded()
            self._wait_for_views(context)
            from auditor.jobs import open_store
            from auditor.jobs.perform import perform_alone
            from auditor.jobs.workspace_code import TrustWord

            request = open_store.OpenStoreRequest(
                origin=origin, store=location, workspace=workspace, trust=TrustWord(), password=password
            )
            return perform_alone(open_store.run, request, context)

        return work

    def _wait_for_views(self, context: TaskContext) -> None:
        """On the runner's thread. Two threads at work would make each other's steps three times as long."""
        until = time.monotonic() + VIEWS_WAITED_FOR
        while not self.views_made.wait(0.02) and time.monotonic() < until:
            context.token.raise_if_cancelled()

    @property
    def is_busy(self) -> bool:
        """Whether anything that was asked has no answer yet."""
        return self._runner.busy

    def cancel_opening(self) -> None:
        self._runner.stop(OPENING)

    def may_leave(self, go_on: Callable[[], object], *, closes: bool = False) -> bool:
        """Whether the store may be let go now. If not, the user is being asked, and `go_on` is called when they agree.
        `closes`: the window goes with it."""
        return self._session is None or all(guard(go_on, closes) for guard in self.guards)

    def leave(self) -> None:
        """Closes the store, once nothing of the user's work stands in the way."""
        if self.may_leave(self.leave):
            self.close()

    def close(self) -> None:
        """Lets the store go; what was asked of it is answered to nobody."""
        session, self._session = self._session, None
        was_something = session is not None or self.is_opening
        self.is_opening = False
        self._runner.forget_all(but=CLOSING)
        if session is not None:
            self._leave(session)
        if was_something:
            self.closed.emit()

    def _leave(self, session: "Session") -> None:
        self._leaving.append(session)
        self._runner.submit(
            CLOSING, lambda _: self._close_leaving(), Listener(done=_unheard, failed=_unheard)
        )

    def _close_leaving(self) -> None:
        while self._leaving:
            self._leaving.pop().close()

    def _on_opened(self, session: "Session") -> None:
        self.is_opening = False
        self._session = session
        self.opened.emit()

    def _on_not_opened(self, error: Exception) -> None:
        self.is_opening, self.failure = False, error
        self._tell_if_ours(error)
        self.opening_changed.emit()

    def _on_opening_cancelled(self) -> None:
        self.is_opening, self.failure = False, Cancelled()
        self.opening_changed.emit()

    # -- asking --------------------------------------------------------------------------------------------------

    def ask(
        self,
        lane: Lane,
        job: "Job[Request, Result]",
        request: Request,
        *,
        done: Callable[[Result], None],
        failed: Callable[[Exception], None] = _unheard,
        cancelled: Callable[[], None] = _unheard,
        progress: Callable[[Progress], None] = _unheard,
    ) -> None:
        """Runs the job on the open store; exactly one of `done`, `failed`, `cancelled` is called, on Qt's thread, or
        none if a newer request of the lane, or another store, took its place. A mistake of ours is told by `crashed`
        too. Without a store nothing happens."""
        session = self._session
        if session is None:
            return

        def work(context: TaskContext) -> Result:
            from auditor.jobs.perform import perform

            return perform(job, session, request, context)

        self.ask_alone(lane, work, done=done, failed=failed, cancelled=cancelled, progress=progress)

    def ask_alone(
        self,
        lane: Lane,
        work: Callable[[TaskContext], Result],
        *,
        done: Callable[[Result], None],
        failed: Callable[[Exception], None] = _unheard,
        cancelled: Callable[[], None] = _unheard,
        progress: Callable[[Progress], None] = _unheard,
    ) -> None:
        """As `ask`, for a job that opens or makes something itself and needs no open store."""

        def told(error: Exception) -> None:
            self._tell_if_ours(error)
            failed(error)

        self._runner.submit(
            lane, work, Listener(done=done, failed=told, cancelled=cancelled, progress=progress)
        )

    def stop(self, lane: Lane) -> None:
        """Cancels what runs or waits there; its `cancelled` is called."""
        self._runner.stop(lane)

    def forget(self, lane: Lane) -> None:
        """As `stop`, but nobody is told."""
        self._runner.forget(lane)

    def _tell_if_ours(self, error: Exception) -> None:
        if not isinstance(error, AuditorError):
            self.crashed.emit(error)

    # -- the end -------------------------------------------------------------------------------------------------

    def shut_down(self, seconds: float = 2.5) -> bool:
        """Cancels everything, ends children and the thread; whether all of it ended in time."""
        self.shutting_down.emit()
        if self._session is not None:
            self._leaving.append(self._session)
            self._session = None
        self._runner.close(self._close_leaving)
        ended = self._runner.join(seconds)
        self._bridge.close()
        return ended
