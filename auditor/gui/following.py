"""Taking in events that are appended while the window is open: once, again and again, or only noticed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from auditor.core.errors import AuditorError, PasswordNeeded, StoreReplaced
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.actions import Actions
from auditor.gui.current_store import CurrentStore
from auditor.gui.cursor import Cursor
from auditor.gui.history_loader import HistoryLoader
from auditor.gui.store_counts import StoreCounts
from auditor.gui.tasks_shown import ShownTasks
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.list_aggregates import ListAggregatesResult
    from auditor.jobs.read_new_events import NewEventsResult

HEAD = Lane("head")
NEW_EVENTS = Lane("new events")
FOLLOWED_EVERY_MS = 1_000
LOOKED_EVERY_MS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the status bar says of the store's growing, and the button beside it: *12 newer events* · [Show]."""

    text: str
    verb: str
    act: Callable[[], object]
    is_failure: bool = False


class Following(QObject):
    """*Refresh*, the *Follow* switch, and a look every few seconds while neither is used.

    `grown` tells what has come once it is taken in; whoever shows something of the whole store hears it. At most one
    question is under way, and the next one is asked when it is answered.
    """

    grown = Signal(object)
    """`NewEventsResult`, with at least one event."""
    noticed = Signal()

    def __init__(
        self,
        store: CurrentStore,
        cursor: Cursor,
        loader: HistoryLoader,
        actions: Actions,
        counts: StoreCounts,
        tasks: ShownTasks,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._store = store
        self._cursor = cursor
        self._loader = loader
        self._actions = actions
        self._counts = counts
        self._tasks = tasks
        self._window = window
        self._forget()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_time)
        actions.on(ActionId.REFRESH, self.refresh, enabled=False)
        actions.on_switch(ActionId.FOLLOW, self.follow, enabled=False)
        store.opened.connect(self._on_opened)
        store.closed.connect(self._on_closed)

    def _forget(self) -> None:
        self.head: int | None = None
        """The end of the store as it is shown; None for one without events."""
        self.is_following = False
        self.notice: Notice | None = None
        self._is_asking = False
        self._wants = False  # what is under way was asked for, not only a look

    # -- what the user asks --------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Takes in what has come since."""
        self._wants = True
        self._ask()

    def follow(self, on: bool) -> None:
        """Takes in what comes, until it is switched off or fails."""
        self.is_following = on
        self._actions[ActionId.FOLLOW].setChecked(on)
        self._tell(self._usual_notice)
        if on:
            self.refresh()

    def act_on_notice(self) -> None:
        """What the button beside the notice does."""
        if self.notice is not None:
            self.notice.act()

    @property
    def _usual_notice(self) -> Notice | None:
        return Notice(text=tr("Following"), verb=tr("Stop"), act=self._stop) if self.is_following else None

    def _stop(self) -> None:
        self.follow(False)

    def _open_again(self) -> None:
        self._store.open(self._store.location, self._store.workspace)

    # -- asking ----------------------------------------------------------------------------------------------------

    def _on_opened(self) -> None:
        from auditor.jobs import list_aggregates

        self._forget()
        request = list_aggregates.ListAggregatesRequest(origin=self._store.origin, limit=1)
        self._store.ask(HEAD, list_aggregates.run, request, done=self._on_head, failed=self._on_failed)

    def _on_head(self, result: "ListAggregatesResult") -> None:
        self.head = result.head
        self._actions.enable(ActionId.REFRESH, True)
        self._actions.enable(ActionId.FOLLOW, True)
        self._counts.begin(result.head)
        self._wait()

    def _wait(self) -> None:
        self._timer.start(FOLLOWED_EVERY_MS if self.is_following else LOOKED_EVERY_MS)

    def _on_time(self) -> None:
        if self.is_following:
            self.refresh()
        elif self._window.isActiveWindow() and not (self.notice and self.notice.is_failure):
            self._ask()
        else:
            self._wait()

    def _ask(self) -> None:
        if self._is_asking or not self._store.is_open:
            return
        from auditor.jobs import read_new_events

        self._is_asking = True
        self._timer.stop()
        request = read_new_events.ReadNewEventsRequest(origin=self._store.origin, after=self.head)
        self._store.ask(
            NEW_EVENTS,
            read_new_events.run,
            request,
            done=self._on_new_events,
            failed=self._on_failed,
            cancelled=self._on_cancelled,
        )

    # -- answers -----------------------------------------------------------------------------------------------

    def _on_new_events(self, result: "NewEventsResult") -> None:
        self._is_asking = False
        wanted, self._wants = self._wants, False
        if wanted:
            self._take_in(result)
        elif result.events:
            self._tell(Notice(text=_newer(result.events), verb=tr("Show"), act=self.refresh))
        self._wait()

    def _take_in(self, result: "NewEventsResult") -> None:
        after, self.head = self.head, result.head
        self._tell(self._usual_notice)
        if not result.events:
            if not self.is_following:
                self._tasks.say(tr("No newer events"))
            return
        self._counts.take_newer(after, result.events, result.head)
        place = self._cursor.place
        if place is not None and (
            result.more or any(row.aggregate_id == place.aggregate_id for row in result.aggregates)
        ):
            self._loader.read_further()
        self.grown.emit(result)

    def _on_failed(self, error: Exception) -> None:
        self._is_asking = self._wants = False
        self.follow(False)
        if isinstance(error, AuditorError):
            text = f"{error.message} {error.hint or ''}".strip()
        else:
            text = tr("New events could not be read: {kind}.", kind=type(error).__name__)
        if isinstance(error, StoreReplaced | PasswordNeeded) or self._counts.head is None:
            verb, act = tr("Open the store again"), self._open_again
        else:
            verb, act = tr("Try again"), self.refresh
        self._tell(Notice(text=text, verb=verb, act=act, is_failure=True))
        self._wait()

    def _on_cancelled(self) -> None:
        self._is_asking = self._wants = False
        self._wait()

    def _tell(self, notice: Notice | None) -> None:
        if notice != self.notice:
            self.notice = notice
            self.noticed.emit()

    def _on_closed(self) -> None:
        self._timer.stop()
        self._forget()
        self._actions[ActionId.FOLLOW].setChecked(False)
        for name in (ActionId.REFRESH, ActionId.FOLLOW):
            self._actions.enable(name, False, tr("No store is open."))
        self.noticed.emit()


def _newer(events: int) -> str:
    return tr("1 newer event") if events == 1 else tr("{count:,} newer events", count=events)
