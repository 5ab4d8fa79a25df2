"""A row to find a text with: the text, how many places there are, to the next and back."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from auditor.core.text import tr
from auditor.gui.appearance import Appearance


class FindBar(QWidget):
    """Says only what it is told. `asked` with each new text, `stepped` by how many places, `closed` by the user."""

    asked = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, name: str, title: str, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName(name)
        self.setProperty("surface", "side")
        self.setProperty("hairline", "below")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = QLineEdit()
        self.text.setObjectName(f"{name}.text")
        self.text.setAccessibleName(title)
        self.text.setPlaceholderText(title)
        self.text.setClearButtonEnabled(True)
        self._count = QLabel()
        self._count.setObjectName(f"{name}.count")
        self._count.setProperty("type", "small")
        self._previous = self._button("previous", tr("Previous place"))
        self._next = self._button("next", tr("Next place"))
        self._close = self._button("close", tr("Close the search"))
        self._previous.clicked.connect(lambda _=False: self.stepped.emit(-1))
        self._next.clicked.connect(lambda _=False: self.stepped.emit(1))
        self._close.clicked.connect(lambda _=False: self.closed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(self.text, 1)
        for widget in (self._count, self._previous, self._next, self._close):
            row.addWidget(widget)
        self.text.textChanged.connect(self.asked)
        appearance.changed.connect(self._draw_icons)
        self._draw_icons()
        self.tell(-1, 0, 0)
        self.hide()

    def enter(self) -> None:
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def tell(self, at: int, found: int, total: int, *, waits: bool = False) -> None:
        """`at` counts from 0, -1 for none of them; `found` of `total` places can be gone to."""
        if not self.text.text() or waits:
            said = ""
        elif not found:
            said = tr("not found")
        elif at < 0:
            said = tr("1 place") if total == 1 else tr("{count:,} places", count=total)
        else:
            said = tr("{at:,} of {count:,}", at=at + 1, count=total)
        if found < total:
            said = tr("{text}, the first {count:,} are listed", text=said, count=found)
        self._count.setText(said)
        for button in (self._previous, self._next):
            button.setEnabled(bool(found))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if back else 1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _button(self, name: str, title: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"{self.objectName()}.{name}")
        button.setAccessibleName(title)
        button.setToolTip(title)
        return button

    def _draw_icons(self) -> None:
        look = self._appearance
        for button, icon in ((self._previous, "previous"), (self._next, "next"), (self._close, "close")):
            button.setIcon(look.icon(icon))
            button.setIconSize(QSize(look.sizes.icon, look.sizes.icon))
