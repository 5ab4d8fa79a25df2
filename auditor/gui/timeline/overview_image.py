"""The pictures of the overview: type colours by version, or volume by time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from auditor.gui.history import Integers
from auditor.gui.timeline.places import Floats
from auditor.gui.timeline.view_window import Extent

WIDEST_BLOCK = 24
EVENTS_A_BIN, FEWEST_BINS, SMALLEST_BIN = 40, 48, 6
VOLUME_BAR = 2


@dataclass(frozen=True, slots=True)
class Strip:
    """Size in device pixels, and how many of them are a logical one."""

    width: int
    height: int
    ratio: float

    def blank(self) -> QImage:
        image = QImage(self.width, self.height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        return image


def type_strip(strip: Strip, kinds: Integers, colors: Sequence[QColor]) -> QImage:
    """`kinds` is a place in `colors`, one an event. Few events: a block each. Many: bins that are equally full, each
    split by how much of it a kind is."""
    image = strip.blank()
    painter = QPainter(image)
    if len(kinds) <= strip.width:
        _paint_blocks(painter, strip, kinds, colors)
    else:
        _paint_bins(painter, strip, kinds, colors)
    painter.end()
    return image


def _paint_blocks(painter: QPainter, strip: Strip, kinds: Integers, colors: Sequence[QColor]) -> None:
    step = strip.width / len(kinds)
    gap = max(step * 0.25, step - WIDEST_BLOCK * strip.ratio) if step >= 4 * strip.ratio else 0
    for index, kind in enumerate(kinds.tolist()):
        left, right = round(index * step + gap / 2), round((index + 1) * step - gap / 2)
        painter.fillRect(left, 0, max(right - left, 1), strip.height, colors[kind])


def _paint_bins(painter: QPainter, strip: Strip, kinds: Integers, colors: Sequence[QColor]) -> None:
    width, ratio = strip.width, strip.ratio
    bins = round(min(max(len(kinds) / EVENTS_A_BIN, FEWEST_BINS), width / (SMALLEST_BIN * ratio)))
    for number, shares in enumerate(_shares(kinds, len(colors), bins)):
        left, right = round(number * width / bins), round((number + 1) * width / bins)
        top, gap = 0, 1 if right - left >= 10 * ratio else 0
        bottoms = np.rint(np.cumsum(shares) * strip.height).astype(int).tolist()
        for color, bottom in zip(colors, bottoms, strict=True):
            if bottom > top:
                painter.fillRect(left, top, right - left - gap, bottom - top, color)
            top = bottom


def _shares(kinds: Integers, number: int, bins: int) -> NDArray[np.float64]:
    """For each bin of the history, which share of its events each kind has."""
    place = np.arange(len(kinds)) * bins // len(kinds)
    counts = np.bincount(place * number + kinds, minlength=bins * number).reshape(bins, number)
    shares: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True)
    return shares


def volume_strip(
    strip: Strip, at: Floats, extent: Extent, strong: NDArray[np.bool_], colors: tuple[QColor, QColor]
) -> QImage:
    """How many events there were when, by the logarithm. Of each bar so much is in the first colour as its events are
    `strong`, the rest in the second."""
    image = strip.blank()
    bar = max(1, round(VOLUME_BAR * strip.ratio))
    bins = -(-strip.width // bar)
    places = np.minimum(((at - extent.low) / extent.size * strip.width / bar).astype(np.int64), bins - 1)
    volume, strongest = np.bincount(places, minlength=bins), np.bincount(places[strong], minlength=bins)
    most = np.log1p(volume.max(initial=1))
    painter = QPainter(image)
    for number in np.flatnonzero(volume).tolist():
        height = max(round(float(np.log1p(volume[number]) / most) * strip.height), 2)
        upper = height * int(strongest[number]) // int(volume[number])
        upper = max(upper, 1) if strongest[number] else 0
        painter.fillRect(number * bar, strip.height - height, bar, height, colors[1])
        painter.fillRect(number * bar, strip.height - height, bar, upper, colors[0])
    painter.end()
    return image
