"""A line of an import: its texts are kept, and what cannot be kept is refused by name."""

import json
from typing import Any

import pytest

from auditor.core.exact_json import MAX_DEPTH
from auditor.core.import_fields import LineRefused, Refusal
from auditor.core.import_lines import read_line

EVENT_ID = "c1cfff7b-7b70-5285-8ea4-e55eb09b692d"


def line(**changes: Any) -> dict[str, Any]:
    members: dict[str, Any] = {
        "event_id": EVENT_ID,
        "aggregate_id": "order-1",
        "aggregate_type": "Order",
        "event_type": "OrderCreated",
        "version": 1,
        "timestamp": "2026-03-01T12:00:00.000000Z",
        "data": {},
        "metadata": {"correlation_id": "c-1"},
    }
    return members | changes


def raw(data: str = "{}", metadata: str = "{}", **changes: Any) -> bytes:
    """A line whose data and metadata stand as given."""
    text = json.dumps(line(**changes) | {"data": "DATA", "metadata": "METADATA"}, separators=(",", ":"))
    return text.replace('"DATA"', data, 1).replace('"METADATA"', metadata, 1).encode()


def refused(text: bytes | dict[str, Any]) -> tuple[Refusal, str]:
    with pytest.raises(LineRefused) as caught:
        read_line(json.dumps(text).encode() if isinstance(text, dict) else text, 1)
    assert caught.value.reason
    return caught.value.refusal, caught.value.field


