"""Snapshots in a native store, whatever database it stands on."""

import multiprocessing
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from auditor.core.errors import AggregateNotFound, AuditorError
from auditor.core.events import RecordedEvent
from auditor.demo import (
    AddItem,
    ConfirmOrder,
    CreateOrder,
    Order,
    OrderCommandHandler,
    RemoveItem,
    ShipOrder,
)
from auditor.demo.commands import OrderCommand
from auditor.eventsourcing import (
    EventStore,
    Repository,
    SnapshotPolicy,
    SnapshotRefused,
    SnapshotRepository,
    SnapshotWarning,
)
from auditor.stores import native_snapshots
from tests.helpers.counters import Counter, all_kept, counted, kept, plant, replay, verified
from tests.helpers.new_events import new_events
from tests.helpers.orders import ticking_stamp
from tests.helpers.snapshots import everything

# -- saving and loading ----------------------------------------------------------------------------------------


def test_a_snapshot_says_what_it_is_of(store: EventStore, snapshots: SnapshotRepository) -> None:
    [*_, last] = store.append("other", new_events("other", 1, 3), 0)
    assert snapshots.save(counted(store, 1, 2))
    snapshot = kept(store)
    [_, event] = store.get_events("c-1")
    assert (snapshot.aggregate_id, snapshot.aggregate_type, snapshot.version) == ("c-1", "Counter", 2)
    assert (snapshot.event_id, snapshot.position) == (event.event_id_text, event.position)
    assert snapshot.position > last.position
    assert snapshot.schema_version == 1
    assert snapshot.state == '{"total":3,"last":{"$tuple":[2,"counted"]}}'
    assert snapshot.checksum == snapshot.checksum_due()
    assert len(snapshot.created_at) == len("2026-03-01T12:00:00.000000Z")
    assert store.snapshots.read("unknown") is None


