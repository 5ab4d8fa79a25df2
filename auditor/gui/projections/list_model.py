"""The projections of the open store as rows of a table."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from auditor.core.presenter import display, display_events
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.projections.cells import AnyIndex, Cell
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.words import (
    count_rows,
    fingerprint,
    short_time,
    standing_sentence,
    state_sign,
    took_text,
)

if TYPE_CHECKING:
    from auditor.jobs.list_projections import ProjectionRow

NAME, STATE, CHECKPOINT, HEAD, LAG, ROWS, CODE, TARGET, BUILT = range(9)
COLUMNS = 9
_RIGHT = frozenset({CHECKPOINT, HEAD, LAG, ROWS, BUILT})


class ProjectionModel(QAbstractTableModel):
    """Rows as the job listed them; what runs in this window shows in their states."""

    def __init__(self, clock: Clock, runs: Mapping[str, RebuildRun], parent: QObject | None = None) -> None:
        """`runs` by name is looked into whenever a row is painted."""
        super().__init__(parent)
        self._clock = clock
        self._runs = runs
        self._rows: tuple[ProjectionRow, ...] = ()

    # -- what Qt asks ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(index.row(), index.column()).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._hint(self._rows[index.row()], index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self.cell(index.row(), index.column()).text
            return text if index.column() in (NAME, STATE) else f"{self._title(index.column())}: {text}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._title(section)
        return None

    def _title(self, column: int) -> str:
        return (
            tr("Projection"),
            tr("State"),
            tr("Checkpoint"),
            tr("Head"),
            tr("Lag, events"),
            tr("Rows"),
            tr("Code fingerprint"),
            tr("Read model"),
            tr("Last build, {zone}", zone=self._clock.zone_name),
        )[column]

    # -- what is painted -------------------------------------------------------------------------------------------

    def is_right(self, column: int) -> bool:
        return column in _RIGHT

    def cell(self, row: int, column: int) -> Cell:
        projection = self._rows[row]
        if column == NAME:
            return Cell(display(projection.name, longest=200), font="medium")
        if column == STATE:
            sign = state_sign(projection, self._runs.get(projection.name))
            tone = "text2" if sign.icon == "check" else sign.tone
            return Cell(
                sign.text, tone, "small-medium" if sign.strong else "small", False, sign.icon, sign.tone
            )
        if column == CODE:
            return _code(projection)
        if column == TARGET:
            return Cell(_target(projection), "text2", "mono", middle=True)
        if column == BUILT:
            return self._built(projection)
        return _number(projection, column)

    def _built(self, projection: "ProjectionRow") -> Cell:
        run = self._runs.get(projection.name)
        if run is not None and run.is_at_work:
            return Cell(tr("running"), "text2", "small", right=True)
        if projection.built_at is None:
            was_built = projection.checkpoint is not None or projection.state == "unreadable"
            text = tr("unknown") if was_built else tr("never")
            return Cell(text, "text3", "small", right=True)
        return Cell(
            short_time(projection.built_at, self._clock, datetime.now(UTC)), "text2", "small", right=True
        )

    def _hint(self, row: "ProjectionRow", column: int) -> str:
        if column == BUILT and row.built_at is not None:
            lines = [self._clock.full(row.built_at), self._clock.other_zone(row.built_at)]
            if row.built_seconds is not None and row.built_events is not None:
                took = took_text(row.built_seconds)
                lines.append(tr("{events} in {time}", events=display_events(row.built_events), time=took))
            return "\n".join(lines)
        if column == CODE:
            return tr(
                "Now: {now}\nOf the rows: {built}", now=row.sha256 or "–", built=row.built_sha256 or "–"
            )
        if column == TARGET:
            return row.target.name
        if column == ROWS and row.tables:
            return "\n".join(f"{display(name)}: {_rows_of(count)}" for name, count in row.tables.items())
        return standing_sentence(row) if column == STATE else display(row.name, longest=1_000)

    # -- what the view asks ----------------------------------------------------------------------------------------

    @property
    def projections(self) -> "tuple[ProjectionRow, ...]":
        return self._rows

    def row(self, number: int) -> "ProjectionRow":
        return self._rows[number]

    def number_of(self, name: str) -> int | None:
        return next((number for number, row in enumerate(self._rows) if row.name == name), None)

    def set_rows(self, rows: "Sequence[ProjectionRow]") -> None:
        """The same projections keep their rows, and whoever looks at one of them keeps it."""
        if [row.name for row in rows] == [row.name for row in self._rows]:
            self._rows = tuple(rows)
            self.tell_changed()
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def tell_changed(self, name: str | None = None) -> None:
        """A run has moved on, times are written in another way, or (without a name) all was read again."""
        number = None if name is None else self.number_of(name)
        first, last = (0, len(self._rows) - 1) if name is None else (number, number)
        if first is not None and last is not None and last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, COLUMNS - 1))

    def tell_titles(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, COLUMNS - 1)


def _number(row: "ProjectionRow", column: int) -> Cell:
    """Dimmed where it says that all is well."""
    rows = sum(count or 0 for count in row.tables.values()) if row.tables else None
    value = {CHECKPOINT: row.checkpoint, HEAD: row.head, LAG: row.lag, ROWS: rows}[column]
    if value is None:
        is_none = column in (CHECKPOINT, ROWS) and row.state != "unreadable"
        return Cell(tr("none") if is_none else "–", "text3", right=True)
    quiet = column == HEAD or (column == LAG and value == 0)
    return Cell(f"{value:,}", "text2" if quiet else "text", right=True)


def _code(row: "ProjectionRow") -> Cell:
    now = fingerprint(row.sha256)
    if row.sha256 is None:
        return Cell(now, "text3", "small")
    if row.built_sha256 is not None and row.built_sha256 != row.sha256:
        now = tr("{now}, was {before}", now=now, before=fingerprint(row.built_sha256))
        return Cell(now, "chg", "mono")
    if row.trusted is False:
        return Cell(tr("{now}, not trusted", now=now), "chg", "mono")
    return Cell(now, "text2" if row.checkpoint is not None else "text3", "mono")


def _target(row: "ProjectionRow") -> str:
    """The file, and the table where there is one; the first of several."""
    tables = list(row.tables)
    if not tables:
        return row.target.short_name
    more = f" +{len(tables) - 1}" if len(tables) > 1 else ""
    return f"{row.target.short_name}/{display(tables[0], longest=60)}{more}"


def _rows_of(count: int | None) -> str:
    return tr("removed by somebody") if count is None else count_rows(count)
