"""The six shapes of event types, as paths of diameter 1 around the origin."""

import math
from functools import cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

_POLYGONS: tuple[tuple[int, float, float], ...] = (
    # corners, turn of the first one in degrees, radius for about the area of the circle
    (0, 0, 0.5),
    (4, 45, 0.62),
    (4, 0, 0.58),
    (3, -90, 0.62),
    (3, 90, 0.62),
    (6, 0, 0.54),
)
SHAPE_NAMES = ("circle", "square", "diamond", "triangle up", "triangle down", "hexagon")


@cache
def shape(number: int) -> QPainterPath:
    """The path of shape 0 to 5 (see `SHAPE_NAMES`)."""
    corners, turn, radius = _POLYGONS[number]
    path = QPainterPath()
    if corners == 0:
        path.addEllipse(QPointF(0, 0), radius, radius)
        return path
    angles = (math.radians(turn + 360 * corner / corners) for corner in range(corners))
    points = [QPointF(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]
    if corners == 3:  # a triangle's middle of gravity looks too low or too high
        lift = sum(point.y() for point in (points[0], points[1])) / 4
        points = [QPointF(point.x(), point.y() - lift) for point in points]
    path.addPolygon(QPolygonF([*points, points[0]]))
    return path


def paint_shape(painter: QPainter, number: int, color: QColor, center: QPointF, size: float) -> None:
    """Filled, `size` logical pixels wide."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(center)
    painter.scale(size, size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPath(shape(number))
    painter.restore()
