"""The line above a page of the details: sign, title, what it means, and its buttons at the right."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from auditor.gui.desk import Desk
from auditor.gui.parts.elided_label import ElidedLabel

Control = TypeVar("Control", bound=QWidget)


class PageHead(QWidget):
    """Buttons keep their order; one that is not wanted now leaves its place to those left of it."""

    def __init__(self, desk: Desk, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._icon = self._tone = ""
        self._sign = QLabel()
        self._title = ElidedLabel()
        self._title.setObjectName(f"{name}.title")
        self._title.setProperty("type", "title")
        self._line = ElidedLabel()
        self._line.setObjectName(f"{name}.line")
        self._line.setProperty("type", "small")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        for widget in (self._sign, self._title):
            self._row.addWidget(widget)
        self._row.addWidget(self._line, 1)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def add(self, control: Control) -> Control:
        self._row.addWidget(control)
        return control

    def tell(self, title: str, line: str, icon: str = "", tone: str = "text2") -> None:
        if (icon, tone) != (self._icon, self._tone):
            self._icon, self._tone = icon, tone
            self._draw_sign()
        if title != self._title.text():
            self._title.set_text(title)
            self._title.setMinimumWidth(0)
        if line != self._line.text():
            self._line.set_text(line)

    def _draw_sign(self) -> None:
        self._sign.setVisible(bool(self._icon))
        if self._icon:
            size = self._desk.appearance.sizes(16)
            self._sign.setPixmap(self._desk.appearance.icon(self._icon, self._tone).pixmap(size, size))

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(self._desk.appearance.sizes(44))
        self._draw_sign()


def page_layout_margins() -> tuple[int, int, int, int]:
    """Left, top, right, bottom of every page below the list."""
    return (16, 4, 16, 12)


def breakable(label: QLabel) -> QLabel:
    """Plain text that wraps and can be selected."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
