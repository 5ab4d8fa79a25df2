"""Which versions are written on the axis."""

import math

import numpy as np

from auditor.gui.history import Integers
from auditor.gui.timeline.view_window import ViewWindow


def nice_step(smallest: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is not smaller."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power >= smallest:
                return factor * power
        power *= 10


def version_ticks(versions: Integers, window: ViewWindow, width: float, apart: float) -> list[int]:
    """Ordinals of round versions, `apart` pixels from each other or more; where the numbers have holes, of whatever
    version comes next."""
    first, last = max(math.ceil(window.start), 1), min(math.floor(window.end), len(versions))
    if first > last:
        return []
    step = nice_step(apart * window.span / max(width, 1))
    inside = versions[first - 1 : last]
    round_ones = np.flatnonzero(inside % step == 0) + first
    if len(round_ones) * 4 < len(inside) / step:
        round_ones = np.arange(first, last + 1, step)
    chosen: list[int] = []
    nearest = -apart
    for ordinal in round_ones.tolist():
        x = window.x_of(ordinal, width)
        if x - nearest >= apart * 0.9:
            chosen.append(ordinal)
            nearest = x
    return chosen
