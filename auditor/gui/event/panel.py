"""A panel: the event at A."""

from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk


class EventPanel(QWidget):
    """Shows the event at A."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
