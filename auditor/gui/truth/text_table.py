"""A table of plain texts, painted in the theme's colours, one row chosen at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.parts.row_table import RowTable

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class TextColumn:
    """`share` of the room that the fixed columns leave, or else a fixed `width`."""

    title: str
    width: int = 0
    share: int = 0
    tone: str = "text"
    right: bool = False


@dataclass(frozen=True, slots=True)
class TextRow:
    """What stands in the cells, and the colour of the ground where it is not the usual one. `tones` replace those of
    the columns."""

    cells: tuple[str, ...]
    ground: str = ""
    tones: tuple[str, ...] = ()


class _Rows(QAbstractTableModel):
    """The rows, given all at once."""

    def __init__(self, columns: Sequence[TextColumn], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self.rows: Sequence[TextRow] = ()

    def set_rows(self, rows: Sequence[TextRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cells = self.rows[index.row()].cells
        if role == Qt.ItemDataRole.DisplayRole:
            return cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(cells[index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, cells))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole and self._columns[section].right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


class TextTable(RowTable):
    """`chosen` with the row that became the current one, `entered` by Enter or a double click."""

    chosen = Signal(int)
    entered = Signal(int)

    def __init__(
        self, desk: Desk, name: str, title: str, columns: Sequence[TextColumn], parent: QWidget | None = None
    ) -> None:
        """`name` is the object name, `title` the accessible one."""
        super().__init__(desk, name, title, parent)
        self._columns = tuple(columns)
        self._rows = _Rows(columns, self)
        self.begin(self._rows)

    def set_rows(self, rows: Sequence[TextRow], *, choose: bool = True) -> None:
        """With `choose` the first one is the current one then."""
        self._rows.set_rows(rows)
        if rows and choose:
            self.setCurrentIndex(self._rows.index(0, 0))
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.chosen.emit(current.row())
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.rowAt(int(event.position().y()))
        if row >= 0:
            self.entered.emit(row)

    def paint_row(self, painter: QPainter, row: int, whole: QRect) -> None:
        paint, told = self.painter, self._rows.rows[row]
        is_current = row == self.currentIndex().row()
        ground = "sel" if is_current else told.ground or ("hover" if row == self.hovered else "bg")
        painter.fillRect(whole, paint.color(ground))
        for at, (column, text) in enumerate(zip(self._columns, told.cells, strict=True)):
            left, width = self.columnViewportPosition(at), self.columnWidth(at)
            cell = QRect(left + 8, whole.top(), width - 16, whole.height())
            tone = told.tones[at] if told.tones else column.tone
            paint.write(painter, cell, text, tone, "small", right=column.right)
        if is_current and self.hasFocus():
            paint.paint_ring(painter, whole)

    def fit_columns(self) -> None:
        sizes = self.desk.appearance.sizes
        room = self.viewport().width() - sum(sizes(column.width) for column in self._columns)
        shares = sum(column.share for column in self._columns) or 1
        for at, column in enumerate(self._columns):
            self.setColumnWidth(
                at, sizes(column.width) if column.width else max(40, room * column.share // shares)
            )
