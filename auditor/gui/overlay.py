"""What floats over a dimmed window: palette and keys."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from auditor.gui.appearance import Appearance
from auditor.gui.dialogs.dialog import give_focus_back

_DIM = {False: QColor(26, 30, 38, 60), True: QColor(0, 0, 0, 130)}


class Overlay(QWidget):
    """Covers the window; `box` floats in it. Esc or a click beside the box closes it, and the focus goes back."""

    def __init__(self, name: str, title: str, window: QWidget, appearance: Appearance) -> None:
        super().__init__(window)
        self.appearance = appearance
        self._window = window
        self._focused_before: QWidget | None = None
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.box = QFrame(self)
        self.box.setObjectName(f"{name}.box")
        self.box.setProperty("surface", "floating")
        self.box.setAccessibleName(title)
        self.column = QVBoxLayout(self.box)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        window.installEventFilter(self)
        self.hide()

    def place_box(self) -> None:
        """Sizes and moves the box within the window; called whenever that changes."""
        raise NotImplementedError

    def begin(self, first: QWidget) -> None:
        """Shows it with the focus in `first`."""
        if not self.isVisible():
            self._focused_before = QApplication.focusWidget()
        self.setGeometry(self._window.rect())
        self.place_box()
        self.raise_()
        self.show()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def end(self) -> None:
        """Hides it."""
        if not self.isVisible():
            return
        self.hide()
        before, self._focused_before = self._focused_before, None
        give_focus_back(before, self._window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
            self.place_box()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays within the box."""
        inside = [
            widget
            for widget in self.box.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
        ]
        if inside:
            focused = QApplication.focusWidget()
            at = inside.index(focused) if focused in inside else -1
            inside[(at + (1 if forward else -1)) % len(inside)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # no command of the window is run by keys that are typed here
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        event.accept()  # nothing below is reached by keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.box.geometry().contains(event.position().toPoint()):
            self.end()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), _DIM[self.appearance.theme.is_dark])
