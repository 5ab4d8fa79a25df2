"""What the mouse does in the lanes: choose an event, move A and B, pan, zoom, select, ask what is there."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from auditor.gui.desk import Desk
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.timeline.brush import CLICK, select_between
from auditor.gui.timeline.lanes import DrawnLane, events_of_bar
from auditor.gui.timeline.lanes_view import LanesView
from auditor.gui.timeline.places import closest
from auditor.gui.timeline.view_window import ZOOM_STEP

GRAB = 4.5  # pixels at each side of the line of a cursor
NEAR = 8  # pixels from a mark at which the pointer is on it
RESTS_MS = 400


class Gestures(QObject):
    """Listens to the lanes' mouse. `rested` tells the lane and the ordinals (one, or those of a bar) under a pointer
    that rests; `left` that it is elsewhere."""

    rested = Signal(int, object)
    left = Signal()
    lane_menu_asked = Signal(int, QPoint)
    """For the lane (-1: none), at a place of the screen."""
    menu_asked = Signal(int, QPoint)
    """For the event with that ordinal."""

    def __init__(self, desk: Desk, view: LanesView) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view
        self._model = view.model
        self._drag = ""
        self._from = QPointF()
        self._at = QPointF()
        self._window_before = self._model.window
        self._has_moved = False
        self._lane_moved = -1
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

    def _cursor_at(self, position: QPointF) -> str:
        """Which line or flag is under the pointer: "a", "b" or none."""
        overlay, cursor = self._view.overlay, self._desk.cursor
        if overlay.flag.contains(position):
            return "a"
        if overlay.other_flag.contains(position):
            return "b"
        for name, ordinal in (("a", self._model.ordinal), ("b", cursor.other)):
            if ordinal is None or not self._model.window.contains(self._model.places.of(ordinal)):
                continue
            if abs(position.x() - overlay.x_of(ordinal)) <= GRAB:
                return name
        return ""

    # -- buttons -------------------------------------------------------------------------------------------------

    def _on_press(self, event: QMouseEvent) -> None:
        self._leave()
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        self._from, self._window_before = event.position(), self._model.window
        self._has_moved = False
        if self._in_gutter(event.position()):
            self._lane_moved = self._view.lane_at(event.position().y())
            self._drag = "menu" if event.button() == Qt.MouseButton.RightButton else "lane"
        elif event.button() == Qt.MouseButton.RightButton:
            self._drag = "box"
        elif event.button() == Qt.MouseButton.LeftButton and event.modifiers() & _SHIFT:
            self._drag = "range"
        elif event.button() == Qt.MouseButton.LeftButton and event.modifiers() & _CONTROL:
            self._drag = "b"
        elif event.button() == Qt.MouseButton.LeftButton:
            self._drag = self._cursor_at(event.position()) or "pan"

    def _on_move(self, event: QMouseEvent) -> None:
        position = event.position()
        if not self._drag:
            self._hover(position)
            return
        moved = position.x() - self._from.x()
        self._has_moved = self._has_moved or (position - self._from).manhattanLength() >= CLICK
        if self._drag in ("a", "b"):
            if moved:
                self._take_along(self._drag, position)
        elif not self._has_moved:
            return
        elif self._drag == "box":
            self._view.overlay.set_box((self._x(self._from), self._x(position)))
        elif self._drag == "range":
            select_between(self._model, self._place_at(self._from), self._place_at(position))
        elif self._drag == "lane":
            self._move_lane(self._view.lane_at(position.y()))
        elif self._drag == "pan":
            per_pixel = self._window_before.span / self._view.plot_rect.width()
            self._model.set_window(self._window_before.panned(-moved * per_pixel))
            self._view.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _on_release(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, ""
        self._view.unsetCursor()
        self._view.overlay.set_box(None)
        where = event.globalPosition().toPoint()
        if self._has_moved:
            if drag == "box":
                window = self._model.window
                self._model.set_window(
                    window.between(self._place_at(self._from), self._place_at(event.position()))
                )
        elif drag == "menu":
            self.lane_menu_asked.emit(self._lane_moved, where)
        elif drag == "box":
            self.menu_asked.emit(self._event_at(event.position()), where)
        elif drag in ("lane", "pan", "a"):
            self._choose(event.position())
        elif drag == "b":
            self._choose_other(event)

    def _choose(self, position: QPointF) -> None:
        """A goes there. The flag of an A out of sight brings it back."""
        lane, model, view = self._view.lane_at(position.y()), self._model, self._view
        if view.overlay.flag.contains(position):
            model.set_window(model.window.showing(model.places.of(model.ordinal)))
        elif self._in_gutter(position):
            if lane >= 0:
                model.go(model.lanes.nearest(lane, model.places.of(model.ordinal)))
        else:
            model.go(self._event_at(position))

    def _choose_other(self, event: QMouseEvent) -> None:
        """B goes there; its flag brings a B out of sight back."""
        cursor, model = self._desk.cursor, self._model
        if event.modifiers() & _CONTROL:
            cursor.set_other(self._event_at(event.position()))
        elif self._view.overlay.other_flag.contains(event.position()) and cursor.other is not None:
            model.set_window(model.window.showing(model.places.of(cursor.other)))
        else:  # its line is in the way of what was meant
            self._choose(event.position())

    def _event_at(self, position: QPointF) -> int:
        """The nearest event of the lane; above the lanes the nearest of all. A bar stands for its first event."""
        lane = self._view.lane_at(position.y())
        if lane < 0:
            return self._nearest(position)
        events = self._events_at(lane, position, near=float("inf"))
        return events[0] if events else self._model.lanes.nearest(lane, self._place_at(position))

    def _nearest(self, position: QPointF) -> int:
        return self._model.places.nearest(self._place_at(position), self._model.window)

    def _take_along(self, cursor: str, position: QPointF) -> None:
        if cursor == "a":
            self._model.go(self._nearest(position))
        else:
            self._desk.cursor.set_other(self._nearest(position))

    def _move_lane(self, target: int) -> None:
        history, before = self._model.history, self._lane_moved
        if history is None or target < 0 or before < 0 or target == before:
            return
        name = self._model.lane_name(before)
        self._model.choose_lanes(self._model.choice.moved(name, target - before, history.types))
        self._lane_moved = target
        self._view.setCursor(Qt.CursorShape.ClosedHandCursor)

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
        elif self._cursor_at(position):
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
        """The event whose mark is at most so near, of those that stand out first, or all events of the bar there;
        empty if there is nothing."""
        parts = [one for one in self._view.drawing.parts(lane) if len(one.ordinals)]
        for part in parts:
            events = self._events_of(part, position, NEAR if part is not parts[-1] else near)
            if events:
                return events
        return []

    def _events_of(self, part: DrawnLane, position: QPointF, near: float) -> list[int]:
        x, width = self._x(position), self._view.plot_rect.width()
        if part.bars is not None:
            return [int(one) for one in events_of_bar(part, x, self._view.drawing.bar_width)]
        at = closest(part.at, self._place_at(position))
        is_near = abs(self._model.window.x_of(at, width) - x) <= near
        return [int(part.ordinals[part.at.searchsorted(at)])] if is_near else []

    def _tell(self, event: QHelpEvent) -> None:
        """The whole name of a lane; above the lanes whatever is said there, in full; in them what is wrong there."""
        if self._in_gutter(QPointF(event.pos())):
            self._view.gutter.tell(event, self._view.lane_at(event.pos().y()))
        elif event.pos().y() < self._view.measures.flags:
            text = "\n".join(said.text for said in self._view.about.sentences())
            QToolTip.showText(event.globalPos(), plain_tip(text), self._view)
        else:
            plot = self._view.plot_rect
            text = self._view.overlay.faults.tip(event.pos().x() - plot.left(), plot.width())
            QToolTip.showText(event.globalPos(), plain_tip(text), self._view)

    def _leave(self) -> None:
        self._rest.stop()
        self._model.set_hovered(-1)
        self.left.emit()


_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
