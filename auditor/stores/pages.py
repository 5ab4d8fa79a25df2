"""What a reader answers with."""

from array import array
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from auditor.core.events import RecordedEvent

AggregateOrder = Literal["id", "last"]
"""By id, or by the last event, newest first."""


class AggregateRow(NamedTuple):
    """One aggregate in a list. `version` is the last one as stored, `events` their number."""

    aggregate_id: str
    aggregate_type: str
    version: int
    events: int
    last_timestamp: str
    last_position: int = 0


@dataclass(frozen=True, slots=True)
class AggregatePage:
    """Aggregates in order. `after` is the token of the next page, None on the last; `before` that of the page before,
    None on the first."""

    aggregates: list[AggregateRow]
    more: bool
    after: str | None
    before: str | None = None
    matching: int | None = None


@dataclass(frozen=True, slots=True)
class NewEvents:
    """What was appended beyond a position: how many `events`, and the aggregates they are of, newest first.

    `more`: whether the list of aggregates was cut.
    """

    head: int | None
    events: int
    aggregates: list[AggregateRow]
    more: bool


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order. `after` is the token of the next page, None on the last; `notes` name values of a wrong kind."""

    events: list[RecordedEvent]
    more: bool
    after: str | None
    notes: list[str] = field(default_factory=list)


class EventMark(NamedTuple):
    """A place in an aggregate's history. Before its first event: ordinal and position 0, version and time None."""

    ordinal: int
    version: int | None
    timestamp: str | None
    position: int


class TimelineRow(NamedTuple):
    """One event of a timeline; `size` is that of its data in bytes."""

    position: int
    version: int
    timestamp: str
    event_type: str
    user: str | None
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """An aggregate's events as columns, in version order; the first one's ordinal is `first_ordinal`.

    Types and users stand once each, in the order in which they come first; `type_of` and `user_of` are their places.
    `before`: version (0 where it is no number) and position of the event before the first one, if there is one.
    """

    first_ordinal: int
    versions: "array[int]"
    positions: "array[int]"
    times: list[str]
    types: tuple[str, ...]
    type_of: "array[int]"
    users: tuple[str | None, ...]
    user_of: "array[int]"
    sizes: "array[int]"
    notes: list[str]
    before: tuple[int, int] | None = None


class EventLink(NamedTuple):
    """Another event, as one can be led to it. `timestamp` is fixed-width UTC."""

    event_id: str
    aggregate_id: str
    aggregate_type: str
    event_type: str
    version: int
    ordinal: int
    position: int
    timestamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedEvent:
    """One event with the events that it is linked to. The ids are those that the store has indexed.

    `cause` is None also where a cause is named that the store does not have. `effects` are the first ones by position,
    `more_effects` how many there are beyond them; `correlated` counts the events of its correlation, itself included.
    """

    event: RecordedEvent
    ordinal: int
    correlation_id: str | None
    causation_id: str | None
    cause: EventLink | None
    effects: tuple[EventLink, ...]
    more_effects: int
    correlated: int
    notes: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreInfo:
    """Every stored event and aggregate once. `types` counts aggregates; `head` is the last position, None if empty."""

    events: int
    aggregates: int
    hidden_events: int = 0
    hidden_aggregates: int = 0
    types: dict[str, int]
    head: int | None
    estimated: bool = False
    warnings: list[str] = field(default_factory=list)
