"""The library in a program of its own: loading an aggregate, and keeping a read model in step."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.demo.projections import OrderSummaries
from auditor.eventsourcing import (
    AggregateRoot,
    EventStore,
    Projection,
    ProjectionRunner,
    Repository,
    SnapshotRepository,
    Table,
)
from auditor.jobs import make_demo
from auditor.tasks.context import TaskContext
from tests.benchmarks import peer
from tests.benchmarks.data import many_orders, one_long_order
from tests.benchmarks.measure import Against, Line, rates_in_turn
from tests.benchmarks.places import Files, Place
from tests.benchmarks.works import ORIGIN

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
    """One aggregate of so many events; then both libraries with a snapshot in front of the last hundred of them."""
    url = place.new()
    one_long_order(url, events)
    with place.peer() as application, EventStore(url) as store:
        theirs = peer.one_long_order(application, events)
        plain = Repository(store, Order)
        works = {
            "ours": lambda: plain.get("order-1"),
            "peer": lambda: application.repository.get(theirs),
        }
        rates = rates_in_turn(events, works)
        against = Against(name=_PEER_LOADS, rate=rates["peer"], wanted=8)
        yield Line(work=f"load {events:,} events on {place.name}", ours=rates["ours"], against=(against,))

        application.take_snapshot(theirs, version=events - 100)
        snapshots = _kept_at(store, events - 100)
        with_snapshots = Repository(store, Order, snapshots=snapshots)
        rates = rates_in_turn(1, {**works, "snapshot": lambda: with_snapshots.get("order-1")})
        yield Line(
            work=f"… {place.name}, from a snapshot and 100 events",
            ours=rates["snapshot"],
            against=(
                Against(name="without the snapshot", rate=rates["ours"], wanted=None),
                Against(name=f"{_PEER_LOADS}, from its snapshot", rate=rates["peer"], wanted=None),
            ),
        )


def _kept_at(store: EventStore, version: int) -> SnapshotRepository:
    before = Order("order-1")
    before.load_from_history(store.get_events("order-1", to_version=version))
    snapshots = SnapshotRepository(store)
    snapshots.save(before)
    return snapshots


def catch_up(place: Place, events: int) -> Line:
    """A read model from nothing, by a runner in this process. The peer only makes the events, and writes no rows."""
    url = place.new()
    many_orders(url, events // 100, 100)
    with EventStore(url) as store, place.peer() as application:
        peer.filled(application, events // 100, 100)
        rates = rates_in_turn(
            events,
            {
                "ours": lambda: ProjectionRunner(store, LastEvents, place.new()).catch_up(),
                "plain": lambda: place.read_and_decode(url),
                "peer": lambda: peer.decode_all(application),
            },
        )
    limit = Against(name="driver's rows + JSON decoding", rate=rates["plain"], wanted=0.4)
    theirs = Against(name="eventsourcing, its events alone", rate=rates["peer"], wanted=None)
    work = f"catch up on {place.name}, one row an event"
    return Line(work=work, ours=rates["ours"], against=(limit, theirs))


def catch_up_orders(scratch: Files, events: int) -> Line:
    """The demo's projection: two tables, rows that are read again and changed."""
    path = scratch.path()
    make_demo.run(make_demo.MakeDemoRequest(origin=ORIGIN, events=events, to=path), TaskContext())
    with EventStore(str(path), create=False) as store:
        rates = rates_in_turn(
            events,
            {
                "ours": lambda: ProjectionRunner(store, OrderSummaries, scratch.new()).catch_up(),
                "plain": lambda: scratch.read_and_decode(str(path)),
            },
            repeat=2,
        )
    limit = Against(name="driver's rows + JSON decoding", rate=rates["plain"], wanted=0.4)
    work = f"catch up on {scratch.name}, order_summaries (two tables)"
    return Line(work=work, ours=rates["ours"], against=(limit,))
