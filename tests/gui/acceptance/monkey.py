"""A seeded user without sense: presses, types, drags and resizes at random, and writes down what it did."""

import random
from collections.abc import Callable, Iterator

from PySide6.QtCore import QElapsedTimer, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QInputMethodEvent, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMenuBar,
    QSplitterHandle,
    QWidget,
)

from auditor.gui.action_table import ActionId, action_table
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
INTERACTIVE = (QAbstractButton, QAbstractItemView, QAbstractSlider, QLineEdit, QSplitterHandle)
SURFACES = ("timeline.lanes", "timeline.overview", "timeline.slider", "timeline.gutter", "navigator.grip")
SIZES = ((960, 640), (1080, 700), (1280, 800), (1440, 900), (1920, 1080), (2560, 1440))
LEFT_ALONE = frozenset({ActionId.QUIT, ActionId.OPEN_DEMO, ActionId.NEW_WINDOW})
"""What would end the window, make a large store, or a window that nobody watches."""
MENU_CLOSED_AFTER_MS = 60
BUTTONS_LEFT_ALONE = ("start.open-demo",)
WORDS = (
    "order",
    "c-2",
    "order-1003",
    "price",
    "SKU",
    "status",
    ">rebuild",
    "#order-10",
    "@total",
    "17",
    "é‮",
    " ",
)


