"""The list of projections as it is seen and moved in."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.projections.cells import GAP, LEFT, CellTable, text_width
from auditor.gui.projections.list_model import (
    BUILT,
    CHECKPOINT,
    CODE,
    COLUMNS,
    HEAD,
    LAG,
    NAME,
    ROWS,
    STATE,
    TARGET,
    ProjectionModel,
)

ROW = 30
GIVE_WAY = (TARGET, HEAD)
"""Columns that go first where there is no room."""


class ProjectionList(CellTable):
    """`chosen` tells the name of the row that is now current; `entered` that Enter or a double click opened it."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, desk: Desk, model: ProjectionModel, parent: QWidget | None = None) -> None:
        super().__init__(desk, "projections.list", by_row=True, parent=parent)
        self._rows = model
        self.setModel(model)
        self.setAccessibleName(tr("Projections"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.doubleClicked.connect(lambda _: self.entered.emit())
        model.modelReset.connect(self._lay_out_columns)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    @property
    def selected(self) -> str | None:
        """The name of the chosen projection."""
        index = self.currentIndex()
        return self._rows.row(index.row()).name if index.isValid() else None

    def select(self, name: str) -> bool:
        """Whether there is such a one."""
        number = self._rows.number_of(name)
        if number is None:
            return False
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._rows.index(number, NAME), flags)
        return True

    def fitting_height(self, most: int) -> int:
        """With all rows, or with as many whole ones as fit into `most` pixels."""
        sizes = self.desk.appearance.sizes
        head = sizes(25)
        rows = min(self._rows.rowCount(), max((most - head) // sizes(ROW), 2))
        rest = 8 if rows == self._rows.rowCount() else 0
        return head + rows * sizes(ROW) + rest

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_columns()

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._rows.row(current.row()).name)

    def _on_appearance_changed(self) -> None:
        self.set_row_height(ROW)
        self._lay_out_columns()

    def _lay_out_columns(self) -> None:
        """Numbers are as wide as they need, name and read model share the rest; what gives way is in the details."""
        wide = self.viewport().width()
        edge = LEFT - self.desk.appearance.sizes(GAP)
        least = {column: self._least(column) for column in range(COLUMNS)}
        least[NAME] += edge
        least[BUILT] += edge
        shown = set(range(COLUMNS))
        for column in GIVE_WAY:
            if sum(least[one] for one in shown) > wide:
                shown.discard(column)
        spare = wide - sum(least[one] for one in shown)
        if spare > 0:
            for column, share in ((NAME, 0.3), (STATE, 0.12)):
                least[column] += int(spare * share) if TARGET in shown else 0
            rest = wide - sum(least[one] for one in shown)
            least[TARGET if TARGET in shown else NAME] += rest
        for column in range(COLUMNS):
            self.setColumnHidden(column, column not in shown)
            self.setColumnWidth(column, max(least[column], 1))

    def _least(self, column: int) -> int:
        sizes = self.desk.appearance.sizes
        title = text_width(self, str(self._rows.headerData(column, Qt.Orientation.Horizontal)), "caption")
        if column == NAME:
            return sizes(150)
        if column == STATE:
            return max(
                title,
                text_width(self, tr("Failed at {position:,}", position=10**7), "small-medium") + sizes(20),
            )
        if column == TARGET:
            return sizes(170)
        texts = [self._rows.cell(row, column) for row in range(min(self._rows.rowCount(), 200))]
        widest = max((text_width(self, cell.text, cell.font) for cell in texts), default=0)
        usual = {CHECKPOINT: 84, HEAD: 84, LAG: 84, ROWS: 84, CODE: 110, BUILT: 116}[column]
        return max(title, widest, sizes(usual))
