"""What the states of an aggregate lack, event by event: a list that leads there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.core.unapplied_kind import kind_words
from auditor.core.version_faults import Hole
from auditor.gui.copying import put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog
from auditor.gui.state import words
from auditor.gui.truth.text_table import TextColumn, TextRow, TextTable
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.show_standings import StandingsResult

STANDINGS = Lane("standings")
LONGEST = 2000


class GapsDialog(Dialog):
    """Stays open beside the window while one goes from event to event; follows the aggregate that is shown."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__("dialog.gaps", tr("What the states lack"), desk.appearance, parent, width=820)
        self._desk = desk
        self._ordinals: list[int] = []
        self.setModal(False)
        self._heading = self.add_heading("", "warning", "fail")
        self._types = self.add_text("", "small")
        self.table = TextTable(
            desk,
            "dialog.gaps.table",
            tr("Events that were not applied, and versions that are missing"),
            (
                TextColumn(tr("Version"), width=92, right=True),
                TextColumn(tr("Event"), share=3),
                TextColumn(tr("What happened"), width=132, tone="fail"),
                TextColumn(tr("Reason"), share=5, tone="text2"),
            ),
        )
        self.table.setMinimumHeight(desk.appearance.sizes(260))
        self.body.addWidget(self.table)
        self.add_button("copy", tr("Copy details"), self._copy, left=True)
        self.add_button("go", tr("Go to the event"), lambda: self._go(self.table.currentIndex().row()))
        self.add_button("close", tr("Close"), self.accept, primary=True)
        self.table.entered.connect(self._go)
        desk.loader.folded.connect(self._show)
        desk.cursor.aggregate_changed.connect(self.close)
        desk.store.closed.connect(self.close)
        self.finished.connect(lambda: desk.store.forget(STANDINGS))
        self._show()

    def _show(self) -> None:
        fold = self._desk.loader.fold
        if fold is None:
            return
        rows = sorted(
            [*map(_hole, fold.holes), *map(_unapplied, fold.unapplied)],
            key=lambda ordinal_row: ordinal_row[0],
        )
        self._ordinals = [ordinal for ordinal, _ in rows]
        self.table.set_rows([row for _, row in rows])
        self._heading.setText(_title(fold.holes, fold.unapplied))
        self._ask_standings(fold.aggregate_type)

    def _ask_standings(self, aggregate_type: str) -> None:
        history = self._desk.cursor.history
        if history is None:
            return
        from auditor.jobs import show_standings

        request = show_standings.StandingsRequest(
            origin=self._desk.store.origin,
            aggregate_type=aggregate_type,
            counts=dict(zip(history.types, history.counts(), strict=True)),
            model=self._desk.cursor.model,
        )
        self._tell_types("")
        self._desk.store.ask(STANDINGS, show_standings.run, request, done=self._on_standings)

    def _on_standings(self, result: "StandingsResult") -> None:
        from auditor.jobs.check_aggregate import standing_notes

        self._tell_types("\n".join(standing_notes(result.types)))

    def _tell_types(self, text: str) -> None:
        label: QLabel = self._types
        label.setText(text)
        label.setVisible(bool(text))
        self.fit()

    def _go(self, row: int) -> None:
        if 0 <= row < len(self._ordinals):
            self._desk.cursor.set_ordinal(self._ordinals[row])

    def _copy(self) -> None:
        fold = self._desk.loader.fold
        if fold is not None:
            put_on_clipboard(words.incomplete_details(fold.unapplied, fold.holes))
            self._desk.tasks.say(tr("Details copied"))


def _title(holes: Sequence[Hole], unapplied: Sequence[Unapplied]) -> str:
    missing = sum(hole.missing for hole in holes)
    if not missing:
        return (
            tr("{count:,} events were not applied", count=len(unapplied))
            if len(unapplied) != 1
            else tr("1 event was not applied")
        )
    if not unapplied:
        return (
            tr("{count:,} versions are not in the store", count=missing)
            if missing != 1
            else tr("1 version is not in the store")
        )
    return tr(
        "Versions that are not in the store: {missing:,}. Events that were not applied: {count:,}",
        missing=missing,
        count=len(unapplied),
    )


def _hole(hole: Hole) -> tuple[int, TextRow]:
    span = f"{hole.first:,}" if hole.missing == 1 else f"{hole.first:,}–{hole.last:,}"
    return hole.after + 1, TextRow((span, "", tr("not in the store"), tr("The event behind it is shown.")))


def _unapplied(one: Unapplied) -> tuple[int, TextRow]:
    cells = (
        f"{one.version:,}",
        display(one.event_type, longest=LONGEST),
        kind_words(one.kind),
        display(one.reason, longest=LONGEST),
    )
    return one.ordinal, TextRow(cells)
