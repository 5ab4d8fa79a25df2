"""A window on the list of aggregates: some pages of it, never all."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.clock import Clock, age
from auditor.gui.parts.plain_tip import plain_tip

if TYPE_CHECKING:
    from auditor.stores.pages import AggregateRow

MOST_ROWS = 2_000
LONGEST_ID = 200
ID, VERSIONS, LAST_EVENT = range(3)
COLUMNS = 3

_Key = Callable[["AggregateRow"], Any]
AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(slots=True)
class _Segment:
    """The rows of one page. `before` and `after` are the tokens of what lies beyond, None where there is nothing."""

    rows: int
    before: str | None
    after: str | None


class AggregateModel(QAbstractTableModel):
    """Rows in the order of the list, without a hole. Pages are put to either end and dropped at the other one.

    An aggregate stands in it once. Nothing is read here: `navigator_feed` brings the pages.
    """

    changing = Signal()
    changed = Signal()
    """Around all rows that come and go together: what is looked at can be kept in its place."""
    leaving = Signal(int, int)
    """Rows from … to … go next. Told before Qt chooses a neighbour of the chosen one."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._rows: list[AggregateRow] = []
        self._segments: list[_Segment] = []
        self._numbers: dict[str, int] | None = {}  # made anew when it is asked for after a change
        self.now = datetime.now(UTC)
        """What ages are counted from."""

    # -- what Qt asks ------------------------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._hint(row, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._text(row, column)} {self._noun(row, column)}".strip()
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Id"), tr("Versions"), tr("Last event"))[section]
        return None

    def _text(self, row: "AggregateRow", column: int) -> str:
        if column == ID:
            return shown_id(row.aggregate_id)
        return f"{row.version:,}" if column == VERSIONS else age(row.last_timestamp, self.now)

    def _hint(self, row: "AggregateRow", column: int) -> str:
        if column == LAST_EVENT:
            return f"{self._clock.full(row.last_timestamp)}\n{self._clock.other_zone(row.last_timestamp)}"
        return f"{display(row.aggregate_type, longest=LONGEST_ID)}\n{display(row.aggregate_id, longest=4 * LONGEST_ID)}"

    def _noun(self, row: "AggregateRow", column: int) -> str:
        if column == ID:
            return display(row.aggregate_type, longest=LONGEST_ID)
        return tr("versions") if column == VERSIONS else tr("since the last event")

    # -- what the panel asks -----------------------------------------------------------------------------------------

    def row(self, number: int) -> "AggregateRow":
        return self._rows[number]

    def number_of(self, aggregate_id: str) -> int | None:
        """Its row; None where it is not among those that are held."""
        if self._numbers is None:
            self._numbers = {row.aggregate_id: number for number, row in enumerate(self._rows)}
        return self._numbers.get(aggregate_id)

    @property
    def longest_version(self) -> str:
        """As it is written, of the rows that are held."""
        return f"{max((row.version for row in self._rows), default=0):,}"

    @property
    def before(self) -> str | None:
        """The token of what lies in front; None at the beginning of the list."""
        return self._segments[0].before if self._segments else None

    @property
    def after(self) -> str | None:
        """The token of what lies behind; None at the end of the list."""
        return self._segments[-1].after if self._segments else None

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing beyond what is held."""
        return self.before is None and self.after is None

    @property
    def is_unwieldy(self) -> bool:
        """Whether one page has grown so much that pages cannot be dropped well any more."""
        return any(segment.rows > MOST_ROWS // 4 for segment in self._segments)

    # -- pages -----------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        self.show([], None, None)

    def show(self, rows: Sequence["AggregateRow"], before: str | None, after: str | None) -> None:
        """Only that page, in place of all others."""
        self.beginResetModel()
        self._rows = list(rows)
        self._numbers = None
        self._segments = [_Segment(len(rows), before, after)]
        self.now = datetime.now(UTC)
        self.endResetModel()

    def put_behind(self, rows: Sequence["AggregateRow"], before: str | None, after: str | None) -> None:
        """The page that lies behind; without rows: there is none."""
        if not rows:
            self._segments[-1].after = None
            return
        self.changing.emit()
        self._drop_double(rows)
        self._insert(len(self._rows), rows)
        self._segments.append(_Segment(len(rows), before, after))
        self._drop(first=True)
        self.changed.emit()

    def put_in_front(self, rows: Sequence["AggregateRow"], before: str | None, after: str | None) -> None:
        """The page that lies in front; without rows: there is none."""
        if not rows:
            self._segments[0].before = None
            return
        self.changing.emit()
        self._drop_double(rows)
        self._insert(0, rows)
        self._segments.insert(0, _Segment(len(rows), before, after))
        self._drop(first=False)
        self.changed.emit()

    def _drop(self, *, first: bool) -> None:
        while len(self._rows) > MOST_ROWS and len(self._segments) > 1:
            segment = self._segments.pop(0 if first else -1)
            at = 0 if first else len(self._rows) - segment.rows
            self._remove(at, segment.rows)

    # -- rows that have changed ------------------------------------------------------------------------------------

    def take_changed(
        self,
        rows: Sequence["AggregateRow"],
        *,
        newest_first: bool,
        is_listed: Callable[["AggregateRow"], bool],
    ) -> None:
        """Puts changed and new aggregates where the order has them, if that is among what is held. Those that now
        belong in front of it, or behind it, are found there when one comes there."""
        self.now = datetime.now(UTC)
        self.changing.emit()
        known = {row.aggregate_id: row.last_position for row in self._rows}
        news = [row for row in rows if is_listed(row) and row.last_position > known.get(row.aggregate_id, -1)]
        if newest_first:
            self._drop_double(news)
            self._put(news, _by_last)
        else:
            self._replace([row for row in news if row.aggregate_id in known])
            self._put([row for row in news if row.aggregate_id not in known], _by_id)
        self._drop(first=False)
        self.changed.emit()
        self.tell_ages()

    def tell_ages(self) -> None:
        """Time has passed, or times are written in another way."""
        self.now = datetime.now(UTC)
        if self._rows:
            last = self.index(len(self._rows) - 1, LAST_EVENT)
            self.dataChanged.emit(self.index(0, VERSIONS), last)

    def _replace(self, rows: Sequence["AggregateRow"]) -> None:
        for row in rows:
            number = self.number_of(row.aggregate_id)
            if number is not None:
                self._rows[number] = row

    def _put(self, rows: Sequence["AggregateRow"], key: _Key) -> None:
        """Rows that are not held, each where the order has it; those that come to stand together at once."""
        if not self._segments:
            self._segments.append(_Segment(0, None, None))
        keys = [key(row) for row in self._rows]
        groups: dict[int, list[AggregateRow]] = {}
        for row in sorted(rows, key=key):
            groups.setdefault(bisect_left(keys, key(row)), []).append(row)
        for at, group in sorted(groups.items(), reverse=True):
            is_in_front = at == 0 and self._segments[0].before is not None
            is_behind = at == len(keys) and self._segments[-1].after is not None
            if not is_in_front and not is_behind:
                self._segment_at(max(0, at - 1)).rows += len(group)
                self._insert(at, group)

    def _segment_at(self, number: int) -> _Segment:
        for segment in self._segments:
            if number < segment.rows:
                return segment
            number -= segment.rows
        return self._segments[-1]

    def _drop_double(self, rows: Sequence["AggregateRow"]) -> None:
        """What stands elsewhere in the list by now is taken away where it stood."""
        found = (self.number_of(row.aggregate_id) for row in rows)
        for number in sorted((one for one in found if one is not None), reverse=True):
            self._segment_at(number).rows -= 1
            self._remove(number, 1)

    # -- the rows themselves ---------------------------------------------------------------------------------------

    def _insert(self, at: int, rows: Sequence["AggregateRow"]) -> None:
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), at, at + len(rows) - 1)
        self._rows[at:at] = rows
        self._numbers = None
        self.endInsertRows()

    def _remove(self, at: int, count: int) -> None:
        if not count:
            return
        self.leaving.emit(at, at + count - 1)
        self.beginRemoveRows(QModelIndex(), at, at + count - 1)
        self._numbers = None
        del self._rows[at : at + count]
        self.endRemoveRows()


def shown_id(aggregate_id: str) -> str:
    """Visible and never longer than a row could need; the end stays, since it often tells ids apart."""
    if len(aggregate_id) > LONGEST_ID:
        half = LONGEST_ID // 2
        return f"{display(aggregate_id[:half])}…{display(aggregate_id[-half:])}"
    return display(aggregate_id)


def _by_last(row: "AggregateRow") -> Any:
    return -row.last_position


def _by_id(row: "AggregateRow") -> Any:
    """The store orders ids by the bytes of UTF-8."""
    return row.aggregate_id.encode("utf-8", "surrogateescape")
