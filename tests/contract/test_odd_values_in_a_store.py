"""Texts and metadata that nobody expects, in filters and in the store: every database gives the same answers."""

from collections.abc import Callable, Iterator

import pytest

from auditor.core.cursors import cursor_token
from auditor.core.errors import AggregateNotFound, WrongRequest
from auditor.core.events import RecordedEvent
from auditor.stores.reader import StoreReader, open_reader
from tests.helpers.native_files import Row, event_rows
from tests.helpers.written_rows import make_store_at

IDS = ["a", "a%", "a_", "A", "ä", "a\U0010ffff", "a\ud7ff", "b", "", "aé", "\\xff", "a'b", "%s", "a\nb"]
NOWHERE = ["a\0", "\0", "\ud800", "a\udcff", "\udcff", "nobody", "a ", "%", "'; DROP TABLE events"]
DEEP = '{"user_id": "deep", "x": ' + "[" * 5000 + "]" * 5000 + "}"
USERS: list[tuple[str, str | None]] = [
    ('{"user_id": "ada"}', "ada"),
    ('{"userId": "bob"}', "bob"),
    ('{"user_id": null, "userId": "bob"}', "bob"),
    ('{"user_id": 7}', "7"),
    ('{"user_id": "Zo\\u00eb \\ud83d\\ude00"}', "Zoë \U0001f600"),
    ('{"user_id": "ada", "note": "\\u0000 \\ud800 \\\\u0000"}', "ada"),
    ('{"user_id": "a\\\\u0041"}', "a\\u0041"),
    ('{"user_id": "%(x)s \'quoted\' \\"so\\""}', "%(x)s 'quoted' \"so\""),
    ('{"user_id": ""}', ""),
    ('{"x": {"user_id": "inner"}}', None),
    ("{}", None),
    ("[]", None),
    ('["user_id", "ada"]', None),
    ('"user_id"', None),
    ("7", None),
    ("null", None),
    ("", None),
    ("{", None),
    ('{"user_id": "ada"', None),
    ('{"user_id": "ada",}', None),
    ("{'user_id': 'ada'}", None),
    ('{"user_id": "ada"} x', None),
    ('{"user_id": "a\nb"}', None),
    ('{"user_id": "\\x"}', None),
    (DEEP, None),
    ("[" * 200_000, None),
]


def rows_of(ids: list[str]) -> list[Row]:
    return [(*row[:2], ids[at], *row[3:5], 1, *row[6:]) for at, row in enumerate(event_rows(len(ids), 1))]


@pytest.fixture
def odd_ids(store_url: str) -> Iterator[StoreReader]:
    with open_reader(make_store_at(store_url, rows_of(IDS))) as reader:
        yield reader


def test_every_id_is_found_and_no_other(odd_ids: StoreReader) -> None:
    for at, name in enumerate(IDS):
        assert odd_ids.aggregate(name).last_position == at + 1
        assert [event.position for event in odd_ids.events(aggregate_id=name, limit=9).events] == [at + 1]
        assert odd_ids.locate(name).position == at + 1
        assert list(odd_ids.timeline(name).positions) == [at + 1]
    for name in NOWHERE:
        for question in (odd_ids.aggregate, odd_ids.locate):
            with pytest.raises(AggregateNotFound):
                question(name)
        assert odd_ids.events(aggregate_id=name, limit=9).events == []
        assert odd_ids.timeline(name).times == []
        assert list(odd_ids.aggregate_events(name, up_to=9)) == []
        with pytest.raises(WrongRequest):
            odd_ids.event(event_id=name)


def test_lists_stand_in_the_order_of_code_points(odd_ids: StoreReader) -> None:
    rows = odd_ids.aggregates(limit=99).aggregates
    assert [row.aggregate_id for row in rows] == sorted(IDS)
    got, after = [], None
    while True:
        page = odd_ids.aggregates(limit=1, after=after)
        got += [row.aggregate_id for row in page.aggregates]
        after = page.after
        if after is None:
            break
    assert got == sorted(IDS)


