"""The table in which rows of a read model are looked at."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.projections.cells import LEFT, CellTable, text_width
from auditor.gui.projections.rows_model import RowsModel

ROW = 26
WIDEST = 420
MEASURED = 60
"""So many rows of the first page say how wide a column is."""


class RowsTable(CellTable):
    """A cell is what is chosen. Rows keep their place when pages come and go."""

    seen = Signal(int, int)
    """Held rows from … to … are visible."""

    def __init__(self, desk: Desk, model: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(desk, "projections.rows-page.list", by_row=False, parent=parent)
        self._rows = model
        self._is_settling = False
        self._kept = 0
        self.setModel(model)
        self.setAccessibleName(tr("Rows of the read model"))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._tell_seen())
        self.selectionModel().currentChanged.connect(lambda *_: desk.copying.refresh())
        model.changing.connect(self._before_change)
        model.moved.connect(self._after_change)
        model.modelReset.connect(self._on_reset)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    @property
    def seen_rows(self) -> tuple[int, int]:
        """The first and the last visible one of those that are held."""
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return first, self._rows.rowCount() - 1 if last < 0 else last

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_seen()

    def _tell_seen(self) -> None:
        if not self._is_settling and self._rows.rowCount():
            self.seen.emit(*self.seen_rows)

    def _before_change(self) -> None:
        self._is_settling = True
        self._kept = self.verticalScrollBar().value()

    def _after_change(self, rows: int) -> None:
        self.doItemsLayout()
        height = self.verticalHeader().defaultSectionSize()
        self.verticalScrollBar().setValue(self._kept + rows * height)
        self._is_settling = False
        self._tell_seen()

    def _on_reset(self) -> None:
        self._is_settling = True
        self.doItemsLayout()
        self.verticalScrollBar().setValue(0)
        self._measure()
        if self._rows.rowCount():
            self.setCurrentIndex(self._rows.index(0, 0))
        self._is_settling = False
        self._tell_seen()

    def _measure(self) -> None:
        sizes = self.desk.appearance.sizes
        for column in range(self._rows.columnCount()):
            title = str(self._rows.headerData(column, Qt.Orientation.Horizontal))
            width = text_width(self, title, "caption")
            for row in range(min(self._rows.rowCount(), MEASURED)):
                cell = self._rows.cell(row, column)
                width = max(width, text_width(self, cell.text, cell.font))
            edge = LEFT if column == 0 else 0
            self.setColumnWidth(column, min(width + edge + sizes(8), sizes(WIDEST)))

    def _on_appearance_changed(self) -> None:
        self.set_row_height(ROW)
        self._measure()
