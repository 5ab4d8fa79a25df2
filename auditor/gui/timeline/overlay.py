"""Above the lanes: the line of A with its flag and ring, and the frame of a box that is being drawn."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.timeline.drawing import FAILED_SIZE, failed_mark
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.model import TimelineModel

LINE = 1.5
RING = 10


class Overlay(QWidget):
    """Covers flags and lanes in their whole width. A move of A paints two strips anew, nothing else."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._measures = Measures(desk.appearance.sizes)
        self._scrolled = 0
        self._flag = QRectF()
        self._rings_focus = False
        self.box: tuple[float, float] | None = None
        """The frame of a zoom that is being drawn, as x from the plot's left edge."""
        self.setObjectName("timeline.overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        model.moved.connect(self._on_moved)
        model.window_changed.connect(self._on_window_changed)

    def place(self, measures: Measures, scrolled: int) -> None:
        self._measures, self._scrolled = measures, scrolled
        self._flag = self._flag_rect()
        self.update()

    def set_focused(self, focused: bool) -> None:
        """Whether the lanes have the focus: a ring says so."""
        self._rings_focus = focused
        self.update()

    def set_box(self, box: tuple[float, float] | None) -> None:
        self.box = box
        self.update()

    @property
    def flag(self) -> QRectF:
        """Where the flag of A stands."""
        return self._flag

    @property
    def flags(self) -> list[QRectF]:
        """All flags that are drawn."""
        return [self._flag]

    def x_of(self, ordinal: int) -> float:
        """In this widget, on a whole device pixel."""
        measures, ratio = self._measures, self.devicePixelRatioF()
        x = self._model.window.x_of(self._model.places.of(ordinal), measures.plot_width(self.width()))
        return measures.gutter + round(x * ratio) / ratio

    @property
    def _shows_a(self) -> bool:
        return self._model.ordinal > 0 and self._model.window.contains(self._place_of_a)

    @property
    def _place_of_a(self) -> float:
        return self._model.places.of(self._model.ordinal)

    def _text(self) -> str:
        history, ordinal = self._model.history, self._model.ordinal
        version = history.version(ordinal) if history else None
        text = tr("A {version}", version=0 if version is None else f"{version:,}")
        if self._shows_a or ordinal < 1:
            return text
        return f"‹ {text}" if self._place_of_a < self._model.window.start else f"{text} ›"

    def _flag_rect(self) -> QRectF:
        sizes = self._desk.appearance.sizes
        font = self._desk.appearance.body(sizes.caption, 600)
        width = QFontMetricsF(font).horizontalAdvance(self._text()) + 12
        height = sizes(17)
        left = self.x_of(max(self._model.ordinal, 0)) - width / 2
        most = self.width() - self._measures.right + 8 - width
        if not self._shows_a:
            most = self.width() - self._measures.right - width
            left = max(left, self._measures.gutter)
        left = min(max(left, self._measures.gutter - width / 2), most)
        return QRectF(round(left), self._measures.flags - height, width, height)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._model.history is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.box is not None:
            self._paint_box(painter, *self.box)
        if self._shows_a:
            self._paint_line(painter)
        if self._flag.intersects(QRectF(event.rect())):
            self._paint_flag(painter)
        if self._rings_focus:
            ring = QRectF(0, self._measures.flags, self.width(), self.height() - self._measures.flags)
            painter.setPen(QPen(self._desk.appearance.theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ring.adjusted(1, 1, -1, -1), 4, 4)

    def _paint_line(self, painter: QPainter) -> None:
        theme, top = self._desk.appearance.theme, self._measures.flags
        x = self.x_of(self._model.ordinal)
        painter.fillRect(QRectF(x - LINE / 2, top, LINE, self.height() - top), theme.color("accent"))
        lane = self._model.lane
        if lane < 0:
            return
        y = top + lane * self._measures.lane - self._scrolled + self._measures.lane / 2
        if top + RING / 2 < y < self.height():
            self._paint_ring(painter, QPointF(x, y))

    def _paint_ring(self, painter: QPainter, center: QPointF) -> None:
        theme, history = self._desk.appearance.theme, self._model.history
        if history is None:
            return
        radius = min(self._desk.appearance.sizes(RING), self._measures.lane / 2 - 1)
        painter.setPen(QPen(theme.color("accent"), LINE))
        painter.setBrush(theme.color("bg"))
        painter.drawEllipse(center, radius, radius)
        if self._model.ordinal in history.unapplied:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("fail"))
            painter.translate(center)
            size = self._measures.mark * FAILED_SIZE
            painter.scale(size, size)
            painter.drawPath(failed_mark())
            painter.resetTransform()
        else:
            name = history.types[self._model.lanes.types[self._model.lane]]
            self._desk.event_types.paint(painter, name, center, self._measures.mark)

    def _paint_flag(self, painter: QPainter) -> None:
        theme, appearance = self._desk.appearance.theme, self._desk.appearance
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(self._flag, 4, 4)
        painter.setPen(theme.color("on_accent"))
        painter.setFont(appearance.body(appearance.sizes.caption, 600))
        painter.drawText(self._flag, Qt.AlignmentFlag.AlignCenter, self._text())

    def _paint_box(self, painter: QPainter, one: float, other: float) -> None:
        theme, top = self._desk.appearance.theme, self._measures.flags
        left = self._measures.gutter + min(one, other)
        rect = QRectF(left, top, abs(other - one), self.height() - top)
        tint = theme.color("accent")
        tint.setAlphaF(0.12)
        painter.fillRect(rect, tint)
        for x in (rect.left(), rect.right() - 1):
            painter.fillRect(QRectF(x, top, 1, rect.height()), theme.color("accent"))

    # -- strips --------------------------------------------------------------------------------------------------

    def _strip(self, ordinal: int) -> QRegion:
        x, ring = self.x_of(ordinal), self._desk.appearance.sizes(RING) + 2
        line = QRect(round(x - ring), self._measures.flags, 2 * ring + 1, self.height())
        return QRegion(line).united(QRegion(self._flag.toAlignedRect().adjusted(-1, -1, 1, 1)))

    def _on_moved(self, before: int, now: int) -> None:
        region = self._strip(before)
        self._flag = self._flag_rect()
        self.update(region.united(self._strip(now)))

    def _on_window_changed(self) -> None:
        self._flag = self._flag_rect()
        self.update(QRect(0, 0, self.width(), self._measures.flags))
        self.update(self.rect().adjusted(self._measures.gutter - RING, self._measures.flags, 0, 0))
