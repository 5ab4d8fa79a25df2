"""The event: `DomainEvent` as it is made, `RecordedEvent` as it is read."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from .exact_json import MAX_DEPTH, check_depth, has_halves_of_one
from .timestamps import format_timestamp, parse_timestamp
from .unstorable import has_only_text_keys, unstorable_field

_decoder = json.JSONDecoder()
_scan: "Callable[[str, int], tuple[Any, int]]" = _decoder.scan_once  # type: ignore[attr-defined] # not in the stubs


def data_of(text: str) -> Any:
    """What `json.loads` gives, in half the time for text without blanks around it."""
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        value, end = None, -1
    return value if end == len(text) else _decoder.decode(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class EventMetadata:
    """Who and why. `extra` holds all keys that have no field of their own, as they came."""

    correlation_id: str
    causation_id: str | None = None
    user_id: str | None = None
    schema_version: int = 1
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainEvent:
    """One fact about one aggregate. `version` counts from 1; `timestamp` is aware."""

    event_id: UUID
    aggregate_id: str
    aggregate_type: str
    event_type: str
    version: int
    timestamp: datetime
    data: dict[str, Any]
    metadata: EventMetadata


class Envelope(Protocol):
    """What handlers receive as their second argument: a `DomainEvent` or a `RecordedEvent`."""

    @property
    def event_id(self) -> UUID: ...
    @property
    def aggregate_id(self) -> str: ...
    @property
    def aggregate_type(self) -> str: ...
    @property
    def event_type(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def timestamp(self) -> datetime: ...
    @property
    def data(self) -> dict[str, Any]: ...
    @property
    def metadata(self) -> EventMetadata: ...


class StoredColumns(NamedTuple):
    """The columns of one stored event, in the order in which every reader selects them."""

    position: int
    event_id_text: str
    aggregate_id: str
    aggregate_type: str
    event_type: str
    version: int
    timestamp_utc: str
    """Fixed-width UTC, see `timestamps.format_timestamp`."""
    timestamp_text: str | None
    """The time as it was written, where that differs from `timestamp_utc`."""
    data_text: str
    metadata_text: str


class RecordedEvent(StoredColumns):
    """A stored event. Holds its columns as stored and parses on access: listing and scanning decode nothing."""

    __slots__ = ()

    @property
    def event_id(self) -> UUID:
        return UUID(self.event_id_text)

    @property
    def timestamp(self) -> datetime:
        return parse_timestamp(self.timestamp_utc)

    @property
    def data(self) -> dict[str, Any]:
        """What `json.loads` gives, made anew at each access, so that no handler can change it for another."""
        value: dict[str, Any] = data_of(self.data_text)
        return value

    @property
    def metadata(self) -> EventMetadata:
        return metadata_from(json.loads(self.metadata_text))


as_event: "partial[RecordedEvent]" = partial(tuple.__new__, RecordedEvent)
"""Makes a `RecordedEvent` of a row at the speed of C."""


class PayloadRow(NamedTuple):
    """The columns that a fold of payloads needs of an event, and its place."""

    position: int
    version: int
    event_type: str
    data_text: str


class PayloadColumns(NamedTuple):
    """Those of consecutive events, column by column."""

    positions: Sequence[int]
    versions: Sequence[int]
    types: Sequence[str]
    texts: Sequence[str]


METADATA_NAMES = {
    "correlation_id": "correlationId",
    "causation_id": "causationId",
    "user_id": "userId",
    "schema_version": "schemaVersion",
}
"""Our names, and the ones that TypeScript stores use."""


def known_metadata(values: Mapping[str, Any], name: str) -> Any:
    """The value under our name or, where that is absent, under the camelCase one; None where neither is there."""
    value = values.get(name)
    return values.get(METADATA_NAMES[name]) if value is None else value


def schema_version_from(value: Any) -> int:
    """The schema version that stands in stored metadata: 1 where none does (None), 0 for what is no whole number from
    1 on and so names no version."""
    if value is None:
        return 1
    return value if type(value) is int and value >= 1 else 0


def metadata_from(values: Any) -> EventMetadata:
    """Reads stored metadata. Ids that came as numbers are read as text; schema versions as `schema_version_from`."""
    if not isinstance(values, Mapping):
        return EventMetadata(correlation_id="", extra={} if values is None else {"": values})
    found = {name: known_metadata(values, name) for name in METADATA_NAMES}
    taken = {
        *METADATA_NAMES,
        # Where both names are there, the camelCase one is a key like any other.
        *(camel for name, camel in METADATA_NAMES.items() if values.get(name) is None),
    }
    return EventMetadata(
        correlation_id=_text(found["correlation_id"]) or "",
        causation_id=_text(found["causation_id"]),
        user_id=_text(found["user_id"]),
        schema_version=schema_version_from(found["schema_version"]),
        extra={key: value for key, value in values.items() if key not in taken},
    )


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def links_from(metadata_text: str) -> tuple[str | None, str | None]:
    """Correlation and causation id alone, read as `metadata_from` does; None where there is none, or an empty one."""
    values = json.loads(metadata_text)
    if not isinstance(values, dict):
        return None, None
    return (
        _text(known_metadata(values, "correlation_id")) or None,
        _text(known_metadata(values, "causation_id")),
    )


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_SURROGATE = re.compile("[\ud800-\udfff]")


def _json_text(value: Any) -> str:
    """JSON as we write it: readable, no blanks; only lone surrogates, which UTF-8 cannot carry, are escaped.

    Raises: ValueError for NaN, infinities, what contains itself and two halves of one character, TypeError for what is
    no JSON value.
    """
    if value is None:
        return "null"
    if type(value) is int:
        return str(value)
    text = _encode(value)
    if has_halves_of_one(text):
        raise ValueError("a text holds two halves of one character")
    return text if text.isascii() else _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _document_text(value: Any) -> str:
    """Likewise of an object, of which every reader gets what was given.

    Raises: likewise, RecursionError or NotJson where it is nested too deep, and TypeError for keys that are no texts.
    """
    text = _json_text(value)
    if len(text) > MAX_DEPTH:
        check_depth(text)
    if not has_only_text_keys(value, text):
        raise TypeError("a key is no text")
    return text


def metadata_to_text(metadata: EventMetadata) -> str:
    """The JSON text under which new metadata is stored: our four names first, then the extra keys."""
    # Put together by hand: every append comes here, and a dict for the encoder takes three times as long.
    known = (
        f'{{"correlation_id":{_json_text(metadata.correlation_id)},'
        f'"causation_id":{_json_text(metadata.causation_id)},'
        f'"user_id":{_json_text(metadata.user_id)},'
        f'"schema_version":{_json_text(metadata.schema_version)}'
    )
    extra = {key: value for key, value in metadata.extra.items() if key not in METADATA_NAMES}
    return f"{known},{_document_text(extra)[1:]}" if extra else f"{known}}}"


def columns_of(event: DomainEvent) -> tuple[Any, ...]:
    """The columns under which a new event is stored: all but the position.

    Raises: ValueError for a time without offset; likewise for what JSON cannot hold (NaN and infinities, bytes, sets,
    keys that are no texts, what contains itself or is nested too deep), with the field named.
    """
    try:
        data, metadata = _document_text(event.data), metadata_to_text(event.metadata)
    except (ValueError, TypeError, RecursionError) as error:
        raise _unstorable(event, error) from None
    return (
        str(event.event_id),
        event.aggregate_id,
        event.aggregate_type,
        event.event_type,
        event.version,
        format_timestamp(event.timestamp),
        None,
        data,
        metadata,
    )


def _unstorable(event: DomainEvent, error: Exception) -> ValueError:
    """The same error with the field's name. Only here is it looked for: no event that can be stored pays for it."""
    metadata = event.metadata
    known = {name: getattr(metadata, name) for name in METADATA_NAMES}
    which = f"{event.event_type}, version {event.version} of {event.aggregate_id!r}"
    for name, value in (("data", event.data), ("metadata", {**known, **metadata.extra})):
        found = unstorable_field(value)
        if found is not None:
            path, why = found
            return ValueError(
                f"the field {path or '/'} in the {name} of {which} cannot be stored as JSON: {why}"
            )
    return ValueError(f"{which} cannot be stored as JSON: {error}")


def recorded(event: DomainEvent, position: int) -> RecordedEvent:
    """The event as it is stored at that position. Raises: as `columns_of`."""
    return RecordedEvent(position, *columns_of(event))
