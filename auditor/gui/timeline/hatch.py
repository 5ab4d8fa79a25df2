"""Slanted lines for what is not complete."""

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

STEP = 6


def hatch_brush(color: QColor, ratio: float) -> QBrush:
    """Lines in that colour, sharp at that many device pixels to a logical one."""
    return QBrush(_tile(color.rgba(), ratio))


@lru_cache(maxsize=16)
def _tile(rgba: int, ratio: float) -> QPixmap:
    size = round(STEP * ratio)
    tile = QPixmap(size, size)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(rgba), ratio))
    for shift in (-size, 0, size):  # the neighbours' lines reach over the corners
        painter.drawLine(QPointF(shift - 1, size + 1), QPointF(shift + size + 1, -1))
    painter.end()
    tile.setDevicePixelRatio(ratio)
    return tile
