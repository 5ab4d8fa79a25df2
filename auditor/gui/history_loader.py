"""Reads the chosen aggregate: its columns first, then its states are folded behind them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from auditor.gui.current_store import CurrentStore
from auditor.gui.cursor import Cursor
from auditor.gui.event_types import EventTypes
from auditor.tasks.context import Progress
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.history import History
    from auditor.jobs.fold_history import FoldHistoryRequest, FoldHistoryResult
    from auditor.jobs.show_timeline import TimelineResult

TIMELINE = Lane("timeline")
FOLD = Lane("fold")
FOLD_SECONDS = 0.1


class HistoryLoader(QObject):
    """Follows the cursor: whenever another aggregate or model is chosen, or events have come, what is shown of it is
    read again. The cursor gets the columns; who shows states waits for `folded`.

    `fold` is what is known of the whole fold, None until then. A cancelled or failed fold can be taken up by
    `fold_again`: states of the events read so far can be asked all the same.
    """

    reading_failed = Signal(object)
    fold_began = Signal()
    fold_progress = Signal(object)
    folded = Signal()
    fold_cancelled = Signal()
    fold_failed = Signal(object)

    def __init__(
        self, store: CurrentStore, cursor: Cursor, event_types: EventTypes, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._cursor = cursor
        self._event_types = event_types
        self.fold: FoldHistoryResult | None = None
        self.folded_events = 0
        """Up to this ordinal states can be had for certain."""
        cursor.aggregate_changed.connect(self._on_aggregate_changed)
        cursor.model_changed.connect(self.fold_again)

    def read_again(self) -> None:
        """After a failure: from the beginning."""
        self._on_aggregate_changed()

    def read_further(self) -> None:
        """Events of the chosen aggregate have come: takes them in without losing the place."""
        if self._cursor.history is not None:
            self._ask_timeline(self._cursor.history.length)

    def fold_afresh(self) -> None:
        """Folds all of it once more, also past an event that ended the model's process."""
        self._fold(afresh=True)

    def fold_again(self) -> None:
        """Folds what is not folded yet (all of it, for another model)."""
        self._fold(afresh=False)

    def _fold(self, *, afresh: bool) -> None:
        place, history = self._cursor.place, self._cursor.history
        if place is None or history is None:
            return
        from auditor.jobs import fold_history

        self.fold, self.folded_events = None, 0
        request = fold_history.FoldHistoryRequest(
            origin=self._store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            model=self._cursor.model,
            afresh=afresh,
            seconds=FOLD_SECONDS,
        )
        self._ask_fold(request)
        self.fold_began.emit()

    def _ask_fold(self, request: "FoldHistoryRequest") -> None:
        from auditor.jobs import fold_history

        def done(result: "FoldHistoryResult") -> None:
            if result.more:  # in pieces, so that other questions are answered in between
                self._ask_fold(replace(request, afresh=False))
            else:
                self._on_folded(result)

        self._store.ask(
            FOLD,
            fold_history.run,
            request,
            done=done,
            failed=self.fold_failed.emit,
            cancelled=self.fold_cancelled.emit,
            progress=self._on_fold_progress,
        )

    def cancel_fold(self) -> None:
        self._store.stop(FOLD)

    def _on_aggregate_changed(self) -> None:
        self._store.forget(TIMELINE)
        self._store.forget(FOLD)
        self.fold, self.folded_events = None, 0
        if self._cursor.place is not None:
            self._ask_timeline(0)

    def _ask_timeline(self, after: int) -> None:
        place = self._cursor.place
        if place is None:
            return
        from auditor.jobs import show_timeline

        request = show_timeline.ShowTimelineRequest(
            origin=self._store.origin,
            aggregate_id=place.aggregate_id,
            aggregate_type=place.aggregate_type,
            after=after,
        )
        self._store.ask(
            TIMELINE, show_timeline.run, request, done=self._on_timeline, failed=self.reading_failed.emit
        )

    def _on_timeline(self, result: "TimelineResult") -> None:
        from auditor.gui.history import history_of

        known = self._cursor.history
        grown = known is not None and result.first_ordinal == known.length + 1
        history: History = known.extended(result) if known is not None and grown else history_of(result)
        self._event_types.see(history.types)
        self._cursor.set_history(history)
        self.fold_again()

    def _on_fold_progress(self, progress: Progress) -> None:
        self.folded_events = progress.done
        self.fold_progress.emit(progress)

    def _on_folded(self, result: "FoldHistoryResult") -> None:
        self.fold = result
        self.folded_events = result.length
        history = self._cursor.history
        unapplied = tuple(one.ordinal for one in result.unapplied)
        if history is not None and unapplied != history.unapplied:
            self._cursor.set_history(replace(history, unapplied=unapplied))
        self.folded.emit()
