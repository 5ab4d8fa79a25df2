"""What is drawn in each lane of a window: single marks, or bars where there would be too many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

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
    """What is drawn in one lane: `ordinals` as marks at `at`, or, where `bars` are there, the number of events a bar.
    Where some events stand out a lane is drawn twice: first the others, then those."""

    lane: int
    ordinals: Integers
    at: Floats
    bars: Integers | None = None
    is_muted: bool = False

    @property
    def number(self) -> int:
        """How many events the drawing stands for."""
        return len(self.ordinals) if self.bars is None else int(self.bars.sum())


@dataclass(frozen=True, slots=True)
class Raster:
    """A window on a plot of so many logical pixels; bar n begins at `n * bar_width`."""

    window: ViewWindow
    width: float
    bar_width: float


def drawn_lane(lanes: Lanes, lane: int, raster: Raster) -> DrawnLane:
    """With all events alike."""
    part = lanes.in_view(lane, raster.window)
    return _drawn(DrawnLane(lane, lanes.ordinals[lane][part], lanes.at[lane][part]), raster)


def drawn_parts(lanes: Lanes, lane: int, raster: Raster, chosen: Integers | None) -> list[DrawnLane]:
    """With those of the chosen ordinals (rising) apart from the others; None: all are alike."""
    if chosen is None:
        return [drawn_lane(lanes, lane, raster)]
    part = lanes.in_view(lane, raster.window)
    ordinals, at = lanes.ordinals[lane][part], lanes.at[lane][part]
    stands_out = is_among(ordinals, chosen)
    return [
        _drawn(DrawnLane(lane, ordinals[~stands_out], at[~stands_out], is_muted=True), raster),
        _drawn(DrawnLane(lane, ordinals[stands_out], at[stands_out]), raster),
    ]


def is_among(ordinals: Integers, chosen: Integers) -> NDArray[np.bool_]:
    """Which of these are among those; both rise."""
    if not len(chosen):
        return np.zeros(len(ordinals), dtype=np.bool_)
    places = np.minimum(chosen.searchsorted(ordinals), len(chosen) - 1)
    among: NDArray[np.bool_] = chosen[places] == ordinals
    return among


def _drawn(marks: DrawnLane, raster: Raster) -> DrawnLane:
    number = len(marks.ordinals)
    if number < FEW_MARKS or raster.width / number >= MARKS_APART:
        return marks
    return replace(marks, bars=bars_of(marks.at, raster.window, raster.width, raster.bar_width))


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
