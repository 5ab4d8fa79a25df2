"""Asks what each event between the two states has changed, a piece at a time."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.gui.compare.which import Compared, compared
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.changes_between import ChangesBetweenRequest, ChangesBetweenResult, EventChanges

BETWEEN = Lane("between")
SLICE_SECONDS = 0.1
REST_MS = 150
"""How long the cursors must not have moved: what takes a look at all states would be in the way of showing one."""
MOST_ASKED = 5000
"""Events; beyond these the list says that they are not looked at."""


class BetweenReader(QObject):
    """`changed`: other events lie between the cursors; `learned`: more is known about them.

    `changes` has the events of which it is known that they changed something, `known` those of which it is known
    whether they did; both stay while the cursors move. `has_ended`: more cannot be known of the events that are
    listed, since one of them ended the model's process. Nothing is asked before the cursors rest.
    """

    changed = Signal()
    learned = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.which: Compared | None = None
        self.changes: dict[int, EventChanges] = {}
        self.known: set[int] = set()
        self.has_ended = False
        self.error: Exception | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask_for_missing)
        cursor, looking = desk.cursor, desk.looking
        cursor.aggregate_changed.connect(self._forget)
        cursor.model_changed.connect(self._forget)
        cursor.ordinal_changed.connect(lambda _: self.ask())
        cursor.other_changed.connect(self.ask)
        looking.mode_changed.connect(self.ask)
        looking.compared_with_changed.connect(self.ask)
        desk.loader.fold_began.connect(self._forget)
        desk.loader.folded.connect(self.ask)

    @property
    def ordinals(self) -> range:
        """The events in between that are listed."""
        return self.which.between[:MOST_ASKED] if self.which is not None else range(0)

    @property
    def is_known(self) -> bool:
        """Whether all is known that can be of the events that are listed."""
        return self.has_ended or self.known.issuperset(self.ordinals)

    @property
    def left_out(self) -> int:
        """How many events in between are not listed."""
        return len(self.which.between) - len(self.ordinals) if self.which is not None else 0

    def ask(self) -> None:
        """For the events between the cursors, as far as that is not known."""
        self._desk.store.forget(BETWEEN)
        self._rest.stop()
        if self._desk.looking.mode is not Mode.COMPARE:
            return
        which = compared(self._desk.cursor, self._desk.looking)
        if which != self.which:
            self.which = which
            self.has_ended, self.error = False, None
            self.changed.emit()
        if not self.is_known:
            self._rest.start()

    def _ask_for_missing(self) -> None:
        missing = [ordinal for ordinal in self.ordinals if ordinal not in self.known]
        history = self._desk.cursor.history
        if history is None or not missing or self._desk.loader.folded_events < missing[-1]:
            return  # what is being folded is asked for when that is done
        from auditor.jobs import changes_between

        self._go_on_with(
            changes_between.ChangesBetweenRequest(
                origin=self._desk.store.origin,
                aggregate_id=history.aggregate.aggregate_id,
                aggregate_type=history.aggregate.aggregate_type,
                model=self._desk.cursor.model,
                first=missing[0],
                last=missing[-1],
                seconds=SLICE_SECONDS,
            )
        )

    def _go_on_with(self, request: "ChangesBetweenRequest") -> None:
        from auditor.jobs import changes_between

        def done(result: "ChangesBetweenResult") -> None:
            self.changes.update((one.ordinal, one) for one in result.changes)
            self.known.update(range(request.first, min(result.done, request.last) + 1))
            self.has_ended = not result.more and result.done < request.last
            self.learned.emit()
            if result.more:
                self._go_on_with(replace(request))

        def failed(error: Exception) -> None:
            self.error = error
            self.learned.emit()

        self._desk.store.ask(BETWEEN, changes_between.run, request, done=done, failed=failed)

    def _forget(self) -> None:
        self._desk.store.forget(BETWEEN)
        self.which = None
        self.changes, self.known, self.has_ended, self.error = {}, set(), False, None
        self.changed.emit()
        self.ask()
