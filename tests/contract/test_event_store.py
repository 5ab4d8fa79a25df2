"""What every native store does, whatever database it stands on."""

import multiprocessing
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, delete

from auditor.core.errors import (
    ConcurrencyError,
    DuplicateEvent,
    StoreDamaged,
    StoreError,
    StoreReplaced,
    WrongRequest,
)
from auditor.core.events import DomainEvent, EventMetadata, RecordedEvent, recorded
from auditor.core.stopping import StopSignal
from auditor.eventsourcing import EventStore
from auditor.stores import native_schema
from tests.helpers.new_events import new_event, new_events


@pytest.fixture
def url(store_url: str) -> str:
    return store_url


@pytest.fixture
def store(url: str) -> Iterator[EventStore]:
    with EventStore(url) as opened:
        yield opened


def versions(store: EventStore, aggregate_id: str) -> list[int]:
    return [event.version for event in store.get_events(aggregate_id)]


# -- what goes in comes out ------------------------------------------------------------------------------------


def test_an_appended_event_is_read_as_it_was_made(store: EventStore) -> None:
    made = new_event(
        "order-1",
        1,
        data={"text": "Grüße \u2028 \x00 \U0001f600", "nested": {"a": [1, 1.5, None, True]}},
        metadata=EventMetadata(
            correlation_id="c", causation_id="b", user_id="ada", schema_version=3, extra={"ip": "::1"}
        ),
        timestamp=datetime(2026, 3, 1, 13, 0, 0, 5, tzinfo=timezone(timedelta(hours=1))),
    )
    [appended] = store.append("order-1", [made], 0)
    [read] = store.get_events("order-1")
    assert read == appended
    assert isinstance(read, RecordedEvent)
    assert read.timestamp_utc == "2026-03-01T12:00:00.000005Z"
    for name in ("event_id", "aggregate_id", "aggregate_type", "event_type", "version", "timestamp", "data"):
        assert getattr(read, name) == getattr(made, name), name
    assert read.metadata == made.metadata


def test_a_lone_surrogate_is_kept(store: EventStore) -> None:
    store.append("order-1", [new_event("order-1", 1, data={"text": "\ud800"})], 0)
    assert next(store.get_events("order-1")).data == {"text": "\ud800"}


def test_recorded_events_are_written_byte_for_byte(store: EventStore) -> None:
    event = recorded(new_event("order-1", 1), 77)._replace(
        timestamp_text="2026-03-01T13:01:00+01:00",
        data_text='{ "price" : 1.50, "price": 1e400 }',
        metadata_text='{"correlationId": "c", "tenant":"x" }',
    )
    store.append_many({"order-1": ([event], 0)})
    assert list(store.read_all()) == [event._replace(position=1)]


def test_a_store_keeps_its_id_and_its_domain(url: str) -> None:
    with EventStore(url, domain="orders") as first:
        store_id = first.store_id
    with EventStore(url) as again:
        assert (again.store_id, again.domain) == (store_id, "orders")
    with pytest.raises(StoreError, match="domain"):
        EventStore(url, domain="permits")


# -- order -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [1, 2, 600])
def test_a_version_that_something_removed_is_missed(store: EventStore, gone: int) -> None:
    store.append("order-1", new_events("order-1", 1, 1200), 0)
    events = native_schema.events
    removal = delete(events).where(events.c.version == bindparam("gone"))
    store._connection().execute(store._dialect.compiled(removal, "gone"), (gone,))
    read: list[int] = []
    with pytest.raises(StoreDamaged, match="'order-1' only"):
        read.extend(event.version for event in store.get_events("order-1"))
    assert [event.version for event in store.get_events("order-1", gone + 1, gone + 3)] == [
        *range(gone + 1, gone + 4)
    ]


def test_an_aggregate_is_read_in_versions_and_within_the_bounds_asked_for(store: EventStore) -> None:
    store.append("order-1", new_events("order-1", 1, 5), 0)
    store.append("order-2", new_events("order-2", 1, 2), 0)
    assert versions(store, "order-1") == [1, 2, 3, 4, 5]
    assert [event.version for event in store.get_events("order-1", 2, 4)] == [2, 3, 4]
    assert [event.version for event in store.get_events("order-1", from_version=4)] == [4, 5]
    assert list(store.get_events("order-1", 4, 3)) == []
    assert list(store.get_events("unknown")) == []


