"""The state of one aggregate at one moment, and whose it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.core import exact_json
from auditor.core.events import RecordedEvent
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.core.timestamps import asked_moment
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.pages import EventMark


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStateRequest:
    """At most one of `version`, `as_of` (as typed) and `position`; without any, the last event.

    `model` is `merge`, a model's name, or None for the one that the store's workspace or the program has.
    """

    origin: Origin
    aggregate_id: str
    aggregate_type: str | None = None
    version: int | None = None
    as_of: str | None = None
    position: int | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateResult:
    """A state, whose it is, and what it lacks."""

    aggregate_id: str
    aggregate_type: str
    ordinal: int
    version: int | None
    timestamp: str | None
    model: ModelInfo
    complete: bool
    unapplied: tuple[Unapplied, ...]
    state_text: str | None
    """Exact JSON; None before the first event."""
    notes: tuple[str, ...]
    store_id: str
    head: int | None
    """The store's end when this was asked."""

    @property
    def incomplete_from(self) -> int | None:
        """The version of the first event that is missing, wholly or in part."""
        return self.unapplied[0].version if self.unapplied else None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "aggregate_id": self.aggregate_id,
            "aggregate_type": self.aggregate_type,
            "ordinal": self.ordinal,
            "version": self.version,
            "timestamp": self.timestamp,
            "model": self.model._asdict(),
            "complete": self.complete,
            "unapplied": [
                {"version": one.version, "event_type": one.event_type, "reason": one.reason}
                for one in self.unapplied
            ],
            "state": None if self.state_text is None else exact_json.parse(self.state_text),
            "notes": list(self.notes),
            "store_id": self.store_id,
            "head": self.head,
        }


def run(session: Session, request: ShowStateRequest, context: TaskContext) -> StateResult:
    """Raises: AggregateNotFound, WrongRequest for an unknown version, ModelError, NotTrusted."""
    reader = session.reader
    head = reader.head()
    row = reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
    mark = reader.locate(
        row.aggregate_id,
        version=request.version,
        as_of=None if request.as_of is None else asked_moment(request.as_of),
        position=request.position,
    )
    service = session.fold_service(row.aggregate_type, request.model)
    batches = _reported(reader.aggregate_events(row.aggregate_id, up_to=mark.ordinal), mark.ordinal, context)
    folded = service.open(row.aggregate_id, batches, context.token)
    served = folded.state_at(mark.ordinal, context.token)
    if served.ordinal != mark.ordinal:  # the worker ended: what is served is the state before that event
        mark = _mark_of(session, row.aggregate_id, served.ordinal)
    return StateResult(
        aggregate_id=row.aggregate_id,
        aggregate_type=row.aggregate_type,
        ordinal=served.ordinal,
        version=mark.version,
        timestamp=mark.timestamp,
        model=service.model,
        complete=served.complete,
        unapplied=tuple(served.unapplied),
        state_text=served.state_text if served.ordinal else None,
        notes=(*service.notes, *served.notes),
        store_id=reader.store_id,
        head=head,
    )


def _mark_of(session: Session, aggregate_id: str, ordinal: int) -> "EventMark":
    """Reads the events up to there once more: rare, and cheaper than keeping every mark."""
    last: RecordedEvent | None = None
    for batch in session.reader.aggregate_events(aggregate_id, up_to=ordinal):
        last = batch[-1]
    return session.reader.locate(aggregate_id, position=last.position if last else 0)


def _reported(
    batches: Iterator[list[RecordedEvent]], total: int, context: TaskContext
) -> Iterator[list[RecordedEvent]]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        context.progress(done, total, tr("events"))
