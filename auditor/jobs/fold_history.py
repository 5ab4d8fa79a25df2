"""Reading and folding all events of one aggregate, so that each of its states is at hand."""

import time
from dataclasses import dataclass
from typing import Final

from auditor.core.errors import StoreReplaced
from auditor.core.presenter import display
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.core.version_faults import Hole, order_notes
from auditor.jobs.asked_state import incomplete_from
from auditor.jobs.history import History
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

EVENTS_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldHistoryRequest:
    """`model` is `merge`, a model's name, or None for the one that the store's workspace or the program has.

    `afresh`: what was folded before is thrown away, and an event that ended the worker is tried again.
    `seconds`: stops after about so long; asking again goes on from there, and other questions come in between.
    """

    origin: Origin
    aggregate_id: str
    aggregate_type: str | None = None
    model: str | None = None
    afresh: bool = False
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldHistoryResult:
    """What is to be said of the first `length` events, which are all of them unless `more` are to be folded.

    `ordinal` is the last state that can be served: smaller than `length` where an event ended the worker.
    `upcast_types` are those event types that the model reads otherwise than they are stored, `holes` the versions that
    the store does not have.
    """

    aggregate_id: str
    aggregate_type: str
    model: ModelInfo
    length: int
    ordinal: int
    complete: bool
    unapplied: tuple[Unapplied, ...]
    notes: tuple[str, ...]
    store_id: str
    head: int | None
    upcast_types: frozenset[str] = frozenset()
    more: bool = False
    holes: tuple[Hole, ...] = ()

    @property
    def incomplete_from(self) -> int | None:
        """The version of the first event that is missing, wholly or in part."""
        return incomplete_from(self.holes, self.unapplied)


def run(session: Session, request: FoldHistoryRequest, context: TaskContext) -> FoldHistoryResult:
    """Reads only what the session does not have yet. What was read when it is cancelled stays, and its states can be
    asked for; progress told how much that is.

    Raises: AggregateNotFound, WrongRequest for an unknown model, ModelError, NotTrusted, StoreError, Cancelled.
    """
    reader = session.reader
    with reader.one_moment():
        head = reader.head()
        row = reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
    if request.afresh:
        session.forget_history(row.aggregate_id, row.aggregate_type, request.model)
    history = session.history(row.aggregate_id, row.aggregate_type, request.model)
    more = _read(history, row.events, request.seconds, context)
    if not more:  # the list of aggregates may be wrong about how many events there are
        counted = reader.locate(row.aggregate_id, position=head).ordinal
        more = _read(history, counted, request.seconds, context)
        if not more and history.length < counted:
            raise _inserted(row.aggregate_id)
    served = history.folded.remarks_at(history.length, context.token)
    faults = history.faults(served.ordinal)
    return FoldHistoryResult(
        aggregate_id=row.aggregate_id,
        aggregate_type=row.aggregate_type,
        model=history.model,
        length=history.length,
        ordinal=served.ordinal,
        complete=served.complete and not faults.holes,
        unapplied=served.unapplied,
        notes=(*history.notes, *order_notes(faults), *served.notes),
        holes=faults.holes,
        store_id=reader.store_id,
        head=head,
        upcast_types=history.upcast_types,
        more=more,
    )


def _inserted(aggregate_id: str) -> StoreReplaced:
    return StoreReplaced(
        tr(
            "Events of {id} have come between those that were read before, or were taken away.",
            id=display(aggregate_id),
        ),
        tr("A history only grows at its end. Open the store again to see what it holds now."),
    )


def _read(history: History, total: int, seconds: float | None, context: TaskContext) -> bool:
    """Whether more is to be read another time."""
    if seconds is None:
        history.read(total, context)
        return False
    end = time.monotonic() + seconds
    while history.length < total:
        before = history.length
        history.read(min(before + EVENTS_AT_ONCE, total), context, total=total)
        if history.length == before:  # the store has fewer events than it says
            return False
        if time.monotonic() >= end:
            return history.length < total
    return False
