"""The state's tree as a widget: rows painted whole, a header that is aligned with them, keys, places kept."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from auditor.core.outline import OutlineRow
from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.state.row_painter import INDENT, RowLook, RowPainter
from auditor.gui.state.tree_model import FIELD, SIGN, VALUE, StateTree

Index = QModelIndex | QPersistentModelIndex
SIGN_WIDTH, FIELD_WIDTH, FIELD_WIDTH_NARROW, FIELD_LEAST, VALUE_LEAST = 28, 204, 168, 140, 160
NARROW = 520


class StateView(QTreeView):
    """`row_entered` by Enter or a double click on a row that cannot be opened: show all of it, or more."""

    row_entered = Signal(object)

    def __init__(self, tree: StateTree, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("state.tree")
        self.setAccessibleName(tr("Fields of the state"))
        self.tree = tree
        self._appearance = appearance
        self._painter = RowPainter(appearance)
        self._incomplete = False
        self._hovered = QModelIndex()
        self._user_width = self._fitting = False
        self.setHeader(_Header(self._painter, self))
        self.setModel(tree)
        self.setItemDelegate(_RowHeight(appearance, self))
        self.setTreePosition(FIELD)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setTabKeyNavigation(False)
        header = self.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(appearance.sizes(SIGN_WIDTH))
        header.setSectionResizeMode(SIGN, QHeaderView.ResizeMode.Fixed)
        header.sectionResized.connect(self._on_section_resized)
        appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def set_incomplete(self, incomplete: bool) -> None:
        """Draws the red edge on every row."""
        if incomplete != self._incomplete:
            self._incomplete = incomplete
            self.viewport().update()

    def take(self, rows: Sequence[OutlineRow], opened: dict[str, int], *, turned: bool = False) -> None:
        """New rows; what is open, the current row and what is at the top stay as far as they are still there."""
        current = self.current_row()
        anchor, offset = self._anchor()
        self.setAutoScroll(False)
        self.tree.set_rows(rows, turned=turned)
        for pointer in opened:
            index = self.tree.find(pointer, SIGN)
            if index.isValid():
                self.setExpanded(index, True)
        if current is not None:
            index = self.tree.find(current.pointer)
            now = self.current_row()
            if index.isValid() and (now is None or now.pointer != current.pointer):
                self.setCurrentIndex(index)
        self._restore(anchor, offset)
        self.setAutoScroll(True)
        self.viewport().update()

    def current_row(self) -> OutlineRow | None:
        index = self.currentIndex()
        return self.tree.row(index) if index.isValid() else None

    def select(self, pointer: str) -> bool:
        """Makes that field the current one and brings it into view; False where it is not shown."""
        index = self.tree.find(pointer)
        if not index.isValid():
            return False
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        return True

    def _anchor(self) -> tuple[str | None, int]:
        if self.verticalScrollBar().value() == 0:
            return None, 0
        index = self.indexAt(QPoint(1, 1))
        row = self.tree.row(index) if index.isValid() else None
        return (row.pointer, self.visualRect(index).top()) if row is not None else (None, 0)

    def _restore(self, anchor: str | None, offset: int) -> None:
        if anchor is None:
            return
        index = self.tree.find(anchor)
        if index.isValid():
            self.executeDelayedItemsLayout()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(index).top() - offset)

    # -- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        hovered = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        self._hovered = hovered.siblingAtColumn(0) if self.underMouse() else QModelIndex()
        super().paintEvent(event)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self.tree.row(index)
        if row is None:
            return
        cells = [self._cell(column, option.rect) for column in (SIGN, FIELD, VALUE)]
        first = self.tree.index(index.row(), 0, self.tree.parent(index))
        is_current = self.currentIndex().siblingAtColumn(0) == first
        look = RowLook(
            whole=QRect(0, option.rect.top(), self.viewport().width(), option.rect.height()),
            sign=cells[0],
            field=cells[1],
            value=cells[2],
            depth=row.depth,
            can_open=self.tree.hasChildren(first),
            is_open=self.isExpanded(first),
            is_selected=self.selectionModel().isSelected(first),
            is_hovered=first == self._hovered,
            has_ring=is_current and self.hasFocus(),
            incomplete=self._incomplete,
            turned=self.tree.turned,
        )
        self._painter.paint(painter, row, look)

    def _cell(self, column: int, row: QRect) -> QRect:
        left, width = self.columnViewportPosition(column), self.columnWidth(column)
        return QRect(left, row.top(), width, row.height())

    # -- keys and mouse --------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._enter(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self._enter(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        row = self.tree.row(index) if index.isValid() else None
        if row is not None and row.kind == "more" and event.button() == Qt.MouseButton.LeftButton:
            self.row_entered.emit(row)

    def _enter(self, index: QModelIndex) -> None:
        row = self.tree.row(index) if index.isValid() else None
        if row is None:
            return
        first = index.siblingAtColumn(0)
        if self.tree.hasChildren(first):
            self.setExpanded(first, not self.isExpanded(first))
        else:
            self.row_entered.emit(row)

    # -- sizes -------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        sizes, header = self._appearance.sizes, self.header()
        room = self.viewport().width() - sizes(SIGN_WIDTH)
        wish = FIELD_WIDTH if self.viewport().width() >= sizes(NARROW) else FIELD_WIDTH_NARROW
        width = header.sectionSize(FIELD) if self._user_width else sizes(wish)
        width = max(sizes(FIELD_LEAST), min(width, room - sizes(VALUE_LEAST)))
        self._fitting = True
        header.resizeSection(SIGN, sizes(SIGN_WIDTH))
        header.resizeSection(FIELD, width)
        self._fitting = False

    def _on_section_resized(self, column: int, _before: int, _now: int) -> None:
        if column == FIELD and not self._fitting:
            self._user_width = True
        self.viewport().update()

    def _on_appearance_changed(self) -> None:
        self.setIndentation(self._appearance.sizes(INDENT))
        self._fit_columns()
        self.scheduleDelayedItemsLayout()


class _RowHeight(QStyledItemDelegate):
    """Rows are painted by the view; the delegate only says how high they are."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._appearance.sizes.row)


class _Header(QHeaderView):
    """Names of the columns where the columns' text begins."""

    def __init__(self, painter: RowPainter, parent: QTreeView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._tree = parent
        self._rows = painter
        self.setObjectName("state.columns")
        self.setAccessibleName(tr("Columns"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._rows.font("body")[1].height() + 9)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, self._rows.color("bg"))
        painter.setPen(self._rows.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        text = self.model().headerData(section, Qt.Orientation.Horizontal)
        inset = self._tree.indentation() if section == FIELD else 0
        painter.setFont(self._rows.font("caption")[0])
        painter.setPen(self._rows.color("text3"))
        cell = rect.adjusted(inset, 0, -4, -1)
        painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(text or ""))
        painter.restore()