def test_long_histories_are_read_whole(store: EventStore) -> None:
    store.append("order-1", new_events("order-1", 1, 1500), 0)
    assert versions(store, "order-1") == list(range(1, 1501))
    assert [event.position for event in store.read_all()] == list(range(1, 1501))


def test_positions_rise_over_all_aggregates_and_a_cursor_goes_on(store: EventStore) -> None:
    for version in range(1, 4):
        for aggregate_id in ("order-2", "order-1"):
            store.append(aggregate_id, [new_event(aggregate_id, version)], version - 1)
    everything = list(store.read_all())
    assert [event.position for event in everything] == sorted({event.position for event in everything})
    for place, event in enumerate(everything):
        assert list(store.read_all(store.cursor_after(event))) == everything[place + 1 :]


def test_reading_sees_what_is_appended_meanwhile(store: EventStore) -> None:
    store.append("order-1", new_events("order-1", 1, 600), 0)
    reading = store.read_all()
    assert next(reading).version == 1
    store.append("order-1", [new_event("order-1", 601)], 600)
    assert [event.version for event in reading] == list(range(2, 602))


def test_one_call_stores_in_the_order_of_the_hints(store: EventStore) -> None:
    first, second = new_events("order-1", 1, 2), new_events("order-2", 1, 2)
    stored = store.append_many(
        {
            "order-1": ([recorded(first[0], 40), recorded(first[1], 70)], 0),
            "order-2": ([recorded(second[0], 10), recorded(second[1], 50)], 0),
        }
    )
    order = [("order-2", 1), ("order-1", 1), ("order-2", 2), ("order-1", 2)]
    assert [(event.aggregate_id, event.version) for event in stored] == order
    assert list(store.read_all()) == stored


def test_new_events_keep_the_order_given(store: EventStore) -> None:
    store.append_many({"b": (new_events("b", 1, 2), 0), "a": (new_events("a", 1, 2), 0)})
    assert [event.aggregate_id for event in store.read_all()] == ["b", "b", "a", "a"]


@pytest.mark.parametrize(
    "token", ["", "nonsense", "W10", "Ä", "WyJuYXRpdmUgZXZlbnRzIiwgIngiLCAxXQ", "WyJuYXRpdmUgZXZlbnRzIl0"]
)
def test_a_text_that_is_no_cursor_is_refused_at_once(store: EventStore, token: str) -> None:
    with pytest.raises(WrongRequest):
        store.read_all(token)


def test_a_cursor_of_another_store_is_refused(store: EventStore, tmp_path: Path) -> None:
    [event] = store.append("order-1", [new_event("order-1", 1)], 0)
    token = store.cursor_after(event)
    with EventStore(str(tmp_path / "other.db")) as other, pytest.raises(WrongRequest):
        other.read_all(token)


# -- looking up ------------------------------------------------------------------------------------------------


def test_streams_and_events_are_found_by_many_ids(store: EventStore) -> None:
    stored = store.append_many(
        {f"order-{n}": (new_events(f"order-{n}", 1, n % 3 + 1), 0) for n in range(450)}
    )
    names = [f"order-{n}" for n in range(500)]
    assert store.stream_versions(names) == {f"order-{n}": (n % 3 + 1, "Order") for n in range(450)}
    ids = [event.event_id_text for event in stored]
    assert store.find_events([*ids, "unknown"]) == dict(zip(ids, stored, strict=True))
    assert store.stream_versions([]) == {}
    assert store.find_events(iter(())) == {}


# -- what is refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("expected", "actual"), [(0, 2), (1, 2), (5, 2)])
def test_another_version_than_expected_is_a_conflict(store: EventStore, expected: int, actual: int) -> None:
    store.append("order-1", new_events("order-1", 1, 2), 0)
    with pytest.raises(ConcurrencyError) as conflict:
        store.append("order-1", [new_event("order-1", expected + 1)], expected)
    assert (conflict.value.expected, conflict.value.actual) == (expected, actual)
    assert versions(store, "order-1") == [1, 2]


def test_events_for_an_unknown_aggregate_that_should_exist_are_a_conflict(store: EventStore) -> None:
    with pytest.raises(ConcurrencyError) as conflict:
        store.append("order-1", [new_event("order-1", 4)], 3)
    assert (conflict.value.expected, conflict.value.actual) == (3, 0)


