"""Where each event stands on an axis. By version: event n at n."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.gui.history import Integers
from auditor.gui.timeline.view_window import Extent, ViewWindow

Floats = NDArray[np.float64]
FEWEST_EVENTS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """`at` never falls. An event reaches `half` to both sides of its place: nowhere by time."""

    at: Floats
    extent: Extent
    half: float = 0.0

    @property
    def length(self) -> int:
        return len(self.at)

    def of(self, ordinal: int) -> float:
        """Before the first event: the beginning of the axis."""
        return float(self.at[ordinal - 1]) if 0 < ordinal <= self.length else self.extent.low

    def begin_of(self, ordinal: int) -> float:
        return self.of(ordinal) - self.half

    def end_of(self, ordinal: int) -> float:
        return self.of(ordinal) + self.half

    def inside(self, window: ViewWindow) -> tuple[int, int]:
        """The first and the last ordinal in view; the last is smaller where there is none."""
        first, last = self.at.searchsorted(window.start), self.at.searchsorted(window.end, "right")
        return int(first) + 1, int(last)

    def at_or_before(self, place: float) -> int:
        """The last ordinal there; 0 before the first event."""
        return int(self.at.searchsorted(place, "right"))

    def nearest(self, place: float, window: ViewWindow) -> int:
        """The ordinal that stands closest, of those in view if there are any. Of events at one and the same place the
        last: what was true there is what all of them made."""
        first, last = self.inside(window)
        ordinal = self.at_or_before(closest(self.at, place))
        return min(max(ordinal, first), last) if first <= last else max(ordinal, 1)

    def shown(self, first: int, last: int) -> tuple[float, float]:
        """The edges of a window that shows those events and no others, if that can be, with some room beside them."""
        low, high = self.begin_of(first), self.end_of(last)
        if self.half:
            return low, high
        room = max((high - low) * 0.02, self.extent.smallest / 2)
        before = (low - self.of(first - 1)) / 2 if first > 1 else room
        behind = (self.of(last + 1) - high) / 2 if last < self.length else room
        return low - min(room, before), high + min(room, behind)


def closest(rising: Floats, place: float) -> float:
    """The value that is closest, the smaller one of two that are equally close; the place itself if there is none."""
    if not len(rising):
        return place
    at = int(rising.searchsorted(place))
    around = rising[max(at - 1, 0) : at + 1]
    return float(around[np.argmin(np.abs(around - place))])


def versions_extent(length: int) -> Extent:
    """Event n reaches from n - 0.5 to n + 0.5."""
    whole = max(length, 1)
    return Extent(0.5, whole + 0.5, min(FEWEST_EVENTS, whole))


def by_version(length: int) -> Places:
    return Places(np.arange(1, length + 1, dtype=np.float64), versions_extent(length), 0.5)


def chosen(places: Places, ordinals: Integers) -> Floats:
    """Where those events stand."""
    return places.at[ordinals - 1]
