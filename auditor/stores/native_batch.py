"""What one write transaction will hold, worked out before the store is locked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from auditor.core.append_check import require_next
from auditor.core.events import DomainEvent, RecordedEvent, columns_of, links_from
from auditor.stores.native_schema import events as events_table

Batches = Mapping[str, tuple[Sequence[DomainEvent | RecordedEvent], int]]
"""By aggregate id: its new events, and the version that the store has of it."""

Columns = tuple[Any, ...]
"""All columns of `events` but the position, in their order."""

_NAMES = events_table.c.keys()[1:]
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
        require_next(aggregate_id, events, expected_version)
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


def _columns(event: DomainEvent | RecordedEvent) -> Columns:
    if isinstance(event, DomainEvent):
        metadata = event.metadata
        return (*columns_of(event), metadata.correlation_id or None, metadata.causation_id)
    if len(event.timestamp_utc) != _TIMESTAMP_LENGTH:
        raise ValueError(f"{event.timestamp_utc!r} is not written like 2026-03-01T12:00:00.000000Z")
    return event[1:] + links_from(event.metadata_text)


def unholdable_text(batch: Batch, holds: Callable[[str], bool]) -> ValueError | None:
    """The error for the first text of the batch that the database cannot hold; None if it holds them all."""
    for columns in batch.rows:
        row = dict(zip(_NAMES, columns, strict=True))
        for name, value in row.items():
            if isinstance(value, str) and not holds(value):
                return ValueError(
                    f"the {name} of {row['event_type']!r}, version {row['version']} of {row['aggregate_id']!r}, has a "
                    "character that this store cannot hold"
                )
    return None
