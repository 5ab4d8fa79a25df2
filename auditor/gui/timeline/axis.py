"""Under the lanes: a row of versions and a row of days, with the zone said at the left."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.timeline.days import Calendar, DayMark, calendar_of
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.ticks import version_ticks

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignCenter
Label = tuple[float, str]
"""Its place from the plot's left edge, and its text."""


class Axis(QWidget):
    """Versions over days. A click goes to the nearest event, a double click shows one day."""

    zoom_asked = Signal(int, int)
    """From the one to the other ordinal."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._measures = Measures(desk.appearance.sizes)
        self._calendar: Calendar | None = None
        self.setObjectName("timeline.axis")
        self.setAccessibleName(tr("Versions and days"))
        model.history_changed.connect(self._on_history_changed)
        model.window_changed.connect(self.update)
        desk.clock.changed.connect(self._on_history_changed)

    def place(self, measures: Measures) -> None:
        self._measures = measures
        self.setFixedHeight(measures.axis)
        self.update()

    def versions_shown(self) -> list[Label]:
        """What the upper row says, each text at its middle."""
        history = self._model.history
        if history is None:
            return []
        return [(self._x(ordinal), f"{history.version(ordinal):,}") for ordinal in self._ticks()]

    def _ticks(self) -> list[int]:
        history = self._model.history
        if history is None or history.length == 0:
            return []
        width = self._measures.plot_width(self.width())
        widest = self._metrics().horizontalAdvance(f"{int(history.versions.max()):,}")
        apart = max(widest + 24, self._desk.appearance.sizes(64))
        return version_ticks(history.versions, self._model.window, width, apart)

    def days_shown(self) -> list[Label]:
        """What the lower row says, each text at its beginning; those without room are left out."""
        window, labels = self._model.window, list[Label]()
        width, end = self._measures.plot_width(self.width()), -1.0
        for mark in self._day_marks():
            x = max(0.0, window.x_of(mark.ordinal - 0.5, width))
            needed = self._metrics().horizontalAdvance(mark.text) + 10
            if x >= end and x + needed <= width + self._measures.right:
                labels.append((x, mark.text))
                end = x + needed + 6
        return labels if len(labels) > 1 else [*labels, *self._times_shown(end)]

    def _times_shown(self, begin: float) -> list[Label]:
        """Within one day: the minutes of those events whose version is written above."""
        history, labels = self._model.history, list[Label]()
        if history is None:
            return labels
        for ordinal in self._ticks():
            x, moment = self._x(ordinal), self._desk.clock.moment(history.times[ordinal - 1])
            if moment is not None and x >= begin and x + 40 <= self.width() - self._measures.gutter:
                labels.append((x, f"{moment:%H:%M}"))
        return labels

    def _day_marks(self) -> list[DayMark]:
        history, window = self._model.history, self._model.window
        if history is None or history.length == 0:
            return []
        if self._calendar is None:
            self._calendar = calendar_of(history.times, local=self._desk.clock.is_local)
        most = self._measures.plot_width(self.width()) / (self._metrics().horizontalAdvance("28 Feb") + 24)
        return self._calendar.marks(max(window.first, 1), window.last, int(most))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._model.history is None:
            return
        painter, theme, sizes = QPainter(self), self._desk.appearance.theme, self._desk.appearance.sizes
        painter.setFont(self._desk.appearance.body(sizes.caption))
        left, height = self._measures.gutter, self.height()
        upper = QRectF(0, height * 0.11, left - 16, height * 0.4)
        lower = QRectF(0, height * 0.52, left - 16, height * 0.4)
        painter.setPen(theme.color("text3"))
        painter.drawText(upper, _RIGHT, tr("version"))
        painter.drawText(lower, _RIGHT, tr("day, {zone}", zone=self._desk.clock.zone_name))
        for x, text in self.versions_shown():
            painter.fillRect(QRectF(left + x, 0, 1, 4), theme.color("line2"))
            width = painter.fontMetrics().horizontalAdvance(text) + 4
            begin = min(max(left + x - width / 2, left - 8), self.width() - width)
            painter.drawText(QRectF(begin, upper.top(), width, upper.height()), _CENTER, text)
        for x, text in self.days_shown():
            painter.fillRect(QRectF(left + round(x), lower.top(), 1, lower.height()), theme.color("line2"))
            painter.drawText(QRectF(left + x + 6, lower.top(), self.width(), lower.height()), _LEFT, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x() - self._measures.gutter
        if event.button() == Qt.MouseButton.LeftButton and x >= 0 and self._model.history is not None:
            self._model.go(self._model.window.nearest(x, self._measures.plot_width(self.width())))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        x = event.position().x() - self._measures.gutter
        if x < 0 or self._calendar is None:
            return
        ordinal = self._model.window.nearest(x, self._measures.plot_width(self.width()))
        self.zoom_asked.emit(*self._calendar.day_around(ordinal))

    def _x(self, ordinal: int) -> float:
        return round(self._model.window.x_of(ordinal, self._measures.plot_width(self.width())))

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._desk.appearance.body(self._desk.appearance.sizes.caption))

    def _on_history_changed(self) -> None:
        self._calendar = None
        self.update()
