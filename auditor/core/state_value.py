"""The state of a user's object as a JSON value, or only some members of it."""

import enum
import operator
from collections.abc import Callable, Collection, Mapping, Set
from typing import Any

from . import exact_json
from .diff import ABSENT
from .state_text import is_text, public_attribute, state_text, to_json
from .wanted_parts import Wanted, part_of

_WHOLE = (str, int, float, bytes, bytearray, list, tuple, Set, enum.Enum, type, type(None))


def value_of(state: Any, members: "Collection[str] | None", previous: Any) -> Any:
    """What `state_text` says of the state, at least of its `members` (None: all), as an exact JSON value.

    Parts that equal those of `previous`, an earlier value, are the same objects as there; so are their keys' order.
    Cost: a walk over the members; the others are not looked at where the state is an object or a mapping.
    """
    try:
        to_state = getattr(state, "to_state", None)
        source = to_state() if callable(to_state) else state
        if type(members) is Wanted:
            source = part_of(source, members)
        elif members is not None:
            source = _part(source, members)
        value = to_json(source)
        return _shared(value, previous, _as_json)
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001 - the user's code; the text says what it raises
        return _shared(exact_json.parse(state_text(state)), previous, _as_it_is)


def _part(source: Any, members: Collection[str]) -> Any:
    """The state with at least those members."""
    if isinstance(source, Mapping):
        keys = [key for key in source if key in members]
        if all(type(key) is str and is_text(key) for key in source):
            return {key: source[key] for key in keys}
        return source
    if isinstance(source, _WHOLE) or not hasattr(source, "__dict__"):
        return source
    found = ((name, public_attribute(source, name, ABSENT)) for name in members)
    return {name: value for name, value in found if value is not ABSENT}


Scalar = Callable[[Any, type], Any]


def _shared(value: Any, previous: Any, scalar: Scalar) -> Any:
    """`value`, made of JSON's types, with the parts of `previous` where they are equal."""
    kind = type(value)
    if kind is dict:
        return _shared_members(value, previous, scalar)
    if kind is not list:
        value = scalar(value, kind)
        return previous if type(previous) is type(value) and previous == value else value
    if type(previous) is not list:
        return [_shared(item, ABSENT, scalar) for item in value]
    known = len(previous)
    made = [_shared(item, previous[at] if at < known else ABSENT, scalar) for at, item in enumerate(value)]
    same = len(made) == known and all(map(operator.is_, made, previous))
    return previous if same else made


def _shared_members(value: "dict[str, Any]", previous: Any, scalar: Scalar) -> Any:
    get = previous.get if type(previous) is dict else _NOTHING.get
    same, made = type(previous) is dict and len(value) == len(previous), {}
    for key, item in value.items():
        old = get(key, ABSENT)
        kind = type(item)
        if kind is type(old) and kind in _PLAIN and item == old:
            made[key] = old
            continue
        if not key.isascii():
            key = scalar(key, str)
        made[key] = new = _shared(item, old, scalar)
        same = same and new is old
    return previous if same else made


_NOTHING: "dict[str, Any]" = {}
_PLAIN = frozenset({str, int, bool, type(None)})


class _NotPlain(Exception):
    """A value that JSON has otherwise than Python."""


def _as_json(value: Any, kind: type) -> Any:
    """As the parser would give what the writer has written. Raises: _NotPlain where they must be asked."""
    if kind is float:
        return exact_json.Digits(float.__repr__(value))
    if (kind is str and not is_text(value)) or (kind is int and abs(value) > _MOST):
        raise _NotPlain
    return value


def _as_it_is(value: Any, kind: type) -> Any:
    del kind
    return value


_MOST = 10**exact_json.MAX_INT_DIGITS - 1
