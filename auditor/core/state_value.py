"""The state of a user's object as a JSON value, or only some members of it."""

import enum
from collections.abc import Collection, Mapping, Set
from typing import Any

from . import exact_json
from .diff import ABSENT
from .state_text import public_attribute, state_text, to_json

_WHOLE = (str, int, float, bytes, bytearray, list, tuple, Set, enum.Enum, type, type(None))


def value_of(state: Any, members: "Collection[str] | None", previous: Any) -> Any:
    """What `state_text` says of the state, at least of its `members` (None: all), as an exact JSON value.

    Parts that equal those of `previous`, an earlier value, are the same objects as there; so are their keys' order.
    Cost: a walk over the members; the others are not looked at where the state is an object or a mapping.
    """
    try:
        to_state = getattr(state, "to_state", None)
        source = to_state() if callable(to_state) else state
        value = to_json(source if members is None else _part(source, members))
        return share(value, previous)
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001 - the user's code; the text says what it raises
        return share(exact_json.parse(state_text(state)), previous)


def _part(source: Any, members: Collection[str]) -> Any:
    """The state with at least those members."""
    if isinstance(source, Mapping):
        keys = [key for key in source if key in members]
        if all(type(key) is str for key in source):
            return {key: source[key] for key in keys}
        return source
    if isinstance(source, _WHOLE) or not hasattr(source, "__dict__"):
        return source
    found = ((name, public_attribute(source, name, ABSENT)) for name in members)
    return {name: value for name, value in found if value is not ABSENT}


class _NotPlain(Exception):
    """A text that JSON writes otherwise than Python holds it."""


def share(value: Any, previous: Any) -> Any:
    """`value`, made of JSON's types, as `exact_json` has it, with the parts of `previous` where they are equal."""
    kind = type(value)
    if kind is dict:
        return _share_members(value, previous)
    if kind is list:
        if type(previous) is not list:
            return [share(item, ABSENT) for item in value]
        known = len(previous)
        made = [share(item, previous[at] if at < known else ABSENT) for at, item in enumerate(value)]
        same = len(made) == known and all(map(_is, made, previous))
        return previous if same else made
    return _scalar(value, kind, previous)


def _share_members(value: "dict[str, Any]", previous: Any) -> Any:
    if type(previous) is not dict:
        return {key: share(item, ABSENT) for key, item in value.items()}
    same, made, get = len(value) == len(previous), {}, previous.get
    for key, item in value.items():
        old = get(key, ABSENT)
        kind = type(item)
        if kind is type(old) and kind in _PLAIN and item == old:
            made[key] = old
            continue
        made[key] = new = share(item, old)
        same = same and new is old
    return previous if same else made


_PLAIN = frozenset({str, int, bool, type(None)})


def _scalar(value: Any, kind: type, previous: Any) -> Any:
    if kind is float:
        value, kind = exact_json.Digits(float.__repr__(value)), exact_json.Digits
    elif kind is str:
        if not value.isascii():
            _refuse_halves(value)
    elif kind is int and abs(value) > _MOST:
        raise _NotPlain
    return previous if type(previous) is kind and previous == value else value


_MOST = 10**exact_json.MAX_INT_DIGITS - 1


def _refuse_halves(text: str) -> None:
    """Two halves of one character, or a single one, are for the parser to put together."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _NotPlain from None


def _is(one: Any, other: Any) -> bool:
    return one is other
