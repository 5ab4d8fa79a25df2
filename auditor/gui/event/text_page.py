"""Text of an event, to be read and copied: one or several parts, each with its size."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.event.reading import MOST_SHOWN, StoredText
from auditor.gui.state.field_viewer import show_wrapped


class TextPart(QWidget):
    """A heading with the size, the text, and a button that copies all of it exactly."""

    def __init__(
        self, name: str, title: str, appearance: Appearance, copy: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._appearance = appearance
        self._heading = QLabel(title)
        self._heading.setObjectName(f"{name}.heading")
        self._heading.setProperty("type", "group")
        self._note = QLabel()
        self._note.setObjectName(f"{name}.note")
        self._note.setProperty("type", "quiet")
        self._note.setWordWrap(True)
        self._copy = QPushButton(tr("Copy"))
        self._copy.setObjectName(f"{name}.copy")
        self._copy.setAccessibleName(tr("Copy: {title}", title=title))
        self._copy.setProperty("link", True)
        self._copy.clicked.connect(lambda _=False: copy())
        self._text = QPlainTextEdit()
        self._text.setObjectName(f"{name}.text")
        self._text.setAccessibleName(title)
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._text, 1)
        column.addWidget(self._note)
        appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def tell(self, text: StoredText) -> None:
        size = tr("1 byte") if text.size == 1 else tr("{count:,} bytes", count=text.size)
        self._heading.setText(tr("{title}, {size}", title=self._title, size=size))
        show_wrapped(self._text, text.seen)
        self._note.setVisible(text.is_cut)
        if text.is_cut:
            self._note.setText(
                tr(
                    "The first {shown:,} of {count:,} characters are shown. Copy takes all.",
                    shown=MOST_SHOWN,
                    count=text.characters,
                )
            )

    def _on_appearance_changed(self) -> None:
        self._text.setFont(self._appearance.mono())


class TextPage(QWidget):
    """Parts below each other."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 8, 12, 12)
        self._column.setSpacing(8)

    def add(self, part: TextPart, stretch: int) -> None:
        self._column.addWidget(part, stretch)
