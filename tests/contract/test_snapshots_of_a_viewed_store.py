"""The viewer reads an application's snapshots on both databases, and changes nothing."""

from auditor.eventsourcing import EventStore, SnapshotRepository
from auditor.stores.reader import open_reader
from tests.helpers.counters import Counter, counted, kept


def test_the_snapshots_of_a_store_are_read(
    store: EventStore, snapshots: SnapshotRepository, store_url: str
) -> None:
    counted(store, 1, 2)
    snapshots.save(snapshots.load("c-1", Counter))
    with open_reader(store_url) as reader:
        assert reader.snapshots.aggregate_ids(limit=5) == ["c-1"]
        assert reader.snapshots.aggregate_ids(limit=5, after="c-1") == []
        assert reader.snapshots.of("c-1") == kept(store)
        assert reader.snapshots.of("c-2") is None
