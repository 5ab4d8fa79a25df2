"""The events between two states as a table."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QWidget

from auditor.core.text import tr
from auditor.gui.compare.between_rows import BetweenRow, type_text, versions_text
from auditor.gui.desk import Desk
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.parts.row_table import RowTable

VERSION, EVENT, CHANGED, TIME = range(4)
Index = QModelIndex | QPersistentModelIndex


class BetweenModel(QAbstractTableModel):
    """Rows as they become known."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rows: list[BetweenRow] = []
        self.is_of_one_year = True  # then times need not name it
        desk.clock.changed.connect(self._on_clock_changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(self.text(row, column) for column in range(4) if self.text(row, column))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(row, index.column()))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            time = tr("Time, {zone}", zone=self._desk.clock.zone_name)
            return (tr("Version"), tr("Event"), tr("Fields"), time)[section]
        return None

    def row(self, at: int) -> BetweenRow | None:
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def find(self, ordinal: int) -> int:
        """The row of that event, -1 where it is in none."""
        for at, row in enumerate(self._rows):
            if row.first <= ordinal <= row.last:
                return at
        return -1

    def text(self, row: BetweenRow, column: int) -> str:
        """What stands in a cell."""
        history = self._desk.cursor.history
        if history is None or row.last > history.length:
            return ""
        if column == VERSION:
            return versions_text(history, row)
        if column == EVENT:
            return type_text(row)
        if column == CHANGED:
            return row.text
        time = history.time(row.last) or ""
        return self._desk.clock.brief(time) if self.is_of_one_year else self._desk.clock.minute(time)

    def set_rows(self, rows: Sequence[BetweenRow]) -> None:
        history = self._desk.cursor.history
        ends = (rows[0].first, rows[-1].last) if rows else ()
        years = {(history.time(one) or "")[:4] for one in ends} if history is not None else set()
        self.is_of_one_year = len(years) == 1
        if [row[:2] for row in rows] == [row[:2] for row in self._rows]:
            self._rows = list(rows)
            self._tell_changed()
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def _tip(self, row: BetweenRow, column: int) -> str:
        history = self._desk.cursor.history
        if column != TIME or history is None:
            return self.text(row, column)
        time = history.time(row.last) or ""
        return f"{self._desk.clock.full(time)}\n{self._desk.clock.other_zone(time)}"

    def _on_clock_changed(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, TIME, TIME)
        self._tell_changed()

    def _tell_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, TIME))


class BetweenTable(RowTable):
    """`chosen` with the row that a user made the current one, `entered` by Enter or a double click."""

    chosen = Signal(object)
    entered = Signal(object)

    def __init__(self, desk: Desk, model: BetweenModel, parent: QWidget | None = None) -> None:
        super().__init__(desk, "between.table", tr("Events between A and B"), parent)
        self._rows = model
        self._quiet = False
        desk.event_types.changed.connect(self.viewport().update)
        self.begin(model)

    def current_row(self) -> BetweenRow | None:
        return self._rows.row(self.currentIndex().row())

    def select(self, at: int) -> None:
        """Tells nobody. -1: no row."""
        self._quiet = True
        index = self._rows.index(at, VERSION) if at >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        if at >= 0:
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self._quiet = False

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        row = self._rows.row(current.row())
        if row is not None and not self._quiet:
            self.chosen.emit(row)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and row is not None:
            self.entered.emit(row)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self._rows.row(self.rowAt(event.position().toPoint().y()))
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.entered.emit(row)

    def paint_row(self, painter: QPainter, row: int, whole: QRect) -> None:
        between = self._rows.row(row)
        if between is not None:
            self._paint_between(painter, row, between, whole)

    def _paint_between(self, painter: QPainter, at: int, row: BetweenRow, whole: QRect) -> None:
        sizes, paint, text = self.desk.appearance.sizes, self.painter, self._rows.text
        is_current = at == self.currentIndex().row()
        is_hovered = at == self.hovered and self.underMouse()
        ground = "fail_bg" if not row.is_applied else "hover" if is_hovered else "bg"
        painter.fillRect(whole, paint.color("sel" if is_current else ground))
        tone = "text" if row.has_changes or not row.text else "text3"
        paint.write(painter, self._cell(VERSION, whole), text(row, VERSION), tone, "small", right=True)
        cell = self._cell(EVENT, whole)
        if row.event_type:
            middle = QPointF(cell.left() + sizes(4), cell.center().y() + 1)
            painter.save()
            painter.setOpacity(1.0 if tone == "text" else 0.55)
            self.desk.event_types.paint(painter, row.event_type, middle, sizes(8))
            painter.restore()
        font = "small-medium" if row.has_changes else "small"
        paint.write(painter, cell.adjusted(sizes(16), 0, 0, 0), text(row, EVENT), tone, font)
        paint.write(
            painter, self._cell(CHANGED, whole), row.text, "text2" if row.has_changes else tone, "small"
        )
        if not self.isColumnHidden(TIME):
            paint.write(painter, self._cell(TIME, whole), text(row, TIME), "text3", "small", right=True)
        if is_current:
            self.paint_place(painter, whole)

    def _cell(self, column: int, whole: QRect) -> QRect:
        left, width = self.columnViewportPosition(column), self.columnWidth(column)
        return QRect(left + 6, whole.top(), width - 12, whole.height())

    def fit_columns(self) -> None:
        """The time gives way first; the fields get what is left."""
        sizes, room = self.desk.appearance.sizes, self.viewport().width()
        version, event = sizes(64), sizes(138)
        time = sizes(112 if self._rows.is_of_one_year else 130) if room >= sizes(430) else 0
        self.setColumnHidden(TIME, time == 0)
        self.setColumnWidth(VERSION, version)
        self.setColumnWidth(EVENT, event)
        self.setColumnWidth(TIME, time)
        self.setColumnWidth(CHANGED, max(sizes(80), room - version - event - time))