def test_a_prefix_is_compared_by_code_points(odd_ids: StoreReader) -> None:
    for prefix in [*IDS, "\U0010ffff", "zz", "\\", *NOWHERE]:
        for order in ("id", "last"):
            found = odd_ids.aggregates(prefix=prefix, order=order, limit=99).aggregates
            assert {row.aggregate_id for row in found} == {name for name in IDS if name.startswith(prefix)}


def test_no_filter_raises(odd_ids: StoreReader) -> None:
    for text in NOWHERE:
        assert odd_ids.events(event_type=text, limit=9).events == []
        assert odd_ids.events(user=text, limit=9).events == []
        assert odd_ids.aggregates(aggregate_type=text, limit=9).aggregates == []
    assert len(odd_ids.events(limit=10**30).events) == len(IDS)
    assert odd_ids.extent(after=10**30) == (len(IDS), 0)
    assert list(odd_ids.scan(after=-(10**30), up_to=10**30)) == [odd_ids.events(limit=99).events]
    for version in (10**30, -(10**30), 2):
        with pytest.raises(WrongRequest, match="no version"):
            odd_ids.locate("a", version=version)


def by_id(reader: StoreReader, token: str) -> object:
    return reader.aggregates(limit=3, after=token)


def by_last_event(reader: StoreReader, token: str) -> object:
    return reader.aggregates(limit=3, after=token, order="last")


def by_position(reader: StoreReader, token: str) -> object:
    return reader.events(limit=3, after=token)


@pytest.mark.parametrize(
    ("page", "listing", "place"),
    [
        (by_position, "events", ["x"]),
        (by_position, "events", [1.5]),
        (by_position, "events", [None]),
        (by_position, "events", [1, 2]),
        (by_position, "events", [2**70]),
        (by_id, "aggregates", [7]),
        (by_last_event, "aggregates by last event", ["x"]),
    ],
)
def test_a_token_of_another_kind_is_refused(
    odd_ids: StoreReader, page: Callable[[StoreReader, str], object], listing: str, place: list[object]
) -> None:
    with pytest.raises(WrongRequest):
        page(odd_ids, cursor_token(listing, place))


def test_users_are_found_whatever_the_metadata_are(store_url: str) -> None:
    rows = [
        (*row[:2], "one", *row[3:5], at + 1, *row[6:9], USERS[at][0], *row[10:])
        for at, row in enumerate(event_rows(len(USERS), 1))
    ]
    with open_reader(make_store_at(store_url, rows)) as reader:
        timeline = reader.timeline("one")
        assert [timeline.users[at] for at in timeline.user_of] == [user for _, user in USERS]
        for wanted in {user for _, user in USERS if user is not None}:
            found = reader.events(user=wanted, limit=99).events
            assert [event.position for event in found] == [
                at for at, (_, user) in enumerate(USERS, 1) if user == wanted
            ]
        assert [event.metadata_text for event in reader.events(limit=99).events] == [one for one, _ in USERS]


def test_texts_come_as_they_are_stored(store_url: str) -> None:
    data = [
        "",
        "{}",
        '{"a": "\\u0000"}',
        "no JSON",
        "\x01\x7f\u2028",
        "ü" * 300_000,
        '{"n": 1e999}',
        "{}" * 5_000_000,
    ]
    rows = [
        (*row[:2], "one", *row[3:5], at + 1, *row[6:8], data[at], *row[9:])
        for at, row in enumerate(event_rows(len(data), 1))
    ]
    with open_reader(make_store_at(store_url, rows)) as reader:
        scanned = [event for batch in reader.scan(up_to=99) for event in batch]
        assert scanned == [RecordedEvent(*row[:10]) for row in rows]
        assert list(reader.timeline("one").sizes) == [len(text.encode()) for text in data]
