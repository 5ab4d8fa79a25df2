"""What stands in the place of a state that cannot be shown: why, and what to do about it."""

from typing import TYPE_CHECKING

from auditor.core.errors import NotTrusted, StoreError
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.panel_states import PanelStates, Verb
from auditor.gui.state import words
from auditor.gui.state.model_menu import MERGE
from auditor.gui.state.reader import Phase, StateReader
from auditor.tasks.context import Progress

if TYPE_CHECKING:
    from auditor.jobs.show_outline import OutlineResult


class StateMessages:
    """Puts a message over the panel's content where the reader has no state to show, and else leaves it alone."""

    def __init__(self, desk: Desk, reader: StateReader, states: PanelStates) -> None:
        self._desk = desk
        self._reader = reader
        self._states = states
        desk.loader.fold_progress.connect(self._on_fold_progress)

    def show_phase(self) -> None:
        """For where the history stands now."""
        phase, cursor, reader = self._reader.phase, self._desk.cursor, self._reader
        if phase is Phase.NOTHING:
            self._states.show_empty(
                "state", tr("No aggregate selected"), tr("Choose one on the left, or type its id.")
            )
        elif phase is Phase.READING:
            self._states.show_loading(tr("Reading the events"))
        elif reader.not_answered is not None:
            self._show_failure(reader.not_answered)
        elif cursor.history is not None and cursor.ordinal == 0:
            self._states.show_empty("state", tr("No events"), tr("Without an event there is no state."))
        elif phase is Phase.FAILED and not reader.can_ask and reader.error is not None:
            self._show_failure(reader.error)
        elif phase is Phase.FOLDING and self._is_still_true():
            return  # events have come: what is shown of earlier ones holds
        elif phase is Phase.FOLDING:
            self._states.show_loading(tr("Replaying the events"), self._desk.loader.cancel_fold)
        elif phase is Phase.CANCELLED and not reader.can_ask:
            self._show_cancelled()
        elif reader.shown is None or self._states.state != "content":
            self._states.show_loading(tr("Reading the state"))

    def show_ending(self, result: "OutlineResult") -> None:
        """An event before A ended the model's process."""
        ending = result.unapplied[-1] if result.unapplied else None
        verbs: list[Verb] = [(tr("Try again"), self._desk.loader.fold_afresh)]
        if self._desk.cursor.model != MERGE:
            verbs.append((tr("Use the generic merge"), lambda: self._desk.cursor.set_model(MERGE)))
        self._states.show_failed(*words.ended_at(result.version, ending), *verbs)

    def _is_still_true(self) -> bool:
        shown = self._reader.shown
        return (
            shown is not None and self._states.state == "content" and shown.asked == self._desk.cursor.ordinal
        )

    def _on_fold_progress(self, progress: Progress) -> None:
        done, total = progress.done, progress.total
        if total is not None:
            text = tr("Replaying {done:,} of {total:,} events", done=done, total=total)
            self._states.show_progress(text, progress)

    def _show_cancelled(self) -> None:
        history, done = self._desk.cursor.history, self._desk.loader.folded_events
        total = history.length if history is not None else 0
        last = history.version(done) if history is not None else None
        line = (
            tr("Versions up to {version:,} can be shown.", version=last)
            if last is not None
            else tr("No version can be shown yet.")
        )
        self._states.show_cancelled(
            tr("Cancelled at event {done:,} of {total:,}", done=done, total=total),
            line,
            (tr("Go on"), self._desk.loader.fold_again),
        )

    def _show_failure(self, error: Exception) -> None:
        desk = self._desk
        merge: Verb = (tr("Use the generic merge"), lambda: desk.cursor.set_model(MERGE))
        if isinstance(error, NotTrusted):
            review: Verb = (tr("Review the code…"), desk.actions[ActionId.REVIEW_CODE].trigger)
            self._states.show_failed(*words.not_trusted(), review, merge)
        elif desk.cursor.history is None:
            self._states.show_failed(*words.error_line(error), (tr("Try again"), desk.loader.read_again))
        else:
            again: Verb = (tr("Try again"), desk.loader.fold_afresh)
            is_of_model = desk.cursor.model != MERGE and not isinstance(error, StoreError)
            verbs = (again, merge) if is_of_model else (again,)
            self._states.show_failed(*words.error_line(error), *verbs)
