"""A window on the rows of a table: some pages of it, never all."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from auditor.core import exact_json
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.projections.cells import AnyIndex, Cell

if TYPE_CHECKING:
    from auditor.jobs.list_rows import RowsResult
    from auditor.stores.read_model_view import RowColumn

PAGE = 200
MOST_ROWS = 2_000
LONGEST = 300
_NUMBERS = frozenset({"integer", "real"})

Row = tuple[Any, ...]


class RowsModel(QAbstractTableModel):
    """Pages without a hole between them, by the key. Each page's token is kept, so that those that were dropped at the
    beginning can be had again. Nothing is read here: `rows_feed` brings the pages."""

    changing = Signal()
    moved = Signal(int)
    """Around pages that come; tells by how many rows what is looked at lies further down (negative: up)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[RowColumn, ...] = ()
        self._rows: list[Row] = []
        self._pages: list[int] = []
        self.first_page = 0
        self.tokens: list[str | None] = [None]
        """By page: what lies before it. The last is that of a page that was not read yet."""
        self.is_at_end = True

    # -- what Qt asks ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(index.row(), index.column()).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(display(exact_text(self.value(index)), longest=2_000))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = display(self.columns[index.column()].name)
            return f"{name}: {self.cell(index.row(), index.column()).text}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return display(column.name, longest=200)
        if role == Qt.ItemDataRole.ToolTipRole:
            key = tr(", part of the key") if column.key else ""
            return plain_tip(f"{display(column.name)}: {display(column.kind)}{key}")
        return None

    # -- what is painted -------------------------------------------------------------------------------------------

    def is_right(self, column: int) -> bool:
        return column < len(self.columns) and self.columns[column].kind in _NUMBERS

    def cell(self, row: int, column: int) -> Cell:
        value, declared = self._rows[row][column], self.columns[column]
        if value is None:
            return Cell(tr("null"), "text3", "italic", declared.kind in _NUMBERS)
        if isinstance(value, bool):
            return Cell(tr("true") if value else tr("false"), "text2")
        if isinstance(value, int) and declared.kind in _NUMBERS:
            return Cell(f"{value:,}" if not declared.key else str(value), right=True)
        text = display(exact_text(value)[: LONGEST + 1])
        if len(text) > LONGEST:
            text = f"{text[:LONGEST]}…"
        if text == "":
            return Cell(tr("empty"), "text3", "italic")
        if declared.key:
            return Cell(text, "text", "mono", declared.kind in _NUMBERS, middle=True)
        return Cell(text, "text", "body", declared.kind in _NUMBERS)

    # -- what the page asks ----------------------------------------------------------------------------------------

    def row(self, number: int) -> Row:
        return self._rows[number]

    def value(self, index: AnyIndex) -> Any:
        return self._rows[index.row()][index.column()]

    @property
    def first_row(self) -> int:
        """The place of the first held row among all, from 0."""
        return self.first_page * PAGE

    @property
    def next_token(self) -> str | None:
        """Of the page behind what is held; None where there is none."""
        at = self.first_page + len(self._pages)
        return self.tokens[at] if not self.is_at_end and at < len(self.tokens) else None

    # -- pages -----------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        self.beginResetModel()
        self.columns, self._rows, self._pages = (), [], []
        self.first_page, self.tokens, self.is_at_end = 0, [None], True
        self.endResetModel()

    def show_first(self, page: "RowsResult") -> None:
        self.beginResetModel()
        self.columns, self._rows, self._pages = page.columns, list(page.rows), [len(page.rows)]
        self.first_page, self.tokens, self.is_at_end = 0, [None, page.after], not page.more
        self.endResetModel()

    def put_behind(self, page: "RowsResult") -> None:
        """The page after those that are held; the first one goes where there would be too many."""
        self.changing.emit()
        at = self.first_page + len(self._pages)
        self._insert(len(self._rows), page.rows)
        self._pages.append(len(page.rows))
        if at + 1 == len(self.tokens):
            self.tokens.append(page.after)
        self.is_at_end = not page.more
        gone = 0
        while len(self._rows) > MOST_ROWS:
            count = self._pages.pop(0)
            self.first_page += 1
            self._remove(0, count)
            gone += count
        self.moved.emit(-gone)

    def put_in_front(self, page: "RowsResult") -> None:
        """The page before those that are held."""
        self.changing.emit()
        self._insert(0, page.rows)
        self._pages.insert(0, len(page.rows))
        self.first_page -= 1
        while len(self._rows) > MOST_ROWS:
            count = self._pages.pop()
            self._remove(len(self._rows) - count, count)
            self.is_at_end = False
        self.moved.emit(len(page.rows))

    def _insert(self, at: int, rows: Sequence[Row]) -> None:
        if rows:
            self.beginInsertRows(QModelIndex(), at, at + len(rows) - 1)
            self._rows[at:at] = rows
            self.endInsertRows()

    def _remove(self, at: int, count: int) -> None:
        if count:
            self.beginRemoveRows(QModelIndex(), at, at + count - 1)
            del self._rows[at : at + count]
            self.endRemoveRows()


def exact_text(value: Any) -> str:
    """As stored: a text bare, numbers in full, bytes in hexadecimal digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float):
        return repr(value)
    return exact_json.dump(value)
