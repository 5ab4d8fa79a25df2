"""An event's facts as a widget: names and values in two columns, links that lead to other events."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui import icons
from auditor.gui.desk import Desk
from auditor.gui.event.fact_model import FactTree
from auditor.gui.event.facts import Fact
from auditor.gui.state.row_painter import INDENT, RowPainter

if TYPE_CHECKING:
    from auditor.stores.pages import EventLink

Index = QModelIndex | QPersistentModelIndex
NAME_WIDTH = 120
FEW = 12
"""Containers with so many members or fewer are open unless the user closes them."""


class FactView(QTreeView):
    """`link_followed` by a click or Enter on a cause or an effect."""

    link_followed = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.facts = FactTree(desk.clock, self)
        self._painter = RowPainter(desk.appearance)
        self._toggled: dict[str, bool] = {}
        self._arranging = False
        self.setObjectName("event.fields")
        self.setAccessibleName(tr("Fields of the event"))
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
        current = self.current_fact()
        self._arranging = True
        self.facts.set_facts(facts)
        self._arrange(QModelIndex())
        self._arranging = False
        if current is not None and current.pointer:
            self._select(current.pointer)

    def current_fact(self) -> Fact | None:
        index = self.currentIndex()
        return self.facts.fact(index) if index.isValid() else None

    def _arrange(self, parent: QModelIndex) -> None:
        for row in range(min(self.facts.rowCount(parent), 200)):
            index = self.facts.index(row, 0, parent)
            fact = self.facts.fact(index)
            if fact is None or not fact.has_members:
                continue
            few = len(fact.value) <= FEW and self.facts.depth(index) < 2
            if self._toggled.get(fact.pointer, few):
                self.expand(index)
                self._arrange(index)

    def _select(self, pointer: str) -> None:
        index = self.indexAt(self.viewport().rect().topLeft())
        index = self.facts.index(0, 0)
        while index.isValid():
            fact = self.facts.fact(index)
            if fact is not None and fact.pointer == pointer:
                self.setCurrentIndex(index)
                return
            index = self.indexBelow(index)

    def _on_toggled(self, index: QModelIndex, *, is_open: bool) -> None:
        fact = self.facts.fact(index)
        if fact is not None and not self._arranging:
            self._toggled[fact.pointer] = is_open

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
        painter.save()
        ground = "sel" if self.selectionModel().isSelected(first) else "hover" if is_hovered else "bg"
        painter.fillRect(whole, self._painter.color("bg" if fact.kind == "group" else ground))
        if fact.kind == "field":
            self._paint_field(painter, fact, whole, first)
        elif fact.kind == "link" and fact.link is not None:
            self._paint_link(painter, fact, fact.link, whole)
        elif fact.kind == "group":
            self._paint_group(painter, fact, whole)
        else:
            cell = whole.adjusted(self._left(first), 0, -12, 0)
            self._painter.write(painter, cell, display(fact.name), "text3", "small", middle=True)
        if is_current and self.hasFocus():
            self._painter.paint_ring(painter, whole)
        painter.restore()

    def _left(self, index: Index) -> int:
        sizes = self._desk.appearance.sizes
        return sizes(16) + self.facts.depth(index) * sizes(14)

    def _paint_field(self, painter: QPainter, fact: Fact, whole: QRect, index: Index) -> None:
        sizes = self._desk.appearance.sizes
        left, step = self._left(index), sizes(INDENT)
        if fact.has_members:
            place = QRect(left - step, whole.top(), step, whole.height())
            self._painter.paint_chevron(painter, place, is_open=self.isExpanded(index))
        split = sizes(16 + NAME_WIDTH)
        name = QRect(left, whole.top(), max(sizes(40), split - left - 8), whole.height())
        self._painter.write(painter, name, display(fact.name) or '""', "text2", "small")
        piece = fact.piece()
        font = {"mono": "mono", "italic": "italic"}.get(piece.font, "small")
        value = QRect(name.right() + 8, whole.top(), whole.right() - name.right() - 20, whole.height())
        self._painter.write(painter, value, piece.text, piece.tone, font, middle=True)

    def _paint_group(self, painter: QPainter, fact: Fact, whole: QRect) -> None:
        sizes = self._desk.appearance.sizes
        cell = whole.adjusted(sizes(16), sizes(8), -sizes(12), 0)
        self._painter.write(painter, cell, fact.name, "text3", "group")
        if fact.has_times:
            zone = tr("times in {zone}", zone=self._desk.clock.zone_name)
            self._painter.write(painter, cell, zone, "text3", "caption", right=True)

    def _paint_link(self, painter: QPainter, fact: Fact, link: "EventLink", whole: QRect) -> None:
        sizes, theme, write = self._desk.appearance.sizes, self._desk.appearance.theme, self._painter.write
        size = sizes(14)
        name = "cause" if fact.is_cause else "effect"
        picture = icons.pixmap(name, theme.text2, size, painter.device().devicePixelRatio())
        top, height = whole.top(), whole.height()
        painter.drawPixmap(sizes(16), top + (height - size) // 2, picture)
        version = f"{link.version:,}"
        width = max(sizes(34), self._painter.width(version, "small") + 2)
        write(painter, QRect(sizes(34), top, width, height), version, "text2", "small", right=True)
        middle = QPointF(sizes(46) + width, top + height / 2)
        self._desk.event_types.paint(painter, link.event_type, middle, sizes(8))
        time = self._desk.clock.minute(link.timestamp)
        time_width = self._painter.width(time, "small")
        left = sizes(58) + width
        room = QRect(left, top, max(0, whole.right() - left - time_width - sizes(24)), height)
        name_width = min(room.width(), self._painter.width(display(link.event_type), "small") + 2)
        write(
            painter, QRect(room.left(), top, name_width, height), display(link.event_type), "accent", "small"
        )
        rest = QRect(room.left() + name_width + 8, top, room.width() - name_width - 8, height)
        write(painter, rest, self._owner(link), "text2", "small", middle=True)
        at = QRect(whole.right() - time_width - sizes(12), top, time_width + 2, height)
        write(painter, at, time, "text3", "small")

    def _owner(self, link: "EventLink") -> str:
        place = self._desk.cursor.place
        if place is not None and place.aggregate_id == link.aggregate_id:
            return tr("this {type}", type=display(link.aggregate_type))
        return display(f"{link.aggregate_type} {link.aggregate_id}")

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
        if fact is not None and fact.link is not None and event.button() == Qt.MouseButton.LeftButton:
            self.link_followed.emit(fact.link)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        fact = self.facts.fact(index) if index.isValid() else None
        is_link = fact is not None and fact.link is not None
        shape = Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _enter(self, index: QModelIndex) -> None:
        fact = self.facts.fact(index) if index.isValid() else None
        if fact is None:
            return
        if fact.link is not None:
            self.link_followed.emit(fact.link)
        elif fact.has_members:
            first = index.siblingAtColumn(0)
            self.setExpanded(first, not self.isExpanded(first))

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
        return QSize(0, self._desk.appearance.sizes({"group": 28, "link": 24}.get(kind, 20)))
