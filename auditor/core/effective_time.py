"""The time from which an event counts, where its metadata name one beside the time at which it was recorded."""

import re
from typing import Any

from . import exact_json
from .exact_json import NotJson
from .timestamps import NotATimestamp, format_timestamp, parse_timestamp

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def effective_time(metadata_text: str, names: "tuple[str, ...]") -> "str | None":
    """Fixed-width UTC, by the member that `names` leads to from the outside; a date means its first instant in UTC.
    None where there is none that could be compared: no member, no text, a time without an offset."""
    try:
        value: Any = exact_json.parse(metadata_text)
        for name in names:
            value = value[name] if type(value) is dict else None
        if type(value) is not str:
            return None
        return format_timestamp(parse_timestamp(f"{value}T00:00:00Z" if _DATE.fullmatch(value) else value))
    except (NotJson, KeyError, NotATimestamp):
        return None
