"""Tables of this view as they are painted: cells with tone and font, a header that stands over its cells."""

from typing import NamedTuple, Protocol

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from auditor.gui import icons
from auditor.gui.desk import Desk
from auditor.gui.parts.hover_table import HoverTable
from auditor.gui.state.row_painter import RowPainter

LEFT, GAP, EDGE = 16, 10, 3
"""Where the first cell begins, half of what lies between two cells, the bar of a selected row."""
AnyIndex = QModelIndex | QPersistentModelIndex


class Cell(NamedTuple):
    """What stands in a cell. `tone` is a colour's name, `font` one of `RowPainter`'s."""

    text: str
    tone: str = "text"
    font: str = "body"
    right: bool = False
    icon: str = ""
    icon_tone: str = ""
    middle: bool = False


class CellModel(Protocol):
    """A table model that says how its cells look."""

    def cell(self, row: int, column: int) -> Cell: ...

    def is_right(self, column: int) -> bool: ...


class CellTable(HoverTable):
    """Rows without lines between them. `by_row`: a row is what is chosen and ringed; else a cell is."""

    def __init__(self, desk: Desk, name: str, *, by_row: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.painter_of_rows = RowPainter(desk.appearance)
        self.by_row = by_row
        self.setObjectName(name)
        self.setHorizontalHeader(_Header(self))
        self.setItemDelegate(_CellPainter(self))
        behavior = QAbstractItemView.SelectionBehavior
        self.setSelectionBehavior(behavior.SelectRows if by_row else behavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def set_row_height(self, pixels: int) -> None:
        """At text size 13."""
        sizes = self.desk.appearance.sizes
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(sizes(pixels))
        self.horizontalHeader().setFixedHeight(sizes(25))
        self.viewport().update()

    def cell(self, index: AnyIndex) -> Cell:
        model: CellModel = self.model()  # type: ignore[assignment] # whoever makes the table gives it such a one
        return model.cell(index.row(), index.column())

    def is_right(self, column: int) -> bool:
        model: CellModel = self.model()  # type: ignore[assignment] # as above
        return model.is_right(column)

    def room(self, rect: QRect, column: int) -> QRect:
        """Of a cell or its heading, without what lies between columns."""
        gap = self.desk.appearance.sizes(GAP)
        header = self.horizontalHeader()
        first = header.visualIndex(column) == 0
        last = rect.right() >= self.viewport().width() - 2
        return rect.adjusted(LEFT if first else gap, 0, -LEFT if last else -gap, 0)


class _Header(QHeaderView):
    """Captions aligned with the texts below them, over one hairline."""

    def __init__(self, table: CellTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line goes on where there are no columns."""
        super().paintEvent(event)
        painter, length = QPainter(self.viewport()), self.length()
        line = self._table.desk.appearance.theme.color("line")
        painter.fillRect(length, self.height() - 1, max(self.width() - length, 0), 1, line)

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        table = self._table
        text = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        right = table.is_right(column)
        table.painter_of_rows.write(painter, table.room(rect, column), text, "text3", "caption", right=right)
        line = table.desk.appearance.theme.color("line")
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, line)


class _CellPainter(QStyledItemDelegate):
    """Paints a cell: its part of the row's ground, bar and ring, then icon and text."""

    def __init__(self, table: CellTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(40, self._table.desk.appearance.sizes.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        table = self._table
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(option.rect)
        tone = "sel" if selected else "hover" if table.hovered == index.row() else ""
        if tone:
            painter.fillRect(option.rect, table.desk.appearance.theme.color(tone))
        self._paint_cell(painter, table.room(option.rect, index.column()), table.cell(index))
        self._paint_place(painter, option.rect, index, selected)
        painter.restore()

    def _paint_cell(self, painter: QPainter, room: QRect, cell: Cell) -> None:
        table = self._table
        if cell.icon:
            size = table.desk.appearance.sizes(14)
            color = table.desk.appearance.theme.tokens[cell.icon_tone or cell.tone]
            picture = icons.pixmap(cell.icon, color, size, painter.device().devicePixelRatioF())
            painter.drawPixmap(room.left(), room.center().y() - size // 2 + 1, picture)
            room = room.adjusted(size + table.desk.appearance.sizes(6), 0, 0, 0)
        table.painter_of_rows.write(
            painter, room, cell.text, cell.tone, cell.font, right=cell.right, middle=cell.middle
        )

    def _paint_place(self, painter: QPainter, rect: QRect, index: AnyIndex, selected: bool) -> None:
        table = self._table
        accent = table.desk.appearance.theme.color("accent")
        if not table.by_row:
            if table.hasFocus() and table.currentIndex() == index:
                table.painter_of_rows.paint_ring(painter, rect)
            return
        if selected and table.horizontalHeader().visualIndex(index.column()) == 0:
            painter.fillRect(0, rect.top(), EDGE, rect.height(), accent)
        if table.hasFocus() and table.currentIndex().row() == index.row():
            painter.setPen(QPen(accent, 2))
            width = table.viewport().width()
            painter.drawRect(QRect(1, rect.top() + 1, width - 2, rect.height() - 2))


def text_width(table: CellTable, text: str, font: str) -> int:
    """With what lies between two columns."""
    metrics: QFontMetrics = table.painter_of_rows.font(font)[1]
    return metrics.horizontalAdvance(text) + 2 * table.desk.appearance.sizes(GAP) + 2
