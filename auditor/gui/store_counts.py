"""How many events and aggregates the open store has: counted in the background, kept right while it grows."""

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.core.presenter import display_events
from auditor.core.text import tr
from auditor.gui.child_process import ChildEnd, ChildProcess
from auditor.gui.current_store import CurrentStore
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.store_info import StoreInfoResult

COUNTS = Lane("counts")
COUNTED_HERE = 100_000  # events: up to so many the compute thread counts in some milliseconds
AGAIN_AFTER_MS = 1_000
AGAIN_AFTER_MS_IF_LARGE = 15_000


class StoreCounts(QObject):
    """`events` follows each read of new events at once; aggregates by type are counted again some time later."""

    changed = Signal()

    def __init__(self, store: CurrentStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.child = ChildProcess(self)
        self.child.ended.connect(self._on_child_ended)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._count)
        self._forget()
        store.closed.connect(self._on_closed)
        store.shutting_down.connect(self._on_closed)

    def _forget(self) -> None:
        self.events: int | None = None
        """None until counted."""
        self.types: dict[str, int] | None = None
        """Aggregates by type; None until counted, and then those of the last count."""
        self.head: int | None = None
        self.is_counting = False
        self.problem = ""
        """Why there are no counts, or none of now."""
        self._is_stale = False  # events came while a count ran
        self._large = False

    @property
    def aggregates(self) -> int | None:
        return None if self.types is None else sum(self.types.values())

    @property
    def sentence(self) -> str:
        """`1,000,000 events · head 1,000,000`."""
        head = "" if self.head is None else tr("head {head:,}", head=self.head)
        if self.events is not None:
            text = display_events(self.events)
        elif self.is_counting:
            text = tr("counting…")
        else:
            text = tr("events not counted") if self.problem else ""
        return " · ".join(part for part in (text, head) if part)

    def begin(self, head: int | None) -> None:
        """Counts the store that was just opened; `head` is the position of its last event."""
        self.head = head
        self._count()

    def take_newer(self, after: int | None, events: int, head: int | None) -> None:
        """So many events have come beyond the position `after`; `head` is the end now."""
        if self.events is not None and (self.head or 0) == (after or 0):
            self.events += events
        self.head = max(self.head or 0, head or 0) or None
        self._count_again_later()
        self.changed.emit()

    def _count_again_later(self) -> None:
        if self.is_counting:
            self._is_stale = True
        elif not self._again.isActive():
            self._again.start(AGAIN_AFTER_MS_IF_LARGE if self._large else AGAIN_AFTER_MS)

    def _count(self) -> None:
        if not self._store.is_open:
            return
        self._is_stale = False
        self.is_counting, self.problem = True, ""
        self._large = (self.head or 0) > COUNTED_HERE and _can_be_argument(self._store)
        if self._large:
            self.child.start(*_info_command(self._store), environment=self._store.child_environment)
        else:
            self._count_here()
        self.changed.emit()

    def _count_here(self) -> None:
        from auditor.jobs import store_info

        request = store_info.StoreInfoRequest(origin=self._store.origin)
        self._store.ask(
            COUNTS,
            store_info.run,
            request,
            done=self._on_counted,
            failed=self._on_failed,
            cancelled=self._stop,
        )

    def _on_counted(self, result: "StoreInfoResult") -> None:
        self._take(result.events, result.types, result.head)

    def _on_child_ended(self, end: ChildEnd) -> None:
        found = _counts(end.output) if end.code == 0 else None
        if found is None:
            self._fail(end.last_words.strip() or tr("The counting process ended without an answer."))
        else:
            self._take(*found)

    def _on_failed(self, error: Exception) -> None:
        self._fail(str(error))

    def _take(self, events: int, types: dict[str, int], head: int | None) -> None:
        self.events, self.types = events, dict(types)
        self._is_stale = (head or 0) < (self.head or 0)
        self.head = max(head or 0, self.head or 0) or None
        self._stop()

    def _fail(self, problem: str) -> None:
        self.problem = problem
        self._stop()

    def _stop(self) -> None:
        self.is_counting = False
        if self._is_stale:
            self._count_again_later()
        self.changed.emit()

    def _on_closed(self) -> None:
        self._again.stop()
        self.child.kill()
        self._forget()
        self.changed.emit()


def _info_command(store: CurrentStore) -> list[str]:
    workspace = [] if store.workspace is None else ["--workspace", str(store.workspace)]
    return ["info", "--json", *workspace, "--", store.location]


def _can_be_argument(store: CurrentStore) -> bool:
    """Not a path that is no Unicode."""
    texts = [store.location, str(store.workspace or "")]
    return not any("\udc80" <= one <= "\udcff" for text in texts for one in text)


def _counts(text: str) -> tuple[int, dict[str, int], int | None] | None:
    try:
        document: Any = json.loads(text)
        types = {str(name): int(count) for name, count in document["types"].items()}
        return int(document["events"]), types, document["head"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
