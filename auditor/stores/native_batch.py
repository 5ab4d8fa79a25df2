"""What one write transaction will hold, worked out before the store is locked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from auditor.core.events import DomainEvent, RecordedEvent, columns_of, links_from

Batches = Mapping[str, tuple[Sequence[DomainEvent | RecordedEvent], int]]
"""By aggregate id: its new events, and the version that the store has of it."""

Columns = tuple[Any, ...]
"""All columns of `events` but the position, in their order."""

_TIMESTAMP = RecordedEvent._fields.index("timestamp_utc") - 1
_TIMESTAMP_LENGTH = len("2026-03-01T12:00:00.000000Z")


@dataclass(frozen=True, slots=True)
class StreamChange:
    """How one aggregate's row in `streams` changes."""

    aggregate_id: str
    aggregate_type: str
    expected_version: int
    version: int
    first_timestamp: str
    last_timestamp: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows in the order in which they will be stored."""

    rows: list[Columns]
    changes: list[StreamChange]
    last_rows: dict[str, int]
    """By aggregate id: the place of its last event among the rows."""


def prepare(batches: Batches) -> Batch:
    """Checks and formats the events.

    Recorded events are ordered by their positions, new ones follow the one that was given before them.

    Raises: ValueError for an aggregate without events, another aggregate's event, several aggregate types in one
    aggregate, versions that are not expected + 1 … n, and anything that JSON cannot hold.
    """
    places: list[tuple[int, str, Columns]] = []
    changes: dict[str, StreamChange] = {}
    for aggregate_id, (events, expected_version) in batches.items():
        _check(aggregate_id, events, expected_version)
        first = len(places)
        places.extend(_places(aggregate_id, events))
        changes[aggregate_id] = StreamChange(
            aggregate_id,
            events[0].aggregate_type,
            expected_version,
            expected_version + len(events),
            places[first][2][_TIMESTAMP],
            places[-1][2][_TIMESTAMP],
        )
    places.sort(key=itemgetter(0))
    last_rows = {aggregate_id: row for row, (_, aggregate_id, _) in enumerate(places)}
    return Batch([columns for _, _, columns in places], list(changes.values()), last_rows)


def _places(
    aggregate_id: str, events: Sequence[DomainEvent | RecordedEvent]
) -> Iterator[tuple[int, str, Columns]]:
    hint = 0
    for event in events:
        columns = _columns(event)
        if isinstance(event, RecordedEvent):
            if event.position < hint:
                raise ValueError(f"the positions of {aggregate_id!r} fall at version {event.version}")
            hint = event.position
        yield hint, aggregate_id, columns


def _check(aggregate_id: str, events: Sequence[DomainEvent | RecordedEvent], expected_version: int) -> None:
    if not events:
        raise ValueError(f"there are no events to append to {aggregate_id!r}")
    if expected_version < 0:
        raise ValueError(f"an expected version counts from 0, and this is {expected_version}")
    aggregate_type = events[0].aggregate_type
    for version, event in enumerate(events, expected_version + 1):
        if event.aggregate_id != aggregate_id:
            raise ValueError(f"an event of {event.aggregate_id!r} cannot be appended to {aggregate_id!r}")
        if event.version != version:
            raise ValueError(
                f"the events of {aggregate_id!r} must have the versions from {expected_version + 1} on "
                f"without a hole: {version} was due, and the event has {event.version}"
            )
        if event.aggregate_type != aggregate_type:
            raise ValueError(
                f"{aggregate_id!r} cannot be a {aggregate_type} and a {event.aggregate_type} at once"
            )


def _columns(event: DomainEvent | RecordedEvent) -> Columns:
    if isinstance(event, DomainEvent):
        metadata = event.metadata
        return (*columns_of(event), metadata.correlation_id or None, metadata.causation_id)
    if len(event.timestamp_utc) != _TIMESTAMP_LENGTH:
        raise ValueError(f"{event.timestamp_utc!r} is not written like 2026-03-01T12:00:00.000000Z")
    return event[1:] + links_from(event.metadata_text)
