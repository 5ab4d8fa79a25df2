"""Pictures of many events: bars whose height is the logarithm of their number, as one image of pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from auditor.gui.history import Integers

Pixels = NDArray[np.uint8]
"""Rows, columns, and red, green, blue, alpha."""

FAINTEST, STRONGEST = 0.4, 0.8


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row of bars in device pixels: `top` and `height` of the place that the highest bar fills."""

    bars: Integers
    top: int
    height: int
    color: QColor


def density_pixels(rows: Sequence[BarRow], width: int, height: int, bar_width: int) -> Pixels:
    """All rows in one picture, later ones over earlier ones. The highest bar of all is full, no bar with an event is
    missing, and the tone of a bar says how it compares with the others of its row: logarithms are nearly equal."""
    pixels = np.zeros((height, width, 4), dtype=np.uint8)
    most = max((int(row.bars.max()) for row in rows), default=1)
    for row in rows:
        share = np.log1p(row.bars) / np.log1p(most)
        heights = np.maximum(np.rint(share * row.height), 2).astype(np.int64) * (row.bars > 0)
        top, bottom = max(row.top, 0), min(row.top + row.height, height)
        if bottom <= top:
            continue
        from_below = row.top + row.height - np.arange(top, bottom)
        filled = from_below[:, np.newaxis] <= heights
        tone = row.bars / max(int(row.bars.max()), 1)
        alpha = np.rint((FAINTEST + (STRONGEST - FAINTEST) * tone) * 255)
        picture = np.repeat(filled * alpha, bar_width, axis=1)[:, :width]
        color = row.color
        place = pixels[top:bottom, : picture.shape[1]]
        place[picture > 0, :3] = (color.red(), color.green(), color.blue())
        place[..., 3] = np.maximum(place[..., 3], picture)
    return pixels
