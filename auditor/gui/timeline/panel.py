"""A panel: the timeline."""

from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk


class TimelinePanel(QWidget):
    """Shows the timeline."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