TEXTS = [
    "{}",
    '{ "b" : 1,\t"a":2 }',
    '{"n":[1.50,1e400,-0,0.1,123456789012345678901234567890,-0.0]}',
    '{"s":"\\u00e9\\ud83d\\ude00\\/é😀"}',
    '{"a":1,"a":2}',
    '{"":{"__proto__":[]},"a/b":"~"}',
    '{"lone":"\\ud800"}',
    '{"metadata":{"version":7},"data":"},{"}',
    '{"n":' + "9" * 5000 + "}",
    '{"x":{}} ',
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("blank", ["", " "])
def test_data_is_kept_byte_for_byte_in_the_usual_and_in_any_order(text: str, blank: str) -> None:
    usual = raw(data=text)
    event = read_line(usual, 7)
    assert event.data_text == text.rstrip()
    assert event.position == 7
    start, end = usual.index(b'"event_id"'), usual.index(b'"aggregate_id"')
    moved = usual[:start] + usual[end:-1] + b"," + blank.encode() + usual[start : end - 1] + b"}"
    assert read_line(moved, 7) == event


@pytest.mark.parametrize(
    "text", ["{}", '{ "user" : "é", "more":[1.0] }', '{"correlation_id":5,"x":"\\u0000"}', "null"]
)
def test_metadata_keeps_its_text_with_all_its_keys(text: str) -> None:
    assert read_line(raw(metadata=text), 1).metadata_text == text


def test_absent_metadata_is_an_empty_object() -> None:
    without = line()
    del without["metadata"]
    assert read_line(json.dumps(without).encode(), 1).metadata_text == "{}"


def test_names_may_be_camel_case_and_hold_escapes() -> None:
    wanted = read_line(json.dumps(line()).encode(), 1)
    camel = {
        "eventId": EVENT_ID,
        "aggregateId": "order-1",
        "aggregateType": "Order",
        "eventType": "OrderCreated",
    }
    others = {name: value for name, value in line().items() if "_" not in name}
    assert read_line(json.dumps({**camel, **others}).encode(), 1) == wanted
    assert read_line(json.dumps({**others, **camel}).encode(), 1) == wanted
    assert read_line(json.dumps(line()).replace('"version"', '"ver\\u0073ion"').encode(), 1) == wanted


def test_a_line_may_end_like_on_windows() -> None:
    assert read_line(json.dumps(line()).encode() + b"\r", 1) == read_line(json.dumps(line()).encode(), 1)


def test_an_event_id_is_stored_in_small_letters() -> None:
    assert read_line(json.dumps(line(event_id=EVENT_ID.upper())).encode(), 1).event_id_text == EVENT_ID


@pytest.mark.parametrize("text", [" ", "a\x00b", "\u202e", "x" * 10_000, "a/b\\c\n", "=1+1", "../.."])
def test_ids_may_be_any_text(text: str) -> None:
    event = read_line(json.dumps(line(aggregate_id=text)).encode(), 1)
    assert event.aggregate_id == text
    assert read_line(json.dumps(line(aggregate_id=text), ensure_ascii=False).encode(), 1) == event


@pytest.mark.parametrize(
    ("text", "utc", "kept"),
    [
        ("2026-03-01T12:00:00.000000Z", "2026-03-01T12:00:00.000000Z", False),
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000000Z", True),
        ("2026-03-01T12:00:00.020+02:00", "2026-03-01T10:00:00.020000Z", True),
        ("2026-03-01 12:00:00.1-00:00", "2026-03-01T12:00:00.100000Z", True),
        ("0001-01-01t00:00:00z", "0001-01-01T00:00:00.000000Z", True),
    ],
)
def test_the_time_is_fixed_width_utc_and_its_own_text_where_that_differs(
    text: str, utc: str, kept: bool
) -> None:
    event = read_line(json.dumps(line(timestamp=text)).encode(), 1)
    assert (event.timestamp_utc, event.timestamp_text) == (utc, text if kept else None)


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-01T12:00:00.1234567Z",
        "2026-03-01T12:00:00.123456789+01:00",
        "2026-03-01T12:00:00",
        "2026-03-01",
        "2026-06-30T23:59:60Z",
        "2026-03-01T24:00:00Z",
        "2026-02-30T12:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "10000-01-01T00:00:00Z",
        "2026-03-01T12:00:00+25:00",
        "infinity",
        "٢٠٢٦-03-01T12:00:00Z",
    ],
)
def test_times_that_cannot_be_kept_are_refused(time: str) -> None:
    assert refused(line(timestamp=time)) == (Refusal.WRONG_TIME, "timestamp")


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [
        ("version", 0, Refusal.WRONG_VALUE),
        ("version", -1, Refusal.WRONG_VALUE),
        ("version", 2**63, Refusal.WRONG_VALUE),
        ("version", 10**30, Refusal.WRONG_VALUE),
        ("version", 1.0, Refusal.WRONG_VALUE),
        ("version", "1", Refusal.WRONG_TYPE),
        ("version", True, Refusal.WRONG_TYPE),
        ("version", None, Refusal.WRONG_TYPE),
        ("event_id", "", Refusal.WRONG_VALUE),
        ("event_id", "order-1", Refusal.WRONG_VALUE),
        ("event_id", EVENT_ID.replace("-", ""), Refusal.WRONG_VALUE),
        ("event_id", "{" + EVENT_ID + "}", Refusal.WRONG_VALUE),
        ("event_id", 5, Refusal.WRONG_TYPE),
        ("aggregate_id", "", Refusal.WRONG_VALUE),
        ("aggregate_id", 17, Refusal.WRONG_TYPE),
        ("aggregate_id", "\ud800", Refusal.WRONG_VALUE),
        ("aggregate_type", None, Refusal.WRONG_TYPE),
        ("event_type", ["OrderCreated"], Refusal.WRONG_TYPE),
        ("timestamp", 1772366400, Refusal.WRONG_TYPE),
        ("data", "{}", Refusal.WRONG_TYPE),
        ("data", [], Refusal.WRONG_TYPE),
        ("data", None, Refusal.WRONG_TYPE),
        ("data", 3, Refusal.WRONG_TYPE),
        ("metadata", [], Refusal.WRONG_TYPE),
        ("metadata", "x", Refusal.WRONG_TYPE),
    ],
)
def test_a_field_of_the_wrong_kind_is_refused_by_name(field: str, value: Any, refusal: Refusal) -> None:
    assert refused(line(**{field: value})) == (refusal, field)


@pytest.mark.parametrize("field", [name for name in line() if name != "metadata"])
def test_a_missing_field_is_named(field: str) -> None:
    members = line()
    del members[field]
    assert refused(members) == (Refusal.MISSING_FIELD, field)


