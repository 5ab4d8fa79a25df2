"""Where the bars go that stand for ranges of versions, however many these are."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from auditor.gui.history import Integers
from auditor.gui.timeline.places import Places
from auditor.gui.timeline.view_window import ViewWindow


def as_columns(ranges: Sequence[tuple[int, int]] | None) -> Integers:
    """Their first and last ordinals."""
    ranges = ranges or ()
    return np.fromiter(chain.from_iterable(ranges), dtype=np.int64, count=2 * len(ranges)).reshape(-1, 2)


def bars_of(
    ranges: Integers, places: Places, window: ViewWindow, width: float, least: float
) -> list[tuple[float, float]]:
    """From where to where they are drawn in so many pixels, each at least `least` wide; those that would touch are one.
    The ranges rise and do not touch each other."""
    ranges = ranges[(ranges[:, 0] >= 1) & (ranges[:, 1] <= places.length)]
    if not len(ranges):
        return []
    scale = width / window.span
    low = (places.at[ranges[:, 0] - 1] - places.half - window.start) * scale
    high = np.maximum((places.at[ranges[:, 1] - 1] + places.half - window.start) * scale, low + least)
    low, high = np.maximum(low, 0.0), np.minimum(high, width)
    seen = high > low
    low, high = low[seen], np.maximum.accumulate(high[seen]) if seen.any() else high[seen]
    begins = np.append(True, low[1:] > high[:-1])[: len(low)]
    ends = np.append(begins[1:], True)[: len(low)]
    return list(zip(low[begins].tolist(), high[ends].tolist(), strict=True))
