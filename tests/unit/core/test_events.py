import copy
import json
import pickle
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from auditor.core.events import (
    DomainEvent,
    EventMetadata,
    RecordedEvent,
    links_from,
    metadata_from,
    metadata_to_text,
    recorded,
)

EVENT = DomainEvent(
    event_id=UUID("018f0000-0000-7000-8000-000000000001"),
    aggregate_id="order-1",
    aggregate_type="Order",
    event_type="ItemAdded",
    version=3,
    timestamp=datetime(2026, 3, 1, 12, tzinfo=UTC),
    data={"name": "Übergröße", "price": 1.5, "tags": []},
    metadata=EventMetadata(correlation_id="c", causation_id="b", user_id="ada", schema_version=2),
)


def test_the_columns_of_a_new_event() -> None:
    assert tuple(recorded(EVENT, 7)) == (
        7,
        "018f0000-0000-7000-8000-000000000001",
        "order-1",
        "Order",
        "ItemAdded",
        3,
        "2026-03-01T12:00:00.000000Z",
        None,
        '{"name":"Übergröße","price":1.5,"tags":[]}',
        '{"correlation_id":"c","causation_id":"b","user_id":"ada","schema_version":2}',
    )


def test_a_recorded_event_says_what_the_new_one_said() -> None:
    event = recorded(EVENT, 7)
    for name in DomainEvent.__dataclass_fields__:
        assert getattr(event, name) == getattr(EVENT, name), name


def test_no_reader_can_change_an_event_for_another() -> None:
    event = recorded(EVENT, 7)
    event.data["name"] = "changed"
    assert event.data["name"] == "Übergröße"
    with pytest.raises(AttributeError):
        event.version = 4  # type: ignore[misc]  # the case
    with pytest.raises(FrozenInstanceError):
        EVENT.version = 4  # type: ignore[misc]  # the case


def test_listing_parses_nothing() -> None:
    event = recorded(EVENT, 7)._replace(
        data_text="{", metadata_text="[", event_id_text="no uuid", timestamp_utc=""
    )
    assert (event.position, event.version, event.event_type) == (7, 3, "ItemAdded")


def test_events_can_be_copied_and_sent() -> None:
    for event in (EVENT, recorded(EVENT, 7)):
        assert pickle.loads(pickle.dumps(event)) == event  # noqa: S301 - our own bytes
        assert copy.deepcopy(event) == event
    assert isinstance(pickle.loads(pickle.dumps(recorded(EVENT, 7))), RecordedEvent)  # noqa: S301 - our own bytes


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        recorded(replace(EVENT, data={"x": value}), 1)


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        recorded(replace(EVENT, timestamp=datetime(2026, 3, 1)), 1)  # noqa: DTZ001 - the case


def test_lone_surrogates_are_escaped_and_come_back() -> None:
    event = recorded(
        replace(EVENT, data={"é": "\udfff!"}, metadata=EventMetadata(correlation_id="\ud800")), 1
    )
    assert event.data_text == '{"é":"\\udfff!"}'
    event.metadata_text.encode()
    assert event.data == {"é": "\udfff!"}
    assert event.metadata.correlation_id == "\ud800"


METADATA: list[tuple[Any, EventMetadata]] = [
    ({}, EventMetadata(correlation_id="")),
    (None, EventMetadata(correlation_id="")),
    ("text", EventMetadata(correlation_id="", extra={"": "text"})),
    ({"correlationId": "c", "userId": "u"}, EventMetadata(correlation_id="c", user_id="u")),
    ({"correlation_id": None, "correlationId": "c"}, EventMetadata(correlation_id="c")),
    ({"user_id": "a", "userId": "b"}, EventMetadata(correlation_id="", user_id="a", extra={"userId": "b"})),
    ({"user_id": 7, "causationId": 1.5}, EventMetadata(correlation_id="", user_id="7", causation_id="1.5")),
    (
        {"schemaVersion": 3, "ip": "::1"},
        EventMetadata(correlation_id="", schema_version=3, extra={"ip": "::1"}),
    ),
    # what names no version is no version, and not the first
    *(
        ({"schema_version": odd}, EventMetadata(correlation_id="", schema_version=0))
        for odd in (True, "2", 0, -1, 2.0)
    ),
    ({"schemaVersion": "2"}, EventMetadata(correlation_id="", schema_version=0)),
    ({"schema_version": None}, EventMetadata(correlation_id="", schema_version=1)),
]


@pytest.mark.parametrize(("stored", "read"), METADATA)
def test_metadata_is_read_under_both_kinds_of_names(stored: Any, read: EventMetadata) -> None:
    assert metadata_from(stored) == read
    assert links_from(json.dumps(stored)) == (read.correlation_id or None, read.causation_id)


def test_metadata_keeps_its_extra_keys_and_its_own_values() -> None:
    metadata = EventMetadata(correlation_id="c", user_id="ada", extra={"ip": "::1", "user_id": "mallory"})
    assert json.loads(metadata_to_text(metadata)) == {
        "correlation_id": "c",
        "causation_id": None,
        "user_id": "ada",
        "schema_version": 1,
        "ip": "::1",
    }
