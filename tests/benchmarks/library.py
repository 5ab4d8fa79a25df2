"""The library in a program of its own: loading an aggregate, and keeping a read model in step."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.eventsourcing import (
    AggregateRoot,
    EventStore,
    Projection,
    ProjectionRunner,
    Repository,
    SnapshotRepository,
    Table,
)
from tests.benchmarks import peer
from tests.benchmarks.data import many_orders, one_long_order
from tests.benchmarks.measure import Against, Line, rates_in_turn
from tests.benchmarks.places import Place

_PEER_LOADS = "eventsourcing, repository.get"


@dataclass(frozen=True, kw_only=True)
class OrderCreated:
    customer_id: str


@dataclass(frozen=True, kw_only=True)
class ItemAdded:
    lines: dict[str, Any]


class Order(AggregateRoot):
    """The same life as the peer's order."""

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.customer_id = ""
        self.lines: dict[str, Any] = {}

    def on_order_created(self, event: OrderCreated) -> None:
        self.customer_id = event.customer_id

    def on_item_added(self, event: ItemAdded) -> None:
        self.lines.update(event.lines)


class LastEvents(Projection):
    """One row an order: one put an event."""

    name = "last_events"
    tables = (Table(name="last_events", columns={"id": "text", "type": "text", "lines": "integer"}),)

    def on_order_created(self, event: OrderCreated, envelope: Any) -> None:
        self._put(envelope, 0)

    def on_item_added(self, event: ItemAdded, envelope: Any) -> None:
        self._put(envelope, len(event.lines))

    def _put(self, envelope: Any, lines: int) -> None:
        row = {"id": envelope.aggregate_id, "type": envelope.event_type, "lines": lines}
        self.rows.put("last_events", row)


def load(place: Place, events: int) -> Iterator[Line]:
    """One aggregate of so many events; and the same with a snapshot in front of the last hundred of them."""
    url = place.new()
    one_long_order(url, events)
    with place.peer() as application, EventStore(url) as store:
        order = peer.orders(1, events)[0]
        application.save(order)
        plain = Repository(store, Order)
        rates = rates_in_turn(
            events,
            {"ours": lambda: plain.get("order-1"), "peer": lambda: application.repository.get(order.id)},
        )
        against = Against(name=_PEER_LOADS, rate=rates["peer"], wanted=8)
        yield Line(work=f"load {events:,} events on {place.name}", ours=rates["ours"], against=(against,))
        yield _load_from_snapshot(place, store, events)


def _load_from_snapshot(place: Place, store: EventStore, events: int) -> Line:
    before = Order("order-1")
    before.load_from_history(store.get_events("order-1", to_version=events - 100))
    snapshots = SnapshotRepository(store)
    snapshots.save(before)
    with_snapshots = Repository(store, Order, snapshots=snapshots)
    plain = Repository(store, Order)
    rates = rates_in_turn(
        1, {"with": lambda: with_snapshots.get("order-1"), "without": lambda: plain.get("order-1")}
    )
    against = Against(name="without the snapshot", rate=rates["without"], wanted=1)
    work = f"… from a snapshot and 100 events, on {place.name}"
    return Line(work=work, ours=rates["with"], against=(against,))


def catch_up(place: Place, events: int) -> Line:
    """A read model from nothing, by a runner in this process."""
    url = place.new()
    many_orders(url, events // 100, 100)
    with EventStore(url) as store:
        rates = rates_in_turn(
            events,
            {
                "ours": lambda: ProjectionRunner(store, LastEvents, place.new()).catch_up(),
                "plain": lambda: place.read_and_decode(url),
            },
        )
    limit = Against(name="driver's rows + JSON decoding", rate=rates["plain"], wanted=0.4)
    work = f"catch up on {place.name}, one row an event"
    return Line(work=work, ours=rates["ours"], against=(limit,))
