"""The whole history as a strip of type colours, and which part of it the lanes show."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.history import History
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.view_window import ViewWindow

EDGE = 5
STRENGTH = 0.62
WIDEST_BLOCK = 24
EVENTS_A_BIN, FEWEST_BINS, SMALLEST_BIN = 40, 48, 6


class Overview(QWidget):
    """Drag the window to move it, its edges to resize it, elsewhere to draw a new one; a double click fits all."""

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
        model.history_changed.connect(self._on_look_changed)
        model.window_changed.connect(self._on_window_changed)
        desk.event_types.changed.connect(self._on_look_changed)
        desk.appearance.changed.connect(self._on_look_changed)

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
            self._image = self._draw(history, width, round(strip.height() * ratio))
        window = self._model.window
        if not window.is_whole:
            tint = theme.color("sel")
            painter.fillRect(self._frame(), tint)
        painter.drawImage(strip, self._image)
        if not window.is_whole:
            self._paint_frame(painter, strip)

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

    def _strip(self) -> QRectF:
        height = self._desk.appearance.sizes(10)
        return QRectF(0, round((self.height() - height) / 2), self.width(), height)

    def _frame(self) -> QRectF:
        whole, window = ViewWindow.whole(self._model.window.length), self._model.window
        left, right = (whole.x_of(edge, self.width()) for edge in (window.start, window.end))
        return QRectF(left, 0, max(right - left, 4), self.height())

    def _draw(self, history: History, width: int, height: int) -> QImage:
        """Few events: a block each. Many: bins that are equally full, each split by how much of it a type is."""
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        colors = [self._color(name) for name in history.types]
        muted = self._desk.appearance.theme.color("line2")
        incomplete = self._model.incomplete_from or history.length + 1
        ratio = self.devicePixelRatioF()
        if history.length <= width:
            step = width / history.length
            gap = max(step * 0.25, step - WIDEST_BLOCK * ratio) if step >= 4 * ratio else 0
            for index, kind in enumerate(history.type_of.tolist()):
                left, right = round(index * step + gap / 2), round((index + 1) * step - gap / 2)
                color = colors[kind] if index + 1 < incomplete else muted
                painter.fillRect(left, 0, max(right - left, 1), height, color)
        else:
            bins = round(min(max(history.length / EVENTS_A_BIN, FEWEST_BINS), width / (SMALLEST_BIN * ratio)))
            for number, shares in enumerate(_shares(history, bins)):
                left, right = round(number * width / bins), round((number + 1) * width / bins)
                grey = (number + 0.5) * history.length / bins > incomplete
                top, gap = 0, 1 if right - left >= 10 * ratio else 0
                for color, bottom in zip(
                    colors, np.rint(np.cumsum(shares) * height).astype(int), strict=True
                ):
                    if bottom > top:
                        painter.fillRect(
                            left, top, right - left - gap, bottom - top, muted if grey else color
                        )
                    top = bottom
        painter.end()
        return image

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

    def _ordinal_at(self, x: float) -> float:
        return ViewWindow.whole(self._model.window.length).at(x, self.width())

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
        before, ordinal = self._window_before, self._ordinal_at(x)
        if self._grabbed == "inside":
            self._model.set_window(before.panned(ordinal - self._ordinal_at(self._from)))
        elif self._grabbed == "start":
            self._model.set_window(before.with_edge(start=ordinal))
        elif self._grabbed == "end":
            self._model.set_window(before.with_edge(end=ordinal))
        elif abs(x - self._from) >= 4:
            self._model.set_window(before.between(self._ordinal_at(self._from), ordinal))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        clicked = abs(event.position().x() - self._from) < 4
        if self._grabbed == "outside" and clicked and not self._model.window.is_whole:
            window = self._window_before
            middle = (window.start + window.end) / 2
            self._model.set_window(window.panned(self._ordinal_at(self._from) - middle))
        self._grabbed = ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._model.set_window(ViewWindow.whole(self._model.window.length))

    def _show_pointer(self, part: str) -> None:
        shapes = {"start": Qt.CursorShape.SizeHorCursor, "end": Qt.CursorShape.SizeHorCursor}
        self.setCursor(shapes.get(part, Qt.CursorShape.ArrowCursor))

    def _on_window_changed(self) -> None:
        self.update()

    def _on_look_changed(self) -> None:
        self._image = None
        self.update()


def _shares(history: History, bins: int) -> NDArray[np.float64]:
    """For each bin of the history, which share of its events each type has."""
    kinds = len(history.types)
    place = np.arange(history.length) * bins // history.length
    counts = np.bincount(place * kinds + history.type_of, minlength=bins * kinds).reshape(bins, kinds)
    shares: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True)
    return shares
