"""Asks for every value that the chosen field had, and knows why there is none to show."""

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from auditor.gui.blame.reading import ReadBlame, read_blame
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.state.known_setters import may_move
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.show_blame import BlameRequest, BlameResult

BLAME = Lane("blame")
SLICE_SECONDS = 0.1
LONGEST = 400


class Phase(Enum):
    """Where the question stands."""

    NOTHING = "nothing"
    """No field is chosen."""
    FOLDING = "folding"
    READING = "reading"
    READY = "ready"
    CANCELLED = "cancelled"
    """`result` has what was found until then, if anything."""
    FAILED = "failed"


class BlameReader(QObject):
    """Asks while a field is blamed, in slices, so that states come in between. `changed` with each step. What was
    `read` may be of part of the history (`more`), and of before the history grew."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.phase = Phase.NOTHING
        self.pointer: str | None = None
        self.ordinal = 0
        """A when the field was chosen: its pointer names it in the state there."""
        self.read: ReadBlame | None = None
        self.progress: tuple[int, int] | None = None
        self.error: Exception | None = None
        looking, loader = desk.looking, desk.loader
        looking.pointer_changed.connect(self._on_pointer_changed)
        looking.mode_changed.connect(self._on_mode_changed)
        desk.cursor.aggregate_changed.connect(self._forget)
        desk.cursor.model_changed.connect(self._forget)
        loader.fold_began.connect(self._on_fold_began)
        loader.folded.connect(self.ask)
        loader.fold_cancelled.connect(self.ask)
        loader.fold_failed.connect(self._on_failed)

    @property
    def result(self) -> "BlameResult | None":
        return self.read.result if self.read is not None else None

    def ask(self) -> None:
        """Anew; what is shown stays until the answer is there."""
        history = self._desk.cursor.history
        if self._desk.looking.mode is not Mode.BLAME:
            return
        if self.pointer is None or history is None or self.ordinal == 0:
            self._enter(Phase.NOTHING)
            return
        if self.ordinal > self._desk.loader.folded_events:
            self._enter(Phase.FOLDING)
            return
        from auditor.jobs import show_blame

        request = show_blame.BlameRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            ordinal=self.ordinal,
            model=self._desk.cursor.model,
            pointer=self.pointer,
            whole=True,
            longest=LONGEST,
            seconds=SLICE_SECONDS,
        )
        self.progress = None
        self._look_through(request)
        self._enter(Phase.READING)

    def cancel(self) -> None:
        self._desk.store.stop(BLAME)

    def _look_through(self, request: "BlameRequest") -> None:
        """Slice by slice, of which each tells only how far it came; the values come with the last one."""
        from auditor.jobs import show_blame

        def done(result: "BlameResult") -> None:
            goes_on = self.progress is None or result.done > self.progress[0]
            self.progress = (result.done, result.total)
            if result.more and goes_on:
                self._look_through(request)
                self.changed.emit()
            else:
                self._ask_values(request, Phase.READY)

        self._desk.store.ask(
            BLAME,
            show_blame.run,
            replace(request, most=0),
            done=done,
            failed=self._on_failed,
            cancelled=lambda: self._ask_values(request, Phase.CANCELLED),
        )

    def _ask_values(self, request: "BlameRequest", phase: Phase) -> None:
        """Of what was looked through."""

        def done(read: ReadBlame) -> None:
            self.read = read
            self._enter(phase)

        self._desk.store.ask(
            BLAME,
            read_blame,
            request,
            done=done,
            failed=self._on_failed,
            cancelled=lambda: self._enter(Phase.CANCELLED),
        )

    # -- what happens --------------------------------------------------------------------------------------------

    def _on_pointer_changed(self) -> None:
        self._desk.store.forget(BLAME)
        self.pointer, self.ordinal = self._desk.looking.pointer, self._desk.cursor.ordinal
        self.read = self.error = None
        self.phase = Phase.NOTHING
        self.ask()
        self.changed.emit()

    def _on_mode_changed(self) -> None:
        if self._desk.looking.mode is not Mode.BLAME:
            self._desk.store.forget(BLAME)
            if self.phase is Phase.READING:
                self.phase = Phase.NOTHING
            self.changed.emit()
            return
        if self.pointer is not None and may_move(self.pointer) and self.ordinal != self._desk.cursor.ordinal:
            self.ordinal, self.read = self._desk.cursor.ordinal, None  # another item may stand there by now
        if self.result is None or self.result.more:
            self.ask()
        else:
            self._enter(Phase.READY)

    def _on_fold_began(self) -> None:
        self._desk.store.forget(BLAME)
        if self.pointer is not None and self._desk.looking.mode is Mode.BLAME:
            self._enter(Phase.FOLDING)
        elif self.phase is Phase.READY:
            self.read, self.phase = None, Phase.NOTHING

    def _forget(self) -> None:
        self._desk.store.forget(BLAME)
        self.read = self.error = None
        self._enter(Phase.NOTHING if self.pointer is None else Phase.FOLDING)

    def _on_failed(self, error: Exception) -> None:
        if self.pointer is not None:
            self.error = error
            self._enter(Phase.FAILED)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        if phase is not Phase.FAILED:
            self.error = None
        self.changed.emit()
