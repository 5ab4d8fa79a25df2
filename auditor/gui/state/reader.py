"""Asks for the state at A whenever A, the history or what is open changes, and knows why there is none to show."""

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.core.outline import MOST_CHILDREN
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.panel_states import LOADING_AFTER_MS
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.show_outline import OutlineResult

STATE = Lane("state", keeps_running=True)


class Phase(Enum):
    """Where the history that is shown stands."""

    NOTHING = "nothing"
    """No aggregate is chosen."""
    READING = "reading"
    FOLDING = "folding"
    READY = "ready"
    CANCELLED = "cancelled"
    """The fold was stopped: states of what was folded can be asked for."""
    FAILED = "failed"
    """Reading or folding ended with `error`."""


class Against(Enum):
    """What a state that is shown is compared with."""

    BEFORE = "before"
    """The version before: what its event did."""
    OTHER = "other"
    """Where B was set."""
    NOTHING = "nothing"


class StateReader(QObject):
    """`changed` for everything but an answer; `answered` with each `OutlineResult`, the newest last.

    A request may finish while newer ones wait, so that a long drag goes on showing states; what is shown is `shown`,
    always under its own number, and `shown_against` says what it was compared with. `is_late`: what is shown is older
    than A for more than 150 ms. While two states are compared side by side nothing is asked.
    """

    changed = Signal()
    answered = Signal(object)
    lateness_changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.phase = Phase.NOTHING
        self.error: Exception | None = None
        self.not_answered: Exception | None = None
        """Why the state at A itself could not be had, though its events are folded."""
        self.shown: OutlineResult | None = None
        self.shown_against = Against.BEFORE
        self.open: dict[str, int] = {}
        """Pointers of the containers that are open, with how many members are shown of each."""
        self._late = QTimer(self, singleShot=True, interval=LOADING_AFTER_MS)
        self._late.timeout.connect(self.lateness_changed)
        self._waiting = False
        cursor, loader = desk.cursor, desk.loader
        cursor.aggregate_changed.connect(self._on_aggregate_changed)
        cursor.model_changed.connect(self._on_model_changed)
        cursor.ordinal_changed.connect(lambda _: self.ask())
        cursor.other_changed.connect(self.ask)
        desk.looking.mode_changed.connect(self.ask)
        loader.reading_failed.connect(self._on_failed)
        loader.fold_began.connect(lambda: self._enter(Phase.FOLDING))
        loader.folded.connect(self._on_folded)
        loader.fold_cancelled.connect(self._on_fold_cancelled)
        loader.fold_failed.connect(self._on_failed)

    @property
    def is_late(self) -> bool:
        return self._waiting and not self._late.isActive()

    @property
    def can_ask(self) -> bool:
        """Whether the state at A is folded, so that asking for it is quick."""
        return self.phase not in (Phase.NOTHING, Phase.READING, Phase.FOLDING) and (
            0 < self._desk.cursor.ordinal <= self._desk.loader.folded_events
        )

    def ask(self) -> None:
        """The state at A, with what is open now."""
        history, ordinal = self._desk.cursor.history, self._desk.cursor.ordinal
        self.not_answered = None
        if history is None or not self.can_ask or self._desk.looking.mode is Mode.COMPARE:
            self._desk.store.forget(STATE)
            self._set_waiting(False)
            self.changed.emit()
            return
        from auditor.jobs import show_outline

        against = self._against()
        request = show_outline.ShowOutlineRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            ordinal=ordinal,
            model=self._desk.cursor.model,
            against=self._against_ordinal(against),
            open=dict(self.open),
        )

        def failed(error: Exception) -> None:
            if ordinal == self._desk.cursor.ordinal:
                self._on_not_answered(error)

        self._set_waiting(True)
        self._desk.store.ask(
            STATE,
            show_outline.run,
            request,
            done=lambda result: self._on_answer(result, request.against, against),
            failed=failed,
        )
        self.changed.emit()

    def _against(self) -> Against:
        if self._desk.looking.mode is Mode.BLAME:
            return Against.NOTHING
        return Against.BEFORE if self._desk.cursor.other is None else Against.OTHER

    def _against_ordinal(self, against: Against) -> int | None:
        """As the job takes it: None for the version before."""
        if against is Against.NOTHING:
            return self._desk.cursor.ordinal
        return self._desk.cursor.other

    def set_open(self, pointer: str, is_open: bool) -> None:
        """Opens or closes a container; an open one's members come with the next answer."""
        if is_open and pointer not in self.open:
            self.open[pointer] = MOST_CHILDREN
            self.ask()
        elif not is_open:
            self.open.pop(pointer, None)

    def show_more(self, pointer: str, up_to: int | None = None) -> None:
        """The next thousand members of a container, or its first `up_to`."""
        known = self.open.get(pointer, MOST_CHILDREN)
        self.open[pointer] = max(known + MOST_CHILDREN, up_to or 0)
        self.ask()

    # -- what happens --------------------------------------------------------------------------------------------

    def _on_aggregate_changed(self) -> None:
        self._desk.store.forget(STATE)
        self.open = {}
        self.shown = None
        self._set_waiting(False)
        self._enter(Phase.NOTHING if self._desk.cursor.place is None else Phase.READING)

    def _on_model_changed(self) -> None:
        self._desk.store.forget(STATE)
        self.shown = None
        self._set_waiting(False)

    def _on_folded(self) -> None:
        self._enter(Phase.READY)
        self.ask()

    def _on_fold_cancelled(self) -> None:
        self._enter(Phase.CANCELLED)
        self.ask()

    def _on_failed(self, error: Exception) -> None:
        self.error = error
        self._enter(Phase.FAILED)
        self._set_waiting(False)

    def _on_not_answered(self, error: Exception) -> None:
        self.not_answered = error
        self._set_waiting(False)
        self.changed.emit()

    def _on_answer(self, result: "OutlineResult", asked_against: int | None, against: Against) -> None:
        self.shown, self.shown_against = result, against
        now = self._against()
        if result.asked == self._desk.cursor.ordinal and (now, self._against_ordinal(now)) == (
            against,
            asked_against,
        ):
            self._set_waiting(False)
        self.answered.emit(result)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self.not_answered = None
        if phase is not Phase.FAILED:
            self.error = None
        self.changed.emit()

    def _set_waiting(self, waiting: bool) -> None:
        if waiting and not self._waiting:
            self._late.start()
        if not waiting:
            self._late.stop()
        changed = waiting != self._waiting
        self._waiting = waiting
        if changed:
            self.lateness_changed.emit()
