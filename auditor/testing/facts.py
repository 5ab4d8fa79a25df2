"""What a test says has happened, or should: payloads, whole events, events of old code."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

from auditor.core.aggregate import AggregateRoot, Stamp
from auditor.core.append_check import NewEvent
from auditor.core.events import DomainEvent, EventMetadata, RecordedEvent, recorded

FIRST_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)
"""When the first event of a test happened; each next one a minute later."""


@dataclass(frozen=True)
class Stored:
    """An event as older code stored it, whose class need not be there any more."""

    event_type: str
    data: dict[str, Any]
    schema_version: int = 1


class Of(NamedTuple):
    """An expected event of another aggregate than the one that `given` names."""

    aggregate_id: str
    event: Any


def of(aggregate_id: str, event: Any) -> Of:
    return Of(aggregate_id, event)


class Subject(NamedTuple):
    """The aggregate that a test is about. `factory` makes one, where its class is known."""

    aggregate_id: str
    aggregate_type: str
    factory: Callable[[str], AggregateRoot] | None


def subject_of(facts: Sequence[Any]) -> tuple[Subject | None, list[Any]]:
    """Splits `Order, "order-1", event, …` and takes lists of events apart. Raises: TypeError."""
    subject = None
    if facts and isinstance(facts[0], str | type):
        kind, *facts = facts
        if not facts or not isinstance(facts[0], str):
            raise TypeError(
                f"after the aggregate's type {_name(kind)} its id is due: given({_name(kind)}, …)"
            )
        aggregate_id, *facts = facts
        subject = Subject(aggregate_id, *_type_of(kind))
    return subject, list(_flat(facts))


def _name(kind: str | type) -> str:
    return repr(kind) if isinstance(kind, str) else kind.__name__


def _type_of(kind: str | type) -> tuple[str, Callable[[str], AggregateRoot] | None]:
    if isinstance(kind, str):
        return kind, None
    if issubclass(kind, AggregateRoot):
        return kind.type_name(), kind
    raise TypeError(f"{kind.__name__} is no aggregate class: given(Order, 'order-1', OrderCreated(…), …)")


def _flat(facts: Sequence[Any]) -> Iterator[Any]:
    for fact in facts:
        if isinstance(fact, Sequence) and not isinstance(fact, str | RecordedEvent):
            yield from fact
        else:
            yield fact


def history_stamp(begun: int = 0) -> Stamp:
    """Times and ids that are the same in every run of a test, after so many events."""
    minutes, ids = count(begun), count(begun + 1)
    return Stamp(
        now=lambda: FIRST_MOMENT + timedelta(minutes=next(minutes)),
        new_id=lambda: UUID(f"00000000-0000-7000-8000-{next(ids):012x}"),
    )


class History:
    """The events of a test, in the order of their positions."""

    def __init__(self) -> None:
        self.events: list[RecordedEvent] = []
        self._versions: dict[str, int] = {}
        self._stamp = history_stamp()

    def copy(self) -> "History":
        """For another test that begins alike. Times and ids go on where these are."""
        other = History()
        other.events, other._versions = self.events.copy(), self._versions.copy()
        other._stamp = history_stamp(len(self.events))
        return other

    def add(self, subject: Subject | None, facts: Sequence[Any], stamp: Stamp | None) -> None:
        """Raises: TypeError for what is no event, and for a payload of no named aggregate."""
        for fact in facts:
            event = fact if isinstance(fact, DomainEvent | RecordedEvent) else None
            self._put(event or self._made(subject, fact, stamp or self._stamp))

    def _put(self, event: NewEvent) -> None:
        position = len(self.events) + 1
        event = (
            event._replace(position=position)
            if isinstance(event, RecordedEvent)
            else recorded(event, position)
        )
        self._versions[event.aggregate_id] = event.version
        self.events.append(event)

    def _made(self, subject: Subject | None, fact: Any, stamp: Stamp) -> DomainEvent:
        if isinstance(fact, type):
            raise TypeError(f"{fact.__name__} is a class, and an event is due: {fact.__name__}(…)")
        if not is_dataclass(fact):
            raise TypeError(
                f"a {type(fact).__name__} is no event: a dataclass, a DomainEvent or a Stored is due"
            )
        if subject is None:
            raise TypeError(
                f"a {type(fact).__name__} does not say whose event it is: given(Order, 'order-1', …)"
            )
        version = self._versions.get(subject.aggregate_id, 0) + 1
        if isinstance(fact, Stored):
            return _of_old_code(fact, subject, version, stamp)
        return stamp.make_event(
            fact, aggregate_id=subject.aggregate_id, aggregate_type=subject.aggregate_type, version=version
        )


def _of_old_code(fact: Stored, subject: Subject, version: int, stamp: Stamp) -> DomainEvent:
    event_id = stamp.new_id()
    return DomainEvent(
        event_id=event_id,
        aggregate_id=subject.aggregate_id,
        aggregate_type=subject.aggregate_type,
        event_type=fact.event_type,
        version=version,
        timestamp=stamp.now(),
        data=fact.data,
        metadata=EventMetadata(
            correlation_id=stamp.correlation_id or str(event_id),
            causation_id=stamp.causation_id,
            user_id=stamp.user_id,
            schema_version=fact.schema_version,
        ),
    )
