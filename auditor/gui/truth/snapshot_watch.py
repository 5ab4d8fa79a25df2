"""Looks whether the application's snapshot of the shown aggregate says what its events say."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from auditor.gui.desk import Desk
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.check_snapshots import SnapshotCheck, SnapshotsResult

SNAPSHOT = Lane("snapshot")
MOST_EVENTS = 5000
"""As many are replayed at once without keeping other questions waiting."""


class SnapshotWatch(QObject):
    """Asks after each fold; the history learns where the snapshot stands. `check` is None where there is none, or it
    is not known yet."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.check: SnapshotCheck | None = None
        desk.cursor.aggregate_changed.connect(self._forget)
        desk.loader.fold_began.connect(self._forget)
        desk.loader.folded.connect(self._ask)

    def _forget(self) -> None:
        self._desk.store.forget(SNAPSHOT)
        if self.check is not None:
            self.check = None
            self.changed.emit()

    def _ask(self) -> None:
        history = self._desk.cursor.history
        if history is None:
            return
        from auditor.jobs import check_snapshots

        request = check_snapshots.CheckSnapshotsRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            model=self._desk.cursor.model,
            most=MOST_EVENTS,
        )
        self._desk.store.ask(SNAPSHOT, check_snapshots.run, request, done=self._on_checked)

    def _on_checked(self, result: "SnapshotsResult") -> None:
        history = self._desk.cursor.history
        self.check = result.checks[0] if result.checks else None
        ordinal = self.check.ordinal if self.check is not None else None
        snapshots = (ordinal,) if ordinal else ()
        verdicts = (self.check.verdict.value,) if self.check is not None and ordinal else ()
        if history is not None and (history.snapshots, history.snapshot_verdicts) != (snapshots, verdicts):
            self._desk.cursor.set_history(replace(history, snapshots=snapshots, snapshot_verdicts=verdicts))
        self.changed.emit()