def wrong_batches() -> dict[str, tuple[list[DomainEvent], int]]:
    first = new_event("order-1", 3)
    return {
        "nothing": ([], 2),
        "another id": ([new_event("order-2", 3)], 2),
        "too high": ([new_event("order-1", 4)], 2),
        "too low": ([new_event("order-1", 2)], 2),
        "hole": ([first, new_event("order-1", 5)], 2),
        "twice": ([first, new_event("order-1", 3)], 2),
        "negative": ([new_event("order-1", 0)], -1),
        "another type": ([new_event("order-1", 3, aggregate_type="Permit")], 2),
        "two types": ([first, new_event("order-1", 4, aggregate_type="Permit")], 2),
        "not a number": ([new_event("order-1", 3, data={"x": float("nan")})], 2),
        "no offset": ([new_event("order-1", 3, timestamp=datetime(2026, 3, 1))], 2),  # noqa: DTZ001 - the case
    }


@pytest.mark.parametrize("what", wrong_batches())
def test_wrong_events_are_refused_and_nothing_is_stored(store: EventStore, what: str) -> None:
    store.append("order-1", new_events("order-1", 1, 2), 0)
    events, expected = wrong_batches()[what]
    with pytest.raises(ValueError, match=r".+"):
        store.append("order-1", events, expected)
    assert versions(store, "order-1") == [1, 2]
    store.append("order-1", [new_event("order-1", 3)], 2)


def test_an_existing_id_cannot_become_another_type(store: EventStore) -> None:
    store.append("x", [new_event("x", 1)], 0)
    with pytest.raises(ValueError, match="Order in this store"):
        store.append("x", [new_event("x", 1, aggregate_type="Permit")], 0)


@pytest.mark.parametrize(
    "changes",
    [{"timestamp_utc": "2026-03-01T12:00:00Z"}, {"metadata_text": "{"}, {"position": 1}],
)
def test_recorded_events_that_would_break_the_store_are_refused(
    store: EventStore, changes: dict[str, Any]
) -> None:
    first, second = recorded(new_event("x", 1), 7), recorded(new_event("x", 2), 8)
    with pytest.raises(ValueError, match=r".+"):
        store.append_many({"x": ([first, second._replace(**changes)], 0)})
    assert list(store.read_all()) == []


def test_an_event_id_stands_in_the_store_once(store: EventStore) -> None:
    event = new_event("order-1", 1)
    store.append("order-1", [event], 0)
    with pytest.raises(DuplicateEvent, match=str(event.event_id)):
        store.append(
            "order-2", [new_event("order-2", 1), replace(event, aggregate_id="order-2", version=2)], 0
        )
    twice = new_event("order-3", 1)
    with pytest.raises(DuplicateEvent, match="Two events"):
        store.append("order-3", [twice, replace(twice, version=2)], 0)
    assert [event.aggregate_id for event in store.read_all()] == ["order-1"]
    assert store.stream_versions(["order-2", "order-3"]) == {}


@pytest.mark.parametrize("last", ["conflict", "duplicate"])
def test_append_many_is_all_or_nothing(store: EventStore, last: str) -> None:
    known = new_event("known", 1)
    store.append("known", [known], 0)
    before = list(store.read_all())
    bad = {
        "conflict": ("known", ([new_event("known", 1)], 0)),
        "duplicate": ("new", ([replace(known, aggregate_id="new")], 0)),
    }[last]
    with pytest.raises((ConcurrencyError, DuplicateEvent)):
        store.append_many({"a": (new_events("a", 1, 3), 0), **dict([bad])})
    assert list(store.read_all()) == before
    assert store.stream_versions(["a", "known", "new"]) == {"known": (1, "Order")}
    [after] = store.append("a", [new_event("a", 1)], 0)
    assert after.position > before[-1].position


def test_appending_to_no_aggregate_is_nothing(store: EventStore) -> None:
    assert store.append_many({}) == []


def test_a_closed_store_says_so(url: str) -> None:
    store = EventStore(url)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.append("order-1", [new_event("order-1", 1)], 0)
    with pytest.raises(StoreError, match="closed"):
        list(store.read_all())


# -- several at once -------------------------------------------------------------------------------------------


