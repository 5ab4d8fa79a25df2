"""Canonical JSON: one text for one value, whatever the order of its keys."""

from typing import Any

from . import exact_json


def canonical(value: Any) -> str:
    """The text of RFC 8785 (JCS) but for numbers, which keep their digits as everywhere here: 1.0 is not 1, and a
    hash over the text sees the difference. Keys stand in the order of their UTF-16 units.

    A lone surrogate, which JCS refuses, is escaped. Equal texts mean `exact_json.same`, and the other way round.
    """
    return exact_json.dump(_sorted(value))


def _sorted(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return {key: _sorted(value[key]) for key in sorted(value, key=_utf16)}
    if kind is list:
        return [_sorted(item) for item in value]
    return value


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
