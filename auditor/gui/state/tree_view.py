"""The state's tree as a widget: rows painted whole, a header that is aligned with them, keys, places kept."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from auditor.core.outline import OutlineRow
from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.desk import Desk
from auditor.gui.state.columns import StateColumns
from auditor.gui.state.row_painter import INDENT, RowLook, RowPainter
from auditor.gui.state.setter_painter import SetterPainter
from auditor.gui.state.setters import Setters
from auditor.gui.state.tree_model import FIELD, SET_BY, SIGN, VALUE, StateTree

Index = QModelIndex | QPersistentModelIndex


class StateView(QTreeView):
    """`row_entered` by Enter or a double click on a row that cannot be opened: show all of it, or more. `row_chosen`
    when the user makes another row the current one, `setter_entered` by a click on the event that set a row's field,
    `looked_on` when other rows may be in view."""

    row_entered = Signal(object)
    row_chosen = Signal()
    setter_entered = Signal(object)
    looked_on = Signal()

    def __init__(self, tree: StateTree, desk: Desk, setters: Setters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("state.tree")
        self.setAccessibleName(tr("Fields of the state"))
        self.tree = tree
        self._desk = desk
        self._setters = setters
        appearance = desk.appearance
        self._painter = RowPainter(appearance)
        self._setter_painter = SetterPainter(desk, self._painter)
        self._incomplete = self._taking = self._over_setter = False
        self._hovered = QModelIndex()
        self.columns = StateColumns(
            appearance,
            self._painter,
            lambda: self._setter_painter.text_left(desk.cursor.history),
            self,
        )
        self.setHeader(self.columns)
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
        self.columns.set_up()
        self.verticalScrollBar().valueChanged.connect(lambda _: self.looked_on.emit())
        self.expanded.connect(lambda _: self.looked_on.emit())
        desk.clock.changed.connect(self._on_clock_changed)
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
        self._taking = True
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
        self._taking = False
        self.setAutoScroll(True)
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if not self._taking:
            self.row_chosen.emit()

    def rows_in_view(self) -> list[OutlineRow]:
        """Those that are seen, and as many before and after."""
        top = self.indexAt(QPoint(1, 1))
        count = self.viewport().height() // max(1, self._desk.appearance.sizes.row) + 1
        for _ in range(count):
            above = self.indexAbove(top) if top.isValid() else top
            if not above.isValid():
                break
            top = above
        found: list[OutlineRow] = []
        while top.isValid() and len(found) < 3 * count:
            row = self.tree.row(top)
            if row is not None:
                found.append(row)
            top = self.indexBelow(top)
        return found

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
        self._over_setter = self._setter_at(self.viewport().mapFromGlobal(self.cursor().pos())) is not None
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
        history = self._desk.cursor.history
        if self.columns.has_setters and history is not None and row.kind != "more":
            self._setter_painter.paint(
                painter,
                history,
                self._setters.ordinal(row),
                self._setter_cell(option.rect),
                with_time=self.columns.has_time,
                is_link=look.is_hovered and self._over_setter,
            )

    def _setter_cell(self, row: QRect) -> QRect:
        return self._cell(SET_BY, row).adjusted(0, 0, -12, 0)

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
        if row is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if row.kind == "more":
            self.row_entered.emit(row)
        elif self._setter_at(event.position().toPoint()) is not None:
            self.setter_entered.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._setter_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def _setter_at(self, place: QPoint) -> int | None:
        """The event whose name is there."""
        index, history = self.indexAt(place), self._desk.cursor.history
        if not index.isValid() or index.column() != SET_BY or history is None:
            return None
        row = self.tree.row(index)
        ordinal = self._setters.ordinal(row) if row is not None else None
        if not ordinal:
            return None
        cell = self._setter_cell(self.visualRect(index))
        link = self._setter_painter.link(history, ordinal, cell, with_time=self.columns.has_time)
        return ordinal if link.contains(place) else None

    def _on_clock_changed(self) -> None:
        self.columns.viewport().update()
        self.viewport().update()

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
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked_on.emit()

    def _fit(self) -> None:
        self.columns.fit(self.viewport().width())
        self.tree.has_times = self.columns.has_time
        self.looked_on.emit()

    def _on_appearance_changed(self) -> None:
        self.setIndentation(self._desk.appearance.sizes(INDENT))
        self._fit()
        self.scheduleDelayedItemsLayout()


class _RowHeight(QStyledItemDelegate):
    """Rows are painted by the view; the delegate only says how high they are."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._appearance.sizes.row)
