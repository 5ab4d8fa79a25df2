"""The table of values as a widget: rows painted whole, the value at A marked, those after it grey."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from auditor.core.text import tr
from auditor.gui.blame import words
from auditor.gui.blame.value_rows import CHANGE, EVENT, TIME, USER, VALUE, VERSION, ValueRows
from auditor.gui.desk import Desk
from auditor.gui.parts.row_table import RowTable
from auditor.gui.state.row_painter import RowPainter

Index = QModelIndex | QPersistentModelIndex
_SAMPLE = 200


class ValueTable(RowTable):
    """`went_to` by a double click, by Space, and by Enter on a value that is seen whole; `opened` by Enter on one that
    is cut. The current row is the value at A until the user moves it."""

    went_to = Signal(int)
    opened = Signal(int)

    def __init__(self, desk: Desk, rows: ValueRows, parent: QWidget | None = None) -> None:
        super().__init__(desk, "blame.values", tr("Values of the field, oldest first"), parent)
        self._rows = rows
        self._wanted = dict.fromkeys((VALUE, CHANGE, EVENT, TIME), 0)
        self.setHorizontalHeader(_Titles(rows, self.painter, self))
        self.horizontalHeader().setMinimumSectionSize(0)
        desk.appearance.changed.connect(self.refresh)
        desk.cursor.ordinal_changed.connect(lambda _: self.show_a())
        self.begin(rows)
        self.refresh()

    @property
    def name_inset(self) -> int:
        """How far the events' names stand behind the beginning of their cells: the mark is before them."""
        return self.desk.appearance.sizes(16)

    def show_a(self) -> None:
        """Makes the value at A the current row, and brings it into view."""
        row = self._rows.row_at_a
        index = self._rows.index(row, 0) if row >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        if index.isValid():
            self.scrollTo(index)
        self.viewport().update()

    def refresh(self) -> None:
        """The rows are others."""
        rows, sizes = self._rows, self.desk.appearance.sizes
        count = rows.rowCount()
        sample = range(max(0, count - _SAMPLE), count)
        widest = {
            column: max((self.painter.width(rows.text(row, column), "strong") for row in sample), default=0)
            for column in (VALUE, CHANGE, EVENT, TIME)
        }
        room = {VALUE: 24, CHANGE: 14, EVENT: 12, TIME: 22}
        self._wanted = {column: width + sizes(room[column]) for column, width in widest.items()}
        self.fit_columns()
        self.viewport().update()

    # -- keys and mouse ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if row < 0 or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space:
            self.went_to.emit(row)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.opened if self._rows.changes[row].cut else self.went_to).emit(row)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.rowAt(event.position().toPoint().y())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.went_to.emit(row)

    # -- painting ------------------------------------------------------------------------------------------------

    def paint_row(self, painter: QPainter, row: int, whole: QRect) -> None:
        rows, sizes, paint = self._rows, self.desk.appearance.sizes, self.painter
        change, is_current = rows.changes[row], row == self.currentIndex().row()
        at_a = rows.row_at_a
        is_at_a, is_later = row == at_a, row > at_a
        is_hovered = row == self.hovered and self.underMouse()
        painter.fillRect(
            whole, paint.color("sel" if is_at_a else "hover" if is_hovered or is_current else "bg")
        )
        piece = words.value_of(change)
        tone = "text3" if is_later else piece.tone
        font = "strong" if is_at_a and piece.font == "body" else piece.font
        paint.write(painter, self.cell(VALUE, whole), piece.text, tone, font, right=rows.is_right(VALUE))
        quiet = "text3" if is_later else "text2"
        if not self.isColumnHidden(CHANGE):
            paint.write(painter, self.cell(CHANGE, whole), rows.text(row, CHANGE), quiet, "small", right=True)
        paint.write(painter, self.cell(VERSION, whole), rows.text(row, VERSION), quiet, "small", right=True)
        cell = self.cell(EVENT, whole)
        middle = QPointF(cell.left() + sizes(4), cell.center().y() + 1)
        self.desk.event_types.paint(painter, change.event_type, middle, sizes(8))
        name = cell.adjusted(self.name_inset, 0, 0, 0)
        paint.write(painter, name, rows.text(row, EVENT), "text3" if is_later else "text", "small")
        if not self.isColumnHidden(USER):
            paint.write(painter, self.cell(USER, whole), rows.text(row, USER), quiet, "small")
        paint.write(painter, self.cell(TIME, whole), rows.text(row, TIME), quiet, "small", right=True)
        if is_at_a:
            painter.fillRect(0, whole.top(), 3, whole.height(), paint.color("accent_fill"))
        if is_current and self.hasFocus():
            paint.paint_ring(painter, whole)

    def cell(self, column: int, whole: QRect) -> QRect:
        """Where the text of that column stands in a row, or in the titles over them."""
        left, width = self.columnViewportPosition(column), self.columnWidth(column)
        before = 16 if column == VALUE else 4
        after = 12 if column == TIME else 4
        return QRect(left + before, whole.top(), width - before - after, whole.height())

    # -- sizes ---------------------------------------------------------------------------------------------------

    def fit_columns(self) -> None:
        """Values that are no numbers, then the user, give way to the events' names."""
        sizes, room, rows = self.desk.appearance.sizes, self.viewport().width(), self._rows
        last = f"{rows.changes[-1].version:,}" if rows.changes else "00"
        version = max(self.painter.width(last, "small"), self.painter.width("00", "small")) + 12
        change = max(self._wanted[CHANGE], sizes(56)) if rows.has_differences else 0
        time = self._wanted[TIME]
        left = room - change - version - time
        names = min(self._wanted[EVENT] + self.name_inset, max(sizes(110), left // 2))
        value = max(self._wanted[VALUE], sizes(72))
        if rows.are_numbers:
            value = min(value, max(sizes(72), left * 3 // 5))
        else:
            value = max(sizes(72), min(value, (left - names) * 3 // 4))
        user = min(left - names - value, sizes(168))
        user = user if user >= sizes(60) else 0
        self.setColumnHidden(USER, user == 0)
        self.setColumnHidden(CHANGE, change == 0)
        widths = {VALUE: value, CHANGE: change, VERSION: version, USER: user, TIME: time}
        widths[EVENT] = max(0, left - value - user)
        for column, width in widths.items():
            self.setColumnWidth(column, width)


class _Titles(QHeaderView):
    """Names of the columns where the columns' text stands."""

    def __init__(self, rows: ValueRows, painter: RowPainter, parent: ValueTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = parent
        self._values = rows
        self._rows = painter
        self.setObjectName("blame.columns")
        self.setAccessibleName(tr("Columns"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._rows.font("body")[1].height() + 9)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, self._rows.color("bg"))
        painter.setPen(self._rows.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        cell = self._table.cell(section, rect.adjusted(0, 0, 0, -1))
        if section == EVENT:
            cell.adjust(self._table.name_inset, 0, 0, 0)
        right = self._values.is_right(section)
        self._rows.write(painter, cell, text, "text3", "caption", right=right)
        painter.restore()
