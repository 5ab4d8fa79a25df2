"""Folding an aggregate in two fresh processes, to see whether both come to the same states."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from auditor.core import exact_json
from auditor.core.diff import Change, changes
from auditor.core.events import RecordedEvent
from auditor.core.timeline import Unapplied
from auditor.guest.checks import fingerprints
from auditor.guest.fold_service import FoldedAggregate, FoldService
from auditor.guest.starting import GuestCode
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.reader import StoreReader

FEWEST_AT_ONCE: Final = 16
MOST_AT_ONCE: Final = 1024
_SECONDS_AT_ONCE: Final = 0.05
"""About so long one batch takes, whatever a state costs."""
MOST_FIELDS: Final = 100
_CLOCKS: Final = ("AAA+12", "BBB-14")
"""26 hours apart: the two never have the same date. Seeds of hashes and of random numbers, addresses and the number of
the process differ in any two processes."""


class RunsDiffer(NamedTuple):
    """The first event after which two folds of the same history are not the same: in `fields`, the first ones that
    differ, or in whether the event was applied."""

    ordinal: int
    version: int
    event_id: str
    event_type: str
    fields: tuple[Change, ...]
    unapplied: tuple[Unapplied | None, Unapplied | None]


class FoldedTwice:
    """`done` events were folded by both; `found` is where they differ, once that is known."""

    def __init__(self, reader: "StoreReader", code: GuestCode, aggregate_id: str) -> None:
        self._reader = reader
        self._code = code
        self._aggregate_id = aggregate_id
        self._closing = ExitStack()
        self._folds: list[FoldedAggregate] = []
        self._after: int | None = None
        self._at_once = FEWEST_AT_ONCE
        self.done = 0
        self.found: RunsDiffer | None = None

    def _start_one(self) -> None:
        clock = _CLOCKS[len(self._folds)]
        service = FoldService(replace(self._code, environment=(*self._code.environment, ("TZ", clock))))
        self._closing.callback(service.close)
        self._folds.append(service.open(self._aggregate_id, ()))

    def fold(self, up_to: int, seconds: float | None, context: TaskContext) -> None:
        """Goes on up to that ordinal, or for about so long; the processes are started one at a time.

        Raises: StoreError, ModelError, Cancelled.
        """
        while len(self._folds) < len(_CLOCKS):
            self._start_one()
            if seconds is not None:
                return
        end = None if seconds is None else time.monotonic() + seconds
        while self.done < up_to and self.found is None:
            began = time.monotonic()
            left = min(self._at_once, up_to - self.done)
            batches = self._reader.aggregate_events(
                self._aggregate_id, up_to=left, batch=left, after=self._after
            )
            events = next(batches, [])
            if not events:
                return
            self._compare(events, context)
            now = time.monotonic()
            if now - began < _SECONDS_AT_ONCE:
                self._at_once = min(2 * self._at_once, MOST_AT_ONCE)
            elif now - began > 2 * _SECONDS_AT_ONCE:
                self._at_once = max(self._at_once // 2, 1)
            if end is not None and now >= end:
                return

    def _compare(self, events: Sequence[RecordedEvent], context: TaskContext) -> None:
        first, last = self.done + 1, self.done + len(events)
        one, other = (self._prints(fold, events, first, last, context) for fold in self._folds)
        self._after = events[-1].position
        lost = [*self._lacks(0, first, last), *self._lacks(1, first, last)]
        differing = [at for at in range(last - first + 1) if one[at : at + 1] != other[at : at + 1]]
        if differing or lost:
            ordinal = min([*(first + at for at in differing[:1]), *lost])
            self.found = self._difference(ordinal, events[ordinal - first], context)
        self.done = last

    def _prints(
        self,
        fold: FoldedAggregate,
        events: Sequence[RecordedEvent],
        first: int,
        last: int,
        context: TaskContext,
    ) -> list[str]:
        fold.extend((list(events),), context.token)
        found: list[str] = []
        while first + len(found) <= last:
            part = fingerprints(fold, first + len(found), last, seconds=0.5, token=context.token)
            if not part.values:  # an event ended the worker
                break
            found += part.values
        return found

    def _lacks(self, which: int, first: int, last: int) -> list[int]:
        """The first event in that range that this fold did not apply, and the other one did."""
        mine, others = (
            {one.ordinal for one in fold.remarks_at(last).unapplied if one.ordinal >= first}
            for fold in (self._folds[which], self._folds[1 - which])
        )
        return sorted(mine - others)[:1]

    def _difference(self, ordinal: int, event: RecordedEvent, context: TaskContext) -> RunsDiffer:
        states = [fold.state_at(ordinal, context.token) for fold in self._folds]
        values = [
            None if state.state_text is None else exact_json.parse(state.state_text) for state in states
        ]
        one, other = (
            next((lack for lack in state.unapplied if lack.ordinal == ordinal), None) for state in states
        )
        return RunsDiffer(
            ordinal,
            event.version,
            event.event_id_text,
            event.event_type,
            tuple(islice(changes(values[0], values[1]), MOST_FIELDS)),
            (one, other),
        )

    def close(self) -> None:
        """Ends both workers."""
        self._closing.close()
