"""Pages, marks, counts and scans of a sound store, and of one with values of every kind in its columns."""

import json
import sqlite3
import threading
from pathlib import Path

import pytest

from auditor.core.cursors import cursor_token
from auditor.core.errors import AggregateNotFound, StoreDamaged, WrongRequest
from auditor.core.events import RecordedEvent
from auditor.stores.location import FileLocation
from auditor.stores.pages import EventMark
from auditor.stores.reader import open_reader
from tests.helpers.native_files import STORE_ID, Row, event_rows, insert, make_store
from tests.helpers.viewing import aggregate_ids, unchanged

ROWS = [RecordedEvent(*row[:10]) for row in event_rows(10, 5)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_store(tmp_path / "store.db")


def add(store: Path, *rows: Row) -> None:
    connection = sqlite3.connect(store)
    with connection:
        insert(connection, rows)
    connection.close()


def row(**values: object) -> Row:
    """One more event, its columns as given."""
    columns = {
        "position": 100,
        "event_id": "e-100",
        "aggregate_id": "odd",
        "aggregate_type": "Order",
        "event_type": "Odd",
        "version": 1,
        "timestamp": "2026-04-01T00:00:00.000000Z",
        "timestamp_text": None,
        "data": "{}",
        "metadata": "{}",
        "correlation_id": None,
        "causation_id": None,
    }
    return tuple({**columns, **values}.values())


def test_an_open_store_says_what_it_is(store: Path) -> None:
    with open_reader(f"sqlite:///{store}") as reader:
        assert (reader.layout, reader.store_id, reader.domain) == ("native", STORE_ID, None)
        assert reader.location == FileLocation(store.resolve())
        assert reader.capabilities["global_order"] is True
        info = reader.info()
        assert (info.events, info.aggregates, info.head) == (50, 10, 50)
        assert info.types == {"Basket": 4, "Order": 6}
        assert not info.estimated
        assert reader.info(estimate=True).estimated


def test_pages_of_aggregates_meet_without_gap_or_overlap(store: Path) -> None:
    with open_reader(store) as reader:
        ids = list(aggregate_ids(reader, limit=3))
        assert ids == [f"order-{number:04}" for number in range(10)]
        assert reader.aggregates(limit=10).more is False
        assert reader.aggregates(limit=9).more is True
        baskets = reader.aggregates(aggregate_type="Basket", limit=9).aggregates
        assert [one.aggregate_id for one in baskets] == [
            "order-0000",
            "order-0003",
            "order-0006",
            "order-0009",
        ]
        assert baskets[0] == reader.aggregate("order-0000")
        assert (baskets[0].version, baskets[0].events, baskets[0].last_timestamp) == (
            5,
            5,
            ROWS[40].timestamp_utc,
        )


@pytest.mark.parametrize(
    "ids", [["a", "a%", "a_", "A", "ä", "a\U0010ffff", "a\ud7ff", "b", "", "a\0b", "aé"]]
)
def test_a_prefix_is_compared_by_code_points(tmp_path: Path, ids: list[str]) -> None:
    store = make_store(tmp_path / "store.db", aggregates=1, each=1)
    add(store, *(row(position=100 + at, event_id=f"e{at}", aggregate_id=name) for at, name in enumerate(ids)))
    with open_reader(store) as reader:
        for prefix in ["a", "A", "a%", "ä", "a\U0010ffff", "\U0010ffff", "a\ud7ff", "aé", "zz"]:
            found = {one.aggregate_id for one in reader.aggregates(prefix=prefix, limit=100).aggregates}
            assert found == {name for name in ids if name.startswith(prefix) and "\0" not in name} | (
                {"a\0b"} if prefix == "a" else set()
            )


def test_an_unknown_aggregate_is_named(store: Path) -> None:
    with open_reader(store) as reader:
        for ask in (
            lambda: reader.aggregate("nobody"),
            lambda: reader.locate("nobody"),
            lambda: reader.locate("nobody", version=3),
            lambda: reader.aggregate("order-0001", aggregate_type="Basket"),
        ):
            with pytest.raises(AggregateNotFound) as caught:
                ask()
            assert caught.value.hint
        with pytest.raises(AggregateNotFound, match="no aggregate 'order-0001' of type 'Basket'"):
            reader.aggregate("order-0001", aggregate_type="Basket")
        assert list(reader.aggregate_events("nobody", up_to=9)) == []


@pytest.mark.parametrize("limit", [1, 7, 49, 50, 51])
def test_pages_of_events_meet_without_gap_or_overlap(store: Path, limit: int) -> None:
    with open_reader(store) as reader:
        events, after = [], None
        while True:
            page = reader.events(limit=limit, after=after)
            events += page.events
            assert page.more == (page.after is not None)
            after = page.after
            if after is None:
                break
        assert events == ROWS
        assert all(type(event) is RecordedEvent for event in events)


def test_pages_of_one_aggregate_come_in_version_order(store: Path) -> None:
    with open_reader(store) as reader:
        first = reader.events(aggregate_id="order-0002", limit=3)
        rest = reader.events(aggregate_id="order-0002", limit=3, after=first.after)
        assert [event.version for event in first.events + rest.events] == [1, 2, 3, 4, 5]
        with pytest.raises(WrongRequest, match="no place in this list"):
            reader.events(aggregate_id="order-0003", limit=3, after=first.after)
        with pytest.raises(WrongRequest, match="no place in this list"):
            reader.events(limit=3, after=reader.aggregates(limit=3).after)


def test_filters_of_events(store: Path) -> None:
    with open_reader(store) as reader:
        for user, parity in (("ada", 1), ("bob", 0)):
            found = reader.events(user=user, limit=100).events
            assert found == [event for event in ROWS if event.position % 2 == parity]
        assert reader.events(event_type="OrderCreated", limit=100).events == ROWS[:10]
        since, until = ROWS[20].timestamp_utc, ROWS[30].timestamp_utc
        assert reader.events(since=since, until=until, limit=100).events == ROWS[20:30]
        both = reader.events(user="ada", event_type="ItemAdded", aggregate_id="order-0002", limit=100).events
        assert [event.version for event in both] == [2, 3, 4, 5]
        assert reader.events(user="nobody", limit=5).events == []


@pytest.mark.parametrize(
    ("metadata", "user", "found"),
    [
        ('{"user_id": "eve"}', "eve", True),
        ('{"userId": "eve"}', "eve", True),
        ('{"user_id": null, "userId": "eve"}', "eve", True),
        ('{"user_id": 42}', "42", True),
        ('{"user_id": "eve"', "eve", False),
        ("", "", False),
        ("[]", "eve", False),
        ('"eve"', "eve", False),
        ('{"user_id": "Eve"}', "eve", False),
    ],
)
def test_the_user_is_found_in_metadata_of_any_kind(
    store: Path, metadata: str, user: str, *, found: bool
) -> None:
    add(store, row(metadata=metadata))
    with open_reader(store) as reader:
        assert [event.position for event in reader.events(user=user, limit=5).events] == (
            [100] if found else []
        )


def test_places_in_an_aggregates_history(store: Path) -> None:
    with open_reader(store) as reader:
        third = EventMark(3, 3, ROWS[22].timestamp_utc, 23)
        last = EventMark(5, 5, ROWS[42].timestamp_utc, 43)
        before = EventMark(0, None, None, 0)
        assert reader.locate("order-0002") == last
        assert reader.locate("order-0002", version=3) == third
        assert reader.locate("order-0002", version=0) == before
        assert reader.locate("order-0002", as_of=third.timestamp) == third
        assert reader.locate("order-0002", as_of="2026-01-01T00:00:00.000000Z") == before
        assert reader.locate("order-0002", position=32) == third
        assert reader.locate("order-0002", position=2) == before
        with pytest.raises(WrongRequest) as caught:
            reader.locate("order-0002", version=6)
        assert "from 1 to 5" in caught.value.hint


def test_ordinals_count_where_versions_have_holes(store: Path) -> None:
    add(
        store,
        *(row(position=100 + version, event_id=f"e{version}", version=version) for version in (3, 7, 12)),
    )
    with open_reader(store) as reader:
        assert reader.locate("odd", version=7) == EventMark(2, 7, "2026-04-01T00:00:00.000000Z", 107)
        batches = list(reader.aggregate_events("odd", up_to=2, batch=1))
        assert [[event.version for event in batch] for batch in batches] == [[3], [7]]


@pytest.mark.parametrize("batch", [1, 3, 5, 1000])
def test_an_aggregates_events_come_up_to_an_ordinal(store: Path, batch: int) -> None:
    with open_reader(store) as reader:
        for ordinal in range(7):
            events = [
                one
                for part in reader.aggregate_events("order-0002", up_to=ordinal, batch=batch)
                for one in part
            ]
            assert events == ROWS[2::10][:ordinal]


@pytest.mark.parametrize("batch", [1, 7, 50, 2000])
def test_a_scan_reads_between_two_positions(store: Path, batch: int) -> None:
    with open_reader(store) as reader:
        for after, up_to in ((0, 50), (7, 20), (49, 50), (50, 50), (0, 0), (60, 70)):
            batches = list(reader.scan(after=after, up_to=up_to, batch=batch))
            assert [event for part in batches for event in part] == ROWS[after:up_to]
            assert all(batches)


def test_a_page_has_at_least_one_row(store: Path) -> None:
    with open_reader(store) as reader:
        for limit in (0, -1):
            with pytest.raises(WrongRequest):
                reader.events(limit=limit)
            with pytest.raises(WrongRequest):
                reader.aggregates(limit=limit)


@pytest.mark.parametrize(
    "token", ["", "x", "WyJldmVudHMiXQ", "WyJldmVudHMiLCAieCJd", "bnVsbA", "ü", "W1tdXQ"]
)
def test_a_made_up_token_is_refused(store: Path, token: str) -> None:
    with open_reader(store) as reader, pytest.raises(WrongRequest):
        reader.events(limit=5, after=token)


def test_numbers_beyond_what_sqlite_holds_are_numbers_that_are_not_there(store: Path) -> None:
    with open_reader(store) as reader:
        for number in (2**63, 10**30):
            with pytest.raises(WrongRequest):
                reader.locate("order-0002", version=number)
            assert reader.locate("order-0002", position=number).ordinal == 5
            assert reader.locate("order-0002", position=-number).ordinal == 0
            assert sum(map(len, reader.scan(up_to=number))) == 50
            with pytest.raises(WrongRequest):
                reader.events(limit=5, after=cursor_token("events", [number]))


def test_an_empty_store_is_a_store(tmp_path: Path) -> None:
    with open_reader(make_store(tmp_path / "store.db", aggregates=0)) as reader:
        info = reader.info()
        assert (info.events, info.aggregates, info.types, info.head) == (0, 0, {}, None)
        assert reader.head() is None
        assert reader.aggregates(limit=5).aggregates == []
        assert reader.events(limit=5).events == []
        assert list(reader.scan(up_to=0)) == []


def test_a_reader_may_be_used_from_other_threads(store: Path) -> None:
    counts: list[int] = []
    with open_reader(store) as reader:

        def count() -> None:
            counts.extend(reader.info().events for _ in range(20))

        threads = [threading.Thread(target=count) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counts == [50] * 80


# -- tables that disagree ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "listed"),
    [
        ("DELETE FROM streams WHERE aggregate_id = 'order-0001'", "lists 9 aggregates with 45 events"),
        (
            "UPDATE streams SET version = 6 WHERE aggregate_id = 'order-0001'",
            "lists 10 aggregates with 51 events",
        ),
        ("DELETE FROM streams", "lists 0 aggregates with None events"),
    ],
)
def test_a_table_of_aggregates_that_disagrees_is_said_with_both_numbers(
    store: Path, change: str, listed: str
) -> None:
    connection = sqlite3.connect(store, isolation_level=None)
    connection.execute(change)
    connection.close()
    with unchanged(store.parent), open_reader(store) as reader:
        info = reader.info()
        assert (info.events, info.aggregates) == (50, 10)
        assert sum(info.types.values()) == 10
        assert len(info.warnings) == 1
        assert listed in info.warnings[0]
        assert "50 events of 10 aggregates" in info.warnings[0]
        reader.info()
        assert reader.warnings == info.warnings


# -- values of every kind ----------------------------------------------------------------------------------


def test_text_that_is_no_utf8_keeps_its_bytes_and_the_page(store: Path) -> None:
    connection = sqlite3.connect(store)
    with connection:
        connection.execute("UPDATE events SET data = CAST(x'7b2261223a22ff227d' AS TEXT) WHERE position = 7")
        connection.execute(
            "UPDATE events SET aggregate_id = CAST(x'c328' AS TEXT), version = 1 WHERE position = 9"
        )
        connection.execute("INSERT INTO streams VALUES (CAST(x'c328' AS TEXT), 'Order', 1, '', '', 9)")
    connection.close()
    with open_reader(store) as reader:
        events = reader.events(limit=50).events
        assert len(events) == 50
        assert events[6].data_text.encode("utf-8", "surrogateescape") == b'{"a":"\xff"}'
        assert events[7] == ROWS[7]
        bad_id = events[8].aggregate_id
        assert bad_id.encode("utf-8", "surrogateescape") == b"\xc3("
        scanned = [event for batch in reader.scan(up_to=50, batch=4) for event in batch]
        assert scanned == events
        assert reader.aggregate(bad_id).aggregate_id == bad_id
        assert reader.locate(bad_id).ordinal == 1
        assert len(reader.events(aggregate_id=bad_id, limit=5).events) == 1
        assert bad_id in list(aggregate_ids(reader, limit=1))


@pytest.mark.parametrize(
    ("values", "field", "read", "said"),
    [
        ({"version": "abc"}, "version", 0, "has text as its version: 'abc'"),
        ({"version": 1.5}, "version", 0, "has a number with a fraction as its version: 1.5"),
        ({"version": b"\x01"}, "version", 0, r"has bytes as its version: b'\x01'"),
        ({"data": b'{"a": 1}'}, "data_text", '{"a": 1}', "has bytes as its data"),
        ({"metadata": b"\xff"}, "metadata_text", "\udcff", "has bytes as its metadata"),
        ({"event_type": b"Odd"}, "event_type", "Odd", "has bytes as its event_type"),
        ({"timestamp_text": b"x"}, "timestamp_text", "x", "has bytes as its timestamp_text"),
    ],
)
def test_values_of_a_wrong_kind_are_told_with_their_event(
    store: Path, values: dict[str, object], field: str, read: object, said: str
) -> None:
    add(store, row(**values), row(position=101, event_id="e-101", version=9))
    with open_reader(store) as reader:
        page = reader.events(limit=100)
        assert len(page.events) == 52
        assert getattr(page.events[50], field) == read
        assert len(page.notes) == 1
        assert "position 100" in page.notes[0]
        assert said in page.notes[0]
        assert reader.warnings == []
        assert sum(map(len, reader.scan(up_to=200, batch=1))) == 52
        assert reader.warnings == page.notes
        one = [
            event.position for batch in reader.aggregate_events("odd", up_to=9, batch=1) for event in batch
        ]
        assert sorted(one) == [100, 101]
        assert reader.events(limit=100, aggregate_id="odd").notes == page.notes
        paged = reader.events(limit=1, aggregate_id="odd")
        assert {event.position for event in paged.events} | {
            event.position for event in reader.events(limit=1, aggregate_id="odd", after=paged.after).events
        } == {100, 101}


def test_ids_that_are_bytes_are_listed_once_and_told(store: Path) -> None:
    add(store, *(row(position=100 + at, event_id=f"e{at}", aggregate_id=bytes([97 + at])) for at in range(5)))
    with open_reader(store) as reader:
        assert list(aggregate_ids(reader, limit=1)) == [f"order-{at:04}" for at in range(10)] + list("abcde")
        assert len(reader.warnings) == 5
        assert "The aggregate a has bytes as its aggregate_id" in reader.warnings[0]


def test_versions_of_every_kind_are_paged_once(store: Path) -> None:
    versions = [1, 2.5, 3, "x", "y", b"\x00", b"\xff"]
    add(store, *(row(position=100 + at, event_id=f"e{at}", version=one) for at, one in enumerate(versions)))
    with open_reader(store) as reader:
        seen, after = [], None
        while True:
            page = reader.events(limit=1, aggregate_id="odd", after=after)
            seen += [event.position for event in page.events]
            after = page.after
            if after is None:
                break
        assert seen == list(range(100, 107))
        batches = list(reader.aggregate_events("odd", up_to=100, batch=1))
        assert [event.position for batch in batches for event in batch] == seen


def test_a_value_that_no_statement_can_store_is_damage(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    connection = sqlite3.connect(store, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'event_type TEXT NOT NULL', 'event_type') "
        "WHERE name = 'events'"
    )
    connection.close()
    connection = sqlite3.connect(store, isolation_level=None)
    connection.execute("UPDATE events SET event_type = 7 WHERE position = 20")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'event_type', 'event_type TEXT NOT NULL') "
        "WHERE name = 'events'"
    )
    connection.close()
    with open_reader(store) as reader:
        for batch in (1, 7, 100):
            seen: list[int] = []
            with pytest.raises(StoreDamaged, match=r"after position 19 .*a number as its event_type"):
                seen.extend(event.position for part in reader.scan(up_to=50, batch=batch) for event in part)
            assert seen == list(range(1, 20))
        with pytest.raises(StoreDamaged, match="after position 19"):
            reader.events(limit=30)
        assert len(reader.events(limit=19).events) == 19


def test_a_great_number_of_wrong_values_does_not_flood_the_warnings(store: Path) -> None:
    connection = sqlite3.connect(store)
    with connection:
        connection.execute("UPDATE events SET data = CAST(data AS BLOB), metadata = CAST(metadata AS BLOB)")
        connection.execute("UPDATE events SET event_type = CAST(event_type AS BLOB)")
    connection.close()
    with open_reader(store) as reader:
        assert [event.data for batch in reader.scan(up_to=50) for event in batch] == [
            json.loads(event.data_text) for event in ROWS
        ]
        assert len(reader.warnings) == 101
        assert "more values" in reader.warnings[-1]
