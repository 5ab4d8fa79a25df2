"""An event that was copied as Python is the event again, whatever is stored."""

import ast
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.core.event_as_python import NotWritable, Source, event_as_python, require_storable
from auditor.core.events import DomainEvent, RecordedEvent
from tests.helpers.json_values import json_objects, json_texts

_ids = st.text(min_size=1, max_size=8) | st.sampled_from(
    ['a"b', "it's", "\ud800", "\u202e", "x\ny", '"""', "\\"]
)
_metadata = json_objects() | st.sampled_from(
    [
        "{}",
        "null",
        "[1, 2.50]",
        '{"correlationId": "c", "userId": 7, "schemaVersion": 3, "other": 1.50}',
        '{"schema_version": "x", "correlation_id": null, "correlationId": 12}',
    ]
)


def stored(data: str, metadata: str = "{}", aggregate_id: str = "o-1", **columns: Any) -> RecordedEvent:
    event = RecordedEvent(
        7,
        "00000000-0000-7000-8000-000000000007",
        aggregate_id,
        "Order",
        "Happened",
        3,
        "2026-03-01T12:00:00.000000Z",
        None,
        data,
        metadata,
    )
    return event._replace(**columns)


def bound_by(source: str, name: str) -> Any:
    names: dict[str, Any] = {}
    exec(compile(source, "copied", "exec"), names)  # noqa: S102 - that it can be run is what is tested
    return names[name]


def expected(event: RecordedEvent) -> DomainEvent:
    return DomainEvent(
        event_id=UUID(event.event_id_text),
        aggregate_id=event.aggregate_id,
        aggregate_type=event.aggregate_type,
        event_type=event.event_type,
        version=event.version,
        timestamp=event.timestamp,
        data=event.data,
        metadata=event.metadata,
    )


def like_json(event: DomainEvent) -> str:
    """Tells 1 from 1.0 and true, and keeps the order of keys."""
    extra: Mapping[str, Any] = event.metadata.extra
    return json.dumps([event.data, dict(extra)])


@given(json_texts(), _metadata, _ids)
@example('{"a": 1.50, "b": 1e400, "c": -0, "d": 123456789012345678901234567890}', "{}", "o-1")
@example("[" * 300 + "]" * 300, "{}", "o-1")
def test_it_evaluates_to_the_same_event(data: str, metadata: str, aggregate_id: str) -> None:
    event = stored(data, metadata, aggregate_id)
    source = event_as_python(event)
    source.encode()  # no lone surrogate stands in it
    again, wanted = bound_by(source, "event"), expected(event)
    assert again == wanted
    assert like_json(again) == like_json(wanted)


@given(json_texts(), _ids)
def test_columns_evaluate_to_the_same_columns(data: str, aggregate_id: str) -> None:
    event = stored(data, "no JSON", aggregate_id, timestamp_text="2026-03-01T13:00:00+01:00")
    source = Source()
    made = source.columns(event)
    assert bound_by(f"{source.imports()}\nevent = {made}\n", "event") == event


def test_numbers_stand_as_they_were_written() -> None:
    source = event_as_python(stored('{"a": 1.50, "b": [0.10, 1E+2], "c": 12345678901234567890.0}'))
    for digits in ("1.50", "0.10", "1E+2", "12345678901234567890.0"):
        assert digits in source


def test_nothing_that_cannot_be_seen_stands_in_it() -> None:
    source = event_as_python(stored('{"a": "x\\u202ey", "b": "\\u0000\\u200b", "c": "\\ud800"}'))
    assert source.isascii()
    ast.parse(source)


def test_long_values_stand_in_lines_that_can_be_read() -> None:
    data = json.dumps({f"field_{n}": {"list": list(range(30)), "name": "n" * 30} for n in range(5)})
    assert max(map(len, event_as_python(stored(data)).splitlines())) <= 100


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (stored("{}", event_id_text="e-1"), "its event_id cannot be read"),
        (stored('{"a": NaN}'), "its data cannot be read: NaN is not a JSON number"),
        (stored("{}", "{"), "its metadata cannot be read"),
        (stored("{}", timestamp_utc="yesterday"), "its timestamp cannot be read"),
        (stored(f'{{"a": {"9" * 5000}}}'), "its data cannot be read"),
    ],
)
def test_what_no_domain_event_can_say_is_refused_with_the_reason(event: RecordedEvent, why: str) -> None:
    with pytest.raises(NotWritable, match=why):
        event_as_python(event)
    with pytest.raises(NotWritable, match=why):
        require_storable(event)


def test_infinity_can_be_written_and_not_be_given_to_a_test() -> None:
    event = stored('{"a": 1e400}')
    assert bound_by(event_as_python(event), "event").data == {"a": float("inf")}
    with pytest.raises(NotWritable, match="cannot be stored"):
        require_storable(event)
