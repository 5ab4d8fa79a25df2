"""Folds the shown history twice more in the background, to see whether its model is deterministic."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.gui.desk import Desk
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.check_repeatable import RepeatableResult
    from auditor.jobs.folded_twice import RunsDiffer

REPEAT = Lane("repeat")
QUIET_MS = 1500
"""So long nothing is asked of the window before it begins, and before it goes on after a move."""
MOST_EVENTS = 5000
SECONDS = 0.05
MOST_ASKS = 60
MOST_REMEMBERED = 500


class RepeatWatch(QObject):
    """`found` is where two runs differ; None where they do not, or that is not known. Histories of more than
    `MOST_EVENTS` events are not looked at, and slow ones only as far as a few seconds go."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.found: RunsDiffer | None = None
        self._known: dict[Hashable, RunsDiffer | None] = {}
        self._asks = 0
        self.quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self.quiet.timeout.connect(self._ask)
        desk.cursor.aggregate_changed.connect(self._forget)
        desk.cursor.ordinal_changed.connect(lambda _: self._put_off())
        desk.loader.fold_began.connect(self._forget)
        desk.loader.folded.connect(self._on_folded)

    def _forget(self) -> None:
        self.quiet.stop()
        self._desk.store.forget(REPEAT)
        self._set(None)

    def _put_off(self) -> None:
        if self.quiet.isActive():
            self.quiet.start(QUIET_MS)

    def _set(self, found: "RunsDiffer | None") -> None:
        if found is not self.found:
            self.found = found
            self.changed.emit()

    def _key(self) -> Hashable:
        fold = self._desk.loader.fold
        if fold is None or fold.model.kind == "merge" or not 0 < fold.length <= MOST_EVENTS:
            return None
        return (fold.store_id, fold.aggregate_id, fold.model, fold.length)

    def _on_folded(self) -> None:
        key = self._key()
        self._asks = 0
        if key in self._known:
            self._set(self._known[key])
        elif key is not None:
            self.quiet.start(QUIET_MS)

    def _ask(self) -> None:
        fold, key = self._desk.loader.fold, self._key()
        if fold is None or key is None:
            return
        from auditor.jobs import check_repeatable

        request = check_repeatable.CheckRepeatableRequest(
            origin=self._desk.store.origin,
            aggregate_id=fold.aggregate_id,
            aggregate_type=fold.aggregate_type,
            model=self._desk.cursor.model,
            most=MOST_EVENTS,
            seconds=SECONDS,
        )

        def done(result: "RepeatableResult") -> None:
            self._on_checked(key, result)

        self._asks += 1
        self._desk.store.ask(REPEAT, check_repeatable.run, request, done=done)

    def _on_checked(self, key: Hashable, result: "RepeatableResult") -> None:
        if result.more and self._asks < MOST_ASKS:
            self.quiet.start(0)  # what else was asked meanwhile comes first
            return
        self._known[key] = result.found
        if len(self._known) > MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        if key == self._key():
            self._set(result.found)
