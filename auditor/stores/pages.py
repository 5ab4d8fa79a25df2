"""What a reader answers with."""

from dataclasses import dataclass, field
from typing import NamedTuple

from auditor.core.events import RecordedEvent


class AggregateRow(NamedTuple):
    """One aggregate in a list. `version` is the last one as stored, `events` their number."""

    aggregate_id: str
    aggregate_type: str
    version: int
    events: int
    last_timestamp: str


@dataclass(frozen=True, slots=True)
class AggregatePage:
    """Aggregates by id. `after` is the token of the next page, None on the last."""

    aggregates: list[AggregateRow]
    more: bool
    after: str | None


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
