"""Counters: small aggregates whose snapshots are easy to read and to spoil."""

from dataclasses import dataclass

from auditor.core.errors import AggregateNotFound
from auditor.core.snapshot import Snapshot
from auditor.core.snapshot_check import SnapshotFinding
from auditor.demo import Order
from auditor.eventsourcing import AggregateRoot, EventStore, Repository, verify_snapshots


@dataclass(frozen=True)
class Counted:
    by: int


class Counter(AggregateRoot):
    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.total = 0
        self.last = (0, "none")

    def count(self, by: int) -> None:
        self.apply(Counted(by))

    def on_counted(self, event: Counted) -> None:
        self.total += event.by
        self.last = (event.by, "counted")


def counted(store: EventStore, *amounts: int, aggregate_id: str = "c-1") -> Counter:
    """The counter with these amounts after those it has, and no snapshot taken."""
    counters = Repository(store, Counter)
    try:
        counter = counters.get(aggregate_id)
    except AggregateNotFound:
        counter = counters.new(aggregate_id)
    for amount in amounts:
        counter.count(amount)
    counters.save(counter)
    return counter


def replay(store: EventStore, aggregate_id: str = "c-1") -> Counter:
    return Repository(store, Counter).get(aggregate_id)


def kept(store: EventStore, aggregate_id: str = "c-1") -> Snapshot:
    snapshot = store.snapshots.read(aggregate_id)
    assert snapshot is not None
    return snapshot


def all_kept(store: EventStore) -> list[Snapshot]:
    return [kept(store, aggregate_id) for aggregate_id in store.snapshots.aggregate_ids()]


def plant(store: EventStore, snapshot: Snapshot) -> None:
    """Puts a row in the table, whatever stood there."""
    store._rows("DELETE FROM snapshots RETURNING version", ())
    assert store.snapshots.write(snapshot)


def verified(store: EventStore) -> list[SnapshotFinding]:
    return list(verify_snapshots(store, {"Counter": Counter, "Order": Order}))
