"""What the mouse does in the lanes: choose an event, move A, pan, zoom, scroll, ask what is there."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.timeline.lanes import events_of_bar
from auditor.gui.timeline.lanes_view import LanesView
from auditor.gui.timeline.view_window import ZOOM_STEP

GRAB = 4.5  # pixels at each side of the line of A
CLICK = 4  # a press that moves less is a click
NEAR = 8  # pixels from a mark at which the pointer is on it
RESTS_MS = 400


class Gestures(QObject):
    """Listens to the lanes' mouse. `rested` tells the lane and the ordinals (one, or those of a bar) under a pointer
    that rests; `left` that it is elsewhere."""

    rested = Signal(int, object)
    left = Signal()

    def __init__(self, view: LanesView) -> None:
        super().__init__(view)
        self._view = view
        self._model = view.model
        self._drag = ""
        self._from = QPointF()
        self._at = QPointF()
        self._window_before = self._model.window
        self._rest = QTimer(self, singleShot=True, interval=RESTS_MS)
        self._rest.timeout.connect(self._on_rest)
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = QEvent.Type
        if self._model.history is None or watched is not self._view:
            return False
        if isinstance(event, QMouseEvent):
            act = {
                kinds.MouseButtonPress: self._on_press,
                kinds.MouseMove: self._on_move,
                kinds.MouseButtonRelease: self._on_release,
            }.get(event.type())
            if act is not None:
                act(event)
                return True
        elif isinstance(event, QWheelEvent):
            return self._on_wheel(event)
        elif isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom(1 + event.value(), event.position().x())
                return True
        elif isinstance(event, QHelpEvent):
            self._tell(event)
            return True
        elif event.type() == kinds.Leave:
            self._leave()
        return False

    # -- where -------------------------------------------------------------------------------------------------

    def _x(self, position: QPointF) -> float:
        return position.x() - self._view.plot_rect.left()

    def _place_at(self, position: QPointF) -> float:
        return self._model.window.at(self._x(position), self._view.plot_rect.width())

    def _in_gutter(self, position: QPointF) -> bool:
        return position.x() < self._view.plot_rect.left() and position.y() >= self._view.measures.flags

    def _on_line(self, position: QPointF) -> bool:
        overlay = self._view.overlay
        if overlay.flag.contains(position):
            return True
        is_shown = self._model.window.contains(self._model.places.of(self._model.ordinal))
        return is_shown and abs(position.x() - overlay.x_of(self._model.ordinal)) <= GRAB

    # -- buttons -------------------------------------------------------------------------------------------------

    def _on_press(self, event: QMouseEvent) -> None:
        self._leave()
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        self._from, self._window_before = event.position(), self._model.window
        if self._in_gutter(event.position()):
            self._drag = "click"
        elif event.button() == Qt.MouseButton.RightButton or (
            event.button() == Qt.MouseButton.LeftButton and event.modifiers() & _SHIFT
        ):
            self._drag = "box"
        elif event.button() == Qt.MouseButton.LeftButton:
            self._drag = "line" if self._on_line(event.position()) else "pan"

    def _on_move(self, event: QMouseEvent) -> None:
        position = event.position()
        moved = position.x() - self._from.x()
        if not self._drag:
            self._hover(position)
        elif self._drag == "line":
            if position.x() != self._from.x():
                self._go_to_x(position)
        elif self._drag == "box":
            if abs(moved) >= CLICK:
                self._view.overlay.set_box((self._x(self._from), self._x(position)))
        elif self._drag == "pan" and abs(moved) >= CLICK:
            per_pixel = self._window_before.span / self._view.plot_rect.width()
            self._model.set_window(self._window_before.panned(-moved * per_pixel))
            self._view.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _on_release(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, ""
        is_click = (event.position() - self._from).manhattanLength() < CLICK
        self._view.unsetCursor()
        if drag == "box":
            self._view.overlay.set_box(None)
            if not is_click:
                window = self._model.window
                self._model.set_window(
                    window.between(self._place_at(self._from), self._place_at(event.position()))
                )
        elif is_click and drag in ("click", "pan", "line"):
            self._choose(event.position())

    def _choose(self, position: QPointF) -> None:
        """The nearest event of the lane; above the lanes the nearest of all. A bar leads to its first event. The flag
        of an A out of sight brings it back."""
        lane, model, view = self._view.lane_at(position.y()), self._model, self._view
        if view.overlay.flag.contains(position):
            model.set_window(model.window.showing(model.places.of(model.ordinal)))
        elif self._in_gutter(position):
            if lane >= 0:
                model.go(model.lanes.nearest(lane, model.places.of(model.ordinal)))
        elif lane < 0:
            self._go_to_x(position)
        else:
            events = self._events_at(lane, position, near=float("inf"))
            model.go(events[0] if events else model.lanes.nearest(lane, self._place_at(position)))

    def _go_to_x(self, position: QPointF) -> None:
        self._model.go(self._model.places.nearest(self._place_at(position), self._model.window))

    # -- the wheel -----------------------------------------------------------------------------------------------

    def _on_wheel(self, event: QWheelEvent) -> bool:
        self._leave()
        turned = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(ZOOM_STEP ** (turned / 120), event.position().x() - self._view.plot_rect.left())
        elif event.modifiers() & (_SHIFT | Qt.KeyboardModifier.AltModifier) or not event.angleDelta().y():
            self._model.set_window(self._model.window.panned(-turned / 120 * self._model.window.span / 10))
        else:
            lines = self._view.measures.lane * turned / 120
            self._view.scroll_by(-round(lines))
        return True

    def _zoom(self, factor: float, x: float) -> None:
        window, width = self._model.window, self._view.plot_rect.width()
        self._model.set_window(window.zoomed(factor, window.at(x, width)))

    # -- hovering ------------------------------------------------------------------------------------------------

    def _hover(self, position: QPointF) -> None:
        self._at = position
        self.left.emit()
        self._model.set_hovered(self._view.lane_at(position.y()))
        in_gutter = self._in_gutter(position)
        if in_gutter:
            self._view.setCursor(Qt.CursorShape.PointingHandCursor)
        elif self._on_line(position):
            self._view.setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self._view.unsetCursor()
        self._rest.start()

    def _on_rest(self) -> None:
        lane = self._view.lane_at(self._at.y())
        if lane >= 0 and not self._in_gutter(self._at):
            events = self._events_at(lane, self._at, near=NEAR)
            if events:
                self.rested.emit(lane, events)

    def _events_at(self, lane: int, position: QPointF, near: float) -> list[int]:
        """The event whose mark is at most so near, or all events of the bar there; empty if there is nothing."""
        drawn, drawing = self._view.drawing.lane(lane), self._view.drawing
        if drawn is None or not len(drawn.ordinals):
            return []
        x, width = self._x(position), self._view.plot_rect.width()
        if drawn.bars is not None:
            return [int(one) for one in events_of_bar(drawn, x, drawing.bar_width)]
        ordinal = self._model.lanes.nearest(lane, self._place_at(position))
        place = self._model.places.of(ordinal)
        inside = self._model.window.contains(place)
        is_near = abs(self._model.window.x_of(place, width) - x) <= near
        return [ordinal] if inside and is_near else []

    def _tell(self, event: QHelpEvent) -> None:
        """The whole name of a lane; above the lanes whatever is said there, in full."""
        if self._in_gutter(QPointF(event.pos())):
            self._view.gutter.tell(event, self._view.lane_at(event.pos().y()))
        elif event.pos().y() < self._view.measures.flags:
            text = "\n".join(said.text for said in self._view.about.sentences())
            QToolTip.showText(event.globalPos(), plain_tip(text), self._view)

    def _leave(self) -> None:
        self._rest.stop()
        self._model.set_hovered(-1)
        self.left.emit()


_SHIFT = Qt.KeyboardModifier.ShiftModifier
