"""A table whose rows are painted whole: cell by cell through a delegate it takes three times as long."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from auditor.gui.desk import Desk
from auditor.gui.parts.hover_table import HoverTable
from auditor.gui.state.row_painter import EDGE, RowPainter


class RowTable(HoverTable):
    """One row is current, never a cell; Home and End go to the first and the last row.

    What is made of it paints a row and shares the width; it says when it can do so, by `begin`.
    """

    def __init__(self, desk: Desk, name: str, title: str, parent: QWidget | None = None) -> None:
        """`name` is the object name, `title` the accessible one."""
        super().__init__(parent)
        self.desk = desk
        self.painter = RowPainter(desk.appearance)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def begin(self, model: QAbstractItemModel) -> None:
        """Shows the rows of that model, in the sizes of the appearance."""
        self.setModel(model)
        self.desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    # -- for what is made of it ----------------------------------------------------------------------------------

    def paint_row(self, painter: QPainter, row: int, whole: QRect) -> None:
        """Everything in that rectangle. The painter is put back afterwards."""
        raise NotImplementedError

    def fit_columns(self) -> None:
        """Shares the width of the viewport."""
        raise NotImplementedError

    def paint_place(self, painter: QPainter, whole: QRect) -> None:
        """Marks the current row: by a ring where the keyboard is, else by a bar."""
        if self.hasFocus():
            self.painter.paint_ring(painter, whole)
        else:
            painter.fillRect(0, whole.top(), EDGE, whole.height(), self.painter.color("accent_fill"))

    # -- Qt --------------------------------------------------------------------------------------------------------

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        model = self.model()
        if action == QAbstractItemView.CursorAction.MoveHome:
            return model.index(0, 0)
        if action == QAbstractItemView.CursorAction.MoveEnd:
            return model.index(model.rowCount() - 1, 0)
        return super().moveCursor(action, modifiers)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self.viewport()), event.rect()
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        if first >= 0:
            for row in range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1):
                painter.save()
                whole = QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))
                self.paint_row(painter, row, whole)
                painter.restore()
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def _on_appearance_changed(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(self.desk.appearance.sizes.row)
        self.fit_columns()
        self.viewport().update()
