"""The lanes: names at the left, events in the plot, A above it. More lanes than fit are scrolled."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.timeline.breaks import paint_break
from auditor.gui.timeline.drawing import LanesDrawing, Sheet
from auditor.gui.timeline.gutter import Gutter
from auditor.gui.timeline.hatch import hatch_brush
from auditor.gui.timeline.head import Head, Placed
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.overlay import Overlay
from auditor.gui.timeline.plot import Plot


class LanesView(QWidget):
    """Paints what lies under the marks: lines, the row under the pointer, the hatch of what is incomplete. The plot is
    drawn again at most once a turn of the event loop; `drawn` tells when."""

    drawn = Signal()

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.model = model
        self.measures = Measures(desk.appearance.sizes)
        self.setObjectName("timeline.lanes")
        self.setAccessibleName(tr("Timeline"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.gutter = Gutter(desk, model, self)
        self._plot = Plot(self)
        self.drawing = LanesDrawing(desk, model, self._plot)
        self.overlay = Overlay(desk, model, self)
        self.about = Head(desk, model, self.drawing, self.overlay.faults)
        self._scroll = QScrollBar(Qt.Orientation.Vertical, self)
        self._scroll.setObjectName("timeline.scroll")
        self._scroll.setAccessibleName(tr("Scroll the lanes"))
        self._scroll.valueChanged.connect(self._on_scrolled)
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self.draw_now)
        model.lanes_changed.connect(self._on_lanes_changed)
        model.window_changed.connect(self.draw_soon)
        model.moved.connect(self._on_moved)
        model.hover_changed.connect(self._on_hover_changed)
        desk.event_types.changed.connect(self.draw_soon)
        desk.highlight.changed.connect(self.draw_soon)
        model.range_changed.connect(self._update_head)
        desk.cursor.other_changed.connect(self._update_head)
        desk.clock.changed.connect(self._update_head)

    # -- sizes ---------------------------------------------------------------------------------------------------

    def natural_height(self) -> int:
        """With room for all lanes."""
        return self.measures.flags + max(self.model.lanes.count, 1) * self.measures.lane + 1

    def sizeHint(self) -> QSize:
        return QSize(600, self.natural_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.measures.flags + self.measures.lane + 1)

    @property
    def plot_rect(self) -> QRect:
        measures = self.measures
        top = measures.flags
        return QRect(measures.gutter, top, measures.plot_width(self.width()), max(self.height() - top, 1))

    @property
    def scrolled(self) -> int:
        """How many pixels of lanes are above the upper edge."""
        return self._scroll.value()

    def scroll_by(self, pixels: int) -> None:
        self._scroll.setValue(self._scroll.value() + pixels)

    def lane_at(self, y: float) -> int:
        """-1 outside the lanes."""
        lane = int((y - self.measures.flags + self.scrolled) // self.measures.lane)
        return lane if y >= self.measures.flags and lane < self.model.lanes.count else -1

    def lane_rect(self, lane: int) -> QRect:
        top = self.measures.flags + lane * self.measures.lane - self.scrolled
        return QRect(0, top, self.width() - self.measures.right, self.measures.lane)

    @property
    def number_drawn(self) -> int:
        """How many events the plot stands for, as marks and as bars."""
        return self._plot.number_of_marks - self.drawing.marks_on_bars + self.drawing.dense_events

    def place(self, measures: Measures) -> None:
        """Takes over changed lengths, colours and fonts."""
        self.measures = measures
        self._arrange()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.overlay.set_focused(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.overlay.set_focused(False)

    def _arrange(self) -> None:
        plot, measures = self.plot_rect, self.measures
        hidden = max(self.model.lanes.count * measures.lane - plot.height(), 0)
        self._scroll.setRange(0, hidden)
        self._scroll.setPageStep(plot.height())
        self._scroll.setSingleStep(measures.lane)
        self._scroll.setVisible(hidden > 0)
        self._scroll.setGeometry(self.width() - 14, plot.top(), 10, plot.height())
        self.gutter.setGeometry(0, plot.top(), measures.gutter, plot.height())
        self._plot.place(plot)
        self.overlay.setGeometry(self.rect())
        self.overlay.raise_()
        self._scroll.raise_()
        self._on_scrolled()

    # -- drawing -------------------------------------------------------------------------------------------------

    def draw_soon(self) -> None:
        self._redraw.start()

    def draw_now(self) -> None:
        self._redraw.stop()
        plot = self.plot_rect
        sheet = Sheet(plot.width(), plot.height(), self.devicePixelRatioF(), self.scrolled)
        self.drawing.draw(sheet, self.measures)
        self.update(plot)  # and not the gutter: names cost more than marks
        self.update(QRect(0, 0, self.width(), self.measures.flags))
        self.drawn.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        history = self.model.history
        if history is None:
            return
        painter, theme, plot = QPainter(self), self._desk.appearance.theme, self.plot_rect
        self._paint_head(painter)
        painter.setClipRect(QRect(0, plot.top(), self.width(), plot.height()))
        if self.model.hovered >= 0:
            painter.fillRect(self.lane_rect(self.model.hovered), theme.color("hover"))
        self._paint_breaks(painter)
        self._paint_incomplete(painter)
        right = self.width() - self.measures.right
        for lane in range(self.model.lanes.count + 1):
            painter.fillRect(QRectF(0, self.lane_rect(lane).top(), right, 1), theme.color("line"))

    def _paint_head(self, painter: QPainter) -> None:
        painter.setFont(self._desk.appearance.body(self._desk.appearance.sizes.caption))
        for text, tone, place in self.head:
            painter.setPen(self._desk.appearance.theme.color(tone))
            painter.drawText(place, _LEFT, text)

    @property
    def head(self) -> list[Placed]:
        """What is said about the lanes above them, in the strip of the flags."""
        right = self.width() - self.measures.right
        return self.about.placed(right, self.measures.flags, self.overlay.flags)

    def _paint_breaks(self, painter: QPainter) -> None:
        plot, window = self.plot_rect, self.model.window
        for gap in self.model.scale.breaks if self.model.scale is not None else ():
            if gap.end > window.start and gap.start < window.end:
                left, right = (window.x_of(one, plot.width()) + plot.left() for one in (gap.start, gap.end))
                left, right = max(left, plot.left()), min(right, plot.right() + 1)
                paint_break(
                    painter,
                    QRectF(left, plot.top(), right - left, plot.height()),
                    self._desk.appearance.theme,
                )

    def _paint_incomplete(self, painter: QPainter) -> None:
        incomplete, window, plot = self.model.incomplete_from, self.model.window, self.plot_rect
        if incomplete is None or self.model.places.begin_of(incomplete) >= window.end:
            return
        theme = self._desk.appearance.theme
        begin = max(
            plot.left() + window.x_of(self.model.places.begin_of(incomplete), plot.width()), plot.left()
        )
        height = self.model.lanes.count * self.measures.lane - self.scrolled
        part = QRectF(begin, plot.top(), plot.right() + 1 - begin, min(height, plot.height()))
        tint, line = theme.color("fail_bg"), theme.color("fail")
        tint.setAlphaF(0.6)
        line.setAlphaF(0.14)
        painter.fillRect(part, tint)
        painter.fillRect(part, hatch_brush(line, self.devicePixelRatioF()))

    # -- following -----------------------------------------------------------------------------------------------

    def _on_lanes_changed(self) -> None:
        self._arrange()
        self.updateGeometry()
        self.draw_soon()

    def _on_moved(self, _before: int, _now: int) -> None:
        """Brings the lane of A into sight. Texts above the lanes make way for its flag."""
        if self.about.sentences():
            self._update_head()
        lane = self.model.lane
        if lane < 0 or self._scroll.maximum() == 0:
            return
        top, plot = lane * self.measures.lane, self.plot_rect
        if top < self.scrolled:
            self._scroll.setValue(top)
        elif top + self.measures.lane > self.scrolled + plot.height():
            self._scroll.setValue(top + self.measures.lane - plot.height() + 1)

    def _update_head(self) -> None:
        self.update(QRect(0, 0, self.width(), self.measures.flags))

    def _on_scrolled(self) -> None:
        self.gutter.place(self.measures, self.scrolled)
        self.overlay.place(self.measures, self.scrolled)
        self.draw_soon()

    def _on_hover_changed(self, before: int, now: int) -> None:
        for lane in (before, now):
            if lane >= 0:
                self.update(self.lane_rect(lane))


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
