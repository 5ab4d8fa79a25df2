"""A panel: projections and their rebuild."""

from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk


class ProjectionsView(QWidget):
    """Shows projections and their rebuild."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
