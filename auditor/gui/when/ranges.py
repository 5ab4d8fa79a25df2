"""The ranges of versions at which a condition held, as a list; the current one is where A is."""

import bisect
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.projections.cells import Cell, CellTable, text_width
from auditor.gui.when import words

if TYPE_CHECKING:
    from auditor.jobs.find_when import WhenResult

VERSIONS, COUNT, FROM, LASTED, EVENT, USER = range(6)
Index = QModelIndex | QPersistentModelIndex
ROW = 24


class RangesModel(QAbstractTableModel):
    """Times and types come from the history that is shown."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.ranges: tuple[tuple[int, int], ...] = ()
        self.intervals: tuple[tuple[int, int], ...] = ()
        desk.clock.changed.connect(self._on_clock_changed)

    def take(self, result: "WhenResult | None") -> None:
        ranges = result.ranges if result is not None else ()
        intervals = result.intervals if result is not None else ()
        if ranges is self.ranges:
            return
        known = len(self.ranges)
        # Of one condition in one history there come only more, and the last one may grow: no need to compare all.
        if known > 1 and len(ranges) > known and ranges[known - 2] == self.ranges[-2]:
            self.beginInsertRows(QModelIndex(), known, len(ranges) - 1)
            self.ranges, self.intervals = ranges, intervals
            self.endInsertRows()
            self.dataChanged.emit(self.index(known - 1, 0), self.index(known - 1, USER))
            return
        self.beginResetModel()
        self.ranges, self.intervals = ranges, intervals
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.ranges)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else USER + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.ranges):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(index.row(), index.column()))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            begin = tr("From, {zone}", zone=self._desk.clock.zone_name)
            titles = (tr("Versions"), tr("How many"), begin, tr("For"), tr("Began with"), tr("By"))
            return titles[section]
        return None

    def is_right(self, column: int) -> bool:
        return column == COUNT

    def cell(self, row: int, column: int) -> Cell:
        tone = "text" if column in (VERSIONS, EVENT) else "text2"
        return Cell(self.text(row, column), tone, "small" if column > VERSIONS else "body", column == COUNT)

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        history, (first, last) = self._desk.cursor.history, self.ranges[row]
        if column == VERSIONS:
            return words.versions(*self.intervals[row])
        if column == COUNT:
            return f"{last - first + 1:,}"
        if history is None or first > history.length:
            return ""
        if column == FROM:
            return self._desk.clock.minute(history.time(first) or "")
        if column == LASTED:
            moments = [self._desk.clock.moment(history.time(ordinal) or "") for ordinal in (first, last + 1)]
            return words.lasted(history, last, *moments)
        return display(
            (history.event_type(first) if column == EVENT else history.user(first)) or "", longest=80
        )

    def row_of(self, ordinal: int) -> int:
        """The range that holds the ordinal, or -1."""
        row = self.begun_by(ordinal) - 1
        return row if row >= 0 and ordinal <= self.ranges[row][1] else -1

    def begun_by(self, ordinal: int) -> int:
        """How many ranges begin at or before the ordinal."""
        return bisect.bisect_right(self.ranges, ordinal, key=lambda one: one[0])

    def _spoken(self, row: int) -> str:
        return tr(
            "versions {versions}, from {time} {zone}, {lasted}, began with {type}",
            versions=self.text(row, VERSIONS),
            time=self.text(row, FROM),
            zone=self._desk.clock.zone_name,
            lasted=self.text(row, LASTED),
            type=self.text(row, EVENT),
        )

    def _tip(self, row: int, column: int) -> str:
        history, (first, last) = self._desk.cursor.history, self.ranges[row]
        clock = self._desk.clock
        if history is None or column not in (FROM, LASTED):
            return self.text(row, column)
        ordinal = first if column == FROM else last + 1
        time = history.time(ordinal)
        return self.text(row, column) if time is None else f"{clock.full(time)}\n{clock.other_zone(time)}"

    def _on_clock_changed(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, FROM, FROM)
        if self.ranges:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ranges) - 1, USER))


class RangesTable(CellTable):
    """`chosen` tells the row to go to."""

    chosen = Signal(int)

    def __init__(self, desk: Desk, model: RangesModel) -> None:
        super().__init__(desk, "when.ranges", by_row=True)
        self.setModel(model)
        self.setAccessibleName(tr("Versions at which it held"))
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        keys = (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
        )
        if event.key() in keys and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _on_appearance_changed(self) -> None:
        self.set_row_height(ROW)
        self._share()

    def _share(self) -> None:
        """Columns as wide as what they usually hold; the event and its user share the rest."""
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        samples = (
            "100,000 – 100,000",
            self.model().headerData(COUNT, Qt.Orientation.Horizontal),
            "2026-03-02 14:11",
        )
        fonts = ("body", "caption", "small")
        widths = [text_width(self, str(sample), font) for sample, font in zip(samples, fonts, strict=True)]
        widths.append(text_width(self, "1,000 d 23 h", "small"))
        rest = max(self.viewport().width() - sum(widths), 200)
        for column, width in enumerate((*widths, rest // 2, rest - rest // 2)):
            header.resizeSection(column, width)
