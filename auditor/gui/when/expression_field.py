"""The field in which a condition is written, and the line below it that says what is wrong, under the character."""

from enum import Enum

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk

WAVE = 2.0
GAP = 6


class ExpressionField(QLineEdit):
    """Underlines the characters from `at` on, `length` of them; none while `at` is None."""

    scrolled = Signal()
    """They are painted at another place than before."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.at: int | None = None
        self.length = 0
        self._painted_at = -1.0
        self.setObjectName("when.expression")
        self.setAccessibleName(tr("Condition"))
        self.setPlaceholderText(tr('total > 500 and status = "paid"'))

    def mark(self, at: int | None, length: int = 0) -> None:
        self.at, self.length = at, length
        self.update()

    def x_of(self, place: int) -> float:
        """Where the character at that place begins, also while the text is scrolled."""
        metrics, text = QFontMetricsF(self.font()), self.text()
        cursor = self.cursorRect()
        of_cursor = cursor.x() + cursor.width() / 2
        from_cursor = metrics.horizontalAdvance(text[:place]) - metrics.horizontalAdvance(
            text[: self.cursorPosition()]
        )
        return of_cursor + from_cursor

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.at is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect().adjusted(4, 0, -4, 0))
        painter.setPen(QPen(self._desk.appearance.theme.color("fail"), 1.4))
        self._tell_scrolled()
        left, right = self.x_of(self.at), self.x_of(self.at + max(1, self.length))
        if self.at + 1 > len(self.text()):
            right = left + QFontMetricsF(self.font()).averageCharWidth()
        y = (self.height() + QFontMetricsF(self.font()).height()) / 2 - 1
        points, x, up = [], left, False
        while x <= right + 1:
            points.append(QPointF(x, y - WAVE if up else y))
            x, up = x + WAVE, not up
        painter.drawPolyline(points)

    def _tell_scrolled(self) -> None:
        """Qt scrolls the text when it paints it."""
        left = self.x_of(self.at or 0)
        if left != self._painted_at:
            self._painted_at = left
            self.scrolled.emit()


class Said(Enum):
    """What a line is about: the versions that were found, a failure, or a mistake in what is written."""

    KNOWN = "known"
    FAILED = "failed"
    MISTAKE = "mistake"


class SaidLine(QWidget):
    """A pointer under the wrong character and why it is wrong; or what else is to be said of the condition."""

    def __init__(self, desk: Desk, field: ExpressionField) -> None:
        super().__init__()
        self._desk = desk
        self._field = field
        self.text = ""
        self.about = Said.KNOWN
        self.setObjectName("when.said")
        field.scrolled.connect(self.update)

    def say(self, text: str, about: Said = Said.KNOWN) -> None:
        self.text, self.about = text, about
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, self._desk.appearance.sizes(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        appearance = self._desk.appearance
        painter = QPainter(self)
        painter.setFont(appearance.body(appearance.sizes.small))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(appearance.theme.color("text2" if self.about is Said.KNOWN else "fail"))
        if self.about is not Said.MISTAKE or self._field.at is None:
            self._write(painter, metrics, self._of_field(0) + GAP + 2, self.text)
            return
        x = min(max(self._of_field(self._field.x_of(self._field.at)), self._of_field(0)), self.width() - 40.0)
        wanted = metrics.horizontalAdvance(self.text)
        begin = x + GAP + 4
        is_left = begin + wanted > self.width() - 12 and x - GAP - wanted > self._of_field(0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(appearance.theme.color("fail"), 1.4))
        middle = self.height() / 2
        end = x - 5 if is_left else x + 5
        painter.drawPolyline([QPointF(x, 1), QPointF(x, middle), QPointF(end, middle)])
        self._write(painter, metrics, x - GAP - 4 - wanted if is_left else begin, self.text)

    def _of_field(self, x: float) -> float:
        return x + self.mapFromGlobal(self._field.mapToGlobal(QPointF(0, 0))).x()

    def _write(self, painter: QPainter, metrics: QFontMetricsF, x: float, text: str) -> None:
        room = QRect(round(x), 0, max(self.width() - round(x) - 12, 0), self.height())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
