"""A panel: the chosen aggregate."""

from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk


class AggregateHeader(QWidget):
    """Shows the chosen aggregate."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
