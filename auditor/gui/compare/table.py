"""The rows of a comparison as a widget: painted whole, opened and closed by keys and mouse."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QWidget

from auditor.core.compared_rows import ComparedRow
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.compare.rows_model import AT_A, AT_B, FIELD, RESPONSIBLE, SIGN, ComparedRows
from auditor.gui.compare.words import SIGNS, field_pieces, matched, says_its_name_twice, side_piece
from auditor.gui.desk import Desk
from auditor.gui.parts.row_table import RowTable
from auditor.gui.state.row_painter import INDENT
from auditor.gui.state.row_words import characters

Index = QModelIndex | QPersistentModelIndex
SIGN_WIDTH, FIELD_LEAST, SIDE_LEAST = 32, 130, 90
HEADER_INSET = 7  # where the header's own text begins
_TINTS = {"added": "add_bg", "removed": "rem_bg", "changed": "chg_bg", "moved": "chg_bg"}
_TONES = {"added": "add", "removed": "rem", "changed": "chg", "moved": "chg"}


class CompareTable(RowTable):
    """`toggled` when a row is to be opened or closed; `entered` by Enter or a double click on one that cannot be;
    `chosen` with the row that became the current one."""

    toggled = Signal(object)
    entered = Signal(object)
    chosen = Signal(object)

    def __init__(self, desk: Desk, rows: ComparedRows, parent: QWidget | None = None) -> None:
        super().__init__(desk, "compare.table", tr("Fields that differ"), parent)
        self._rows = rows
        self._incomplete = False
        self._quiet = False
        self.horizontalHeader().setObjectName("compare.columns")
        desk.event_types.changed.connect(self.viewport().update)
        self.begin(rows)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def set_incomplete(self, incomplete: bool) -> None:
        """Draws the red edge on every row."""
        if incomplete != self._incomplete:
            self._incomplete = incomplete
            self.viewport().update()

    def current_row(self) -> ComparedRow | None:
        return self._rows.row(self.currentIndex().row())

    def select(self, at: int, *, quietly: bool = False) -> None:
        """Makes that row the current one; `quietly` tells nobody. -1: none is."""
        self._quiet = quietly
        index = self._rows.index(at, FIELD) if at >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        if at >= 0:
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self._quiet = False

    def seen_rows(self) -> list[ComparedRow]:
        """Those in view, from above."""
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        count = self._rows.rowCount()
        found = (self._rows.row(at) for at in range(first, count if last < 0 else last + 1))
        return [row for row in found if row is not None]

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        row = self._rows.row(current.row())
        if row is not None and not self._quiet:
            self.chosen.emit(row)
        self.viewport().update()

    # -- painting --------------------------------------------------------------------------------------------------

    def paint_row(self, painter: QPainter, row: int, whole: QRect) -> None:
        """What differs is tinted over all columns."""
        compared = self._rows.row(row)
        if compared is not None:
            self._paint_compared(painter, row, compared, whole)

    def _paint_compared(self, painter: QPainter, at: int, row: ComparedRow, whole: QRect) -> None:
        paint = self.painter
        is_current = at == self.currentIndex().row()
        tint = _TINTS.get(row.sign, "bg")
        if at == self.hovered and self.underMouse() and tint == "bg":
            tint = "hover"
        painter.fillRect(whole, paint.color("sel" if is_current else tint))
        if self._incomplete:
            painter.fillRect(QRect(0, whole.top(), 3, whole.height()), paint.color("fail"))
        if row.sign in SIGNS:
            cell = self._cell(SIGN, whole)
            paint.write(painter, cell, SIGNS[row.sign], _TONES[row.sign], "strong", centred=True)
        self._paint_field(painter, row, whole, is_branch=self._rows.is_branch(at))
        for column in (AT_A, AT_B):
            self._paint_side(painter, row, self._cell(column, whole), in_b=column == AT_B)
        self._paint_responsible(painter, row, self._cell(RESPONSIBLE, whole))
        if is_current:
            self.paint_place(painter, whole)

    def _paint_field(self, painter: QPainter, row: ComparedRow, whole: QRect, *, is_branch: bool) -> None:
        step = self.desk.appearance.sizes(INDENT)
        cell = self._cell(FIELD, whole).adjusted(row.depth * step, 0, 0, 0)
        if is_branch:
            at = QRect(cell.left(), cell.top(), step, cell.height())
            self.painter.paint_chevron(painter, at, is_open=row.is_open)
        room = cell.adjusted(step, 0, 0, 0)
        if row.kind == "unchanged" or says_its_name_twice(row):
            room.setRight(self.columnViewportPosition(RESPONSIBLE) - 8)
        self.painter.paint_pieces(painter, field_pieces(row), room)

    def _paint_side(self, painter: QPainter, row: ComparedRow, cell: QRect, *, in_b: bool) -> None:
        piece = side_piece(row, in_b=in_b)
        if piece is None:
            return
        side = row.b if in_b else row.a
        is_cut = side is not None and side.kind == "string" and side.length > len(side.text)
        note = characters(side.length) if is_cut and side is not None else ""
        self.painter.paint_pieces(painter, [piece], cell, note)

    def _paint_responsible(self, painter: QPainter, row: ComparedRow, cell: QRect) -> None:
        found = self._rows.responsible(row)
        sizes, paint = self.desk.appearance.sizes, self.painter
        if found is None:
            paint.write(painter, cell.adjusted(sizes(16), 0, -8, 0), matched(row), "text3", "caption")
            return
        version = QRect(cell.left(), cell.top(), sizes(44), cell.height())
        paint.write(painter, version, f"{found.version:,}", "text", "small", right=True)
        middle = QPointF(version.right() + sizes(13), cell.center().y() + 1)
        painter.save()
        self.desk.event_types.paint(painter, found.event_type, middle, sizes(8))
        painter.restore()
        name = cell.adjusted(sizes(68), 0, -4, 0)
        if found.several and name.width() > sizes(150):
            paint.write(painter, name.adjusted(0, 0, -8, 0), found.several, "text3", "small", right=True)
            name.adjust(0, 0, -paint.width(found.several, "small") - 16, 0)
        if name.width() > sizes(40):
            paint.write(painter, name, display(found.event_type), "text", "small")

    def _cell(self, column: int, whole: QRect) -> QRect:
        left, width = self.columnViewportPosition(column), self.columnWidth(column)
        inset = 0 if column in (SIGN, FIELD) else HEADER_INSET
        return QRect(left + inset, whole.top(), width - inset - 4, whole.height())

    # -- keys and mouse --------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at, key = self.currentIndex().row(), event.key()
        row = self._rows.row(at)
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or row is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(at, row)
        elif key == Qt.Key.Key_Left:
            self._go_out(at, row)
        elif key == Qt.Key.Key_Right:
            self._go_in(at, row)
        else:
            super().keyPressEvent(event)

    def _enter(self, at: int, row: ComparedRow) -> None:
        if self._rows.is_branch(at) or row.kind == "more":
            self.toggled.emit(row)
        else:
            self.entered.emit(row)

    def _go_out(self, at: int, row: ComparedRow) -> None:
        if row.is_open:
            self.toggled.emit(row)
        else:
            self.select(max(self._rows.parent_of(at), 0))

    def _go_in(self, at: int, row: ComparedRow) -> None:
        if self._rows.is_branch(at) and not row.is_open:
            self.toggled.emit(row)
        elif at + 1 < self._rows.rowCount():
            self.select(at + 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = self.rowAt(event.position().toPoint().y())
        row = self._rows.row(at)
        if row is None or event.button() != Qt.MouseButton.LeftButton:
            return
        step = self.desk.appearance.sizes(INDENT)
        left = self.columnViewportPosition(FIELD) + row.depth * step
        on_chevron = self._rows.is_branch(at) and left - 4 <= event.position().x() < left + step
        if on_chevron or row.kind in ("more", "unchanged"):
            self.toggled.emit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self.rowAt(event.position().toPoint().y())
        row = self._rows.row(at)
        if row is not None and row.kind == "field" and event.button() == Qt.MouseButton.LeftButton:
            self._enter(at, row)

    # -- sizes -----------------------------------------------------------------------------------------------------

    def fit_columns(self) -> None:
        """*Responsible* gives way first, down to the version and the mark, then the name of the field."""
        sizes, room = self.desk.appearance.sizes, self.viewport().width()
        responsible = sizes(250 if room >= sizes(740) else 190 if room >= sizes(560) else 76)
        left = room - sizes(SIGN_WIDTH) - responsible
        field = max(sizes(FIELD_LEAST), min(sizes(280), left * 9 // 20))
        side = max(sizes(SIDE_LEAST), (left - field) // 2)
        for column, width in (
            (SIGN, sizes(SIGN_WIDTH)),
            (FIELD, field),
            (AT_A, side),
            (AT_B, max(side, left - field - side)),
            (RESPONSIBLE, responsible),
        ):
            self.setColumnWidth(column, width)
