"""The flags of A and B above the lanes, and where they stand so that none covers the other."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.model import TimelineModel

BESIDE = 3
"""Pixels between two flags."""


class Flags:
    """`a` and `b` are where they stand; `b` is empty while B follows A or nothing is shown."""

    def __init__(self, desk: Desk, model: TimelineModel) -> None:
        self._desk = desk
        self._model = model
        self.a = self.b = QRectF()

    def place(self, measures: Measures, width: int) -> None:
        """In a strip so many pixels wide."""
        self.a = self._rect("A", self._model.ordinal, measures, width)
        self.b = QRectF()
        other = self._desk.cursor.other
        if other is not None and self._model.length:
            self.b = self._aside(self._rect("B", other, measures, width), measures, width)

    def text(self, letter: str, ordinal: int) -> str:
        """`A 31`; with an arrow where it is out of sight."""
        history, window = self._model.history, self._model.window
        version = history.version(ordinal) if history else None
        text = tr("{letter} {version}", letter=letter, version=f"{version:,}" if version is not None else 0)
        place = self._model.places.of(ordinal)
        if window.contains(place) or (letter == "A" and ordinal < 1):
            return text
        return f"‹ {text}" if place < window.start else f"{text} ›"

    def _rect(self, letter: str, ordinal: int, measures: Measures, width: int) -> QRectF:
        sizes, window = self._desk.appearance.sizes, self._model.window
        font = self._desk.appearance.body(sizes.caption, 600)
        wide = QFontMetricsF(font).horizontalAdvance(self.text(letter, ordinal)) + 12
        height, place = sizes(17), self._model.places.of(ordinal)
        left = measures.gutter + window.x_of(place, measures.plot_width(width)) - wide / 2
        most = width - measures.right + 8 - wide
        if not window.contains(place):
            most = width - measures.right - wide
            left = max(left, measures.gutter)
        left = min(max(left, measures.gutter - wide / 2), most)
        return QRectF(round(left), measures.flags - height, wide, height)

    def _aside(self, flag: QRectF, measures: Measures, width: int) -> QRectF:
        """B makes way for A, to the side on which it is."""
        if not flag.adjusted(-BESIDE, 0, BESIDE, 0).intersects(self.a):
            return flag
        behind = (self._desk.cursor.other or 0) >= self._model.ordinal
        right, left = self.a.right() + BESIDE, self.a.left() - BESIDE - flag.width()
        fits_right = right + flag.width() <= width
        fits_left = left >= 0
        flag.moveLeft(right if (behind and fits_right) or not fits_left else left)
        return flag

    def paint(self, painter: QPainter) -> None:
        appearance, theme = self._desk.appearance, self._desk.appearance.theme
        painter.setFont(appearance.body(appearance.sizes.caption, 600))
        if not self.b.isEmpty():
            painter.setPen(QPen(theme.color("text2"), 1))
            painter.setBrush(theme.color("bg"))
            painter.drawRoundedRect(self.b.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(theme.color("text"))
            text = self.text("B", self._desk.cursor.other or 0)
            painter.drawText(self.b, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(self.a, 4, 4)
        painter.setPen(theme.color("on_accent"))
        painter.drawText(self.a, Qt.AlignmentFlag.AlignCenter, self.text("A", self._model.ordinal))
