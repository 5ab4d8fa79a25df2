"""One aggregate's events in the worker: any state of them, also when a handler ends the worker."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from auditor.core.errors import ModelError
from auditor.core.events import PayloadColumns, RecordedEvent
from auditor.core.logical_path import from_wire
from auditor.core.outline import OutlineRow
from auditor.core.ports import NeverStopped, StopToken
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.core.unapplied_kind import ENDED
from auditor.guest.event_spool import EventSpool, SpooledBatch
from auditor.guest.fold_remarks import FoldRemarks
from auditor.guest.fold_worker import FoldWorker
from auditor.guest.process import Answer, GuestGone, GuestProcess, GuestRefused
from auditor.guest.served import (
    Served,
    ServedChanges,
    ServedField,
    ServedFields,
    ServedOutline,
    ServedPaths,
    ServedState,
    served_facts,
)

Events = Sequence[RecordedEvent] | PayloadColumns
"""Some in order: whole, or what a fold of payloads needs of them."""

MOST_DEATHS = 3
_IN_FLIGHT = 2  # batches: the worker folds one while we write the next


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
        self._remarks = FoldRemarks()

    @property
    def is_folded_afresh(self) -> bool:
        """Whether each answer needs a process of its own, since the model keeps state outside its objects."""
        return self._worker.shares_state

    @property
    def length(self) -> int:
        """How many events there are."""
        return self._spool.length

    def extend(self, batches: Iterable[Events], token: StopToken | None = None) -> None:
        """Takes further events and folds them on the way. A model that `folds_payloads` needs no more of them.

        Raises: ModelError, Cancelled (the batches taken so far stay).
        """
        token = token or NeverStopped()
        try:
            for batch in batches:
                token.raise_if_cancelled()
                self._spool.add(batch, payloads=self._worker.folds_payloads)
                if not self._worker.shares_state:  # else states are folded when they are asked for
                    self._try_to_fold(token)
            if not self._worker.shares_state:
                self._try_to_fold(token, settle=True)
        except BaseException:  # also what the source of the batches raises
            self._abandon()
            raise

    # -- asking: each raises ModelError if the worker ends again and again, IndexError beyond the last event, Cancelled

    def remarks_at(self, ordinal: int, token: StopToken | None = None) -> Served:
        """What is to be said of the first `ordinal` events, or of as many of them as do not end the worker."""
        served, _ = self.ask("remarks", ordinal, token)
        return served

    def state_at(self, ordinal: int, token: StopToken | None = None) -> ServedState:
        """The state after `ordinal` events, or after as many of them as do not end the worker."""
        served, answer = self.ask("state", ordinal, token)
        return ServedState(**served_facts(served), state_text=answer.texts[0] if answer else None)

    def outline_at(
        self,
        ordinal: int,
        *,
        against: int | None = None,
        open: Mapping[str, int],  # noqa: A002 - the word of the wire
        token: StopToken | None = None,
    ) -> ServedOutline:
        """What is open of that state, compared with the one after `against` events: by default the one before."""
        served, answer = self.ask("outline", ordinal, token, self._compared_with(against), open=dict(open))
        values: dict[str, Any] = (
            answer.values if answer else {"rows": [], "added": 0, "removed": 0, "changed": 0}
        )
        return ServedOutline(
            **served_facts(served),
            against=self._compared_with(against)(served.ordinal),
            rows=tuple(OutlineRow(*row) for row in values["rows"]),
            added=values["added"],
            removed=values["removed"],
            changed=values["changed"],
        )

    def field_at(self, ordinal: int, pointer: str, token: StopToken | None = None) -> ServedField:
        """The field of that state which a JSON Pointer names."""
        served, answer = self.ask("field", ordinal, token, pointer=pointer)
        if answer is None:
            return ServedField(**served_facts(served), text=None, missing=tr("there is no state yet"))
        text = answer.texts[0] if answer.texts else None
        return ServedField(**served_facts(served), text=text, missing=answer.values.get("missing"))

    def paths_at(
        self, ordinal: int, pointers: Sequence[str] | None, token: StopToken | None = None
    ) -> ServedPaths:
        """The logical paths of those fields of that state, or of all of them (None)."""
        served, answer = self.ask(
            "paths", ordinal, token, pointers=None if pointers is None else list(pointers)
        )
        values: dict[str, Any] = answer.values if answer else {"paths": (), "lists": ()}
        return ServedPaths(
            **served_facts(served),
            paths={one[0]: from_wire(one[1]) for one in values["paths"] if one is not None},
            lists=tuple((pointer, field) for pointer, field in values["lists"]),
        )

    def fields_with(
        self, ordinal: int, text: str, *, most: int, token: StopToken | None = None
    ) -> ServedFields:
        """The fields of that state in whose name or value `text` stands."""
        served, answer = self.ask("find", ordinal, token, text=text, most=most)
        values: dict[str, Any] = answer.values if answer else {"pointers": (), "total": 0}
        return ServedFields(**served_facts(served), pointers=tuple(values["pointers"]), total=values["total"])

    def changes_at(
        self, ordinal: int, *, against: int | None = None, most: int, token: StopToken | None = None
    ) -> ServedChanges:
        """The fields in which that state differs from the one after `against` events: by default the one before."""
        served, answer = self.ask("changes", ordinal, token, self._compared_with(against), most=most)
        values: dict[str, Any] = answer.values if answer else {"changes": (), "total": 0}
        return ServedChanges(
            **served_facts(served),
            against=self._compared_with(against)(served.ordinal),
            changes=tuple((path, kind, before, after) for path, kind, before, after in values["changes"]),
            total=values["total"],
        )

    def _compared_with(self, against: int | None) -> Callable[[int], int]:
        if against is None:
            return lambda served: max(0, served - 1)
        return lambda _: min(against, self._last_foldable)

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

    def ask(
        self,
        op: str,
        ordinal: int,
        token: StopToken | None,
        compared_with: Callable[[int], int] | None = None,
        *,
        even_at_0: bool = False,
        **values: Any,
    ) -> tuple[Served, Answer | None]:
        """An operation of the wire on the state after `ordinal` events, or after as many as can be folded; without any
        there is no answer, unless it is asked for `even_at_0`. `compared_with` gives `against` for what is served."""
        if not 0 <= ordinal <= self.length:
            raise IndexError(ordinal)
        token = token or NeverStopped()
        while (target := min(ordinal, self._last_foldable)) > 0 or even_at_0:
            if compared_with is not None:
                values["against"] = compared_with(target)
            answer = self._try_to_answer(op, target, token, values)
            if answer is not None:
                self._deaths = 0
                self._remarks.learn(answer.values)
                return self._served(answer, target, ordinal), answer
        return self._served(None, 0, ordinal), None

    def _try_to_answer(self, op: str, target: int, token: StopToken, values: dict[str, Any]) -> Answer | None:
        """None if what was learned by trying calls for another try."""
        try:
            if self._worker.shares_state:
                against = values.get("against", target)
                process = self._bring_in_afresh(max(target, against), min(target, against), token)
            else:
                process = self._bring_in(self._last_foldable, token)
            self._settle(process, token)
            self._stepwise = False
            known = self._remarks.known
            return process.request(
                op, token=token, handle=self._handle, ordinal=target, known=known, **values
            )
        except GuestGone as gone:
            self._note_end(gone)
        except GuestRefused as refusal:
            self._note_shared_state(refusal)
        except BaseException:
            self._abandon()
            raise
        return None

    def _bring_in_afresh(self, last: int, fold_to: int, token: StopToken) -> GuestProcess:
        """A new worker that has the events up to `last` and has folded some: the answer needs no state before."""
        if self._stepwise:
            self._worker.end()
            self._settle(self._bring_in(last, token), token)
        self._worker.end()
        return self._bring_in(fold_to, token, send_to=last)

    def _bring_in(self, fold_to: int, token: StopToken, *, send_to: int = 0) -> GuestProcess:
        process, is_new = self._worker.process_with(self._handle, self._aggregate_id, token)
        if is_new:
            self._sent = 0
            self._flying.clear()
            self._remarks.forget()
        for batch in self._spool.batches[self._sent :]:
            if batch.first > max(fold_to, send_to):
                break
            self._sent += 1
            self._send(process, batch, min(batch.last, fold_to), token)
        return process

    def _send(self, process: GuestProcess, batch: SpooledBatch, fold_to: int, token: StopToken) -> None:
        known = max(self._settled, batch.first - 1)
        steps = range(known + 1, fold_to + 1) if self._stepwise else range(0)
        raw, line = self._spool.read(batch)
        first_stop = min(known, fold_to) if steps else fold_to
        self._flying.append(
            (process.send("extend", raw=raw, line=line, handle=self._handle, fold_to=first_stop), first_stop)
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

    def _served(self, answer: Answer | None, served: int, asked: int) -> Served:
        unapplied, notes = self._remarks.unapplied(served), self._remarks.notes(served)
        if answer is not None:
            notes += self._notes_on(answer)
        if self._ending and asked >= self._ending.ordinal:
            version, event_type = self._spool.event(self._ending.ordinal)
            unapplied.append(Unapplied(self._ending.ordinal, version, event_type, self._ending.reason, ENDED))
        return Served(served, tuple(unapplied), not unapplied, tuple(notes))

    def _notes_on(self, answer: Answer) -> list[str]:
        notes = []
        if self._worker.shares_state:
            notes.append(
                tr("The model keeps state outside its objects: each state is folded in a fresh process.")
            )
        if self._worker.model.kind != "merge" and answer.values.get("odd"):
            notes.append(tr("Values that JSON cannot hold are shown as {form}.", form='{"$repr": …}'))
        return notes
