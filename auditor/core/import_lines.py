"""One line of an event log in newline-delimited JSON, read into the columns under which it is stored.

The stored `data` and `metadata` are the line's own text from the value's first to its last character, never written
anew: key order, digits, escapes and blanks stay. Decided here:

* The stored time keeps the line's own text (`timestamp_text`) whenever that is not the fixed-width UTC text itself:
  `2026-01-01T00:00:00Z` costs 20 bytes more, and every event can be given back as it came.
* A member that events do not have is refused and named. Leaving it out would lose it; moving it into `metadata`
  would change a text that is kept as it came.
* `event_id` is a UUID in the usual form with hyphens, stored in small letters, so that it is unique by its value.
* `data` is an object. `metadata` is an object, `null` or absent (then stored as `{}`).
* Equal keys inside `data` or `metadata` stay as they are; readers say what they make of them.
"""

import json
import re
from typing import Any

from .events import RecordedEvent
from .exact_json import MAX_DEPTH, Digits, NotJson, check_depth
from .import_fields import (
    LineRefused,
    Refusal,
    check_metadata,
    check_text,
    check_version,
    timestamp_texts,
    uuid_text,
    wrong_type,
)
from .text import tr

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is refused unread: parsed, it could take twenty times as much memory."""

_CAMEL_CASE = {
    "eventId": "event_id",
    "aggregateId": "aggregate_id",
    "aggregateType": "aggregate_type",
    "eventType": "event_type",
}
_TEXT_FIELDS = ("event_id", "aggregate_id", "aggregate_type", "event_type", "timestamp")
_REQUIRED = (*_TEXT_FIELDS, "version", "data")
_FIELD_OF = {name: name for name in (*_REQUIRED, "metadata")} | _CAMEL_CASE

# event id, aggregate id, aggregate type, event type, version, time, data and metadata as texts of the line
_Columns = tuple[str, str, str, str, int, str, str, str]


def read_line(line: bytes, number: int) -> RecordedEvent:
    """The event on that line. `number` stands as its position, which says only its order among others.

    Raises: LineRefused.
    """
    text = _decoded(line)
    columns = _usual(text) or _any(text)
    event_id, aggregate_id, aggregate_type, event_type, version, time, data, metadata = columns
    timestamp_utc, timestamp_text = timestamp_texts(time)
    return RecordedEvent(
        number,
        event_id,
        aggregate_id,
        aggregate_type,
        event_type,
        version,
        timestamp_utc,
        timestamp_text,
        data,
        metadata,
    )


def _decoded(line: bytes) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise LineRefused(
            Refusal.NOT_TEXT,
            "",
            tr(
                "it is not UTF-8: byte {place} is {value}",
                place=error.start + 1,
                value=f"0x{line[error.start]:02x}",
            ),
        ) from None
    if text.startswith("\ufeff"):
        raise LineRefused(Refusal.NOT_JSON, "", tr("it begins with a byte order mark, which JSON has not"))
    try:
        check_depth(text, MAX_DEPTH + 1)
    except NotJson:
        raise _too_deep("") from None
    return text


def _too_deep(field: str) -> LineRefused:
    return LineRefused(
        Refusal.TOO_DEEP, field, tr("its values are nested deeper than {limit} levels", limit=MAX_DEPTH)
    )


# -- the usual line: members in our order, no escapes in names and ids; twice as fast as any line ----------


def _refuse(constant: str) -> Any:
    raise NotJson(tr("{constant} is not a JSON number", constant=constant))


_scan = json.JSONDecoder(parse_constant=_refuse).raw_decode
_ID = r'" ?: ?"([^"\\\x00-\x1f]+)" ?, ?"'
_USUAL_HEAD = re.compile(
    r'\{"(?:event_id|eventId)" ?: ?"([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})" ?, ?"'
    + "(?:aggregate_id|aggregateId)" + _ID + "(?:aggregate_type|aggregateType)" + _ID
    + "(?:event_type|eventType)" + _ID
    + r'version" ?: ?([1-9][0-9]{0,17}) ?, ?"timestamp' + _ID + r'data" ?: ?(?=\{)'
)  # fmt: skip
_USUAL_METADATA = re.compile(r', ?"metadata" ?: ?(?=\{)')


def _usual(text: str) -> _Columns | None:
    """The columns, or None where this line needs a closer look."""
    head = _USUAL_HEAD.match(text)
    if head is None:
        return None
    start = head.end()
    try:
        end = _scan(text, start)[1]
        between = _USUAL_METADATA.match(text, end)
        if between is None:
            return None
        metadata_start = between.end()
        metadata_end = _scan(text, metadata_start)[1]
    except (ValueError, RecursionError):
        return None
    metadata = text[metadata_start:metadata_end]
    if text[metadata_end:].rstrip("\r") != "}" or "\\u" in metadata:
        return None
    event_id, aggregate_id, aggregate_type, event_type, version, time = head.groups()
    return event_id, aggregate_id, aggregate_type, event_type, int(version), time, text[start:end], metadata


# -- any line ----------------------------------------------------------------------------------------------


def _whole_number(text: str) -> int | Digits:
    return int(text) if len(text) <= 20 else Digits(text)


_scan_any = json.JSONDecoder(parse_constant=_refuse, parse_int=_whole_number, parse_float=Digits).raw_decode
_BLANKS = re.compile(r"[ \t\r\n]*")


def _any(text: str) -> _Columns:
    values, spans = _members(text)
    for field in _REQUIRED:
        if field not in values:
            raise LineRefused(Refusal.MISSING_FIELD, field, tr("it is missing"))
    for field in _TEXT_FIELDS:
        check_text(field, values[field])
    check_version(values["version"])
    if not isinstance(values["data"], dict):
        raise wrong_type("data", values["data"], tr("an object"))
    metadata = text[slice(*spans["metadata"])] if "metadata" in spans else "{}"
    check_metadata(values.get("metadata"), metadata)
    return (
        uuid_text(values["event_id"]),
        values["aggregate_id"],
        values["aggregate_type"],
        values["event_type"],
        values["version"],
        values["timestamp"],
        text[slice(*spans["data"])],
        metadata,
    )


def _members(text: str) -> tuple[dict[str, Any], dict[str, tuple[int, int]]]:
    """The values of the line's object by our names, and where each stands in the text."""
    values: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}
    at = _past_blanks(text, 0)
    if text[at : at + 1] != "{":
        _value(text, at, "")
        raise LineRefused(Refusal.NOT_JSON, "", tr("it is no JSON object"))
    at = _past_blanks(text, at + 1)
    while text[at : at + 1] != "}" or values:
        name, at = _name(text, at)
        field = _field(name, values)
        start = _past_blanks(text, at)
        values[field], end = _value(text, start, field)
        spans[field] = start, end
        at = _past_blanks(text, end)
        if text[at : at + 1] != ",":
            break
        at = _past_blanks(text, at + 1)
    if text[at : at + 1] != "}":
        raise _not_json(tr("',' or '}' is missing"), at)
    if _past_blanks(text, at + 1) != len(text):
        raise _not_json(tr("something stands after the object"), at + 1)
    return values, spans


