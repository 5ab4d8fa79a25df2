"""An event's facts as a widget: names and values in two columns, rows that lead to other events and fields."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from auditor.gui.desk import Desk
from auditor.gui.event.fact import Fact
from auditor.gui.event.fact_model import FactTree
from auditor.gui.event.fact_painter import FactLook, FactPainter
from auditor.gui.state.row_painter import INDENT

Index = QModelIndex | QPersistentModelIndex
LEADING = frozenset({"link", "changed", "open", "more"})
"""Rows that lead somewhere by a click."""
FEW = 12
"""Containers with so many members or fewer are open unless the user closes them."""
DEEP = 6
"""Effects down to there are open likewise."""


class FactView(QTreeView):
    """What a row leads to is told by a signal when it is clicked or entered.

    `link_followed` with another event, `field_wanted` with the pointer of a field of the state, `opened` with the key
    of the row, `more_wanted` with that of a row that stands for others, `value_wanted` with a field whose value has no
    rows below it.
    """

    link_followed = Signal(object)
    field_wanted = Signal(str)
    opened = Signal(str)
    more_wanted = Signal(str)
    value_wanted = Signal(object)

    def __init__(self, desk: Desk, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.facts = FactTree(desk.clock, self)
        self._painter = FactPainter(desk)
        self._toggled: dict[str, bool] = {}
        self._arranging = False
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(self.facts)
        self.setItemDelegate(_RowHeight(desk, self))
        self.setHeaderHidden(True)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.header().setStretchLastSection(True)
        self.expanded.connect(lambda index: self._on_toggled(index, is_open=True))
        self.collapsed.connect(lambda index: self._on_toggled(index, is_open=False))
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def take(self, facts: list[Fact]) -> None:
        """Another event: what was open and the current row stay, by their paths."""
        current, scrolled = self.current_fact(), self.verticalScrollBar().value()
        self._arranging = True
        self.facts.set_facts(facts)
        self._arrange(QModelIndex())
        self._arranging = False
        index = (
            self.facts.find(current.identity) if current is not None and current.identity else QModelIndex()
        )
        found = self.facts.fact(index)
        if current is not None and found is not None and found.identity == current.identity:
            self.setCurrentIndex(index)
        self.verticalScrollBar().setValue(scrolled)

    def reveal(self, identity: str) -> None:
        """Opens the way to that row, makes it the current one and brings it into view."""
        index = self.facts.find(identity)
        if not index.isValid():
            return
        above = self.facts.parent(index)
        while above.isValid():
            self.expand(above)
            above = self.facts.parent(above)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def current_fact(self) -> Fact | None:
        index = self.currentIndex()
        return self.facts.fact(index) if index.isValid() else None

    def _arrange(self, parent: QModelIndex) -> None:
        for row in range(min(self.facts.rowCount(parent), 200)):
            index = self.facts.index(row, 0, parent)
            fact = self.facts.fact(index)
            if fact is None or not fact.has_members:
                continue
            few = fact.row_count <= FEW and self.facts.depth(index) < (DEEP if fact.link is not None else 2)
            if self._toggled.get(fact.identity, few):
                self.expand(index)
                self._arrange(index)

    def _on_toggled(self, index: QModelIndex, *, is_open: bool) -> None:
        fact = self.facts.fact(index)
        if fact is not None and not self._arranging:
            self._toggled[fact.identity] = is_open

    # -- painting --------------------------------------------------------------------------------------------------

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        fact = self.facts.fact(index)
        if fact is None:
            return
        whole = QRect(0, option.rect.top(), self.viewport().width(), option.rect.height())
        first = self.facts.index(index.row(), 0, self.facts.parent(index))
        hovered = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        is_hovered = self.underMouse() and hovered.isValid() and hovered.siblingAtColumn(0) == first
        is_current = self.currentIndex().isValid() and self.currentIndex().siblingAtColumn(0) == first
        look = FactLook(
            whole=whole,
            depth=self.facts.depth(first),
            is_open=self.isExpanded(first),
            is_selected=self.selectionModel().isSelected(first),
            is_hovered=is_hovered,
            has_ring=is_current and self.hasFocus(),
        )
        self._painter.paint(painter, fact, look)

    # -- keys and mouse --------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._enter(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        fact = self.facts.fact(index) if index.isValid() else None
        if fact is None or event.button() != Qt.MouseButton.LeftButton or fact.kind not in LEADING:
            return
        if event.position().x() >= self._painter.left(self.facts.depth(index)):  # not the chevron
            self._lead(index.siblingAtColumn(0), fact)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        fact = self.facts.fact(index) if index.isValid() else None
        if fact is not None and fact.kind == "field" and event.button() == Qt.MouseButton.LeftButton:
            self._enter(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        fact = self.facts.fact(index) if index.isValid() else None
        leads = fact is not None and fact.kind in LEADING and not fact.is_here
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)

    def _enter(self, index: QModelIndex) -> None:
        fact = self.facts.fact(index) if index.isValid() else None
        if fact is None:
            return
        first = index.siblingAtColumn(0)
        if fact.kind in LEADING:
            self._lead(first, fact)
        elif fact.has_members:
            self.setExpanded(first, not self.isExpanded(first))
        elif fact.kind == "field":
            self.value_wanted.emit(fact)

    def _lead(self, index: QModelIndex, fact: Fact) -> None:
        if fact.link is not None:
            if not fact.is_here:
                self.link_followed.emit(fact.link)
        elif fact.change is not None:
            self.field_wanted.emit(fact.pointer)
        elif fact.kind == "open":
            self.opened.emit(fact.key)
        elif not self.facts.show_more(index):
            self.more_wanted.emit(fact.key)

    def _on_appearance_changed(self) -> None:
        self.setIndentation(self._desk.appearance.sizes(INDENT))
        self.scheduleDelayedItemsLayout()


class _RowHeight(QStyledItemDelegate):
    """Rows are painted by the view; how high they are depends on their kind."""

    def __init__(self, desk: Desk, parent: FactView) -> None:
        super().__init__(parent)
        self._desk = desk
        self._view = parent

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        fact = self._view.facts.fact(index)
        kind = fact.kind if fact is not None else "field"
        return QSize(0, self._desk.appearance.sizes({"group": 28, "link": 24, "open": 24}.get(kind, 20)))
