"""A panel: the state at A."""

from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk


class StatePanel(QWidget):
    """Shows the state at A."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
