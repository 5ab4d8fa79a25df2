"""Text of an event, to be read and copied: one or several texts, each with its size, long ones part by part."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.event.text_parts import Parts
from auditor.gui.state.field_viewer import show_wrapped

FEW, MANY = 8, 16  # bytes to the line


class TextPart(QWidget):
    """A heading with the size, one part of the text, and a button that copies all of it exactly."""

    def __init__(
        self, name: str, title: str, appearance: Appearance, copy: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._name, self._title = name, title
        self._appearance = appearance
        self._parts: Parts | None = None
        self._shown: tuple[Parts, int, int] | None = None
        self._number = 0
        self._heading = QLabel(title)
        self._heading.setObjectName(f"{name}.heading")
        self._heading.setProperty("type", "group")
        self._copy = QPushButton(tr("Copy"))
        self._copy.setObjectName(f"{name}.copy")
        self._copy.setAccessibleName(tr("Copy: {title}", title=title))
        self._copy.setProperty("link", True)
        self._copy.clicked.connect(lambda _=False: copy())
        self.text = QPlainTextEdit()
        self.text.setObjectName(f"{name}.text")
        self.text.setAccessibleName(title)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self._note = QLabel()
        self._note.setObjectName(f"{name}.note")
        self._note.setProperty("type", "quiet")
        self._previous = self._button("previous", tr("Previous part"), -1)
        self._next = self._button("next", tr("Next part"), 1)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._copy)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._previous)
        foot.addWidget(self._next)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        column.addWidget(self._foot)
        appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def tell(self, parts: Parts) -> None:
        """Another text, from its beginning; the same one stays where it is."""
        if parts is not self._parts:
            self._parts, self._number = parts, 0
        size = tr("1 byte") if parts.size == 1 else tr("{count:,} bytes", count=parts.size)
        self._heading.setText(tr("{title}, {size}", title=self._title, size=size))
        self._show_part()

    def show_part(self, number: int) -> None:
        """That one, or the nearest that there is."""
        if self._parts is not None:
            self._number = min(max(number, 0), self._parts.count - 1)
            self._show_part()

    def reveal(self, at: int, length: int) -> None:
        """Selects that run of the text, in the part where it stands."""
        if self._parts is None:
            return
        spot = self._parts.spot(at, length, self._width())
        self.show_part(spot.part)
        cursor = self.text.textCursor()
        cursor.setPosition(spot.begin)
        cursor.setPosition(spot.begin + spot.length, QTextCursor.MoveMode.KeepAnchor)
        self.text.setTextCursor(cursor)
        self.text.centerCursor()

    def forget(self) -> None:
        """The text is let go; the next one is told."""
        self._parts = self._shown = None
        self.text.clear()

    def _show_part(self) -> None:
        parts = self._parts
        if parts is None:
            return
        shown = (parts, self._number, 0 if parts.wraps else self._width())
        if self._shown != shown:
            self._shown = shown
            seen = parts.part(self._number, self._width())
            if parts.wraps:
                show_wrapped(self.text, seen)
            else:
                self.text.clear()
                self.text.setWordWrapMode(QTextOption.WrapMode.NoWrap)
                self.text.setPlainText(seen)
        self._foot.setVisible(parts.count > 1)
        said = tr("Part {number:,} of {count:,}; Copy takes all.", number=self._number + 1, count=parts.count)
        self._note.setText(said)
        self._previous.setEnabled(self._number > 0)
        self._next.setEnabled(self._number + 1 < parts.count)

    def _width(self) -> int:
        """Bytes to the line: as many as there is room for."""
        wanted = QFontMetrics(self.text.font()).horizontalAdvance("0" * (10 + 4 * MANY + 2))
        return MANY if self.text.viewport().width() >= wanted else FEW

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._parts is not None and not self._parts.wraps:
            self._show_part()

    def _button(self, name: str, title: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"{self._name}.{name}")
        button.setAccessibleName(f"{title}: {self._title}")
        button.setToolTip(title)
        button.clicked.connect(lambda _=False: self.show_part(self._number + by))
        return button

    def _on_appearance_changed(self) -> None:
        self.text.setFont(self._appearance.mono())
        size = self._appearance.sizes.icon
        for button, icon in ((self._previous, "previous"), (self._next, "next")):
            button.setIcon(self._appearance.icon(icon))
            button.setIconSize(QSize(size, size))
        self._show_part()


class TextPage(QWidget):
    """Texts below each other."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 8, 12, 12)
        self._column.setSpacing(8)

    def add(self, part: QWidget, stretch: int) -> None:
        self._column.addWidget(part, stretch)
