"""Asks for the event at A whenever A moves."""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.gui.desk import Desk
from auditor.gui.event.uncollected import take_back
from auditor.gui.panel_states import LOADING_AFTER_MS
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent
    from auditor.jobs.show_changes import ShowChangesRequest

EVENT = Lane("event", keeps_running=True)
MOVING_MS = 120
"""While A goes on moving, the event is asked for so often: nobody reads faster, and the state is to keep up."""


class EventReader(QObject):
    """`answered` with each `ReadEvent`, the newest last; `changed` when there is nothing to wait for, or a failure."""

    changed = Signal()
    answered = Signal(object)
    lateness_changed = Signal()

    def __init__(
        self,
        desk: Desk,
        wants_upcast: Callable[[str | None], bool],
        wants_changes: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """`wants_upcast` is asked whether an event of that type is to be read as the model reads it, `wants_changes`
        whether what it changed is to be seen."""
        super().__init__(parent)
        self._desk = desk
        self._wants_upcast = wants_upcast
        self._wants_changes = wants_changes
        self._tried: ShowChangesRequest | None = None
        self.shown: ReadEvent | None = None
        self.error: Exception | None = None
        self._waiting = False
        self._late = QTimer(self, singleShot=True, interval=LOADING_AFTER_MS)
        self._late.timeout.connect(self.lateness_changed)
        desk.cursor.aggregate_changed.connect(self._on_aggregate_changed)
        self._moving = QTimer(self, singleShot=True, interval=MOVING_MS)
        self._moving.timeout.connect(self._on_rested)
        self._moved_on = False
        desk.cursor.ordinal_changed.connect(lambda _: self._on_moved())
        desk.loader.reading_failed.connect(self._on_failed)
        desk.loader.folded.connect(self._on_folded)
        desk.cursor.model_changed.connect(self._on_model_changed)

    @property
    def is_late(self) -> bool:
        return self._waiting and not self._late.isActive()

    def _on_moved(self) -> None:
        """The first step is followed at once."""
        self._moved_on = self._moving.isActive()
        if not self._moved_on:
            self._moving.start()
            self.ask()
        else:
            self._set_waiting(True)

    def _on_rested(self) -> None:
        if self._moved_on:
            self._moved_on = False
            self._moving.start()
            self.ask()

    def ask(self) -> None:
        """The event at A."""
        history, ordinal = self._desk.cursor.history, self._desk.cursor.ordinal
        if history is None or ordinal == 0:
            self._desk.store.forget(EVENT)
            self._set_waiting(False)
            self.changed.emit()
            return
        from auditor.gui.event import reading
        from auditor.jobs import show_event, show_upcast

        request = show_event.ShowEventRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            ordinal=ordinal,
        )
        if self._wants_upcast(history.event_type(ordinal)):
            fields = {field.name: getattr(request, field.name) for field in dataclasses.fields(request)}
            request = show_upcast.ShowUpcastRequest(**fields, model=self._desk.cursor.model)

        def failed(error: Exception) -> None:
            if ordinal == self._desk.cursor.ordinal:
                self._on_failed(error)

        self.error = None
        is_hurried = (
            self._waiting
        )  # A moves on before the event before was there: what it changed is for later
        self._set_waiting(True)
        changes = None if is_hurried else self._changes_request(ordinal)
        asked = reading.ReadEventRequest(origin=request.origin, event=request, changes=changes)
        self._desk.store.ask(EVENT, reading.read_event, asked, done=self._on_answer, failed=failed)
        self.changed.emit()

    def _changes_request(self, ordinal: int) -> "ShowChangesRequest | None":
        """None while the states are not there: the event itself need not wait for them."""
        history, fold = self._desk.cursor.history, self._desk.loader.fold
        if history is None or fold is None or fold.ordinal < ordinal or not self._wants_changes():
            return None
        from auditor.gui.event import reading
        from auditor.jobs.show_changes import ShowChangesRequest

        return ShowChangesRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            ordinal=ordinal,
            model=self._desk.cursor.model,
            most=reading.MOST_CHANGES,
        )

    def ask_in_form(self) -> None:
        """Again, if the event is shown in another form than is wanted, or as another model reads it."""
        shown, fold = self.shown, self._desk.loader.fold
        if shown is None:
            return
        wanted = self._wants_upcast(shown.result.event.event_type)
        model = shown.upcast.model if shown.upcast is not None else None
        if wanted != (model is not None) or (wanted and fold is not None and fold.model != model):
            self.ask()

    def ask_changes(self) -> None:
        """What the event changed, if it is at A and that is not known; asked once."""
        read, ordinal = self.shown, self._desk.cursor.ordinal
        if read is None or read.result.ordinal != ordinal or read.changes is not None or self._waiting:
            return
        changes = self._changes_request(ordinal)
        if changes is None or changes == self._tried:
            return
        from auditor.gui.event import reading

        self._tried = changes
        request = reading.AddChangesRequest(origin=changes.origin, read=read, changes=changes)
        self._desk.store.ask(EVENT, reading.add_changes, request, done=self._on_answer)

    def _on_folded(self) -> None:
        """The states are there: perhaps others than before."""
        self._forget_changes()
        self.ask_changes()

    def _on_model_changed(self) -> None:
        """What another model made of the event is not said under this one's name."""
        self._forget_changes()
        if self.shown is not None:
            self.answered.emit(self.shown)

    def _forget_changes(self) -> None:
        self._tried = None
        if self.shown is not None and self.shown.changes is not None:
            self.shown = dataclasses.replace(self.shown, changes=None, changed=0)

    def _on_aggregate_changed(self) -> None:
        self._desk.store.forget(EVENT)
        self._let_go(None)
        self.shown = self.error = None
        self._set_waiting(False)
        self.changed.emit()

    def _on_answer(self, read: "ReadEvent") -> None:
        self._let_go(read)
        self.shown = read
        if read.result.ordinal == self._desk.cursor.ordinal:
            self._set_waiting(False)
        self.answered.emit(read)
        self.ask_changes()

    def _let_go(self, following: "ReadEvent | None") -> None:
        if self.shown is not None and self.shown.is_long and not (following and following.is_long):
            take_back()

    def _on_failed(self, error: Exception) -> None:
        self.error = error
        self._set_waiting(False)
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
