"""A panel: what is seen without a store."""

from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk


class StartPage(QWidget):
    """Shows what is seen without a store."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
