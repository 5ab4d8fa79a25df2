"""What the JSON of an event cannot hold, named by its field."""

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from .diff import pointer
from .exact_json import MAX_DEPTH, has_halves_of_one

_CONTAINERS = (dict, list, tuple)
_HALVES = "two halves of one character, which a reader would take for the character"
# The end of a key that the encoder may have made of something else. Looked for from behind, which is faster.
_SUSPECT_KEY = re.compile(r'":(?<=[\del]":)(?:(?<=\d":)|(?<="true":)|(?<="false":)|(?<="null":))')

_NUMBER_OR_WORD = re.compile(r'"(?:-?\d[\d.e+-]*|true|false|null)":')


def has_only_text_keys(value: Any, text: str) -> bool:
    """Whether every key of every object in `value` is a text. JSON's encoder, which made `text` of it, takes numbers,
    truth values and None as well and writes them as texts, so that a reader would get another value. Most texts have
    no key like these, and nothing is walked through."""
    if _SUSPECT_KEY.search(text) is None or _NUMBER_OR_WORD.search(text) is None:
        return True
    pending = [value]
    for item in pending:  # grows while it is walked through
        if isinstance(item, dict):
            for key in item:
                if not isinstance(key, str):
                    return False
            item = item.values()
        for part in item:
            if isinstance(part, _CONTAINERS):
                pending.append(part)
    return True


def unstorable_field(value: Any) -> "tuple[str, str] | None":
    """Pointer (RFC 6901) and reason of the first field, in document order, that JSON cannot hold or no reader of ours
    would take; None if there is none."""
    pending = [_Field("", value, None, 0)]  # no recursion: it may hold itself
    while pending:
        field = pending.pop()
        why = _why_not(field)
        if why is not None:
            return field.path, why
        pending.extend(reversed([*_members(field)]))
    return None


class _Field(NamedTuple):
    path: str
    value: Any
    above: "_Field | None"
    depth: int


def _why_not(field: _Field) -> "str | None":
    value = field.value
    if isinstance(value, _CONTAINERS):
        return _why_no_container(field)
    if isinstance(value, str):
        return f"it holds {_HALVES}" if has_halves_of_one(value) else None
    if value is None:
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{float(value)} is not a JSON number"
    if isinstance(value, int):
        try:
            int.__repr__(value)
        except ValueError:
            return "the integer has too many digits"
        return None
    return f"a {type(value).__name__} is not a JSON value"


def _why_no_container(field: _Field) -> "str | None":
    above = field.above
    while above is not None:
        if above.value is field.value:
            return f"it contains itself, at {above.path or 'the top'}"
        above = above.above
    if field.depth >= MAX_DEPTH:
        return f"it is nested deeper than {MAX_DEPTH} levels"
    if isinstance(field.value, dict):
        for key in field.value:
            if not isinstance(key, str):
                return f"its key {key!r} is a {type(key).__name__} and not a text"
            if has_halves_of_one(key):
                return f"its key {key!r} holds {_HALVES}"
    return None


def _members(field: _Field) -> Iterator[_Field]:
    value, path, depth = field.value, field.path, field.depth + 1
    if isinstance(value, dict):
        for key, item in value.items():
            yield _Field(pointer(path, key), item, field, depth)
    elif isinstance(value, (list, tuple)):
        for at, item in enumerate(value):
            yield _Field(f"{path}/{at}", item, field, depth)
