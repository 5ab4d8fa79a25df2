"""A panel: every value that a field had, who set it, and when."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.parts.panel_header import PanelHeader


class FieldHistory(QWidget):
    """Follows `desk.looking.pointer`."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("blame")
        self.setAccessibleName(tr("Values of a field"))
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.header = PanelHeader(desk, "blame", tr("Values of a field"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addStretch(1)
