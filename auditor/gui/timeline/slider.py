"""The slider under the overview: the whole history, one place an event, with handles for A and B."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.timeline.hatch import hatch_brush
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.places import versions_extent
from auditor.gui.timeline.view_window import ViewWindow

HANDLE = 7
OTHER_HANDLE = 4.5
TRACK = 3


class VersionSlider(QSlider):
    """A QSlider for its role and value in the accessibility tree; painting and the mouse are its own.

    It is by version on both axes, so that it reaches each of them, and `INSET` wider than the plot at both sides, so
    that the handle has room at the ends. Every pixel counts: `chosen` tells the ordinal under the mouse at once.
    """

    INSET = 10
    chosen = Signal(int)
    other_chosen = Signal(int)
    """For B: where its handle is dragged."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._desk = desk
        self._model = model
        self._dragged = ""
        self.setObjectName("timeline.slider")
        self.setAccessibleName(tr("Version"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        model.history_changed.connect(self._on_history_changed)
        model.moved.connect(self._on_moved)
        model.axis_changed.connect(self.update)
        desk.cursor.other_changed.connect(self.update)
        self.valueChanged.connect(self._on_value_set)
        self._on_history_changed()

    @property
    def _whole(self) -> ViewWindow:
        return ViewWindow.whole(versions_extent(self._model.length))

    @property
    def _room(self) -> int:
        return max(1, self.width() - 2 * self.INSET)

    def x_of(self, ordinal: int) -> float:
        """The middle of the handle when A is there."""
        ratio = self.devicePixelRatioF()
        return self.INSET + round(self._whole.x_of(max(ordinal, 0.5), self._room) * ratio) / ratio

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._desk.appearance.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right, y = self.INSET, self.width() - self.INSET, self.height() / 2
        x = self.x_of(self._model.ordinal)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line2"))
        painter.drawRoundedRect(QRectF(left, y - TRACK / 2, right - left, TRACK), 1.5, 1.5)
        incomplete = self._model.incomplete_from
        if incomplete is not None:
            begin = self.INSET + self._whole.x_of(incomplete - 0.5, self._room)
            part = QRectF(begin, y - 3, right - begin, 6)
            painter.fillRect(part, theme.color("fail_bg"))
            painter.fillRect(part, hatch_brush(theme.color("fail"), self.devicePixelRatioF()))
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(QRectF(left, y - TRACK / 2, max(x - left, TRACK), TRACK), 1.5, 1.5)
        if self._desk.cursor.other is not None:
            self._paint_other_handle(painter, QPointF(self.x_of(self._desk.cursor.other), y))
        self._paint_handle(painter, QPointF(x, y))
        if self._model.scale is not None:
            self._paint_way(painter, x, y - HANDLE - 1)

    def _paint_way(self, painter: QPainter, x: float, y: float) -> None:
        """From where A is by time, in the overview above, to the handle, which is by version."""
        whole = ViewWindow.whole(self._model.places.extent)
        above = self.INSET + whole.x_of(self._model.places.of(self._model.ordinal), self._room)
        painter.setPen(QPen(self._desk.appearance.theme.color("accent"), 1))
        painter.drawLine(QPointF(above, 0), QPointF(x, y))

    def _paint_other_handle(self, painter: QPainter, center: QPointF) -> None:
        theme = self._desk.appearance.theme
        painter.setPen(QPen(theme.color("text2"), 1.5))
        painter.setBrush(theme.color("bg"))
        painter.drawEllipse(center, OTHER_HANDLE, OTHER_HANDLE)

    def _paint_handle(self, painter: QPainter, center: QPointF) -> None:
        theme = self._desk.appearance.theme
        painter.setPen(QPen(theme.color("accent_fill"), 2))
        painter.setBrush(QBrush(theme.color("bg")))
        painter.drawEllipse(center, HANDLE, HANDLE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        painter.drawEllipse(center, 2.5, 2.5)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _on_moved(self, _before: int, now: int) -> None:
        self.setValue(now)
        self.update()

    def _on_value_set(self, value: int) -> None:
        if value != self._model.ordinal:  # by a screen reader
            self.chosen.emit(value)

    def _on_history_changed(self) -> None:
        history = self._model.history
        self.blockSignals(True)  # a range that changes the value is no wish of the user
        self.setRange(1 if history and history.length else 0, history.length if history else 0)
        self.setValue(self._model.ordinal)
        self.blockSignals(False)
        self.update()

    # -- mouse and keys ------------------------------------------------------------------------------------------

    def _choose(self, event: QMouseEvent) -> None:
        if self._model.history is not None:
            x = event.position().x() - self.INSET
            ordinal = min(max(round(self._whole.at(x, self._room)), 1), max(self._model.length, 1))
            (self.other_chosen if self._dragged == "b" else self.chosen).emit(ordinal)

    def _handle_at(self, x: float) -> str:
        """B's handle, where it is nearer than that of A."""
        other = self._desk.cursor.other
        if other is None:
            return "a"
        to_a, to_b = abs(x - self.x_of(self._model.ordinal)), abs(x - self.x_of(other))
        return "b" if to_b <= OTHER_HANDLE + 2 and to_b < to_a else "a"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._dragged = "b" if with_control else self._handle_at(event.position().x())
        if self._dragged == "a" or with_control:  # B's handle is only taken up
            self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged:
            self._choose(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the window's actions move A
