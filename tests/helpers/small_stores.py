"""Native stores of a few aggregates, written with the library."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from auditor.core.events import DomainEvent, EventMetadata
from auditor.stores.native_store import EventStore

BEGIN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Facts = Iterable[tuple[str, Mapping[str, Any]]]


def events_of(
    aggregate_id: str, facts: Facts, aggregate_type: str = "Thing", user: str = "ada"
) -> list[DomainEvent]:
    """One event a fact, (event type, data), a minute apart."""
    return [
        DomainEvent(
            event_id=uuid.uuid5(uuid.NAMESPACE_OID, f"{aggregate_id!r}/{version}"),
            aggregate_id=aggregate_id,
            aggregate_type=aggregate_type,
            event_type=event_type,
            version=version,
            timestamp=BEGIN + timedelta(minutes=version),
            data=dict(data),
            metadata=EventMetadata(correlation_id="c", user_id=user),
        )
        for version, (event_type, data) in enumerate(facts, start=1)
    ]


def write_store(path: Path, aggregates: Mapping[str, Facts], aggregate_type: str = "Thing") -> Path:
    """A closed store; positions in the order of `aggregates`."""
    with EventStore(f"sqlite:///{path}") as store:
        store.append_many(
            {name: (events_of(name, facts, aggregate_type), 0) for name, facts in aggregates.items()}
        )
    return path