def test_a_field_that_events_do_not_have_is_not_dropped_silently() -> None:
    assert refused(line(tenant="north")) == (Refusal.UNKNOWN_FIELD, "tenant")


@pytest.mark.parametrize("again", ["event_id", "eventId", "data", "metadata"])
def test_a_field_that_stands_twice_is_refused(again: str) -> None:
    field = "event_id" if again == "eventId" else again
    text = json.dumps(line())[:-1] + f', "{again}": {json.dumps(line()[field])}}}'
    assert refused(text.encode()) == (Refusal.DUPLICATE_FIELD, field)


@pytest.mark.parametrize(
    ("text", "refusal", "field"),
    [
        (b"", Refusal.NOT_JSON, ""),
        (b"hello", Refusal.NOT_JSON, ""),
        (b"[1]", Refusal.NOT_JSON, ""),
        (b'"x"', Refusal.NOT_JSON, ""),
        (b"null", Refusal.NOT_JSON, ""),
        (b"{}", Refusal.MISSING_FIELD, "event_id"),
        (b"{,}", Refusal.NOT_JSON, ""),
        (b"{1:2}", Refusal.NOT_JSON, ""),
        (b'{"version" 1}', Refusal.NOT_JSON, ""),
        (b'{"version":1,}', Refusal.NOT_JSON, ""),
        (b'{"version":}', Refusal.NOT_JSON, "version"),
        (b'{"version":1', Refusal.NOT_JSON, ""),
        (b'{"version', Refusal.NOT_JSON, ""),
        (raw() + b"x", Refusal.NOT_JSON, ""),
        (raw() + b"{}", Refusal.NOT_JSON, ""),
        (raw()[:-1], Refusal.NOT_JSON, ""),
        (raw(data='{"a":NaN}'), Refusal.NOT_JSON, "data"),
        (raw(metadata='{"a":-Infinity}'), Refusal.NOT_JSON, "metadata"),
        (raw(data='{"a":"\t"}'), Refusal.NOT_JSON, "data"),
        (raw(data='{"a":01}'), Refusal.NOT_JSON, "data"),
        (raw(data="{'a':1}"), Refusal.NOT_JSON, "data"),
        (b"\xef\xbb\xbf" + raw(), Refusal.NOT_JSON, ""),
        (raw(data='{"a":"').replace(b'"a"', b'"\xff"'), Refusal.NOT_TEXT, ""),
        (raw(data='{"a":"\xed"}').replace(b"\xc3\xad", b"\xed\xa0\x80"), Refusal.NOT_TEXT, ""),
        (raw(metadata='{"correlation_id":"\\ud800"}'), Refusal.WRONG_VALUE, "metadata.correlation_id"),
        (raw(metadata='{"causationId":"\\udfff"}'), Refusal.WRONG_VALUE, "metadata.causation_id"),
        (raw(metadata='{"n":' + "9" * 5000 + "}"), Refusal.WRONG_VALUE, "metadata"),
    ],
)
def test_lines_that_are_no_event_are_refused(text: bytes, refusal: Refusal, field: str) -> None:
    assert refused(text) == (refusal, field)


def test_nesting_is_kept_up_to_the_limit_of_every_reader_and_refused_beyond() -> None:
    def nested(depth: int) -> str:
        return '{"a":' * depth + "1" + "}" * depth

    assert read_line(raw(data=nested(MAX_DEPTH)), 1).data_text == nested(MAX_DEPTH)
    assert refused(raw(data=nested(MAX_DEPTH + 1))) == (Refusal.TOO_DEEP, "")
    assert refused(raw(data=nested(100_000))) == (Refusal.TOO_DEEP, "")
    assert refused(b"[" * 100_000) == (Refusal.TOO_DEEP, "")


def test_brackets_inside_texts_are_no_nesting_and_an_open_text_is_found_in_linear_time() -> None:
    assert read_line(raw(data='{"a":"' + "[" * 10_000 + '"}'), 1)
    assert refused(raw()[:-1] + b'"' + b'\\"[' * 300_000) == (Refusal.NOT_JSON, "")
