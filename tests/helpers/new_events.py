"""Events made by hand, for tests that need no domain."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.core.events import DomainEvent, EventMetadata
from auditor.core.ids import IdSource

_new_id = IdSource()
_BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def new_event(aggregate_id: str, version: int, **changes: Any) -> DomainEvent:
    event_id = _new_id()
    fields: dict[str, Any] = {
        "event_id": event_id,
        "aggregate_id": aggregate_id,
        "aggregate_type": "Order",
        "event_type": "ItemAdded",
        "version": version,
        "timestamp": _BEGIN + timedelta(minutes=version),
        "data": {"number": version},
        "metadata": EventMetadata(correlation_id=str(event_id), user_id="ada"),
    }
    return DomainEvent(**{**fields, **changes})


def new_events(aggregate_id: str, first: int, last: int) -> Sequence[DomainEvent]:
    """Versions `first` to `last`, both included."""
    return [new_event(aggregate_id, version) for version in range(first, last + 1)]
