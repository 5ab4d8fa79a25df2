"""Finds out which events set the fields that are seen, behind the states themselves."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.core.outline import OutlineRow
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.state.known_setters import KnownSetters, may_move
from auditor.gui.state.reader import Against
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.show_outline import OutlineResult
    from auditor.jobs.show_set_by import SetByRequest, SetByResult

SET_BY = Lane("set by")
REST_MS = 80
SLICE_SECONDS = 0.05
SAID_AFTER = 0.3  # seconds


class SetByReader(QObject):
    """Asks for the rows in view once A rests, in slices, so that no state waits for it; `found` when more is known.

    `progress` is (events seen, events) of a pass that takes long, else None. A cancelled pass is not begun anew until
    `go_on`; one that failed (`error`) not before another state is shown.
    """

    found = Signal()
    reading_changed = Signal()

    def __init__(
        self, desk: Desk, in_view: Callable[[], list[OutlineRow]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._in_view = in_view
        self._known = KnownSetters()
        self._shown: OutlineResult | None = None
        self._against = Against.NOTHING
        self._length = 0
        self._began = 0.0
        self._done = -1
        self.progress: tuple[int, int] | None = None
        self.stopped_at: int | None = None
        """The last event that could be gone through, where the model's process ended behind it."""
        self.is_stopped = False
        self.error: Exception | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)
        cursor = desk.cursor
        cursor.aggregate_changed.connect(self._forget)
        cursor.model_changed.connect(self._forget)
        cursor.ordinal_changed.connect(lambda _: self._wait())
        desk.loader.fold_began.connect(self._on_fold_began)

    # -- what is known -------------------------------------------------------------------------------------------

    def setter(self, row: OutlineRow) -> int | None:
        """The ordinal of the event that set the field of that row, or took it away; 0 for none, None where it is not
        known yet."""
        ordinal = self.seen_from(row)
        if row.kind == "more":
            return 0
        if ordinal is None:
            return None
        if row.sign == "removed" and self._against is Against.BEFORE:
            return ordinal
        return self._known.setter(row.pointer, ordinal)

    def seen_from(self, row: OutlineRow) -> int | None:
        """The ordinal of the state that has it: a row that is only at B is looked at from there."""
        shown = self._shown
        if shown is None:
            return None
        only_there = row.sign == "removed" and self._against is Against.OTHER
        return shown.against if only_there else shown.ordinal

    def take(self, result: "OutlineResult", against: Against) -> None:
        """The state that is shown now."""
        self._shown, self._against = result, against
        self.error = None
        if against is Against.BEFORE:
            self._learn_from_signs(result)
        self.look()

    def _learn_from_signs(self, result: "OutlineResult") -> None:
        """What differs from the version before was set by A's event; what does not, by the one that had set it then."""
        known = self._known
        for row in result.rows:
            if row.kind == "more" or row.sign == "removed" or may_move(row.pointer):
                continue
            setter = result.ordinal if row.sign else known.setter(row.pointer, result.ordinal - 1)
            if setter:
                known.learn(row.pointer, result.ordinal, setter)

    # -- asking --------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Other rows may be in view."""
        if not self._rest.isActive():
            self._rest.start()

    def cancel(self) -> None:
        """Nothing more is asked until `go_on`."""
        self._desk.store.forget(SET_BY)
        self.is_stopped = True
        self._tell(None)

    def go_on(self) -> None:
        self.is_stopped, self.error, self.stopped_at = False, None, None
        self._tell(None, always=True)
        self._ask()

    def _wait(self) -> None:
        """A moves: what is being read of another version makes way, and comes again when A rests."""
        self._desk.store.forget(SET_BY)
        self._rest.start()
        self._tell(None)

    def _ask(self) -> None:
        shown, history = self._shown, self._desk.cursor.history
        if shown is None or history is None:
            return
        if self.is_stopped or self.stopped_at is not None or self.error is not None:
            return
        if self._desk.looking.mode is Mode.COMPARE or shown.ordinal != self._desk.cursor.ordinal:
            return
        wanted: dict[int, list[str]] = {}
        for row in self._in_view():
            if row.kind != "more" and self.setter(row) is None:
                wanted.setdefault(self.seen_from(row) or 0, []).append(row.pointer)
        if not wanted:
            self._tell(None)
            return
        from auditor.jobs import show_set_by

        ordinal, pointers = next(iter(wanted.items()))
        self._began = time.monotonic()
        self._done = -1
        self._ask_for(
            show_set_by.SetByRequest(
                origin=self._desk.store.origin,
                aggregate_id=history.aggregate.aggregate_id,
                aggregate_type=history.aggregate.aggregate_type,
                ordinal=ordinal,
                model=self._desk.cursor.model,
                pointers=tuple(pointers),
                seconds=SLICE_SECONDS,
            )
        )

    def _ask_for(self, request: "SetByRequest") -> None:
        from auditor.jobs import show_set_by

        self._desk.store.ask(
            SET_BY,
            show_set_by.run,
            request,
            done=lambda result: self._on_answer(request, result),
            failed=self._on_failed,
        )

    def _on_answer(self, request: "SetByRequest", result: "SetByResult") -> None:
        if (
            result.more and result.done > self._done
        ):  # in slices, so that other questions are answered in between
            self._done = result.done
            self._ask_for(request)
            if time.monotonic() - self._began > SAID_AFTER:
                self._tell((result.done, result.total))
            return
        if result.more:  # it goes no further: an event ended the model's process
            self.stopped_at = result.done
            self._tell(None, always=True)
            return
        for pointer in request.pointers:
            setter, _ = result.by.get(pointer, (0, 0))
            self._known.learn(pointer, result.asked, setter)
        self._tell(None)
        self.found.emit()
        self._ask()  # of the rows at B, or that have come into view meanwhile

    def _on_failed(self, error: Exception) -> None:
        self.error = error
        self._tell(None, always=True)

    def _tell(self, progress: tuple[int, int] | None, *, always: bool = False) -> None:
        if always or progress != self.progress or self.is_stopped:
            self.progress = progress
            self.reading_changed.emit()

    # -- what happens --------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._desk.store.forget(SET_BY)
        self._known.clear()
        self._shown = None
        self.is_stopped, self.error, self.stopped_at = False, None, None
        self._tell(None, always=True)

    def _on_fold_began(self) -> None:
        """Folded again as it was: the model may do something else now. What has only grown stays true."""
        history = self._desk.cursor.history
        length = history.length if history is not None else 0
        self.stopped_at = None
        if length <= self._length:
            self._known.clear()
        self._length = length