def _past_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return at if found is None else found.end()


def _not_json(what: str, at: int, field: str = "") -> LineRefused:
    return LineRefused(
        Refusal.NOT_JSON, field, tr("it is not JSON: {what}, at character {place}", what=what, place=at + 1)
    )


def _name(text: str, at: int) -> tuple[str, int]:
    """The member's name and the place after its colon."""
    if text[at : at + 1] != '"':
        raise _not_json(tr("a name in double quotes is missing"), at)
    name, end = _value(text, at, "")
    end = _past_blanks(text, end)
    if text[end : end + 1] != ":":
        raise _not_json(tr("':' is missing"), end)
    return name, end + 1


def _field(name: str, values: dict[str, Any]) -> str:
    field = _FIELD_OF.get(name)
    if field is None:
        raise LineRefused(
            Refusal.UNKNOWN_FIELD,
            name[:80],
            tr("events have no such field, and leaving it out would lose it"),
        )
    if field in values:
        raise LineRefused(Refusal.DUPLICATE_FIELD, field, tr("it stands twice in the line"))
    return field


def _value(text: str, at: int, field: str) -> tuple[Any, int]:
    try:
        value, end = _scan_any(text, at)
    except json.JSONDecodeError as error:
        raise _not_json(error.msg, error.pos, field) from None
    except NotJson as error:
        raise LineRefused(Refusal.NOT_JSON, field, str(error)) from None
    except RecursionError:
        raise _too_deep(field) from None
    return value, end
