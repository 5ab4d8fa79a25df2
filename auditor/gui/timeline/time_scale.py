"""The axis by time: where moments stand on it, and which long gaps are drawn short."""

from dataclasses import dataclass

import numpy as np

from auditor.gui.timeline.instants import SECOND, Instants
from auditor.gui.timeline.places import Floats, Places
from auditor.gui.timeline.view_window import Extent

SMALLEST_SPAN = 1000
"""Microseconds."""
ROOM = 0.012
"""Of the whole, before the first and after the last event."""
LONG_SHARE, LONG_FACTOR, MOST_BREAKS = 0.025, 10, 24
BREAK_SHARE, BREAKS_SHARE = 0.04, 0.5


@dataclass(frozen=True, slots=True)
class Break:
    """A gap without events between `after` and the event behind it, drawn from place `start` to `end` although it is
    so many microseconds long."""

    after: int
    start: float
    end: float
    microseconds: int


@dataclass(frozen=True, slots=True, eq=False)
class TimeScale:
    """Places are microseconds since the first event's, less what is left out of `breaks`. The clock runs at the same
    pace everywhere between them."""

    places: Places
    origin: int
    breaks: tuple[Break, ...]
    moments: Floats
    """At these times since `origin` the pace changes; they stand at `knots`."""
    knots: Floats

    def moment(self, place: float) -> int:
        """The microsecond since 1970 that stands there."""
        return self.origin + round(_mapped(place, self.knots, self.moments))

    def place(self, moment: float) -> float:
        """The inverse of `moment`."""
        return _mapped(moment - self.origin, self.moments, self.knots)


def by_time(instants: Instants, *, compress: bool) -> TimeScale:
    """Costs some milliseconds at 100,000 events."""
    origin = int(instants.at[0]) if len(instants.at) else 0
    since = (instants.at - origin).astype(np.float64)
    whole = float(since[-1]) if len(since) else 0.0
    gaps = _long_gaps(since) if compress else []
    lengths = {index: float(since[index + 1] - since[index]) for index in gaps}
    plain = whole - sum(lengths.values())
    wide = plain * min(BREAK_SHARE, BREAKS_SHARE / max(len(gaps), 1))
    breaks, moments, knots, left_out = [], [0.0], [0.0], 0.0
    for index in gaps:
        begin, end = float(since[index]), float(since[index + 1])
        start = begin - left_out
        left_out += lengths[index] - wide
        breaks.append(Break(index + 1, start, end - left_out, int(end - begin)))
        moments += [begin, end]
        knots += [start, end - left_out]
    size = whole - left_out
    moments.append(whole if size else 1.0)
    knots.append(size or 1.0)
    room = max(size * ROOM, SECOND / 2 if not size else SMALLEST_SPAN / 2)
    extent = Extent(-room, size + room, min(SMALLEST_SPAN, size + 2 * room))
    known, places = np.array(moments), np.array(knots)
    return TimeScale(Places(np.interp(since, known, places), extent), origin, tuple(breaks), known, places)


def _long_gaps(since: Floats) -> list[int]:
    """Indexes of events behind which nothing happened for much longer than is usual here, and for a good part of all
    time that is drawn. The longest first, each leaves the others a larger part."""
    gaps = np.diff(since)
    if len(gaps) < 2:
        return []
    usual, left = float(np.quantile(gaps, 0.5, method="lower")), float(since[-1])
    found: list[int] = []
    for index in np.argsort(-gaps, kind="stable")[:MOST_BREAKS].tolist():
        gap = float(gaps[index])
        if gap <= usual * LONG_FACTOR or gap < left * LONG_SHARE or left - gap < 1:
            break
        found.append(index)
        left -= gap
    return sorted(found)


def _mapped(value: float, known: Floats, wanted: Floats) -> float:
    """As `np.interp`, and at the same pace beyond both ends."""
    if value <= known[0]:
        return float(wanted[0] + value - known[0])
    if value >= known[-1]:
        return float(wanted[-1] + value - known[-1])
    return float(np.interp(value, known, wanted))
