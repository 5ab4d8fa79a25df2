"""A hand at the timeline: moves, clicks and drags as a real pointer sends them."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from auditor.gui.timeline.panel import TimelinePanel

LEFT, RIGHT, NO = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def mouse(
    widget: QWidget,
    kind: QEvent.Type,
    where: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NO,
) -> None:
    """As a real pointer sends it: moves carry the buttons that are held."""
    moves, released = kind is QEvent.Type.MouseMove, kind is QEvent.Type.MouseButtonRelease
    held = Qt.MouseButton.NoButton if released else button
    own = Qt.MouseButton.NoButton if moves else button
    event = QMouseEvent(kind, where, QPointF(widget.mapToGlobal(where)), own, held, keys)
    QApplication.sendEvent(widget, event)


def drag(
    widget: QWidget,
    begin: QPointF,
    end: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NO,
) -> None:
    mouse(widget, QEvent.Type.MouseButtonPress, begin, button, keys)
    for step in range(1, 6):
        mouse(widget, QEvent.Type.MouseMove, begin + (end - begin) * step / 5, button, keys)
    mouse(widget, QEvent.Type.MouseButtonRelease, end, button, keys)


def click(
    widget: QWidget, where: QPointF, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO
) -> None:
    mouse(widget, QEvent.Type.MouseButtonPress, where, button, keys)
    mouse(widget, QEvent.Type.MouseButtonRelease, where, button, keys)


def place(panel: TimelinePanel, ordinal: float, lane: int | None = None) -> QPointF:
    """By version. Without a lane: in the strip of the flags."""
    lanes = panel.lanes
    x = lanes.plot_rect.left() + panel.model.window.x_of(ordinal, lanes.plot_rect.width())
    return QPointF(x, 5 if lane is None else lanes.lane_rect(lane).center().y() + 0.5)
