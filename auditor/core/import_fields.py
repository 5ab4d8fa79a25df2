"""What each field of an imported line must be, and how a line that cannot be stored is refused."""

import json
import re
from enum import Enum
from functools import lru_cache
from typing import Any

from .events import METADATA_NAMES, known_metadata
from .exact_json import Digits
from .text import tr
from .timestamps import NotATimestamp, format_timestamp, parse_timestamp

MAX_VERSION = 2**63 - 1


class Refusal(str, Enum):
    """Why a line cannot be stored, as a name to count by."""

    NOT_TEXT = "not-text"
    NOT_JSON = "not-json"
    TOO_LONG = "too-long"
    TOO_DEEP = "too-deep"
    UNKNOWN_FIELD = "unknown-field"
    DUPLICATE_FIELD = "duplicate-field"
    MISSING_FIELD = "missing-field"
    WRONG_TYPE = "wrong-type"
    WRONG_VALUE = "wrong-value"
    WRONG_TIME = "wrong-time"
    VERSION_HOLE = "version-hole"
    WRONG_ORDER = "wrong-order"
    OTHER_AGGREGATE_TYPE = "other-aggregate-type"
    CONFLICT = "conflict"


class LineRefused(ValueError):
    """The line cannot be stored. `field` is empty where the line as a whole is at fault; `reason` is translated."""

    def __init__(self, refusal: Refusal, field: str, reason: str) -> None:
        super().__init__(reason)
        self.refusal = refusal
        self.field = field
        self.reason = reason


def _kind(value: Any) -> str:
    if value is None:
        return tr("null")
    if isinstance(value, bool):
        return tr("true or false")
    if isinstance(value, (int, Digits)):
        return tr("a number")
    if isinstance(value, str):
        return tr("a text")
    return tr("an object") if isinstance(value, dict) else tr("a list")


def wrong_type(field: str, value: Any, wanted: str) -> LineRefused:
    """The error for a field whose value is of another JSON type; `wanted` is translated."""
    return LineRefused(
        Refusal.WRONG_TYPE, field, tr("it is {kind}, not {wanted}", kind=_kind(value), wanted=wanted)
    )


def check_text(field: str, value: Any) -> None:
    """Texts may hold anything but nothing: blanks, control characters and NUL are kept."""
    if not isinstance(value, str):
        raise wrong_type(field, value, tr("a text"))
    if not value:
        raise LineRefused(Refusal.WRONG_VALUE, field, tr("it is empty"))
    _check_can_be_stored(field, value)


def _check_can_be_stored(field: str, value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise LineRefused(
            Refusal.WRONG_VALUE, field, tr("it holds half of a surrogate pair, which is no character")
        ) from None


def check_version(value: Any) -> None:
    """A whole number that a database can hold; `1.0` and `"1"` are none."""
    if isinstance(value, bool) or not isinstance(value, (int, Digits)):
        raise wrong_type("version", value, tr("a number"))
    if isinstance(value, Digits) or not 1 <= value <= MAX_VERSION:
        raise LineRefused(
            Refusal.WRONG_VALUE,
            "version",
            tr("{value:.40} is no whole number from 1 to {limit}", value=str(value), limit=MAX_VERSION),
        )


def check_metadata(value: Any, text: str) -> None:
    """What the store looks up in metadata must be readable and storable; the rest of it may be anything."""
    if value is None:
        return
    if not isinstance(value, dict):
        raise wrong_type("metadata", value, tr("an object"))
    try:
        json.loads(text)
    except ValueError as error:  # numbers longer than Python reads: nobody could look anything up in it
        raise LineRefused(Refusal.WRONG_VALUE, "metadata", str(error)) from None
    for name in METADATA_NAMES:
        known = known_metadata(value, name)
        if isinstance(known, str):
            _check_can_be_stored(f"metadata.{name}", known)


_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


def uuid_text(text: str) -> str:
    """The id in small letters."""
    if _UUID.fullmatch(text) is None:
        raise LineRefused(
            Refusal.WRONG_VALUE, "event_id", tr("{text!r:.60} is no UUID with hyphens", text=text)
        )
    return text.lower()


@lru_cache(maxsize=1024)
def timestamp_texts(text: str) -> tuple[str, str | None]:
    """Fixed-width UTC, and the text itself where it is another. Events of one time often follow each other."""
    try:
        utc = format_timestamp(parse_timestamp(text))
    except NotATimestamp as error:
        raise LineRefused(
            Refusal.WRONG_TIME, "timestamp", tr("{text!r:.60} cannot be kept: {why}", text=text, why=error)
        ) from None
    return utc, None if utc == text else text
