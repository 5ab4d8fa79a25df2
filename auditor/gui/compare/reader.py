"""Asks for the comparison whenever A, B, the history or what is open changes, and for the events responsible."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.core.compared_rows import UNCHANGED, ComparedRow
from auditor.core.outline import MOST_CHILDREN
from auditor.gui.compare.between_reader import REST_MS
from auditor.gui.compare.rows_model import Responsible
from auditor.gui.compare.which import Compared, compared
from auditor.gui.compare.words import SIGNS
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.panel_states import LOADING_AFTER_MS
from auditor.tasks.context import Progress
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.compare_states import CompareResult
    from auditor.jobs.show_responsible import ResponsibleRequest, ResponsibleResult

COMPARED = Lane("compare", keeps_running=True)
RESPONSIBLE = Lane("compare responsible")
SLICE_SECONDS = 0.5
"""Each slice ends with an answer of all that was found so far."""


class CompareReader(QObject):
    """`changed` for everything but an answer; `answered` with each `CompareResult`; `responsible_changed` as the
    events that set the fields become known. Asks for nothing while another mode is chosen.

    What is shown is `shown`, of the two states in `which`; both stay until the next answer. `is_late`: they are not
    those of the cursors any more, for more than 150 ms.
    """

    changed = Signal()
    answered = Signal(object)
    responsible_changed = Signal()
    progress = Signal(object)
    lateness_changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.shown: CompareResult | None = None
        self.which: Compared | None = None
        self.error: Exception | None = None
        self.was_cancelled = False
        self.is_folding = False
        self.open: dict[str, int] = {}
        """By the rows' places, with how many members are shown of each; 0: closed."""
        self.responsible: dict[str, Responsible] = {}
        self._late = QTimer(self, singleShot=True, interval=LOADING_AFTER_MS)
        self._late.timeout.connect(self.lateness_changed)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask_responsible)
        self._waiting = self._looks_for_responsible = False
        cursor, loader = desk.cursor, desk.loader
        cursor.aggregate_changed.connect(self._on_aggregate_changed)
        cursor.model_changed.connect(self._forget_shown)
        cursor.ordinal_changed.connect(lambda _: self.ask())
        cursor.other_changed.connect(self.ask)
        desk.looking.mode_changed.connect(self.ask)
        desk.looking.compared_with_changed.connect(self._on_other_aggregate)
        loader.fold_began.connect(lambda: self._on_fold(is_folding=True))
        loader.folded.connect(lambda: self._on_fold(is_folding=False))
        loader.fold_cancelled.connect(lambda: self._on_fold(is_folding=False))
        loader.fold_failed.connect(self._on_fold_failed)
        loader.reading_failed.connect(self._on_fold_failed)

    # -- asking ----------------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> Compared | None:
        """The two states that the cursors name."""
        return compared(self._desk.cursor, self._desk.looking)

    @property
    def is_late(self) -> bool:
        return self._waiting and not self._late.isActive()

    @property
    def is_settled(self) -> bool:
        """Whether all that can be known of the two states at the cursors is shown."""
        return self.which == self.wanted and not self._waiting and not self._looks_for_responsible

    @property
    def can_ask(self) -> bool:
        """Whether both states are folded, or nothing is under way that will fold them."""
        which = self.wanted
        if which is None:
            return False
        return not self.is_folding or which.last <= self._desk.loader.folded_events

    def ask(self) -> None:
        """The two states that the cursors name, with what is open now."""
        if self._desk.looking.mode is not Mode.COMPARE:
            self._desk.store.forget(COMPARED)
            self._desk.store.forget(RESPONSIBLE)
            self._set_waiting(False)
            return
        which = self.wanted
        self.was_cancelled = False
        self._rest.stop()
        self._desk.store.forget(RESPONSIBLE)  # it must not be in the way
        if which is None or not self.can_ask:
            self._desk.store.forget(COMPARED)
            self._set_waiting(False)
            self.changed.emit()
            return
        from auditor.jobs import compare_states

        def failed(error: Exception) -> None:
            if which == self.wanted:
                self._on_not_answered(error)

        request = compare_states.CompareRequest(**self.asked(which), open=dict(self.open))
        self.error = None
        self._set_waiting(True)
        self._desk.store.ask(
            COMPARED,
            compare_states.run,
            request,
            done=lambda result: self._on_answer(which, result),
            failed=failed,
            cancelled=self._on_cancelled,
            progress=self._on_progress,
        )
        self.changed.emit()

    def asked(self, which: Compared) -> dict[str, Any]:
        """What every request about the two states says."""
        history = self._desk.cursor.history
        assert history is not None  # noqa: S101 - else there are no two states
        return {
            "origin": self._desk.store.origin,
            "aggregate_id": history.aggregate.aggregate_id,
            "aggregate_type": history.aggregate.aggregate_type,
            "model": self._desk.cursor.model,
            "ordinal": which.first,
            "other": which.second,
            "other_aggregate": self._desk.looking.compared_with,
        }

    def toggle(self, row: ComparedRow) -> None:
        """Opens what is closed and closes what is open; of a row for others, the next thousand."""
        if row.kind == "more":
            place = row.place.removesuffix("…")
            self.open[place] = self.open.get(place, MOST_CHILDREN) + MOST_CHILDREN
        elif row.is_open and row.kind == "unchanged":
            self.open.pop(UNCHANGED)
        else:
            self.open[row.place] = 0 if row.is_open else MOST_CHILDREN
        self.ask()

    def cancel(self) -> None:
        self._desk.store.stop(COMPARED)

    def _on_answer(self, which: Compared, result: "CompareResult") -> None:
        if which != self.which or self._is_other_pair(result):
            self.responsible = {}
        self.shown, self.which = result, which
        if which == self.wanted:
            self._set_waiting(False)
        self.answered.emit(result)
        self._looks_for_responsible = True
        self._rest.start()

    def _is_other_pair(self, result: "CompareResult") -> bool:
        shown = self.shown
        return shown is None or (shown.a.aggregate_id, shown.b.aggregate_id) != (
            result.a.aggregate_id,
            result.b.aggregate_id,
        )

    # -- who is responsible ----------------------------------------------------------------------------------------

    def _ask_responsible(self) -> None:
        """In slices: other questions are answered in between. Only within one aggregate, and when the cursors rest."""
        which, result = self.which, self.shown
        self._looks_for_responsible = False
        if which is None or result is None or which != self.wanted:
            return
        # Who moved an item changed the list, and not the item, which is followed by its id.
        asked = {
            row.place: row.place.rpartition("/")[0] if row.sign == "moved" else row.place
            for row in result.rows
            if row.kind == "field" and row.sign in SIGNS
        }
        if not asked or not result.is_of_one:
            return
        from auditor.jobs import show_responsible

        request = show_responsible.ResponsibleRequest(
            **self.asked(which), places=tuple(dict.fromkeys(asked.values())), seconds=SLICE_SECONDS
        )
        self._looks_for_responsible = True
        self._go_on_with(which, request, asked)

    def _go_on_with(self, which: Compared, request: "ResponsibleRequest", asked: dict[str, str]) -> None:
        """`asked`: for each row, the place that was asked about."""
        from auditor.jobs import show_responsible

        def done(result: "ResponsibleResult") -> None:
            if which != self.which or which != self.wanted:
                return
            if result.more:
                self._go_on_with(which, replace(request), asked)
            else:
                self._looks_for_responsible = False
                self._take({place: result.by[one] for place, one in asked.items() if one in result.by})

        def failed(_error: Exception) -> None:
            self._looks_for_responsible = False

        self._desk.store.ask(RESPONSIBLE, show_responsible.run, request, done=done, failed=failed)

    def _take(self, by: Mapping[str, tuple[int, int]]) -> None:
        history = self._desk.cursor.history
        if history is None:
            return
        self.responsible = {
            place: Responsible(
                ordinal, history.version(ordinal) or 0, history.event_type(ordinal) or "", count
            )
            for place, (ordinal, count) in by.items()
        }
        self.responsible_changed.emit()

    # -- what happens ----------------------------------------------------------------------------------------------

    def _on_aggregate_changed(self) -> None:
        self.is_folding = self._desk.cursor.place is not None
        self.open = {}
        self.error = None
        self._forget_shown()

    def _forget_shown(self) -> None:
        self._desk.store.forget(COMPARED)
        self._desk.store.forget(RESPONSIBLE)
        self.shown = self.which = None
        self.responsible = {}
        self._set_waiting(False)
        self.changed.emit()

    def _on_other_aggregate(self) -> None:
        self._forget_shown()
        self.ask()

    def _on_fold(self, *, is_folding: bool) -> None:
        self.is_folding = is_folding
        self.error = None
        self.ask()

    def _on_fold_failed(self, error: Exception) -> None:
        """States before the failure can be compared all the same; where they cannot, the answer says why."""
        self.is_folding = False
        if self._desk.cursor.history is None:
            self._on_not_answered(error)
        else:
            self.ask()

    def _on_not_answered(self, error: Exception) -> None:
        self.error = error
        self._set_waiting(False)
        self.changed.emit()

    def _on_cancelled(self) -> None:
        self.was_cancelled = True
        self._set_waiting(False)
        self.changed.emit()

    def _on_progress(self, progress: Progress) -> None:
        self.progress.emit(progress)

    def _set_waiting(self, waiting: bool) -> None:
        if waiting and not self._waiting:
            self._late.start()
        if not waiting:
            self._late.stop()
        changed = waiting != self._waiting
        self._waiting = waiting
        if changed:
            self.lateness_changed.emit()
