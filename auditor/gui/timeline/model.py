"""What the parts of the timeline share: the history, its lanes, its axis, the part in view, where A stands."""

from enum import Enum

from PySide6.QtCore import QObject, Signal

from auditor.gui.desk import Desk
from auditor.gui.history import History, Integers
from auditor.gui.timeline.instants import Instants, instants_of
from auditor.gui.timeline.lane_choice import LaneChoice, LaneChoices
from auditor.gui.timeline.lanes import NO_LANES, lanes_of, ordinals_by_type
from auditor.gui.timeline.places import Places, by_version
from auditor.gui.timeline.time_scale import TimeScale, by_time
from auditor.gui.timeline.view_window import ViewWindow

MOST_REMEMBERED = 50


class AxisKind(Enum):
    """What the lanes stand over, in the order of the switch."""

    VERSION = "version"
    TIME = "time"


class TimelineModel(QObject):
    """Follows the cursor, and keeps the last history until the next one is there.

    `history_changed` comes before `lanes_changed` (which lanes there are), that before `axis_changed` (where events
    stand), that before `window_changed`; `moved` tells the ordinal before and now.
    """

    history_changed = Signal()
    lanes_changed = Signal()
    axis_changed = Signal()
    window_changed = Signal()
    range_changed = Signal()
    moved = Signal(int, int)
    hover_changed = Signal(int, int)
    """The lane under the pointer before and now; -1 for none."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._cursor = desk.cursor
        self.history: History | None = None
        self.by_type: tuple[Integers, ...] = ()
        self.choice = LaneChoice()
        self._choices = LaneChoices(desk.settings)
        self.lanes = NO_LANES
        self.axis = (
            AxisKind.TIME
            if desk.settings.text("timeline.axis", "") == AxisKind.TIME.value
            else AxisKind.VERSION
        )
        self.compresses = desk.settings.flag("timeline.compress", False)
        self.places: Places = by_version(0)
        self.scale: TimeScale | None = None
        """Where the axis is by time, and the history has times."""
        self.instants: Instants | None = None
        """Known once the axis was by time."""
        self.window = ViewWindow.whole(self.places.extent)
        self.range: tuple[int, int] | None = None
        """The first and last ordinal that the user has selected."""
        self.ordinal = 0
        self.hovered = -1
        self._windows: dict[str, tuple[AxisKind, ViewWindow]] = {}
        self._cursor.history_changed.connect(self._on_history_changed)
        self._cursor.aggregate_changed.connect(self._on_aggregate_changed)
        self._cursor.ordinal_changed.connect(self._on_ordinal_changed)

    # -- what there is -----------------------------------------------------------------------------------------------

    @property
    def length(self) -> int:
        return self.history.length if self.history is not None else 0

    @property
    def lane(self) -> int:
        """The lane of the event at A; -1 before the first, and where its lane is hidden."""
        return self.lane_of(self.ordinal)

    def lane_of(self, ordinal: int) -> int:
        history = self.history
        if history is None or not 0 < ordinal <= history.length:
            return -1
        return self.lanes.of_type(int(history.type_of[ordinal - 1]))

    def lane_name(self, lane: int) -> str:
        """The event type of a lane."""
        return self.history.types[self.lanes.types[lane]] if self.history is not None else ""

    @property
    def hidden(self) -> tuple[int, int]:
        """How many types have no lane, and how many events that are."""
        shown = sum(len(ordinals) for ordinals in self.lanes.ordinals)
        return len(self.by_type) - self.lanes.count, self.length - shown

    @property
    def incomplete_from(self) -> int | None:
        """The first ordinal whose state lacks something."""
        return self.history.incomplete_from if self.history is not None else None

    @property
    def in_view(self) -> tuple[int, int]:
        """The first and the last ordinal in the window; the last is smaller where there is none."""
        return self.places.inside(self.window)

    # -- what the user does ------------------------------------------------------------------------------------------

    def go(self, ordinal: int) -> None:
        """The user moves A to an event."""
        self._cursor.set_ordinal(max(ordinal, 1))

    def set_window(self, window: ViewWindow) -> None:
        if window.extent != self.places.extent:
            # a drag that began over another history, or before this one grew
            window = ViewWindow.whole(self.places.extent).between(window.start, window.end)
        if window != self.window:
            self.window = window
            self.window_changed.emit()

    def show_events(self, first: int, last: int) -> None:
        """Zooms to them."""
        self.set_window(self.window.between(*self.places.shown(first, last)))

    def set_axis(self, axis: AxisKind, *, compresses: bool) -> None:
        """The same events stay in view."""
        if (axis, compresses) == (self.axis, self.compresses):
            return
        self.axis, self.compresses = axis, compresses
        self._desk.settings.set("timeline.axis", axis.value)
        self._desk.settings.set("timeline.compress", compresses)
        was_whole, (first, last) = self.window.is_whole, self.in_view
        self._place_events()
        whole = ViewWindow.whole(self.places.extent)
        keeps = not was_whole and first <= last
        self.window = whole.between(*self.places.shown(first, last)) if keeps else whole
        self.axis_changed.emit()
        self.window_changed.emit()

    def choose_lanes(self, choice: LaneChoice) -> None:
        """Shows these lanes; at least one."""
        history = self.history
        if history is None or choice == self.choice or not choice.shown(history.types):
            return
        self.choice = choice
        self._choices.keep(self._desk.event_types.store_id, history.aggregate.aggregate_type, choice)
        self._arrange_lanes()
        self.lanes_changed.emit()

    def set_range(self, one: int, other: int) -> None:
        """Selects all events from the one to the other ordinal."""
        self._set_range((min(one, other), max(one, other)))

    def clear_range(self) -> None:
        self._set_range(None)

    def _set_range(self, chosen: tuple[int, int] | None) -> None:
        if chosen != self.range:
            self.range = chosen
            self.range_changed.emit()

    def set_hovered(self, lane: int) -> None:
        before, self.hovered = self.hovered, lane
        if before != lane:
            self.hover_changed.emit(before, lane)

    # -- following ---------------------------------------------------------------------------------------------------

    def _on_aggregate_changed(self) -> None:
        self.clear_range()
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
            in_view, breaks = self.in_view, self.scale.breaks if self.scale is not None else ()
            self.by_type = ordinals_by_type(history)
            self.choice = self._choices.of(self._desk.event_types.store_id, history.aggregate.aggregate_type)
            self.instants = None
            self._place_events()
            self.window = self._next_window(history, goes_on, in_view, breaks)
        self.ordinal = self._cursor.ordinal
        for signal in (self.history_changed, self.lanes_changed, self.axis_changed, self.window_changed):
            signal.emit()

    def _place_events(self) -> None:
        """Where events stand on the axis. One without any readable time is by version, whatever was chosen."""
        history, self.scale = self.history, None
        if history is not None and history.length and self.axis is AxisKind.TIME:
            if self.instants is None:
                self.instants = instants_of(history.times)
            if self.instants.can_be_drawn:
                self.scale = by_time(self.instants, compress=self.compresses)
        self.places = by_version(self.length) if self.scale is None else self.scale.places
        self._arrange_lanes()

    def _arrange_lanes(self) -> None:
        if self.history is None:
            return
        numbers = {name: number for number, name in enumerate(self.history.types)}
        shown = self.choice.shown(self.history.types) or self.choice.arranged(self.history.types)
        self.lanes = lanes_of(self.by_type, [numbers[name] for name in shown], self.places)

    def _remember(self, aggregate_id: str) -> None:
        self._windows.pop(aggregate_id, None)
        self._windows[aggregate_id] = (self.axis, self.window)
        if len(self._windows) > MOST_REMEMBERED:
            del self._windows[next(iter(self._windows))]

    def _next_window(
        self, history: History, goes_on: bool, in_view: tuple[int, int], breaks: tuple[object, ...]
    ) -> ViewWindow:
        if not goes_on:
            return self._first_window(history)
        now = self.scale.breaks if self.scale is not None else ()
        if now != breaks and not self.window.is_whole and in_view[0] <= in_view[1]:
            return ViewWindow.whole(self.places.extent).between(*self.places.shown(*in_view))
        return self.window.grown(self.places.extent)

    def _first_window(self, history: History) -> ViewWindow:
        """Who comes back to a place finds it zoomed as it was left; who chooses an aggregate sees all of it."""
        place, whole = self._cursor.place, ViewWindow.whole(self.places.extent)
        axis, before = self._windows.get(history.aggregate.aggregate_id, (self.axis, whole))
        if axis is not self.axis or before.is_whole or place is None or place.ordinal is None:
            return whole
        return before if before.extent == whole.extent else whole.between(before.start, before.end)

    def _on_ordinal_changed(self, ordinal: int) -> None:
        before, self.ordinal = self.ordinal, ordinal
        self.moved.emit(before, ordinal)
        if ordinal:
            self.set_window(self.window.showing(self.places.of(ordinal)))
