"""The store in memory is no kinder than a real one: each test here runs on both."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import WrongRequest
from auditor.core.events import recorded
from auditor.core.snapshot import Snapshot
from auditor.demo import Order
from auditor.eventsourcing import (
    ConcurrencyError,
    DuplicateEvent,
    EventStore,
    Repository,
    SnapshotPolicy,
    SnapshotRepository,
)
from auditor.testing import MemoryStore
from tests.helpers.new_events import new_event, new_events
from tests.helpers.orders import BLANKET, state

Store = EventStore | MemoryStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    with EventStore(str(tmp_path / "orders.db")) as opened:
        yield opened


def test_what_goes_in_comes_out(store: Store) -> None:
    appended = store.append("order-1", new_events("order-1", 1, 5), 0)
    assert list(store.get_events("order-1")) == appended == list(store.read_all())
    assert [event.version for event in store.get_events("order-1", 2, 4)] == [2, 3, 4]
    assert [event.position for event in appended] == [1, 2, 3, 4, 5]
    assert list(store.get_events("nobody")) == []


def test_a_place_goes_on(store: Store) -> None:
    assert store.head() is None
    first, second = store.append("order-1", new_events("order-1", 1, 2), 0)
    assert list(store.read_all(store.cursor_after(first))) == [second]
    assert store.head() == 2
    with pytest.raises(WrongRequest):
        list(store.read_all("elsewhere"))


def test_a_reader_sees_what_comes_meanwhile(store: Store) -> None:
    store.append("order-1", new_events("order-1", 1, 500), 0)
    for reading in (store.read_all(), store.get_events("order-1")):
        next(reading)
    everything, stream = store.read_all(), store.get_events("order-1")
    assert (next(everything).version, next(stream).version) == (1, 1)
    store.append("order-1", [new_event("order-1", 501)], 500)
    assert (len(list(everything)), len(list(stream))) == (500, 500)


def test_several_aggregates_at_once_in_the_order_of_their_hints(store: Store) -> None:
    one = [recorded(new_event("order-1", version), position) for version, position in ((1, 1), (2, 9))]
    other = [recorded(new_event("order-2", 1), 5)]
    stored = store.append_many({"order-1": (one, 0), "order-2": (other, 0)})
    assert [(event.aggregate_id, event.position) for event in stored] == [
        ("order-1", 1),
        ("order-2", 2),
        ("order-1", 3),
    ]


EVENT = new_event("order-1", 2)
REFUSED: dict[str, tuple[Any, int, type[Exception], str]] = {
    "a conflict": (
        [new_event("order-1", 3)],
        2,
        ConcurrencyError,
        "Version 2 was expected, but 'order-1' is at",
    ),
    "a new one that is there": ([new_event("order-1", 1)], 0, ConcurrencyError, "at version 1"),
    "a hole": ([new_event("order-1", 3)], 1, ValueError, "without a hole"),
    "another's event": ([new_event("order-2", 2)], 1, ValueError, "cannot be appended to"),
    "another type": ([replace(EVENT, aggregate_type="Basket")], 1, ValueError, "cannot be a Basket"),
    "nothing": ([], 1, ValueError, "no events"),
    "an id twice": ([EVENT, replace(EVENT, version=3)], 1, DuplicateEvent, str(EVENT.event_id)),
    "what JSON cannot hold": ([replace(EVENT, data={"at": {1, 2}})], 1, ValueError, "data"),
    "positions that fall": (
        [recorded(EVENT, 5), recorded(new_event("order-1", 3), 4)],
        1,
        ValueError,
        "fall at version 3",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_store_refuses_is_refused_whole(case: str, store: Store) -> None:
    events, expected, error, said = REFUSED[case]
    [first] = store.append("order-1", [new_event("order-1", 1)], 0)
    with pytest.raises(error, match=said):
        store.append_many({"order-9": ([new_event("order-9", 1)], 0), "order-1": (events, expected)})
    assert list(store.read_all()) == [first]


def test_an_id_that_is_stored_already(store: Store) -> None:
    event = new_event("order-1", 1)
    store.append("order-1", [event], 0)
    with pytest.raises(DuplicateEvent):
        store.append("order-2", [replace(event, aggregate_id="order-2")], 0)


def test_snapshots(store: Store) -> None:
    orders = Repository(store, Order, snapshots=SnapshotRepository(store), policy=SnapshotPolicy(every=1))
    order = orders.new("order-1")
    order.create("c-1", [BLANKET])
    orders.save(order)
    kept = store.snapshots.read("order-1")
    assert kept is not None
    assert (kept.version, list(store.snapshots.aggregate_ids())) == (1, ["order-1"])
    assert state(orders.get("order-1")) == state(order)


@pytest.mark.parametrize(
    ("kept", "new", "stays"),
    [(2, 1, 2), (1, 2, 2), (2, 2, 2), (9, 1, 1)],
    ids=["older", "newer", "again", "beyond the end"],
)
def test_an_older_snapshot_replaces_none_but_one_beyond_the_end(
    kept: int, new: int, stays: int, store: Store
) -> None:
    store.append("order-1", new_events("order-1", 1, 3), 0)
    written: Callable[[int], Snapshot] = lambda version: Snapshot(  # noqa: E731 - short
        "order-1", "Order", version, 1, "m", "e", 1, "2026-03-01T00:00:00.000000Z", "{}", ""
    ).sealed()
    store.snapshots.write(written(kept))
    assert store.snapshots.write(written(new)) == (stays == new)
    found = store.snapshots.read("order-1")
    assert found is not None
    assert found.version == stays
