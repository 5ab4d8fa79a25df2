"""The rows that everything is measured with: orders whose lines are set again and again."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditor.core.events import DomainEvent, EventMetadata, RecordedEvent
from auditor.core.ids import IdSource
from auditor.eventsourcing import EventStore

_BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)


class History:
    """Events of orders, one after another, the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._made = 0
        self._new_id = IdSource(lambda: int(_BEGIN.timestamp() * 1000) + self._made, self._random.getrandbits)

    def order(self, aggregate_id: str, length: int, *, skus: int = 50) -> list[DomainEvent]:
        return [self._event(aggregate_id, version, skus) for version in range(1, length + 1)]

    def further(self, aggregate_id: str, version: int) -> DomainEvent:
        return self._event(aggregate_id, version, 50)

    def _event(self, aggregate_id: str, version: int, skus: int) -> DomainEvent:
        self._made += 1
        event_id = self._new_id()
        first = version == 1
        return DomainEvent(
            event_id=event_id,
            aggregate_id=aggregate_id,
            aggregate_type="Order",
            event_type="OrderCreated" if first else "ItemAdded",
            version=version,
            timestamp=_BEGIN + timedelta(milliseconds=self._made),
            data={"customer_id": f"customer-{self._made}"}
            if first
            else {
                "lines": {f"sku-{version % skus}": {"quantity": version % 7 + 1, "unit_price": 100 + version}}
            },
            metadata=EventMetadata(correlation_id=str(event_id), user_id="clerk"),
        )


def many_orders(url: str, count: int, length: int) -> None:
    """A store of `count` orders of `length` events each."""
    history = History()
    with EventStore(url) as store:
        for begin in range(0, count, 100):
            ids = [f"order-{number:07}" for number in range(begin, min(begin + 100, count))]
            store.append_many({one: (history.order(one, length), 0) for one in ids})


def one_long_order(url: str, length: int, *, skus: int = 50) -> None:
    """A store of one order; `skus` lines are its state."""
    with EventStore(url) as store:
        events = History().order("order-1", length, skus=skus)
        for begin in range(0, length, 5000):
            store.append("order-1", events[begin : begin + 5000], begin)


def growing_ledger(length: int) -> Iterator[list[RecordedEvent]]:
    """Events of one ledger that each add a line of some 230 bytes."""
    for begin in range(1, length + 1, 1000):
        yield [_entry(version) for version in range(begin, min(begin + 1000, length + 1))]


def _entry(version: int) -> RecordedEvent:
    line = {"sku": f"sku-{version % 50}", "quantity": version % 7 + 1, "note": "x" * 170}
    data = {"lines": {f"line-{version}": line}, "count": version}
    moment = "2026-01-05T08:00:00.000000Z"
    event_id = f"00000000-0000-7000-8000-{version:012}"
    return RecordedEvent(
        version, event_id, "ledger", "Ledger", "Entered", version, moment, None, json.dumps(data), "{}"
    )


def log_of(store_path: Path, log_path: Path) -> None:
    """The events of a store as newline-delimited JSON."""
    with EventStore(str(store_path), create=False) as store, log_path.open("w", encoding="utf-8") as log:
        for event in store.read_all():
            head = {
                "event_id": event.event_id_text,
                "aggregate_id": event.aggregate_id,
                "aggregate_type": event.aggregate_type,
                "event_type": event.event_type,
                "version": event.version,
                "timestamp": event.timestamp_utc,
            }
            log.write(
                f'{json.dumps(head)[:-1]},"data":{event.data_text},"metadata":{event.metadata_text}}}\n'
            )