class Monkey:
    """Acts on the windows of this process. `done` is what it did, in words."""

    def __init__(self, window: MainWindow, append: Callable[[], object], seed: int) -> None:
        """`append` writes an event into the store, as another program does."""
        self.window = window
        self.append = append
        self.random = random.Random(seed)
        self.done: list[str] = []
        self._acting = QElapsedTimer()
        self._out = QTimer(window, interval=20)
        self._out.timeout.connect(self._leave_menu)
        self._out.start()
        self._keys = [keys for spec in action_table() if spec.id not in LEFT_ALONE for keys in spec.keys]
        self._keys += [
            "Up",
            "Down",
            "Left",
            "Right",
            "PgUp",
            "PgDown",
            "Return",
            "Space",
            "Tab",
            "Shift+Tab",
            "Esc",
        ]
        self._acts: list[tuple[int, Callable[[], str]]] = [
            (28, self._press),
            (22, self._key),
            (12, self._drag),
            (5, self._wheel),
            (4, self._type),
            (5, self._choose),
            (4, self._resize),
            (8, self._command),
            (3, self._append),
        ]

    def act(self) -> None:
        """One of its deeds."""
        self._acting.start()
        self._act()
        self._acting.invalidate()

    def _leave_menu(self) -> None:
        """Qt itself waits in some of its menus until they are closed."""
        menu = QApplication.activePopupWidget()
        if menu is not None and self._acting.isValid() and self._acting.elapsed() > MENU_CLOSED_AFTER_MS:
            QTest.keyClick(menu, Qt.Key.Key_Escape)

    def _act(self) -> None:
        """Whatever stands in front of the window comes first."""
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if isinstance(popup, QMenu):
            self.done.append(self._in_menu(popup))
        elif isinstance(modal, QFileDialog) or (isinstance(modal, QDialog) and self.random.random() < 0.4):
            QTest.keyClick(modal, Qt.Key.Key_Escape)
            self.done.append(f"Esc in {modal.objectName()}")
        elif self.random.random() < 0.6 and not self.window.desk.store.is_open and modal is None:
            self.window.desk.actions[ActionId.RECENT_1].trigger()
            self.done.append("open the recent store")
        elif modal is None and not self._sees_timeline and self.random.random() < 0.15:
            self.window.desk.actions[ActionId.VIEW_HISTORY].trigger()
            self.done.append("back to the history")
        else:
            weights = [weight for weight, _ in self._acts]
            (act,) = self.random.choices([act for _, act in self._acts], weights)
            self.done.append(act())

    @property
    def _sees_timeline(self) -> bool:
        return any(one.objectName() == "timeline" for one in self._widgets((QWidget,)))

    # -- the mouse -------------------------------------------------------------------------------------------------

    def _press(self) -> str:
        widget = self._some(list(self._widgets(INTERACTIVE)) or [self.window])
        target = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        at = self._point(target)
        kind = self.random.random()
        if kind < 0.8:
            QTest.mouseClick(target, LEFT, self._held(), at)
        elif kind < 0.92:
            QTest.mouseDClick(target, LEFT, pos=at)
        else:
            reason = QContextMenuEvent.Reason.Mouse
            QApplication.sendEvent(target, QContextMenuEvent(reason, at, target.mapToGlobal(at)))
        return f"press {_name(widget)} at {at.x()},{at.y()}"

    def _drag(self) -> str:
        surfaces = [one for one in self._widgets((QWidget,)) if one.objectName() in SURFACES]
        surfaces += list(self._widgets((QSplitterHandle,)))
        if not surfaces:
            return "drag nothing"
        widget = self._some(surfaces)
        begin, end = self._point(widget), self._point(widget)
        QTest.mousePress(widget, LEFT, self._held(), begin)
        steps = self.random.randrange(1, 30)
        for step in range(1, steps + 1):
            QTest.mouseMove(widget, begin + (end - begin) * (step / steps))
            if self.random.random() < 0.3:
                QApplication.processEvents()
        QTest.mouseRelease(widget, LEFT, pos=end)
        return f"drag {_name(widget)} from {begin.x()},{begin.y()} to {end.x()},{end.y()}"

    def _wheel(self) -> str:
        widget = self._some(
            [one for one in self._widgets((QWidget,)) if one.objectName() in SURFACES] or [self.window]
        )
        at, turned = QPointF(self._point(widget)), QPoint(0, self.random.choice((-240, -120, 120, 240)))
        event = QWheelEvent(
            at,
            QPointF(widget.mapToGlobal(at)),
            QPoint(),
            turned,
            Qt.MouseButton.NoButton,
            self._held(),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)
        return f"wheel on {_name(widget)}"

    def _in_menu(self, menu: QMenu) -> str:
        entries = [
            one for one in menu.actions() if one.isEnabled() and one.isVisible() and not _is_left_alone(one)
        ]
        if not entries or self.random.random() < 0.3:
            QTest.keyClick(menu, Qt.Key.Key_Escape)
            return f"Esc in {_name(menu)}"
        entry = self.random.choice(entries)
        at = menu.actionGeometry(entry).center()
        QTest.mouseMove(menu, at)
        QTest.mouseClick(menu, LEFT, pos=at)
        return f"{entry.text()!r} in {_name(menu)}"

    # -- the keyboard ----------------------------------------------------------------------------------------------

    def _key(self) -> str:
        keys = self.random.choice(self._keys)
        for _ in range(self.random.choice((1, 1, 1, 3))):
            QTest.keySequence(self._target(), QKeySequence(keys))
        return f"keys {keys}"

    def _type(self) -> str:
        text = self.random.choice(WORDS)
        if self.random.random() < 0.5:
            QTest.keySequence(
                self._target(), QKeySequence(self.random.choice(("/", "Ctrl+K", "Ctrl+F", "Ctrl+G")))
            )
        if text.isascii():
            QTest.keyClicks(self._target(), text)
        else:
            written = QInputMethodEvent("", [])
            written.setCommitString(text)
            QApplication.sendEvent(self._target(), written)
        return f"type {text!r}"

    def _target(self) -> QWidget:
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
            QApplication.processEvents()
        return QApplication.focusWidget() or QApplication.activeWindow() or self.window

    # -- other things users do -------------------------------------------------------------------------------------

    def _command(self) -> str:
        """A command, as its menu entry does it."""
        names = [spec.id for spec in action_table() if spec.id not in LEFT_ALONE]
        name = self.random.choice(names)
        if QApplication.activeModalWidget() is None:
            self.window.desk.actions[name].trigger()
        return f"command {name}"

    def _choose(self) -> str:
        if not self.window.desk.store.is_open:
            return "choose nothing"
        name = self.random.choice(
            ("order-1001", "order-1003", "order-1036", "c-20001", "order-1105", "nobody")
        )
        ordinal = self.random.choice((None, 1, 3, 400))
        self.window.desk.cursor.go_to(Place(name, None, ordinal))
        return f"go to {name} at {ordinal}"

    def _resize(self) -> str:
        width, height = self.random.choice(SIZES)
        self.window.resize(width, height)
        return f"resize to {width}x{height}"

    def _append(self) -> str:
        self.append()
        return "another program appends"

    # -- picking ---------------------------------------------------------------------------------------------------

    def _widgets(self, kinds: tuple[type[QWidget], ...]) -> Iterator[QWidget]:
        """Of the window in front, those that can be used."""
        top = QApplication.activeModalWidget() or self.window
        for widget in top.findChildren(QWidget):
            if (
                isinstance(widget, kinds)
                and widget.isVisible()
                and widget.isEnabled()
                and not widget.visibleRegion().isEmpty()
                and widget.objectName() not in BUTTONS_LEFT_ALONE
                and not isinstance(widget, QMenuBar)
            ):
                yield widget

    def _some(self, widgets: list[QWidget]) -> QWidget:
        return self.random.choice(widgets)

    def _point(self, widget: QWidget) -> QPoint:
        return QPoint(
            self.random.randrange(max(widget.width(), 1)), self.random.randrange(max(widget.height(), 1))
        )

    def _held(self) -> Qt.KeyboardModifier:
        return self.random.choice(
            [Qt.KeyboardModifier.NoModifier] * 5
            + [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier]
        )


def _name(widget: QWidget) -> str:
    return widget.objectName() or type(widget).__name__


def _is_left_alone(action: QAction) -> bool:
    return any(action.objectName() == f"action.{name}" for name in LEFT_ALONE)
