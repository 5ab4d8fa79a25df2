"""What all dialogs have in common: modal, Esc closes, buttons at the right, the focus goes back to where it was."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from auditor.gui.appearance import Appearance
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.plain_tip import plain_tip

FORM_WIDTH = 560


class Dialog(QDialog):
    """Show it with `open()`. It deletes itself when it is closed."""

    fits_exactly = False
    """All its wrapped texts stand in layouts that Qt asks for their height: it keeps no room in reserve."""

    def __init__(
        self, name: str, title: str, appearance: Appearance, parent: QWidget, *, width: int = FORM_WIDTH
    ) -> None:
        super().__init__(parent)
        self.appearance = appearance
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(appearance.sizes(width))
        self._window = parent
        self._focused_before = QApplication.focusWidget()
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for side in (self._left, self._right):
            side.setSpacing(8)
        buttons.addLayout(self._left)
        buttons.addStretch(1)
        buttons.addLayout(self._right)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addLayout(self.body)
        column.addLayout(buttons)
        self.finished.connect(self._give_focus_back)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """As high as its texts need at its width: Qt does not ask wrapped texts in nested layouts."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            height = layout.totalHeightForWidth(self.width())
            self.setFixedHeight(height if self.fits_exactly else max(height, layout.totalSizeHint().height()))

    def add_button(
        self, role: str, text: str, act: Callable[[], object], *, primary: bool = False, left: bool = False
    ) -> QPushButton:
        """In the order from left to right; the primary one is also what Enter does."""
        button = QPushButton(text)
        button.setObjectName(f"{self.objectName()}.{role}")
        button.setAutoDefault(False)
        if primary:
            button.setProperty("primary", True)
            button.setDefault(True)
        if left:
            button.setFlat(True)
        button.clicked.connect(lambda _checked=False: act())
        (self._left if left else self._right).addWidget(button)
        return button

    def add_heading(self, text: str, icon: str = "", tone: str = "text2") -> QLabel:
        row = QHBoxLayout()
        row.setSpacing(10)
        if icon:
            size = self.appearance.sizes(18)
            sign = QLabel()
            sign.setPixmap(self.appearance.icon(icon, tone).pixmap(size, size))
            sign.setContentsMargins(0, 1, 0, 0)
            row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        label = text_label(text, "title")
        label.setWordWrap(True)
        row.addWidget(label, 1)
        self.body.addLayout(row)
        return label

    def add_text(self, text: str, kind: str = "body2") -> QLabel:
        label = text_label(text, kind)
        label.setWordWrap(True)
        self.body.addWidget(label)
        return label

    def add_note(self, text: str) -> QLabel:
        """On a quiet ground, for what must be known before one decides."""
        label = text_label(text, "small")
        label.setWordWrap(True)
        label.setProperty("surface", "note")
        self.body.addWidget(label)
        return label

    def add_line(self) -> None:
        line = QFrame()
        line.setFixedHeight(1)
        line.setProperty("surface", "line")
        self.body.addWidget(line)

    def _give_focus_back(self) -> None:
        give_focus_back(self._focused_before, self._window)


def give_focus_back(before: QWidget | None, window: QWidget) -> None:
    """To what had it, to what that stands in where it is hidden, to the window where it is gone."""
    heir = before if before is not None and isValid(before) else None
    while heir is not None and not (heir.isVisible() and heir.focusPolicy() & Qt.FocusPolicy.TabFocus):
        heir = heir.parentWidget()
    (heir or window).setFocus(Qt.FocusReason.PopupFocusReason)


class FactList(QWidget):
    """Names and values in two columns; values are plain text, cut in the middle where they are long."""

    def __init__(self, name: str, appearance: Appearance, *, names_wide: int = 104) -> None:
        super().__init__()
        self.setObjectName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(appearance.sizes(5))
        self._grid.setColumnMinimumWidth(0, appearance.sizes(names_wide))
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}

    def set(self, name: str, value: str, *, mono: bool = False, wrapped: bool = False) -> None:
        """Adds the fact, or changes the one of that name. `wrapped`: on as many lines as it needs."""
        known = self._values.get(name)
        if known is not None:
            known.setText(value)
            known.setToolTip(plain_tip(value))
            known.setAccessibleName(f"{name}: {value}")
            return
        row = len(self._values)
        shown: QLabel = (
            text_label(value, "small") if wrapped else ElidedLabel(value, mode=Qt.TextElideMode.ElideMiddle)
        )
        shown.setWordWrap(wrapped)
        shown.setProperty("type", "mono" if mono else "small")
        shown.setProperty("tone", "text")
        shown.setAccessibleName(f"{name}: {value}")
        self._values[name] = shown
        self._grid.addWidget(text_label(name, "small"), row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(shown, row, 1)

    def text(self) -> str:
        """All of it, for the clipboard."""
        return "\n".join(f"{name}: {label.text()}" for name, label in self._values.items())


def text_label(text: str, kind: str) -> QLabel:
    """Plain text of one of the style sheet's types."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("type", kind)
    return label
