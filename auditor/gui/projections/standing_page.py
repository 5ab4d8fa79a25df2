"""The chosen projection at rest: what its rows are, its tables with their keys, its code."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from auditor.core.presenter import display, display_events
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import FactList, text_label
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.projections.page_head import PageHead, page_layout_margins
from auditor.gui.projections.words import count_rows, standing_sentence, state_sign, took_text
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.list_projections import ProjectionRow
    from auditor.jobs.list_rows import RowsResult

TABLES = Lane("columns of tables")


class StandingPage(QWidget):
    """Says what the list has no room for."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._row: ProjectionRow | None = None
        self._keys: dict[tuple[str, str], str] = {}
        self.setObjectName("projections.standing")
        self.head = PageHead(desk, "projections.standing")
        self._tables = QGridLayout()
        self._facts_place = QVBoxLayout()
        self._lay_out()
        desk.clock.changed.connect(self._show)
        desk.appearance.changed.connect(self._show)
        desk.store.closed.connect(self._keys.clear)

    def _lay_out(self) -> None:
        self._tables.setHorizontalSpacing(24)
        self._tables.setVerticalSpacing(4)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(text_label(tr("Tables"), "group"))
        right.addLayout(self._tables)
        right.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(text_label(tr("Read model and code"), "group"))
        left.addLayout(self._facts_place)
        left.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*page_layout_margins())
        column.setSpacing(8)
        column.addWidget(self.head)
        column.addLayout(both, 1)

    def show_row(self, row: "ProjectionRow") -> None:
        if row != self._row:
            self._row = row
            self._show()
            self._ask_keys(row)

    def _show(self) -> None:
        row = self._row
        if row is None:
            return
        sign = state_sign(row, None)
        self.head.tell(display(row.name, longest=60), standing_sentence(row), sign.icon, sign.tone)
        _empty(self._facts_place)
        facts = FactList("projections.facts", self._desk.appearance)
        for name, value, mono in self._facts(row):
            facts.set(name, value, mono=mono)
        self._facts_place.addWidget(facts)
        self._show_tables(row)

    def _facts(self, row: "ProjectionRow") -> list[tuple[str, str, bool]]:
        told = [(tr("read model"), row.target.name, True)]
        if row.built_at is not None:
            took = "" if row.built_seconds is None else took_text(row.built_seconds)
            events = "" if row.built_events is None else display_events(row.built_events)
            how = tr("{events} in {time}", events=events, time=took) if took and events else ""
            at = self._desk.clock.second(row.built_at)
            told.append((tr("last build"), f"{at}, {how}" if how else at, False))
        if row.unfinished is not None and not row.at_work:
            told.append(
                (
                    tr("stopped"),
                    _unfinished(row.unfinished),
                    False,
                )
            )
        told.append((tr("code now"), row.sha256 or tr("no source"), row.sha256 is not None))
        if row.built_sha256 is not None:
            same = row.built_sha256 == row.sha256
            told.append((tr("code of rows"), tr("the same") if same else row.built_sha256, not same))
        return told

    def _show_tables(self, row: "ProjectionRow") -> None:
        _empty(self._tables)
        if not row.tables:
            none = tr("None yet; a rebuild makes them.")
            none = tr("Not known.") if row.state == "unreadable" else none
            self._tables.addWidget(text_label(none, "small"), 0, 0)
            return
        for column, title in enumerate((tr("Table"), tr("Rows"), tr("Key"))):
            self._tables.addWidget(text_label(title, "caption"), 0, column, _side(column))
        for number, (table, count) in enumerate(row.tables.items(), 1):
            name = ElidedLabel(display(table, longest=200))
            rows = text_label(tr("removed") if count is None else f"{count:,}", "small")
            rows.setAccessibleName(tr("removed by somebody") if count is None else count_rows(count))
            key = ElidedLabel(self._keys.get((row.name, table), ""))
            key.setProperty("type", "mono")
            key.setObjectName(f"projections.key.{table}")
            for column, widget in enumerate((name, rows, key)):
                self._tables.addWidget(widget, number, column, _side(column))
        self._tables.setColumnStretch(2, 1)

    def _ask_keys(self, row: "ProjectionRow", table: str | None = None) -> None:
        """One table after the other; what is known is not asked again."""
        from auditor.jobs import list_rows

        wanted = [name for name, count in row.tables.items() if count is not None]
        wanted = [name for name in wanted if (row.name, name) not in self._keys]
        if not wanted or wanted[0] == table:
            return
        request = list_rows.ListRowsRequest(
            origin=self._desk.store.origin, name=row.name, limit=1, table=wanted[0]
        )
        self._desk.store.ask(TABLES, list_rows.run, request, done=lambda told: self._on_keys(row, told))

    def _on_keys(self, row: "ProjectionRow", told: "RowsResult") -> None:
        self._keys[(row.name, told.table)] = display(", ".join(told.key))
        label = self.findChild(ElidedLabel, f"projections.key.{told.table}")
        if self._row == row and label is not None:
            label.set_text(self._keys[(row.name, told.table)])
        self._ask_keys(row, told.table)


def _unfinished(position: int) -> str:
    if not position:
        return tr("an earlier rebuild stopped before its first batch; the next one starts afresh")
    return tr(
        "an earlier rebuild stopped at position {position:,}; the next one starts afresh", position=position
    )


def _side(column: int) -> Qt.AlignmentFlag:
    right = Qt.AlignmentFlag.AlignRight if column == 1 else Qt.AlignmentFlag(0)
    return right | Qt.AlignmentFlag.AlignVCenter


def _empty(layout: QGridLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
