"""The rows of a comparison, as Qt's views want them: a flat list, in which each row knows its depth."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from auditor.core.compared_rows import ComparedRow
from auditor.core.text import tr
from auditor.gui.compare.words import SIGNS, can_open, field_text, matched, side_text, spoken, tip
from auditor.gui.parts.plain_tip import plain_tip

SIGN, FIELD, AT_A, AT_B, RESPONSIBLE = range(5)
ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class Responsible(NamedTuple):
    """The event that set a field last between the two states, in words, and how many there were."""

    ordinal: int
    version: int
    event_type: str
    events: int

    @property
    def text(self) -> str:
        """`52 ItemRemoved`, and how many events where there was more than one."""
        text = f"{self.version:,} {self.event_type}"
        return text if self.events <= 1 else f"{text}, {self.several}"

    @property
    def several(self) -> str:
        return tr("{count:,} events", count=self.events) if self.events > 1 else ""


class ComparedRows(QAbstractTableModel):
    """Told as changed data where the same rows stand in the same places, else as a reset."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ComparedRow, ...] = ()
        self._places: dict[str, int] = {}
        self._responsible: Mapping[str, Responsible] = {}
        self._names = (tr("At A"), tr("At B"))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 5

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(tip(row, self._names))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        sign = tr("Change") if role == Qt.ItemDataRole.AccessibleTextRole else ""
        return (sign, tr("Field"), *self._names, tr("Responsible"))[section]

    def _text(self, row: ComparedRow, column: int) -> str:
        if column == SIGN:
            return SIGNS.get(row.sign, "")
        if column == FIELD:
            return field_text(row)
        if column == RESPONSIBLE:
            found = self._responsible.get(row.place)
            return found.text if found is not None else matched(row)
        return side_text(row, in_b=column == AT_B)

    def _spoken(self, row: ComparedRow) -> str:
        text, found = spoken(row, self._names), self._responsible.get(row.place)
        if found is None:
            return ", ".join(part for part in (text, matched(row)) if part)
        return tr("{row}, set by {event}", row=text, event=found.text)

    # -- what the view asks --------------------------------------------------------------------------------------

    @property
    def names(self) -> tuple[str, str]:
        """Of the two columns of values."""
        return self._names

    def row(self, at: int) -> ComparedRow | None:
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def responsible(self, row: ComparedRow) -> Responsible | None:
        return self._responsible.get(row.place)

    def find(self, place: str) -> int:
        """Where that row is, -1 where it is not shown."""
        return self._places.get(place, -1)

    def next_difference(self, after: int, step: int) -> int:
        """The next row (`step` 1) or the one before (-1) that was added, removed, changed or moved itself; what lies
        inside of one that was added or removed as a whole is passed over. -1: there is none."""
        at = after + step
        while 0 <= at < len(self._rows):
            if self._rows[at].sign in SIGNS and not self._is_part(at):
                return at
            at += step
        return -1

    def _is_part(self, at: int) -> bool:
        """Whether the row above it that holds it has its sign: it was added or removed as a whole."""
        row = self._rows[at]
        if row.depth == 0 or row.sign not in ("added", "removed"):
            return False
        for above in reversed(self._rows[:at]):
            if above.depth < row.depth:
                return above.sign == row.sign
        return False

    def first_set_by(self, ordinal: int) -> int:
        """The first row for which that event is responsible, -1 for none."""
        for at, row in enumerate(self._rows):
            found = self._responsible.get(row.place)
            if found is not None and found.ordinal == ordinal and row.sign in SIGNS:
                return at
        return -1

    def parent_of(self, at: int) -> int:
        """The row that holds this one, -1 for the state itself."""
        row = self.row(at)
        above = at - 1
        while row is not None and above >= 0:
            if self._rows[above].depth < row.depth:
                return above
            above -= 1
        return -1

    def is_branch(self, at: int) -> bool:
        row = self.row(at)
        return row is not None and can_open(row)

    # -- new rows ------------------------------------------------------------------------------------------------

    def set_rows(
        self,
        rows: Sequence[ComparedRow],
        names: tuple[str, str],
        responsible: Mapping[str, Responsible],
    ) -> None:
        same_shape = [row.place for row in rows] == [row.place for row in self._rows]
        if not same_shape:
            self.beginResetModel()
        self._rows, self._names, self._responsible = tuple(rows), names, responsible
        self._places = {row.place: at for at, row in enumerate(self._rows)}
        if same_shape:
            self._tell_changed(SIGN)
        else:
            self.endResetModel()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, SIGN, RESPONSIBLE)

    def set_responsible(self, responsible: Mapping[str, Responsible]) -> None:
        self._responsible = responsible
        self._tell_changed(RESPONSIBLE)

    def _tell_changed(self, column: int) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, column), self.index(len(self._rows) - 1, RESPONSIBLE))
