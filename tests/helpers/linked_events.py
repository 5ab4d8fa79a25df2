"""Events that name others as their causes, across aggregates."""

from dataclasses import replace
from pathlib import Path

from auditor.core.events import DomainEvent, EventMetadata
from auditor.eventsourcing import EventStore
from tests.helpers.new_events import new_event


def caused(aggregate_id: str, version: int, cause: DomainEvent | None, event_type: str) -> DomainEvent:
    """An event of correlation `c-1`; its aggregate's type is the first part of the id."""
    named = None if cause is None else str(cause.event_id)
    return new_event(
        aggregate_id,
        version,
        event_type=event_type,
        aggregate_type=aggregate_id.partition("-")[0].title(),
        metadata=EventMetadata(correlation_id="c-1", causation_id=named, user_id="ada"),
    )


def circle(aggregate_id: str) -> list[DomainEvent]:
    """Two events of which each names the other."""
    one, other = caused(aggregate_id, 1, None, "Asked"), caused(aggregate_id, 2, None, "Answered")
    return [
        replace(one, metadata=caused(aggregate_id, 1, other, "Asked").metadata),
        replace(other, metadata=caused(aggregate_id, 2, one, "Answered").metadata),
    ]


def write_linked_store(path: Path) -> Path:
    """An order, a payment that it caused, 250 parcels caused by that, some of them scanned, and an invoice; beside them
    `loop-1`, whose events go round in a circle."""
    placed = caused("order-1042", 1, None, "OrderPlaced")
    asked = caused("payment-77", 1, placed, "PaymentRequested")
    captured = caused("payment-77", 2, asked, "PaymentCaptured")
    parcels = [caused(f"parcel-{number}", 1, captured, "ParcelSent") for number in range(1, 251)]
    scanned = [caused(f"parcel-{number}", 2, parcels[number - 1], "ParcelScanned") for number in range(1, 5)]
    lines = [caused("invoice-9", number, scanned[0], "InvoiceLineAdded") for number in range(1, 4)]
    with EventStore(f"sqlite:///{path}") as store:
        store.append("order-1042", [placed], 0)
        store.append("payment-77", [asked, captured], 0)
        store.append_many({event.aggregate_id: ([event], 0) for event in parcels})
        store.append_many({event.aggregate_id: ([event], 1) for event in scanned})
        store.append("invoice-9", lines, 0)
        store.append("loop-1", circle("loop-1"), 0)
    return path
