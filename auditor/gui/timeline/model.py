"""What the parts of the timeline share: the history, its lanes, the part in view, where A stands."""

from PySide6.QtCore import QObject, Signal

from auditor.gui.cursor import Cursor
from auditor.gui.history import History
from auditor.gui.timeline.lanes import Lanes, lanes_of
from auditor.gui.timeline.view_window import ViewWindow

MOST_REMEMBERED = 50


class TimelineModel(QObject):
    """Follows the cursor, and keeps the last history until the next one is there.

    `history_changed` comes before `window_changed`; `moved` tells the ordinal before and now.
    """

    history_changed = Signal()
    window_changed = Signal()
    moved = Signal(int, int)
    hover_changed = Signal(int, int)
    """The lane under the pointer before and now; -1 for none."""

    def __init__(self, cursor: Cursor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cursor = cursor
        self.history: History | None = None
        self.lanes = Lanes(())
        self.window = ViewWindow.whole(0)
        self.ordinal = 0
        self.hovered = -1
        self._windows: dict[str, ViewWindow] = {}
        cursor.history_changed.connect(self._on_history_changed)
        cursor.aggregate_changed.connect(self._on_aggregate_changed)
        cursor.ordinal_changed.connect(self._on_ordinal_changed)

    @property
    def lane(self) -> int:
        """The lane of the event at A; -1 before the first."""
        history = self.history
        if history is None or not 0 < self.ordinal <= history.length:
            return -1
        return int(history.type_of[self.ordinal - 1])

    @property
    def incomplete_from(self) -> int | None:
        """The first ordinal that the model did not apply."""
        return min(self.history.unapplied) if self.history and self.history.unapplied else None

    def go(self, ordinal: int) -> None:
        """The user moves A to an event."""
        self._cursor.set_ordinal(max(ordinal, 1))

    def set_window(self, window: ViewWindow) -> None:
        if self.history is not None and window.length != self.history.length:
            # a drag that began over another history, or before this one grew
            window = ViewWindow.whole(self.history.length).between(window.start, window.end)
        if window != self.window:
            self.window = window
            self.window_changed.emit()

    def set_hovered(self, lane: int) -> None:
        before, self.hovered = self.hovered, lane
        if before != lane:
            self.hover_changed.emit(before, lane)

    def _on_aggregate_changed(self) -> None:
        if self._cursor.place is None:  # another store may have an aggregate of the same id
            self.history = None
            self._windows.clear()

    def _on_history_changed(self) -> None:
        history = self._cursor.history
        if history is None:
            return
        before, self.history = self.history, history
        if before is not None:
            self._remember(before.aggregate.aggregate_id)
        goes_on = before is not None and before.aggregate.aggregate_id == history.aggregate.aggregate_id
        if not (before is not None and goes_on and before.type_of is history.type_of):
            self.lanes = lanes_of(history)
        self.window = self.window.grown(history.length) if goes_on else self._first_window(history)
        self.ordinal = self._cursor.ordinal
        self.history_changed.emit()
        self.window_changed.emit()

    def _remember(self, aggregate_id: str) -> None:
        self._windows.pop(aggregate_id, None)
        self._windows[aggregate_id] = self.window
        if len(self._windows) > MOST_REMEMBERED:
            del self._windows[next(iter(self._windows))]

    def _first_window(self, history: History) -> ViewWindow:
        """Who comes back to a place finds it zoomed as it was left; who chooses an aggregate sees all of it."""
        place, whole = self._cursor.place, ViewWindow.whole(history.length)
        before = self._windows.get(history.aggregate.aggregate_id)
        if before is None or before.is_whole or place is None or place.ordinal is None:
            return whole
        return before if before.length == history.length else whole.between(before.start, before.end)

    def _on_ordinal_changed(self, ordinal: int) -> None:
        before, self.ordinal = self.ordinal, ordinal
        self.moved.emit(before, ordinal)
        self.set_window(self.window.showing(ordinal))