def test_threads_may_share_a_store(store: EventStore) -> None:
    def work(aggregate_id: str) -> None:
        for version in range(1, 31):
            store.append(aggregate_id, [new_event(aggregate_id, version)], version - 1)
            list(store.get_events(aggregate_id))

    threads = [threading.Thread(target=work, args=(f"order-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.position for event in store.read_all()] == list(range(1, 121))
    assert {versions(store, f"order-{n}")[-1] for n in range(4)} == {30}


def append_in_rounds(url: str, user: str, rounds: int, meeting: Any, conflicts: Any) -> None:
    """Appends one event a round. Both processes have read the same version when they begin to append."""
    met = 0
    with EventStore(url, busy_seconds=60) as store:
        for _ in range(rounds):
            version = head(store)
            meeting.wait(60)
            while True:
                metadata = EventMetadata(correlation_id=user, user_id=user)
                try:
                    store.append("order-1", [new_event("order-1", version + 1, metadata=metadata)], version)
                    break
                except ConcurrencyError as conflict:
                    met += conflict.expected == version < conflict.actual
                    version = head(store)
            meeting.wait(60)
    conflicts.put(met)


def head(store: EventStore) -> int:
    return store.stream_versions(["order-1"]).get("order-1", (0, ""))[0]


def test_two_processes_on_one_aggregate_meet_conflicts_and_lose_nothing(url: str) -> None:
    rounds = 40
    context = multiprocessing.get_context("fork")
    meeting, conflicts = context.Barrier(2), context.Queue()
    processes = [
        context.Process(target=append_in_rounds, args=(url, user, rounds, meeting, conflicts))
        for user in ("ada", "bob")
    ]
    for process in processes:
        process.start()
    met = sum(conflicts.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    conflicts.close()
    conflicts.join_thread()
    assert [process.exitcode for process in processes] == [0, 0]
    assert met == rounds
    with EventStore(url) as store:
        events = list(store.get_events("order-1"))
    assert [event.version for event in events] == list(range(1, 2 * rounds + 1))
    users = [event.metadata.user_id for event in events]
    assert (users.count("ada"), users.count("bob")) == (rounds, rounds)


def test_a_forked_child_is_told_to_open_its_own(store: EventStore) -> None:
    def child(answer: Any) -> None:
        try:
            list(store.read_all())
        except StoreError as error:
            answer.send(error.message)
        store.close()

    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=child, args=(theirs,))
    process.start()
    assert "forked" in ours.recv()
    process.join()
    store.append("order-1", [new_event("order-1", 1)], 0)


def test_times_are_comparable_as_texts(store: EventStore) -> None:
    moments = [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ]
    store.append("x", [new_event("x", n, timestamp=moment) for n, moment in enumerate(moments, 1)], 0)
    texts = [event.timestamp_utc for event in store.read_all()]
    assert texts == sorted(texts)
    assert {len(text) for text in texts} == {27}


# -- subscribing -----------------------------------------------------------------------------------------------------


def test_a_subscription_gives_what_is_there_and_then_what_is_appended(url: str, store: EventStore) -> None:
    store.append("order-1", new_events("order-1", 1, 1200), 0)
    stop = StopSignal()
    subscription = store.subscribe(stop=stop, poll_seconds=0.01)
    seen = [next(subscription).version for _ in range(1200)]

    def append_later() -> None:
        with EventStore(url) as other:
            for version in range(1201, 1211):
                other.append("order-1", [new_event("order-1", version)], version - 1)

    writer = threading.Thread(target=append_later)
    writer.start()
    seen += [next(subscription).version for _ in range(10)]
    writer.join()
    stop.stop()
    assert list(subscription) == []
    assert seen == list(range(1, 1211))


def test_a_subscription_goes_on_after_a_token_and_stops_between_two_events(store: EventStore) -> None:
    appended = store.append("order-1", new_events("order-1", 1, 9), 0)
    stop = StopSignal()
    seen = []
    for event in store.subscribe(store.cursor_after(appended[3]), stop=stop):
        seen.append(event.version)
        if event.version == 7:
            stop.stop()
    assert seen == [5, 6, 7]
    with pytest.raises(WrongRequest):
        store.subscribe("nonsense")


def test_a_subscription_beyond_the_end_of_the_store_says_so(store: EventStore) -> None:
    store.append("order-1", new_events("order-1", 1, 3), 0)
    assert store.head() == 3
    with pytest.raises(StoreReplaced, match=r"ends at position 3 now, before 5"):
        next(store.subscribe(store.cursor_at(5)))


def test_a_store_without_events_has_no_head(store: EventStore) -> None:
    assert store.head() is None
    assert list(store.read_all(store.cursor_at(0))) == []
