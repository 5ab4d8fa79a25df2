"""Left of the lanes: the shape, name and number of events of each type."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from auditor.core.presenter import display, display_events
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.shapes import paint_shape
from auditor.gui.timeline.lanes import is_among
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.model import TimelineModel


class Gutter(QWidget):
    """Paints the lanes' names; the type of the event at A in bold. Who contains it says where the lanes begin."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._measures = Measures(desk.appearance.sizes)
        self._scrolled = 0
        self.setObjectName("timeline.gutter")
        self.setAccessibleName(tr("Event types"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        model.lanes_changed.connect(self._on_lanes_changed)
        model.moved.connect(self._on_moved)
        desk.event_types.changed.connect(self.update)
        desk.highlight.changed.connect(self._on_lanes_changed)
        self._stand_out: list[int] | None = None
        """Of each lane, how many events; None while all are alike."""

    def place(self, measures: Measures, scrolled: int) -> None:
        self._measures, self._scrolled = measures, scrolled
        self.update()

    def lane_rect(self, lane: int) -> QRect:
        height = self._measures.lane
        return QRect(0, lane * height - self._scrolled, self.width(), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        history = self._model.history
        if history is None:
            return
        painter = QPainter(self)
        height = self._measures.lane
        first = max((event.rect().top() + self._scrolled) // height, 0)
        last = min((event.rect().bottom() + self._scrolled) // height, self._model.lanes.count - 1)
        for lane in range(first, last + 1):
            self._paint_lane(painter, lane, history.types[self._model.lanes.types[lane]])

    def _paint_lane(self, painter: QPainter, lane: int, name: str) -> None:
        appearance, sizes = self._desk.appearance, self._desk.appearance.sizes
        rect = QRectF(self.lane_rect(lane))
        is_here, is_muted = (
            lane == self._model.lane,
            self._stand_out is not None and not self._stand_out[lane],
        )
        shape, color = self._desk.event_types.mark(name).shape, self._desk.event_types.color(name)
        color = appearance.theme.color("line2") if is_muted else color
        paint_shape(painter, shape, color, QPointF(sizes(24), rect.center().y()), sizes(8.5))
        painter.setFont(appearance.body(sizes.small))
        painter.setPen(appearance.theme.color("text2"))
        count = "" if is_muted else self.count_of(lane)
        right = self.width() - 16
        painter.drawText(QRectF(0, rect.top(), right, rect.height()), _RIGHT, count)
        free = right - painter.fontMetrics().horizontalAdvance(count) - 8 - sizes(38)
        painter.setFont(appearance.body(sizes.small, 600 if is_here else 400))
        painter.setPen(appearance.theme.color("text3" if is_muted else "text"))
        shown = painter.fontMetrics().elidedText(display(name), Qt.TextElideMode.ElideRight, round(free))
        painter.drawText(QRectF(sizes(38), rect.top(), free, rect.height()), _LEFT, shown)

    def count_of(self, lane: int) -> str:
        """How many events the lane has, or how many of them stand out: `9`, `5 of 9`."""
        total = len(self._model.lanes.ordinals[lane])
        if self._stand_out is None:
            return f"{total:,}"
        return tr("{some} of {all}", some=f"{self._stand_out[lane]:,}", all=f"{total:,}")

    def tell(self, event: QHelpEvent, lane: int) -> None:
        """The whole name of a lane, as a tool tip."""
        history = self._model.history
        if history is not None and 0 <= lane < self._model.lanes.count:
            name = display(history.types[self._model.lanes.types[lane]])
            text = f"{name}: {display_events(len(self._model.lanes.ordinals[lane]))}"
            QToolTip.showText(event.globalPos(), plain_tip(text), self)

    def _on_lanes_changed(self) -> None:
        history, lanes, chosen = self._model.history, self._model.lanes, self._desk.highlight.events
        self._stand_out = (
            None if chosen is None else [int(is_among(one, chosen).sum()) for one in lanes.ordinals]
        )
        if history is not None:
            described = (
                tr(
                    "{name}: {count} events",
                    name=display(self._model.lane_name(lane)),
                    count=self.count_of(lane),
                )
                for lane in range(lanes.count)
            )
            self.setAccessibleDescription(", ".join(described))
        self.update()

    def _on_moved(self, before: int, now: int) -> None:
        for ordinal in (before, now):
            lane = self._model.lane_of(ordinal)
            if lane >= 0:
                self.update(self.lane_rect(lane))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
