"""The strip over a panel: its title, and a row to which others add what they need."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from auditor.gui.desk import Desk


class PanelHeader(QWidget):
    """36 high with a hairline below. `row` holds the title, then a stretch."""

    def __init__(self, desk: Desk, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName(f"{name}.header")
        self.setProperty("hairline", "below")
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = QLabel(title)
        self.title.setObjectName(f"{name}.title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setProperty("type", "strong")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(16, 0, 8, 0)
        self.row.setSpacing(8)
        self.row.addWidget(self.title)
        self.row.addStretch(1)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(self._desk.appearance.sizes(36) + 1)
