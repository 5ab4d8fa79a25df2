"""What is drawn in each lane of a window: single marks, or bars where there would be too many."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from auditor.gui.history import History, Integers
from auditor.gui.timeline.view_window import ViewWindow

MARKS_APART = 6
FEW_MARKS = 200


@dataclass(frozen=True, slots=True)
class Lanes:
    """Ordinals by event type, in the order of the history's types."""

    ordinals: tuple[Integers, ...]

    @property
    def count(self) -> int:
        return len(self.ordinals)

    def in_view(self, lane: int, window: ViewWindow) -> Integers:
        """The lane's ordinals whose middle is in the window."""
        ordinals = self.ordinals[lane]
        low, high = np.searchsorted(ordinals, (window.first, window.last + 1))
        return ordinals[low:high]

    def nearest(self, lane: int, ordinal: float) -> int:
        """Of that lane, the event closest to a place; the earlier one of two that are equally close."""
        ordinals = self.ordinals[lane]
        at = int(np.searchsorted(ordinals, ordinal))
        around = ordinals[max(at - 1, 0) : at + 1]
        return int(around[np.argmin(np.abs(around - ordinal))])


def lanes_of(history: History) -> Lanes:
    """One lane a type. Costs some milliseconds at 100,000 events."""
    order = np.argsort(history.type_of, kind="stable")
    bounds = np.cumsum(history.counts())[:-1]
    return Lanes(tuple(np.split(order + 1, bounds)) if history.types else ())


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """One lane as it is drawn: `ordinals` as marks, or, where `bars` are there, the number of events a bar."""

    lane: int
    ordinals: Integers
    bars: Integers | None = None

    @property
    def number(self) -> int:
        """How many events the drawing stands for."""
        return len(self.ordinals) if self.bars is None else int(self.bars.sum())


def drawn_lane(lanes: Lanes, lane: int, window: ViewWindow, width: float, bar_width: float) -> DrawnLane:
    """For a plot of that many logical pixels; bar n begins at `n * bar_width`."""
    ordinals = lanes.in_view(lane, window)
    if len(ordinals) < FEW_MARKS or width / len(ordinals) >= MARKS_APART:
        return DrawnLane(lane, ordinals)
    bars = ceil(width / bar_width)
    places = ((ordinals - window.start) * (width / (window.span * bar_width))).astype(np.int64)
    return DrawnLane(lane, ordinals, np.bincount(np.minimum(places, bars - 1), minlength=bars))


def events_of_bar(drawn: DrawnLane, x: float, bar_width: float) -> Integers:
    """The ordinals for which the bar at x stands."""
    if drawn.bars is None:
        return drawn.ordinals[:0]
    bar = min(max(int(x / bar_width), 0), len(drawn.bars) - 1)
    before = int(drawn.bars[:bar].sum())
    return drawn.ordinals[before : before + int(drawn.bars[bar])]
