"""Asks for the event at A whenever A moves."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.gui.desk import Desk
from auditor.gui.panel_states import LOADING_AFTER_MS
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent

EVENT = Lane("event", keeps_running=True)


class EventReader(QObject):
    """`answered` with each `ReadEvent`, the newest last; `changed` when there is nothing to wait for, or a failure."""

    changed = Signal()
    answered = Signal(object)
    lateness_changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.shown: ReadEvent | None = None
        self.error: Exception | None = None
        self._waiting = False
        self._late = QTimer(self, singleShot=True, interval=LOADING_AFTER_MS)
        self._late.timeout.connect(self.lateness_changed)
        desk.cursor.aggregate_changed.connect(self._on_aggregate_changed)
        desk.cursor.ordinal_changed.connect(lambda _: self.ask())
        desk.loader.reading_failed.connect(self._on_failed)

    @property
    def is_late(self) -> bool:
        return self._waiting and not self._late.isActive()

    def ask(self) -> None:
        """The event at A."""
        history, ordinal = self._desk.cursor.history, self._desk.cursor.ordinal
        if history is None or ordinal == 0:
            self._desk.store.forget(EVENT)
            self._set_waiting(False)
            self.changed.emit()
            return
        from auditor.gui.event import reading
        from auditor.jobs import show_event

        request = show_event.ShowEventRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            ordinal=ordinal,
        )

        def failed(error: Exception) -> None:
            if ordinal == self._desk.cursor.ordinal:
                self._on_failed(error)

        self.error = None
        self._set_waiting(True)
        self._desk.store.ask(EVENT, reading.read_event, request, done=self._on_answer, failed=failed)
        self.changed.emit()

    def _on_aggregate_changed(self) -> None:
        self._desk.store.forget(EVENT)
        self.shown = self.error = None
        self._set_waiting(False)
        self.changed.emit()

    def _on_answer(self, read: "ReadEvent") -> None:
        self.shown = read
        if read.result.ordinal == self._desk.cursor.ordinal:
            self._set_waiting(False)
        self.answered.emit(read)

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
