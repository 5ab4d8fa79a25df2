"""How a gap that is drawn short looks: a sunken band between two jagged edges."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from auditor.gui.theme import Theme

TOOTH = 3.0


def paint_break(painter: QPainter, place: QRectF, theme: Theme) -> None:
    """Fills the place; a narrow one is only its edges."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left, right = _jagged(place.left(), place), _jagged(place.right(), place)
    band = QPainterPath(left)
    band.connectPath(right.toReversed())
    band.closeSubpath()
    painter.fillPath(band, theme.color("sunken"))
    painter.setPen(QPen(theme.color("field"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(left)
    painter.drawPath(right)
    painter.restore()


def _jagged(x: float, place: QRectF) -> QPainterPath:
    """A line from the top to the bottom that goes to and fro around x."""
    path, y, side = QPainterPath(QPointF(x, place.top())), place.top(), 1
    while y < place.bottom():
        y = min(y + 2 * TOOTH, place.bottom())
        path.lineTo(QPointF(x + side * TOOTH / 2, y))
        side = -side
    return path
