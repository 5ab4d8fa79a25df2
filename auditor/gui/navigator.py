"""A panel: aggregates and their types."""

from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk


class Navigator(QWidget):
    """Shows aggregates and their types."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
