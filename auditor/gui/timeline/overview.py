"""The whole history as a strip, and which part of it the lanes show: type colours by version, volume by time."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.history import History
from auditor.gui.timeline.breaks import paint_break
from auditor.gui.timeline.lanes import is_among
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.overview_image import Strip, type_strip, volume_strip
from auditor.gui.timeline.view_window import ViewWindow

EDGE = 5
STRENGTH = 0.62


class Overview(QWidget):
    """Drag the window to move it, its edges to resize it, elsewhere to draw a new one; a double click fits all. By time
    a line is where A is: the slider below stays by version."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._image: QImage | None = None
        self._grabbed = ""
        self._from = 0.0
        self._window_before = model.window
        self.setObjectName("timeline.overview")
        self.setAccessibleName(tr("Overview of the whole history"))
        self.setMouseTracking(True)
        model.axis_changed.connect(self._on_look_changed)
        model.moved.connect(self._on_moved)
        model.window_changed.connect(self._on_window_changed)
        desk.event_types.changed.connect(self._on_look_changed)
        desk.appearance.changed.connect(self._on_look_changed)
        desk.highlight.changed.connect(self._on_look_changed)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        history = self._model.history
        if history is None or history.length == 0:
            return
        painter, theme = QPainter(self), self._desk.appearance.theme
        strip = self._strip()
        ratio = self.devicePixelRatioF()
        width = round(strip.width() * ratio)
        if self._image is None or self._image.width() != width:
            self._image = self._draw(history, Strip(width, round(strip.height() * ratio), ratio))
        window = self._model.window
        if not window.is_whole:
            tint = theme.color("sel")
            painter.fillRect(self._frame(), tint)
        self._paint_breaks(painter, strip)
        painter.drawImage(strip, self._image)
        if not window.is_whole:
            self._paint_frame(painter, strip)
        if self._model.scale is not None:
            x = self._x(self._model.places.of(self._model.ordinal))
            painter.fillRect(QRectF(x - 0.75, 0, 1.5, self.height()), theme.color("accent"))

    def _paint_breaks(self, painter: QPainter, strip: QRectF) -> None:
        for gap in self._model.scale.breaks if self._model.scale is not None else ():
            left = self._x(gap.start)
            place = QRectF(left, strip.top(), self._x(gap.end) - left, strip.height())
            paint_break(painter, place, self._desk.appearance.theme)

    def _paint_frame(self, painter: QPainter, strip: QRectF) -> None:
        theme, frame = self._desk.appearance.theme, self._frame()
        veil = theme.color("bg")
        veil.setAlphaF(0.55)
        painter.fillRect(QRectF(0, strip.top(), frame.left(), strip.height()), veil)
        painter.fillRect(
            QRectF(frame.right(), strip.top(), self.width() - frame.right(), strip.height()), veil
        )
        for x in (frame.left(), frame.right() - 1.5):
            painter.fillRect(QRectF(x, frame.top(), 1.5, frame.height()), theme.color("accent"))

    def _x(self, place: float) -> float:
        return ViewWindow.whole(self._model.places.extent).x_of(place, self.width())

    def _strip(self) -> QRectF:
        height = self._desk.appearance.sizes(10 if self._model.scale is None else 14)
        return QRectF(0, round((self.height() - height) / 2), self.width(), height)

    def _frame(self) -> QRectF:
        left, right = self._x(self._model.window.start), self._x(self._model.window.end)
        return QRectF(left, 0, max(right - left, 4), self.height())

    def _draw(self, history: History, strip: Strip) -> QImage:
        """Grey are events that are not applied or come after one that was not, and those that do not stand out where
        some do."""
        theme, model = self._desk.appearance.theme, self._model
        ordinals = np.arange(1, history.length + 1)
        strong = ordinals < (model.incomplete_from or history.length + 1)
        if self._desk.highlight.events is not None:
            strong &= is_among(ordinals, self._desk.highlight.events)
        if model.scale is not None:
            colors = (theme.color("density"), theme.color("line2"))
            return volume_strip(strip, model.places.at, model.places.extent, strong, colors)
        kinds = np.where(strong, history.type_of, len(history.types))
        return type_strip(strip, kinds, [*map(self._color, history.types), theme.color("line2")])

    def _color(self, name: str) -> QColor:
        color = self._desk.event_types.color(name)
        color.setAlphaF(STRENGTH)
        return color

    # -- the mouse -----------------------------------------------------------------------------------------------

    def _part_at(self, x: float) -> str:
        if self._model.window.is_whole:
            return "outside"
        frame = self._frame()
        if frame.width() < 4 * EDGE and abs(x - frame.center().x()) <= 2 * EDGE:
            return "inside"  # too narrow for edges
        for name, edge in (("start", frame.left()), ("end", frame.right())):
            if abs(x - edge) <= EDGE:
                return name
        return "inside" if frame.left() < x < frame.right() else "outside"

    def _place_at(self, x: float) -> float:
        return ViewWindow.whole(self._model.places.extent).at(x, self.width())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._model.history is None:
            return
        self._grabbed = self._part_at(event.position().x())
        self._from = event.position().x()
        self._window_before = self._model.window

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if not self._grabbed:
            self._show_pointer(self._part_at(x))
            return
        before, place = self._window_before, self._place_at(x)
        if self._grabbed == "inside":
            self._model.set_window(before.panned(place - self._place_at(self._from)))
        elif self._grabbed == "start":
            self._model.set_window(before.with_edge(start=place))
        elif self._grabbed == "end":
            self._model.set_window(before.with_edge(end=place))
        elif abs(x - self._from) >= 4:
            self._model.set_window(before.between(self._place_at(self._from), place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        clicked = abs(event.position().x() - self._from) < 4
        if self._grabbed == "outside" and clicked and not self._model.window.is_whole:
            window = self._window_before
            middle = (window.start + window.end) / 2
            self._model.set_window(window.panned(self._place_at(self._from) - middle))
        self._grabbed = ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._model.set_window(ViewWindow.whole(self._model.places.extent))

    def _show_pointer(self, part: str) -> None:
        shapes = {"start": Qt.CursorShape.SizeHorCursor, "end": Qt.CursorShape.SizeHorCursor}
        self.setCursor(shapes.get(part, Qt.CursorShape.ArrowCursor))

    def _on_window_changed(self) -> None:
        self.update()

    def _on_moved(self, _before: int, _now: int) -> None:
        if self._model.scale is not None:  # by version the slider's handle is right below
            self.update()

    def _on_look_changed(self) -> None:
        self._image = None
        self.update()
