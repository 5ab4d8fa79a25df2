"""A table that knows which row the pointer is on."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTableView, QWidget


class HoverTable(QTableView):
    """`hovered` is that row, or -1; delegates paint it in the hover tone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered = -1
        self.setMouseTracking(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row == self.hovered:
            return
        for one in (row, self.hovered):
            if one >= 0:
                width = self.viewport().width()
                self.viewport().update(0, self.rowViewportPosition(one), width, self.rowHeight(one))
        self.hovered = row
