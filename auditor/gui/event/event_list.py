"""All events of the aggregate as a list; the selected one is the one at A."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    Qt,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QVBoxLayout,
    QWidget,
)

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.history import History
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.parts.row_table import RowTable

VERSION, EVENT, USER, TIME = range(4)
ORDINAL = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class EventRows(QAbstractTableModel):
    """A window on the history's columns: row = ordinal - 1. Grown histories are told as new rows."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._history: History | None = None
        self._length = 0
        self._unapplied: frozenset[int] = frozenset()
        desk.cursor.aggregate_changed.connect(self._on_aggregate_changed)
        desk.cursor.history_changed.connect(self._on_history_changed)
        desk.clock.changed.connect(self._on_clock_changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._length

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        history, ordinal = self._history, index.row() + 1
        if history is None or not index.isValid() or ordinal > self._length:
            return None
        if role == ORDINAL:
            return ordinal
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(ordinal, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(history, ordinal)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(history, ordinal, index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == VERSION:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            time = tr("Time, {zone}", zone=self._desk.clock.zone_name)
            return (tr("Version"), tr("Event"), tr("User"), time)[section]
        return None

    def is_unapplied(self, ordinal: int) -> bool:
        """Whether the model could not apply it."""
        return ordinal in self._unapplied

    def event_type(self, ordinal: int) -> str:
        return (self._history.event_type(ordinal) if self._history is not None else None) or ""

    def text(self, ordinal: int, column: int) -> str:
        """What stands in a cell."""
        history = self._history
        if history is None:
            return ""
        if column == VERSION:
            return f"{history.version(ordinal) or 0:,}"
        if column == EVENT:
            return display(history.event_type(ordinal) or "")
        if column == USER:
            return display(history.user(ordinal) or "")
        return self._desk.clock.minute(history.time(ordinal) or "")

    def _spoken(self, history: History, ordinal: int) -> str:
        text = tr(
            "event {version:,} of {count:,}, {type}, {time}",
            version=history.version(ordinal),
            count=history.length,
            type=display(history.event_type(ordinal) or ""),
            time=self._desk.clock.second(history.time(ordinal) or ""),
        )
        user = history.user(ordinal)
        if user:
            text = tr("{event}, by {user}", event=text, user=display(user))
        return tr("{event}, not applied", event=text) if self.is_unapplied(ordinal) else text

    def _tip(self, history: History, ordinal: int, column: int) -> str:
        if column != TIME:
            return self.text(ordinal, column)
        time = history.time(ordinal) or ""
        return f"{self._desk.clock.full(time)}\n{self._desk.clock.other_zone(time)}"

    def _on_aggregate_changed(self) -> None:
        self.beginResetModel()
        self._history, self._length, self._unapplied = None, 0, frozenset()
        self.endResetModel()

    def _on_history_changed(self) -> None:
        history = self._desk.cursor.history
        if history is None:
            return
        before = self._length
        if self._history is None or history.length < before:
            self.beginResetModel()
            self._history, self._length = history, history.length
            self.endResetModel()
        elif history.length > before:
            self.beginInsertRows(QModelIndex(), before, history.length - 1)
            self._history, self._length = history, history.length
            self.endInsertRows()
        else:
            self._history = history
        self._unapplied = frozenset(history.unapplied)
        self._tell_all_changed()

    def _on_clock_changed(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, TIME, TIME)
        self._tell_all_changed()

    def _tell_all_changed(self) -> None:
        if self._length:
            self.dataChanged.emit(self.index(0, 0), self.index(self._length - 1, 3))


class EventTable(RowTable):
    """One selected row; moving it moves A."""

    def __init__(self, desk: Desk, rows: EventRows, parent: QWidget | None = None) -> None:
        super().__init__(desk, "events.table", tr("Events of the aggregate"), parent)
        self._rows = rows
        self._following = False
        self._pointed = -1
        desk.cursor.ordinal_changed.connect(lambda _: self._on_ordinal_changed())
        self.begin(rows)
        self._on_ordinal_changed()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self._following:
            self.desk.cursor.set_ordinal(current.row() + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows move below the pointer while A does."""
        pointer = self.viewport().mapFromGlobal(self.cursor().pos())
        self._pointed = self.rowAt(pointer.y()) if self.underMouse() else -1
        super().paintEvent(event)

    def paint_row(self, painter: QPainter, row: int, whole: QRect) -> None:
        rows, sizes, paint = self._rows, self.desk.appearance.sizes, self.painter
        ordinal, is_current = row + 1, row == self.currentIndex().row()
        ground = "fail_bg" if rows.is_unapplied(ordinal) else "hover" if row == self._pointed else "bg"
        painter.fillRect(whole, paint.color("sel" if is_current else ground))
        paint.write(
            painter, self._cell(VERSION, whole), rows.text(ordinal, VERSION), "text", "small", right=True
        )
        cell = self._cell(EVENT, whole)
        middle = QPointF(cell.left() + sizes(4), cell.center().y() + 1)
        self.desk.event_types.paint(painter, rows.event_type(ordinal), middle, sizes(8))
        font = "small-medium" if is_current else "small"
        paint.write(painter, cell.adjusted(sizes(16), 0, 0, 0), rows.text(ordinal, EVENT), "text", font)
        if not self.isColumnHidden(USER):
            paint.write(painter, self._cell(USER, whole), rows.text(ordinal, USER), "text2", "small")
        paint.write(painter, self._cell(TIME, whole), rows.text(ordinal, TIME), "text3", "small", right=True)
        if is_current:
            self.paint_place(painter, whole)

    def _cell(self, column: int, whole: QRect) -> QRect:
        left, width = self.columnViewportPosition(column), self.columnWidth(column)
        return QRect(left + 8, whole.top(), width - 16, whole.height())

    def fit_columns(self) -> None:
        sizes, room = self.desk.appearance.sizes, self.viewport().width()
        version, time = sizes(68), sizes(132)
        user = sizes(168 if room >= sizes(540) else 112) if room >= sizes(440) else 0
        self.setColumnHidden(USER, user == 0)
        self.setColumnWidth(VERSION, version)
        self.setColumnWidth(TIME, time)
        self.setColumnWidth(USER, user)
        self.setColumnWidth(EVENT, max(sizes(80), room - version - time - user))

    def _on_ordinal_changed(self) -> None:
        ordinal = self.desk.cursor.ordinal
        self._following = True
        if ordinal:
            index = self._rows.index(ordinal - 1, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        else:
            self.setCurrentIndex(QModelIndex())
        self._following = False


class EventList(QWidget):
    """The table with its title."""

    def __init__(self, desk: Desk, rows: EventRows, *, has_title: bool) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("events")
        self.setAccessibleName(tr("Events"))
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._title = ElidedLabel()
        self._title.setObjectName("events.title")
        self._title.setProperty("type", "strong")
        self._title.setProperty("hairline", "below")
        self._title.setContentsMargins(16, 0, 12, 0)
        if not has_title:
            self._title.hide()
        self.table = EventTable(desk, rows)
        column.addWidget(self._title)
        column.addWidget(self.table, 1)
        desk.cursor.history_changed.connect(self._name)
        desk.cursor.aggregate_changed.connect(self._name)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self._name()

    def _name(self) -> None:
        history = self._desk.cursor.history
        count = history.length if history is not None else 0
        self._title.set_text(tr("Events, {count:,}, oldest first", count=count) if count else tr("Events"))

    def _on_appearance_changed(self) -> None:
        self._title.setFixedHeight(self._desk.appearance.sizes(36) + 1)
