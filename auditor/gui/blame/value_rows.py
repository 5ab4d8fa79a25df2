"""All values of a field as a table, oldest first."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.blame import words
from auditor.gui.blame.reading import ReadBlame
from auditor.gui.desk import Desk
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.state.setter_words import column_time

if TYPE_CHECKING:
    from auditor.jobs.show_blame import FieldChange

VALUE, CHANGE, VERSION, EVENT, USER, TIME = range(6)
Index = QModelIndex | QPersistentModelIndex
_SAMPLE = 200


class ValueRows(QAbstractTableModel):
    """A window on the changes of one answer; texts are made when they are seen. Row = number of the value."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.changes: Sequence[FieldChange] = ()
        self.ordinals: Sequence[int] = ()
        self.has_differences = self.are_numbers = False
        desk.clock.changed.connect(self._on_clock_changed)
        desk.cursor.ordinal_changed.connect(lambda _: self._tell_all_changed())

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.changes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 6

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.changes):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(words.tip(self.changes[index.row()], self._desk.clock))
        if role == Qt.ItemDataRole.TextAlignmentRole and self.is_right(index.column()):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole and section == VERSION:
            return tr("Version")
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            zone = tr("Local") if self._desk.clock.is_local else "UTC"
            return (tr("Value"), tr("Change"), "", tr("Set by"), tr("User"), zone)[section]
        return None

    def is_right(self, column: int) -> bool:
        """Numbers line up at their right end."""
        return column in (CHANGE, VERSION, TIME) or (column == VALUE and self.are_numbers)

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        change = self.changes[row]
        if column == VALUE:
            return words.value_of(change).text
        if column == CHANGE:
            return words.change_of(self.changes, row)
        if column == VERSION:
            return f"{change.version:,}"
        if column == EVENT:
            return display(change.event_type)
        if column == USER:
            return display(change.user_id or "")
        history = self._desk.cursor.history
        time = change.timestamp
        return column_time(history, time, self._desk.clock) if history else self._desk.clock.minute(time)

    @property
    def row_at_a(self) -> int:
        """The value that is true at A; -1 before the first one."""
        return bisect_right(self.ordinals, self._desk.cursor.ordinal) - 1

    def set_values(self, read: ReadBlame | None) -> None:
        """Another answer; one that only goes on is told as further rows."""
        changes = read.result.changes if read is not None else ()
        known, count = len(self.changes), len(changes)
        if known and count >= known and changes[:known] == self.changes:
            if count > known:
                self.beginInsertRows(QModelIndex(), known, count - 1)
                self._take(read)
                self.endInsertRows()
            return
        self.beginResetModel()
        self._take(read)
        self.endResetModel()

    def _take(self, read: ReadBlame | None) -> None:
        self.changes = read.result.changes if read is not None else ()
        self.ordinals = [one.ordinal for one in self.changes]
        self.are_numbers = read is not None and read.heights is not None
        sample = range(max(1, len(self.changes) - _SAMPLE), len(self.changes))
        self.has_differences = any(words.change_of(self.changes, at) for at in sample)

    def _spoken(self, row: int) -> str:
        at_a = self.row_at_a
        return words.spoken(
            self.changes[row],
            words.change_of(self.changes, row),
            self._desk.clock,
            is_at_a=row == at_a,
            is_later=row > at_a,
        )

    def _on_clock_changed(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, TIME, TIME)
        self._tell_all_changed()

    def _tell_all_changed(self) -> None:
        if self.changes:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.changes) - 1, TIME))
