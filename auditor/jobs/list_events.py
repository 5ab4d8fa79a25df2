"""A page of the events of a store or of one aggregate, in order."""

import json
from dataclasses import dataclass
from typing import Any

from auditor.core import exact_json
from auditor.core.asked_time import asked_moment
from auditor.core.events import RecordedEvent, known_metadata
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEventsRequest:
    """`since` ≤ time < `until`, both as the user typed them."""

    origin: Origin
    limit: int
    aggregate_id: str | None = None
    event_type: str | None = None
    user: str | None = None
    since: str | None = None
    until: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEventsResult:
    """`head` is the end of the store when this was read."""

    events: tuple[RecordedEvent, ...]
    more: bool
    after: str | None
    ordinals_are_versions: bool
    notes: tuple[str, ...]
    """What is wrong with values of this page."""
    store_id: str
    head: int | None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "events": [
                event_document(event, event.version if self.ordinals_are_versions else None)
                for event in self.events
            ],
            "more": self.more,
            "after": self.after,
            "notes": list(self.notes),
            "store_id": self.store_id,
            "head": self.head,
        }


def event_document(event: RecordedEvent, ordinal: int | None) -> dict[str, Any]:
    """An event as JSON has it; `ordinal` is left out where it is not known."""
    document: dict[str, Any] = {
        "position": event.position,
        "event_id": event.event_id_text,
        "aggregate_id": event.aggregate_id,
        "aggregate_type": event.aggregate_type,
        "event_type": event.event_type,
    }
    if ordinal is not None:
        document["ordinal"] = ordinal
    document |= {"version": event.version, "timestamp": event.timestamp_utc}
    if event.timestamp_text is not None:
        document["timestamp_original"] = event.timestamp_text
    return document | exact_member("data", event.data_text) | exact_member("metadata", event.metadata_text)


def exact_member(name: str, text: str) -> dict[str, Any]:
    """The value under `name`; the stored text too where the value cannot say all of it."""
    try:
        value, twice = exact_json.parse_noting(text)
    except exact_json.NotJson as error:
        return {name: None, f"{name}_text": text, f"{name}_problem": str(error)}
    if twice:
        return {
            name: value,
            f"{name}_text": text,
            f"{name}_problem": f"keys that stand twice: {', '.join(twice)}",
        }
    return {name: value}


def user_of(event: RecordedEvent) -> str | None:
    """Who caused the event, as its metadata says."""
    try:
        values = json.loads(event.metadata_text)
    except (ValueError, RecursionError):  # nested without end
        return None
    user = known_metadata(values, "user_id") if isinstance(values, dict) else None
    return user if user is None or isinstance(user, str) else json.dumps(user)


def run(session: Session, request: ListEventsRequest, context: TaskContext) -> ListEventsResult:
    """Raises: AggregateNotFound for an id that the store does not have."""
    context.token.raise_if_cancelled()
    reader = session.reader
    with reader.one_moment():
        if request.aggregate_id is not None:
            reader.aggregate(request.aggregate_id)
        page = reader.events(
            aggregate_id=request.aggregate_id,
            event_type=request.event_type,
            user=request.user,
            since=None if request.since is None else asked_moment(request.since),
            until=None if request.until is None else asked_moment(request.until),
            limit=request.limit,
            after=request.after,
        )
        head = reader.head()
    return ListEventsResult(
        events=tuple(page.events),
        notes=tuple(page.notes),
        more=page.more,
        after=page.after,
        ordinals_are_versions=bool(reader.capabilities.get("contiguous_versions")),
        store_id=reader.store_id,
        head=head,
    )
