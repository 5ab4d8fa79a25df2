"""One event whole, with the events that it is linked to."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.core import exact_json
from auditor.core.errors import WrongRequest
from auditor.core.events import RecordedEvent, known_metadata, metadata_from
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.jobs.list_events import event_document, exact_member, user_of
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.pages import EventLink


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowEventRequest:
    """Either `event_id`, or an aggregate's event by its `ordinal` or its `version`."""

    origin: Origin
    aggregate_id: str | None = None
    aggregate_type: str | None = None
    ordinal: int | None = None
    version: int | None = None
    event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventResult:
    """`data` and `metadata` are as `exact_member` has them: the value under its name, and what it cannot say.

    `cause_missing`: a cause is named, and no event of this store has that id. `effects` are the first 100 by position,
    `more_effects` how many there are beyond. `correlated` counts the events of its correlation, itself included.
    """

    event: RecordedEvent
    ordinal: int
    data: dict[str, Any]
    metadata: dict[str, Any]
    user: str | None
    schema_version: int | None
    """1 where none is stored; None where what is stored names no version."""
    correlation_id: str | None
    causation_id: str | None
    cause: "EventLink | None"
    cause_missing: bool
    effects: "tuple[EventLink, ...]"
    more_effects: int
    correlated: int
    notes: tuple[str, ...]
    store_id: str
    head: int | None

    @property
    def schema_said(self) -> str:
        """The schema version for people, with what is odd about it."""
        metadata = self.metadata["metadata"]
        stored = known_metadata(metadata, "schema_version") if isinstance(metadata, dict) else None
        if self.schema_version is not None:
            return str(self.schema_version) if stored is not None else tr("1, since none is stored")
        if stored is None:
            return tr("unknown, since the metadata is no JSON")
        said = display(exact_json.dump(stored), longest=80)
        return tr("{stored}, which is no whole number from 1 on", stored=said)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return event_document(self.event, self.ordinal) | {
            "user": self.user,
            "schema_version": self.schema_version,
            "correlation_id": self.correlation_id,
            "causation_id": self.causation_id,
            "cause": None if self.cause is None else self.cause._asdict(),
            "cause_missing": self.cause_missing,
            "effects": [one._asdict() for one in self.effects],
            "more_effects": self.more_effects,
            "correlated": self.correlated,
            "notes": list(self.notes),
            "store_id": self.store_id,
            "head": self.head,
        }


def run(session: Session, request: ShowEventRequest, context: TaskContext) -> EventResult:
    """Raises: AggregateNotFound; WrongRequest for an event that is not there; StoreDamaged."""
    context.token.raise_if_cancelled()
    require_one_event(request)
    reader = session.reader
    with reader.one_moment():
        if request.aggregate_id is not None:
            reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
        linked = reader.event(
            aggregate_id=request.aggregate_id,
            ordinal=request.ordinal,
            version=request.version,
            event_id=request.event_id,
        )
        head = reader.head()
    event = linked.event
    return EventResult(
        event=event,
        ordinal=linked.ordinal,
        data=exact_member("data", event.data_text),
        metadata=exact_member("metadata", event.metadata_text),
        user=user_of(event),
        schema_version=_schema_version(event),
        correlation_id=linked.correlation_id,
        causation_id=linked.causation_id,
        cause=linked.cause,
        cause_missing=linked.causation_id is not None and linked.cause is None,
        effects=linked.effects,
        more_effects=linked.more_effects,
        correlated=linked.correlated,
        notes=tuple(linked.notes),
        store_id=reader.store_id,
        head=head,
    )


def require_one_event(request: ShowEventRequest) -> None:
    """Raises: WrongRequest."""
    named = [request.ordinal, request.version, request.event_id]
    if sum(one is not None for one in named) != 1 or (request.event_id is None) != bool(
        request.aggregate_id is not None
    ):
        raise WrongRequest(
            tr("No single event is named."), tr("Give an aggregate and a version, or an event's id.")
        )


def _schema_version(event: RecordedEvent) -> int | None:
    try:
        return metadata_from(json.loads(event.metadata_text)).schema_version or None
    except (ValueError, RecursionError):
        return None
