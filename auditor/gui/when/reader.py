"""Asks at which versions a condition held, in slices, so that no state waits for it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from auditor.gui.desk import Desk
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.find_when import WhenRequest, WhenResult

WHEN = Lane("when")
SLICE_SECONDS = 0.1


class WhenReader(QObject):
    """`changed` whenever more is known. `result` is what is known of `expression` (None: nothing yet), as far as it
    says itself; `is_reading` while it is being found out, `is_stopped` where the user ended that, `error` where it
    cannot be."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.expression = ""
        self.result: WhenResult | None = None
        self.error: Exception | None = None
        self.is_reading = False
        self.is_stopped = False
        cursor, loader = desk.cursor, desk.loader
        cursor.aggregate_changed.connect(self._on_aggregate_changed)
        cursor.model_changed.connect(self._begin)
        loader.fold_began.connect(self._on_fold_began)
        loader.folded.connect(self._on_folded)
        loader.fold_cancelled.connect(self._on_folded)
        loader.fold_failed.connect(self._on_failed)

    def ask(self, expression: str) -> None:
        """A condition that can be read; empty: nothing is asked any more."""
        if expression == self.expression and self.error is None and not self.is_stopped:
            return
        self.expression = expression
        self._begin()

    def cancel(self) -> None:
        self._desk.store.forget(WHEN)
        self.is_reading, self.is_stopped = False, True
        self.changed.emit()

    def go_on(self) -> None:
        self._begin(keep=True)

    def _begin(self, *, keep: bool = False) -> None:
        self._desk.store.forget(WHEN)
        self.is_reading = self.is_stopped = False
        self.error = None
        if not keep:
            self.result = None
        history, loader = self._desk.cursor.history, self._desk.loader
        if self.expression and history is not None:
            self.is_reading = True
            if loader.fold is not None or loader.folded_events:  # else it comes when the states are there
                self._ask_up_to(min(history.length, loader.folded_events))
        self.changed.emit()

    def _ask_up_to(self, ordinal: int) -> None:
        history = self._desk.cursor.history
        if history is None:
            return
        from auditor.jobs import find_when

        self._ask(
            find_when.WhenRequest(
                origin=self._desk.store.origin,
                aggregate_id=history.aggregate.aggregate_id,
                aggregate_type=history.aggregate.aggregate_type,
                ordinal=ordinal,
                model=self._desk.cursor.model,
                expression=self.expression,
                seconds=SLICE_SECONDS,
            )
        )

    def _ask(self, request: "WhenRequest") -> None:
        from auditor.jobs import find_when

        self._desk.store.ask(
            WHEN,
            find_when.run,
            request,
            done=lambda result: self._on_answer(request, result),
            failed=self._on_failed,
            cancelled=self.cancel,
        )

    def _on_answer(self, request: "WhenRequest", result: "WhenResult") -> None:
        self.result = result
        self.is_reading = result.more
        if result.more:
            self._ask(replace(request))
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        if self.expression:
            self.is_reading, self.error = False, error
            self.changed.emit()

    def _on_aggregate_changed(self) -> None:
        self._begin()

    def _on_fold_began(self) -> None:
        """Folded again as it was: the model may do something else now. What has only grown stays true."""
        history, known = self._desk.cursor.history, self.result
        if history is not None and known is not None and history.length <= known.total:
            self._desk.store.forget(WHEN)
            self.result, self.is_reading = None, True
            self.changed.emit()

    def _on_folded(self) -> None:
        """For the first time, or there are more events: what is known already stays seen meanwhile."""
        history, known = self._desk.cursor.history, self.result
        if history is None or not self.expression or self.is_stopped:
            return
        if known is None or known.total < min(history.length, self._desk.loader.folded_events):
            self._begin(keep=True)
