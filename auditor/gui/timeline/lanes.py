"""What is drawn in each lane of a window: single marks, or bars where there would be too many."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from auditor.gui.history import History, Integers
from auditor.gui.timeline.places import Floats, Places, chosen, closest
from auditor.gui.timeline.view_window import ViewWindow

MARKS_APART = 6
FEW_MARKS = 200


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes from above: the number of each one's type in the history, its ordinals and where they stand."""

    types: tuple[int, ...]
    ordinals: tuple[Integers, ...]
    at: tuple[Floats, ...]

    @property
    def count(self) -> int:
        return len(self.types)

    def of_type(self, number: int) -> int:
        """The lane of that type; -1 if it has none."""
        return self.types.index(number) if number in self.types else -1

    def in_view(self, lane: int, window: ViewWindow) -> slice:
        """Which of the lane's ordinals stand in the window."""
        at = self.at[lane]
        return slice(int(at.searchsorted(window.start)), int(at.searchsorted(window.end, "right")))

    def nearest(self, lane: int, place: float) -> int:
        """Of that lane, the event closest to a place; the earlier one of two that are equally close."""
        at = self.at[lane]
        return int(self.ordinals[lane][at.searchsorted(closest(at, place))])


NO_LANES = Lanes((), (), ())


def ordinals_by_type(history: History) -> tuple[Integers, ...]:
    """Rising, in the order of the history's types. Costs some milliseconds at 100,000 events."""
    order = np.argsort(history.type_of, kind="stable")
    bounds = np.cumsum(history.counts())[:-1]
    return tuple(np.split(order + 1, bounds)) if history.types else ()


def lanes_of(by_type: Sequence[Integers], types: Sequence[int], places: Places) -> Lanes:
    """Lanes for these types, in this order."""
    ordinals = tuple(by_type[number] for number in types)
    return Lanes(tuple(types), ordinals, tuple(chosen(places, one) for one in ordinals))


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """One lane as it is drawn: `ordinals` as marks at `at`, or, where `bars` are there, the number of events a bar."""

    lane: int
    ordinals: Integers
    at: Floats
    bars: Integers | None = None

    @property
    def number(self) -> int:
        """How many events the drawing stands for."""
        return len(self.ordinals) if self.bars is None else int(self.bars.sum())


def drawn_lane(lanes: Lanes, lane: int, window: ViewWindow, width: float, bar_width: float) -> DrawnLane:
    """For a plot of that many logical pixels; bar n begins at `n * bar_width`."""
    part = lanes.in_view(lane, window)
    ordinals, at = lanes.ordinals[lane][part], lanes.at[lane][part]
    if len(ordinals) < FEW_MARKS or width / len(ordinals) >= MARKS_APART:
        return DrawnLane(lane, ordinals, at)
    return DrawnLane(lane, ordinals, at, bars_of(at, window, width, bar_width))


def bars_of(at: Floats, window: ViewWindow, width: float, bar_width: float) -> Integers:
    """How many of these places, all in the window, each bar stands for."""
    bars = ceil(width / bar_width)
    numbers = ((at - window.start) * (width / (window.span * bar_width))).astype(np.int64)
    return np.bincount(np.minimum(numbers, bars - 1), minlength=bars)


def events_of_bar(drawn: DrawnLane, x: float, bar_width: float) -> Integers:
    """The ordinals for which the bar at x stands."""
    if drawn.bars is None:
        return drawn.ordinals[:0]
    bar = min(max(int(x / bar_width), 0), len(drawn.bars) - 1)
    before = int(drawn.bars[:bar].sum())
    return drawn.ordinals[before : before + int(drawn.bars[bar])]
