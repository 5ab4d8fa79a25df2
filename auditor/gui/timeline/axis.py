"""Under the lanes: versions over days, or moments over versions, with the zone said at the left."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.timeline.axis_labels import AxisLabels, Gap, Label, Moment
from auditor.gui.timeline.breaks import paint_break
from auditor.gui.timeline.brush import CLICK, select_between
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.time_ticks import DAY, local_moment, microseconds_since_1970

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignCenter


class Axis(QWidget):
    """Two rows of labels. A click goes to the nearest event, a drag selects a range, a double click shows one day."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._measures = Measures(desk.appearance.sizes)
        self.labels = AxisLabels(desk, model)
        self._pressed: QPointF | None = None
        self._brushes = False
        self.setObjectName("timeline.axis")
        model.history_changed.connect(self._on_history_changed)
        model.axis_changed.connect(self._on_axis_changed)
        model.window_changed.connect(self.update)
        desk.clock.changed.connect(self._on_history_changed)
        self._on_axis_changed()

    def place(self, measures: Measures) -> None:
        self._measures = measures
        self.setFixedHeight(measures.axis)
        self.update()

    @property
    def plot_width(self) -> int:
        return self._measures.plot_width(self.width())

    def versions_shown(self) -> list[Label]:
        """By version: what the upper row says, each text at its middle."""
        return self.labels.versions(self.plot_width)

    def days_shown(self) -> list[Label]:
        """By version: what the lower row says, each text at its beginning."""
        return self.labels.days(self.plot_width, self._measures.right)

    def moments_shown(self) -> list[Moment]:
        """By time: what both rows say."""
        return self.labels.moments(self.plot_width, self._measures.right)

    def gaps_shown(self) -> list[Gap]:
        """By time: which long gaps are drawn short."""
        return self.labels.gaps(self.plot_width)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._model.history is None:
            return
        painter = QPainter(self)
        painter.setFont(self._desk.appearance.body(self._desk.appearance.sizes.caption))
        height, width = self.height(), float(self.width())
        upper, lower = (
            QRectF(0, height * 0.11, width, height * 0.4),
            QRectF(0, height * 0.52, width, height * 0.4),
        )
        if self._model.scale is not None:
            self._paint_by_time(painter, upper, lower)
        else:
            self._paint_by_version(painter, upper, lower)

    def _paint_captions(
        self, painter: QPainter, upper: QRectF, lower: QRectF, texts: tuple[str, str]
    ) -> None:
        painter.setPen(self._desk.appearance.theme.color("text3"))
        for row, text in zip((upper, lower), texts, strict=True):
            painter.drawText(QRectF(0, row.top(), self._measures.gutter - 16, row.height()), _RIGHT, text)

    def _paint_by_version(self, painter: QPainter, upper: QRectF, lower: QRectF) -> None:
        left, line = self._measures.gutter, self._desk.appearance.theme.color("line2")
        zone = self._desk.clock.zone_name
        self._paint_captions(painter, upper, lower, (tr("version"), tr("day, {zone}", zone=zone)))
        for x, text in self.versions_shown():
            painter.fillRect(QRectF(left + x, 0, 1, 4), line)
            width = painter.fontMetrics().horizontalAdvance(text) + 4
            begin = min(max(left + x - width / 2, left - 8), self.width() - width)
            painter.drawText(QRectF(begin, upper.top(), width, upper.height()), _CENTER, text)
        for x, text in self.days_shown():
            painter.fillRect(QRectF(left + round(x), lower.top(), 1, lower.height()), line)
            painter.drawText(QRectF(left + x + 6, lower.top(), self.width(), lower.height()), _LEFT, text)

    def _paint_by_time(self, painter: QPainter, upper: QRectF, lower: QRectF) -> None:
        left, line = self._measures.gutter, self._desk.appearance.theme.color("line2")
        self._paint_captions(painter, upper, lower, (self.labels.caption(self.plot_width), tr("version")))
        for gap in self.gaps_shown():
            self._paint_gap(painter, gap, upper)
        painter.setPen(self._desk.appearance.theme.color("text3"))
        for x, text, version in self.moments_shown():
            painter.fillRect(QRectF(left + x, 0, 1, lower.bottom()), line)
            painter.drawText(QRectF(left + x + 6, upper.top(), self.width(), upper.height()), _LEFT, text)
            painter.drawText(QRectF(left + x + 6, lower.top(), self.width(), lower.height()), _LEFT, version)

    def _paint_gap(self, painter: QPainter, gap: Gap, upper: QRectF) -> None:
        """The break, and how long it is where there is room."""
        left = self._measures.gutter
        place = QRectF(
            left + max(gap.left, 0), 0, min(gap.right, self.plot_width) - max(gap.left, 0), self.height()
        )
        paint_break(painter, place, self._desk.appearance.theme)
        if painter.fontMetrics().horizontalAdvance(gap.text) + 4 <= place.width():
            painter.setPen(self._desk.appearance.theme.color("text2"))
            painter.drawText(
                QRectF(place.left(), upper.top(), place.width(), upper.height()), _CENTER, gap.text
            )

    # -- the mouse -----------------------------------------------------------------------------------------------

    def place_at(self, position: QPointF) -> float:
        """The axis' place under a position of this widget."""
        return self._model.window.at(position.x() - self._measures.gutter, self.plot_width)

    def in_plot(self, position: QPointF) -> bool:
        return position.x() >= self._measures.gutter and self._model.length > 0

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.tip_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def tip_at(self, position: QPointF) -> str:
        """What is said of that place: which gap is drawn short there."""
        x = position.x() - self._measures.gutter
        for gap in self.gaps_shown():
            if gap.left <= x <= gap.right:
                return tr("{duration} without an event, drawn short", duration=gap.text)
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.in_plot(event.position()):
            self._pressed, self._brushes = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        self._brushes = self._brushes or abs(event.position().x() - self._pressed.x()) >= CLICK
        if self._brushes:
            select_between(self._model, self.place_at(self._pressed), self.place_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._brushes:
            self._model.go(self._model.places.nearest(self.place_at(pressed), self._model.window))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self.in_plot(event.position()):
            return
        place, model, scale = self.place_at(event.position()), self._model, self._model.scale
        if scale is None:
            model.show_events(*self.labels.day_around(model.places.nearest(place, model.window)))
            return
        moment = local_moment(scale.moment(place), local=self._desk.clock.is_local)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        begin = microseconds_since_1970(
            midnight.astimezone() if self._desk.clock.is_local else midnight.replace(tzinfo=moment.tzinfo)
        )
        model.set_window(model.window.between(scale.place(begin), scale.place(begin + DAY)))

    def _on_axis_changed(self) -> None:
        by_time = self._model.scale is not None
        self.setAccessibleName(tr("Times and versions") if by_time else tr("Versions and days"))
        gaps = self._model.scale.breaks if self._model.scale is not None else ()
        self.setAccessibleDescription(_gaps_said(len(gaps)))
        self.update()

    def _on_history_changed(self) -> None:
        self.labels.forget()
        self.update()


def _gaps_said(count: int) -> str:
    if count < 2:
        return tr("1 long gap without an event is drawn short") if count else ""
    return tr("{count} long gaps without an event are drawn short", count=count)