def test_only_later_events_are_read(
    store: EventStore, snapshots: SnapshotRepository, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    snapshots.save(counted(store, *range(50)))
    counted(store, 100, 200)
    read: list[int] = []
    events_of = store.get_events

    def watched(aggregate_id: str, first: int = 1, last: int | None = None) -> Iterator[RecordedEvent]:
        for event in events_of(aggregate_id, first, last):
            read.append(event.version)
            yield event

    monkeypatch.setattr(store, "get_events", watched)
    loaded = snapshots.load("c-1", Counter)
    assert read == [50, 51, 52]  # the first of them only says that the history is the same
    monkeypatch.undo()
    assert everything(loaded) == everything(replay(store))
    assert said == []


def test_an_order_comes_back_at_every_version(
    store: EventStore, snapshots: SnapshotRepository, said: list[str]
) -> None:
    handler, stamp = OrderCommandHandler(store), ticking_stamp()
    commands: list[OrderCommand] = [
        CreateOrder("o-1", "c-1"),
        AddItem("o-1", "A", 2, 500),
        AddItem("o-1", "B", 1, 900),
        RemoveItem("o-1", "A"),
        ConfirmOrder("o-1"),
        ShipOrder("o-1", "T-1", "UPS"),
    ]
    for command in commands:
        order = handler.handle(command, stamp)
        assert snapshots.save(order)
        replayed = Repository(store, Order).get("o-1")
        assert everything(snapshots.load("o-1", Order)) == everything(replayed)
        assert verified(store) == []
    assert said == []


def test_what_was_loaded_goes_on(store: EventStore, snapshots: SnapshotRepository) -> None:
    snapshots.save(counted(store, 1, 2))
    counters = Repository(store, Counter, snapshots=snapshots)
    counter = counters.get("c-1")
    counter.count(4)
    counters.save(counter)
    assert (replay(store).total, replay(store).version) == (7, 3)


def test_an_aggregate_without_a_snapshot_is_replayed(
    store: EventStore, snapshots: SnapshotRepository
) -> None:
    counted(store, 1, 2)
    assert snapshots.load("c-1", Counter).total == 3
    with pytest.raises(AggregateNotFound):
        snapshots.load("unknown", Counter)
    with pytest.raises(AggregateNotFound) as refused:
        snapshots.load("c-1", Order)
    assert "Counter" in refused.value.hint


def test_what_is_not_stored_is_never_in_a_snapshot(store: EventStore, snapshots: SnapshotRepository) -> None:
    counter = counted(store, 1)
    counter.count(5)
    with pytest.raises(SnapshotRefused, match="1 events that are not stored"):
        snapshots.save(counter)
    counter.clear_uncommitted_events()  # as a careless caller would
    with pytest.raises(SnapshotRefused, match="does not come from the events of this store"):
        snapshots.save(counter)
    counted(store, 7)
    with pytest.raises(SnapshotRefused, match="does not come from the events of this store"):
        snapshots.save(counter)
    with pytest.raises(SnapshotRefused, match="no events yet"):
        snapshots.save(Counter("new"))
    assert all_kept(store) == []


def test_the_newest_is_kept(store: EventStore, snapshots: SnapshotRepository) -> None:
    old = counted(store, 1)
    new = counted(store, 2)
    assert snapshots.save(new)
    assert not snapshots.save(old)
    assert kept(store).version == 2
    assert snapshots.save(counted(store, 3))
    assert [snapshot.version for snapshot in all_kept(store)] == [3]


def test_one_of_the_same_version_is_renewed(store: EventStore, snapshots: SnapshotRepository) -> None:
    counter = counted(store, 1)
    snapshots.save(counter)
    plant(store, kept(store)._replace(model="of last year").sealed())
    assert snapshots.save(counter)
    assert verified(store) == []


def test_many_snapshots_are_listed_by_id(
    store: EventStore, snapshots: SnapshotRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["", "A", "Z", "_", "a", "b", "\u00e9", "\uffff", "\U0001f600"]  # by code points
    for name in reversed(names):
        snapshots.save(counted(store, 1, aggregate_id=name))
    monkeypatch.setattr(native_snapshots, "_IDS_AT_ONCE", 2)
    listed = native_snapshots.NativeSnapshots(store._dialect, store._rows)
    assert list(listed.aggregate_ids()) == names
    assert verified(store) == []


def save_in_turns(url: str, versions: list[int], meeting: Any) -> None:
    with EventStore(url, busy_seconds=60) as store:
        pattern = kept(store)
        meeting.wait(60)
        for version in versions:
            store.snapshots.write(pattern._replace(version=version, event_id=f"of {version}").sealed())


def test_an_old_snapshot_never_replaces_a_newer_one_of_another_process(store_url: str) -> None:
    with EventStore(store_url) as store:
        SnapshotRepository(store).save(counted(store, *range(100)))
        plant(store, kept(store)._replace(version=1).sealed())
        context = multiprocessing.get_context("fork")
        meeting = context.Barrier(3)
        turns = [list(range(1, 100)), list(range(100, 0, -1))]
        processes = [context.Process(target=save_in_turns, args=(store_url, turn, meeting)) for turn in turns]
        for process in processes:
            process.start()
        meeting.wait(60)
        seen = [1]
        while any(process.is_alive() for process in processes):
            seen.append(kept(store).version)
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0, 0]
        assert seen == sorted(seen)
        assert (kept(store).version, kept(store).event_id) == (100, "of 100")


# -- by policy -------------------------------------------------------------------------------------------------


def test_snapshots_are_taken_when_they_are_due(store: EventStore, snapshots: SnapshotRepository) -> None:
    counters = Repository(store, Counter, snapshots=snapshots, policy=SnapshotPolicy(every=3))
    versions = []
    for number in range(8):
        counter = counters.get("c-1") if number else counters.new("c-1")
        counter.count(number)
        counters.save(counter)
        found = store.snapshots.read("c-1")
        versions.append(found.version if found else 0)
    assert versions == [0, 0, 3, 3, 3, 6, 6, 6]


def test_each_type_has_its_own_number(store: EventStore, snapshots: SnapshotRepository) -> None:
    for name, policy in {
        "often": SnapshotPolicy(every=100, by_type={"Counter": 1}),
        "never": SnapshotPolicy(every=1, by_type={"Counter": None}),
        "not": SnapshotPolicy(every=None),
    }.items():
        counters = Repository(store, Counter, snapshots=snapshots, policy=policy)
        counter = counters.new(name)
        counter.count(1)
        counters.save(counter)
    assert [snapshot.aggregate_id for snapshot in all_kept(store)] == ["often"]
    with pytest.raises(ValueError, match="at the earliest"):
        SnapshotPolicy(every=0)


def test_a_snapshot_that_is_ignored_is_soon_replaced(
    store: EventStore, snapshots: SnapshotRepository, said: list[str]
) -> None:
    counters = Repository(store, Counter, snapshots=snapshots, policy=SnapshotPolicy(every=3))
    snapshots.save(counted(store, 1, 2, 3))
    plant(store, kept(store)._replace(model="of last year").sealed())
    counter = counters.get("c-1")
    counter.count(4)
    counters.save(counter)
    assert kept(store).version == 4
    assert counters.get("c-1").total == 10
    assert len(said) == 1


class Locked(Counter):
    aggregate_type = "Counter"

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.lock = object()


def test_a_snapshot_that_fails_does_not_fail_the_append(
    store: EventStore, snapshots: SnapshotRepository, said: list[str]
) -> None:
    counters = Repository(store, Locked, snapshots=snapshots, policy=SnapshotPolicy(every=2))
    counter = counters.new("c-1")
    for number in range(3):
        counter.count(number)
        counters.save(counter)
        assert counter.uncommitted_events == ()
    assert replay(store).version == 3
    [sentence] = said  # tried again when the next one is due, not after each event
    assert "/lock" in sentence
    assert all_kept(store) == []
    with pytest.raises(AuditorError, match="/lock: a object cannot be restored"):
        snapshots.save(counter)


def test_a_warning_that_is_an_error_comes_after_the_append(store: EventStore) -> None:
    counters = Repository(store, Locked, snapshots=SnapshotRepository(store), policy=SnapshotPolicy(every=1))
    counter = counters.new("c-1")
    counter.count(1)
    with warnings.catch_warnings():
        warnings.simplefilter("error", SnapshotWarning)
        with pytest.raises(SnapshotWarning):
            counters.save(counter)
    assert counter.uncommitted_events == ()
    assert replay(store).total == 1
