"""One aggregate's events in the worker: any state of them, also when a handler ends the worker."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from auditor.core.errors import ModelError
from auditor.core.events import RecordedEvent
from auditor.core.ports import NeverStopped, StopToken
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.guest.event_spool import EventSpool, SpooledBatch
from auditor.guest.fold_worker import FoldWorker
from auditor.guest.process import Answer, GuestGone, GuestProcess, GuestRefused

MOST_DEATHS = 3
_IN_FLIGHT = 2  # batches: the worker folds one while we write the next


@dataclass(frozen=True, slots=True)
class ServedState:
    """A state, and what it lacks.

    `ordinal` is smaller than the one asked for where an event ended the worker: the state is the one before it, and
    that event is the last of `unapplied`. `state_text` is exact JSON, None before the first event. `notes` are
    translated.
    """

    ordinal: int
    state_text: str | None
    unapplied: tuple[Unapplied, ...]
    complete: bool
    notes: tuple[str, ...]


class _Ending(NamedTuple):
    """The first event that ended a worker, and how."""

    ordinal: int
    reason: str


class FoldedAggregate:
    """Made by `FoldService.open`. Every event that is folded here was given before by `extend`."""

    def __init__(
        self, worker: FoldWorker, aggregate_id: str, handle: int, when_closed: Callable[[int], object]
    ) -> None:
        self._worker = worker
        self._when_closed = when_closed
        self._aggregate_id = aggregate_id
        self._handle = handle
        self._spool = EventSpool()
        self._sent = 0  # how many batches the worker has
        self._flying: list[tuple[int, int]] = []  # requests without an answer, and up to where each one folds
        self._settled = 0  # up to there events have been folded once without any trouble
        self._stepwise = False  # whether the event that made the trouble is being looked for
        self._ending: _Ending | None = None
        self._deaths = 0

    @property
    def length(self) -> int:
        """How many events there are."""
        return self._spool.length

    def extend(self, batches: Iterable[Sequence[RecordedEvent]], token: StopToken | None = None) -> None:
        """Takes further events and folds them on the way.

        Raises: ModelError, Cancelled (the batches taken so far stay).
        """
        token = token or NeverStopped()
        try:
            for batch in batches:
                token.raise_if_cancelled()
                self._spool.add(batch)
                if not self._worker.shares_state:  # else states are folded when they are asked for
                    self._try_to_fold(token)
            if not self._worker.shares_state:
                self._try_to_fold(token, settle=True)
        except BaseException:  # also what the source of the batches raises
            self._abandon()
            raise

    def state_at(self, ordinal: int, token: StopToken | None = None) -> ServedState:
        """The state after `ordinal` events, or after as many of them as do not end the worker.

        Raises: ModelError if the worker ends again and again, IndexError beyond the last event, Cancelled.
        """
        if not 0 <= ordinal <= self.length:
            raise IndexError(ordinal)
        token = token or NeverStopped()
        while min(ordinal, self._last_foldable) > 0:
            answer = self._try_to_answer(ordinal, token)
            if answer is not None:
                self._deaths = 0
                return self._served(answer, ordinal)
        return self._served(None, ordinal)

    def close(self) -> None:
        """Lets the events and states go, here and in the worker."""
        self._worker.forget(self._handle)
        self._spool.close()
        self._when_closed(self._handle)

    @property
    def _last_foldable(self) -> int:
        return self._ending.ordinal - 1 if self._ending else self.length

    # -- folding -------------------------------------------------------------------------------------------

    def _try_to_fold(self, token: StopToken, *, settle: bool = False) -> None:
        """Sends what the worker does not have; a worker that ends at it is noted, and asked for again later."""
        try:
            process = self._bring_in(self._last_foldable, token)
            if settle:
                self._settle(process, token)
        except GuestGone as gone:
            self._note_end(gone)
        except GuestRefused as refusal:
            self._note_shared_state(refusal)

    def _try_to_answer(self, ordinal: int, token: StopToken) -> Answer | None:
        """None if what was learned by trying calls for another try."""
        target = min(ordinal, self._last_foldable)
        try:
            if self._worker.shares_state:
                self._worker.end()
            process = self._bring_in(target if self._worker.shares_state else self._last_foldable, token)
            self._settle(process, token)
            self._stepwise = False
            return process.request("state", token=token, handle=self._handle, ordinal=target)
        except GuestGone as gone:
            self._note_end(gone)
        except GuestRefused as refusal:
            self._note_shared_state(refusal)
        except BaseException:
            self._abandon()
            raise
        return None

    def _bring_in(self, fold_to: int, token: StopToken) -> GuestProcess:
        process, is_new = self._worker.process_with(self._handle, self._aggregate_id, token)
        if is_new:
            self._sent = 0
            self._flying.clear()
        for batch in self._spool.batches[self._sent :]:
            if batch.first > fold_to:
                break
            self._sent += 1
            self._send(process, batch, min(batch.last, fold_to), token)
        return process

    def _send(self, process: GuestProcess, batch: SpooledBatch, fold_to: int, token: StopToken) -> None:
        known = max(self._settled, batch.first - 1)
        steps = range(known + 1, fold_to + 1) if self._stepwise else range(0)
        raw = {"events": self._spool.read(batch)}
        first_stop = min(known, fold_to) if steps else fold_to
        self._flying.append(
            (process.send("extend", raw=raw, handle=self._handle, fold_to=first_stop), first_stop)
        )
        self._settle(process, token, leave=0 if steps else _IN_FLIGHT - 1)
        for ordinal in steps:
            try:
                process.request("extend", token=token, handle=self._handle, events=[], fold_to=ordinal)
            except GuestGone as gone:
                raise GuestGone(gone.reason, ordinal) from None

    def _settle(self, process: GuestProcess, token: StopToken, leave: int = 0) -> None:
        while len(self._flying) > leave:
            number, folds_to = self._flying[0]
            process.receive(number, token=token)
            del self._flying[0]
            self._settled = max(self._settled, folds_to)

    def _abandon(self) -> None:
        """After an exception in the midst: what is under way is for nobody, and the worker is to begin anew."""
        self._flying.clear()
        self._worker.forget(self._handle)

    # -- what went wrong -----------------------------------------------------------------------------------

    def _note_end(self, gone: GuestGone) -> None:
        self._flying.clear()
        self._deaths += 1
        if gone.breach:
            self._stepwise = True
        elif gone.ordinal:
            self._ending, self._stepwise = _Ending(gone.ordinal, gone.reason), False
        if self._deaths >= MOST_DEATHS:
            self._deaths = 0
            raise ModelError(
                tr(
                    "The worker ended {count} times without a state of {id!r}: {reason}.",
                    count=MOST_DEATHS,
                    id=self._aggregate_id,
                    reason=gone.reason,
                ),
                tr(
                    "Look at what the model does when its state is copied or written, or ask for the generic merge."
                ),
            )

    def _note_shared_state(self, refusal: GuestRefused) -> None:
        if refusal.kind != "shared_state":
            raise refusal
        self._flying.clear()
        self._worker.shares_state = True
        self._worker.end()

    # -- the answer ----------------------------------------------------------------------------------------

    def _served(self, answer: Answer | None, asked: int) -> ServedState:
        unapplied, notes, served, text = [], [], 0, None
        if answer is not None:
            served, text = answer.values["ordinal"], answer.texts[0]
            unapplied = [Unapplied(*one) for one in answer.values["unapplied"]]
            notes = self._notes(answer.values["changed_types"], text)
        if self._ending and asked >= self._ending.ordinal:
            event = self._spool.event(self._ending.ordinal)
            unapplied.append(
                Unapplied(self._ending.ordinal, event.version, event.event_type, self._ending.reason)
            )
        return ServedState(served, text, tuple(unapplied), not unapplied, tuple(notes))

    def _notes(self, changed_types: list[tuple[int, str, str]], text: str) -> list[str]:
        notes = [
            tr(
                "At event {ordinal} the state became a value of type {after}; it had been {before}.",
                ordinal=ordinal,
                after=after,
                before=before,
            )
            for ordinal, before, after in changed_types
        ]
        if self._worker.shares_state:
            notes.append(
                tr("The model keeps state outside its objects: each state is folded in a fresh process.")
            )
        if self._worker.model.kind != "merge" and '{"$repr":' in text:
            notes.append(tr("Values that JSON cannot hold are shown as {form}.", form='{"$repr": …}'))
        return notes
