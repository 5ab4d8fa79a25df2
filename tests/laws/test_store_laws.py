"""What is appended is read again as it was, byte for byte; what a store cannot hold is refused by name."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.core.events import DomainEvent, EventMetadata, RecordedEvent, recorded
from auditor.core.exact_json import MAX_DEPTH
from auditor.core.payload import to_data
from auditor.eventsourcing import EventStore
from tests.helpers.json_values import json_objects
from tests.helpers.new_events import new_event, new_events
from tests.helpers.real_data import read_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**29, 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters())
    | st.sampled_from(["\ud800", "\x00", "\u2028", "1.50"])
    | st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=4)
# One store for all examples of a law, an aggregate for each.
one_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
_numbers = count(1)


@pytest.fixture
def store(store_url: str) -> Iterator[EventStore]:
    with EventStore(store_url) as opened:
        yield opened


def written_and_read(store: EventStore, data: dict[str, Any], **changes: Any) -> RecordedEvent:
    aggregate = f"order-{next(_numbers)}"
    [stored] = store.append(aggregate, [new_event(aggregate, 1, data=data, **changes)], 0)
    [read] = store.get_events(aggregate)
    assert read == stored
    return read


def like_json(value: Any) -> str:
    """Tells 1 from 1.0 and true, and keeps the order of keys."""
    return json.dumps(value)


@one_store
@given(OBJECTS, OBJECTS, st.datetimes(), st.integers(-720, 720))
def test_a_new_event_is_read_as_it_was_made(
    store: EventStore, data: dict[str, Any], extra: dict[str, Any], moment: datetime, offset: int
) -> None:
    moment = min(max(moment, datetime.min + timedelta(days=1)), datetime.max - timedelta(days=1))  # noqa: DTZ901 - bounds
    moment = moment.replace(tzinfo=UTC) + timedelta(minutes=offset)
    known = {"correlation_id", "causation_id", "user_id", "schema_version"}
    camel = {"correlationId", "causationId", "userId", "schemaVersion"}
    extra = {key: value for key, value in extra.items() if key not in known | camel}
    metadata = EventMetadata(correlation_id="c", extra=extra)

    read = written_and_read(store, data, timestamp=moment, metadata=metadata)

    assert like_json(read.data) == like_json(data)
    assert like_json(read.metadata.extra) == like_json(extra)
    assert read.timestamp == moment


@one_store
@given(st.lists(json_objects(), min_size=1, max_size=3), json_objects())
def test_a_recorded_event_is_read_byte_for_byte(store: EventStore, texts: list[str], metadata: str) -> None:
    aggregate = f"order-{next(_numbers)}"
    events = [
        recorded(event, place)._replace(data_text=f" {text}\n", metadata_text=metadata)
        for place, (event, text) in enumerate(
            zip(new_events(aggregate, 1, len(texts)), texts, strict=True), 1
        )
    ]
    store.append_many({aggregate: (events, 0)})
    assert [event[1:] for event in store.get_events(aggregate)] == [event[1:] for event in events]


def test_text_that_hurts(store: EventStore, real_data: Path) -> None:
    naughty = read_json("peer-suites/naughty-strings.json.gz")
    assert len(naughty) > 500
    data = {"list": naughty, "keys": {text: text for text in naughty}}
    assert like_json(written_and_read(store, data).data) == like_json(data)
    names = dict.fromkeys(naughty)
    for text in names:
        event = replace(new_event(text, 1), aggregate_type=text or "Order", event_type=text or "Named")
        store.append(text, [event], 0)
    read = {event.aggregate_id: event for event in store.read_all()}
    assert [read[text].event_type for text in names] == [text or "Named" for text in names]


PAYLOADS: dict[str, dict[str, Any]] = {
    "empty": {},
    "empty parts": {"a": {}, "b": [], "c": [{}]},
    "30 digits": {"n": 123456789012345678901234567890, "m": -(10**30)},
    "decimals": {"price": to_data(Decimal("0.10")), "exact": "1e400"},
    "10 MB of text": {"text": "ü" * 5_000_000},
    "10 MB escaped": {"quotes": '"\\' * 2_500_000},
    "10 MB of numbers": {"many": list(range(1_500_000))},
}


def test_payloads_of_every_size(store: EventStore) -> None:
    for name, data in PAYLOADS.items():
        read = written_and_read(store, data)
        assert (name, read.data_text) == (name, json.dumps(data, ensure_ascii=False, separators=(",", ":")))
        assert like_json(read.data) == like_json(data)


def test_every_microsecond_counts(store: EventStore) -> None:
    moments = [datetime(2026, 3, 1, 12, 0, 0, n, tzinfo=UTC) for n in (0, 1, 10, 999_999)]
    for moment in moments:
        assert written_and_read(store, {}, timestamp=moment).timestamp == moment


# -- what cannot be held ---------------------------------------------------------------------------------------


UNSTORABLE: list[tuple[Any, str]] = [
    (float("nan"), "not a JSON number"),
    (b"x", "bytes"),
    ({1, 2}, "set"),
    ({1: 2}, "key 1"),
    ([10**5000], "digits"),
]


def test_what_json_cannot_hold_is_refused_with_its_field(store: EventStore) -> None:
    for value, why in UNSTORABLE:
        good, bad = new_event("order-1", 1), new_event("order-1", 2, data={"items": [{"price": value}]})
        with pytest.raises(ValueError, match=rf"/items/0/price.*, version 2 of 'order-1' .*{why}"):
            store.append("order-1", [good, bad], 0)
    assert list(store.read_all()) == []


def test_what_is_nested_too_deep_for_a_reader_is_refused(store: EventStore) -> None:
    value: Any = {}
    for _ in range(MAX_DEPTH - 1):
        value = {"a": value}
    written_and_read(store, value)
    with pytest.raises(ValueError, match=r"/a/a/a.*nested deeper"):
        written_and_read(store, {"a": value})


def named(character: str) -> dict[str, DomainEvent]:
    """By the name of a column: an event that has the character there."""
    event = new_event("order-1", 1)
    correlated = EventMetadata(correlation_id=f"c{character}")
    return {
        "aggregate_id": replace(event, aggregate_id=f"order{character}"),
        "aggregate_type": replace(event, aggregate_id="order-2", aggregate_type=character),
        "event_type": replace(event, aggregate_id="order-3", event_type=f"x{character}y"),
        "correlation_id": replace(event, aggregate_id="order-4", metadata=correlated),
    }


@pytest.mark.parametrize("character", ["\ud800", "\0"])
def test_an_id_or_a_name_is_kept_whole_or_refused_by_its_name(store: EventStore, character: str) -> None:
    """No database holds half of a character, and not every one holds NUL."""
    for name, event in named(character).items():
        event = replace(event, event_id=new_event("", 1).event_id)
        if store._dialect.holds(character):
            [stored] = store.append(event.aggregate_id, [event], 0)
            assert list(store.get_events(event.aggregate_id)) == [stored]
            assert stored[2:5] == (event.aggregate_id, event.aggregate_type, event.event_type)
        else:
            with pytest.raises(ValueError, match=rf"the {name} of .*version 1 of"):
                store.append(event.aggregate_id, [event], 0)
            assert list(store.read_all()) == []
    # Asked for, it is an id like another.
    assert list(store.get_events(f"none{character}")) == []
    assert store.stream_versions([f"none{character}"]) == {}
    assert store.find_events([f"none{character}"]) == {}
    store.append("order-9", [new_event("order-9", 1)], 0)
