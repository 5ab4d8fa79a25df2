"""The types of a store with the number of their aggregates."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.navigator_parts import INSET, LEFT, RIGHT
from auditor.gui.parts.hover_table import HoverTable
from auditor.gui.parts.plain_tip import plain_tip

MOST_SHOWN = 6
LONGEST = 200

AnyIndex = QModelIndex | QPersistentModelIndex


class _TypeModel(QAbstractTableModel):
    """*All types* first, then each by name; counts are empty until they are known."""

    def __init__(self) -> None:
        super().__init__()
        self.types: list[str | None] = [None]
        self._counts: dict[str | None, int] = {}

    def set_counts(self, types: dict[str, int] | None) -> None:
        names: list[str | None] = [None, *sorted(types or {})]
        counts: dict[str | None, int] = {name: count for name, count in (types or {}).items()}  # noqa: C416
        if types is not None:
            counts[None] = sum(types.values())
        if names == self.types:
            self._counts = counts
            self.dataChanged.emit(self.index(0, 0), self.index(len(names) - 1, 1))
            return
        self.beginResetModel()
        self.types, self._counts = names, counts
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.types)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 2

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        name = self.types[index.row()]
        if index.column() == 0:
            text = tr("All types") if name is None else display(name, longest=LONGEST)
            return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text
        count = self._counts.get(name)
        return "" if count is None else f"{count:,}"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Type"), tr("Aggregates"))[section]
        return None


class TypeList(HoverTable):
    """As high as its types, up to six; more of them scroll. `chosen` tells a type, None for all."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._types = _TypeModel()
        self._is_settling = False
        self.setObjectName("navigator.types")
        self.setAccessibleName(tr("Types of aggregates"))
        self.setModel(self._types)
        self.setProperty("surface", "side")
        self.setItemDelegate(_TypePainter(desk, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(1)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        desk.appearance.changed.connect(self._lay_out)
        self.show_types(None)
        self.select(None)

    def show_types(self, types: dict[str, int] | None) -> None:
        """None: not counted yet. The chosen type stays chosen while the store has it."""
        before = self.type
        self._is_settling = True
        self._types.set_counts(types)
        self._is_settling = False
        self.select(before)
        self._lay_out()

    @property
    def type(self) -> str | None:
        number = self.currentIndex().row()
        return self._types.types[number] if 0 <= number < len(self._types.types) else None

    def select(self, name: str | None) -> None:
        """Tells nobody; an unknown type counts as all."""
        self._is_settling = True
        number = self._types.types.index(name) if name in self._types.types else 0
        mode = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._types.index(number, 0), mode)
        self._is_settling = False

    def choose(self, name: str | None) -> None:
        """As a user does."""
        self.select(name)
        self.chosen.emit(self.type)

    def _on_current_changed(self, *_: object) -> None:
        if not self._is_settling:
            self.chosen.emit(self.type)

    def _lay_out(self) -> None:
        sizes = self._desk.appearance.sizes
        header = self.verticalHeader()
        header.setMinimumSectionSize(1)
        header.setDefaultSectionSize(sizes.row)
        self.setFixedHeight(sizes.row * min(MOST_SHOWN, len(self._types.types)))
        counts = sizes(72) + RIGHT - (self.width() - self.viewport().width())
        self.setColumnWidth(1, counts)
        self.setColumnWidth(0, max(1, self.viewport().width() - counts))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def event(self, event: QEvent) -> bool:
        # Letters choose among the types here, instead of being commands of the window
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            text, plain = event.text(), not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if plain and text.isprintable() and text not in "/? ":
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):  # of the rows, not of the columns
            number = 0 if event.key() == Qt.Key.Key_Home else len(self._types.types) - 1
            self.setCurrentIndex(self._types.index(number, 0))
        else:
            super().keyPressEvent(event)


class _TypePainter(QStyledItemDelegate):
    def __init__(self, desk: Desk, view: TypeList) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(40, self._desk.appearance.sizes.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        appearance, theme = self._desk.appearance, self._desk.appearance.theme
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(option.rect)
        if selected or self._view.hovered == index.row():
            row = QRectF(0, option.rect.y(), self._view.width(), option.rect.height())
            row.adjust(INSET, 1, -INSET - 4, -1)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("sel" if selected else "hover"))
            if selected and self._view.hasFocus():
                painter.setPen(QPen(theme.color("accent"), 2))
                row.adjust(1, 1, -1, -1)
            painter.drawRoundedRect(row, 5, 5)
        text = str(index.data() or "")
        if index.column() == 0:
            painter.setFont(appearance.body(weight=500 if selected else 400))
            painter.setPen(theme.color("text"))
            rect, side = option.rect.adjusted(LEFT, 0, -4, 0), Qt.AlignmentFlag.AlignLeft
        else:
            painter.setFont(appearance.body(appearance.sizes.small))
            painter.setPen(theme.color("text2"))
            rect, side = QRect(option.rect), Qt.AlignmentFlag.AlignRight
            rect.setRight(self._view.width() - RIGHT)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        flags = int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextForceLeftToRight)
        painter.drawText(rect, flags, text)
        painter.restore()
