"""The state of a user's object as a JSON value, or only some members of it."""

import enum
import operator
from collections.abc import Callable, Collection, Mapping, Set
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from . import exact_json
from .diff import ABSENT
from .payload import Payload
from .state_text import MAX_DEPTH, is_text, public_attribute, public_attributes, state_text, to_json
from .wanted_parts import Wanted

_NOT_OF_ATTRIBUTES = (
    *(Mapping, Set, enum.Enum, type, type(None)),
    *(str, int, float, bytes, bytearray, list, tuple),
    *(date, time, timedelta, UUID, Decimal),
)
"""What `to_json` does not write as an object of attributes."""


def value_of(state: Any, members: "Collection[str] | None", previous: Any) -> Any:
    """What `state_text` says of the state, at least of its `members` (None: all), as an exact JSON value.

    Parts that equal those of `previous`, another value, are the same objects as there.
    Cost: a walk over the members; the others are not looked at where the state is an object or a mapping.
    """
    try:
        to_state = getattr(state, "to_state", None)
        source = to_state() if callable(to_state) else state
        if type(members) is Wanted:
            return _wanted(source, members, previous, 0)
        return _renewed(source if members is None else _part(source, members), previous, 0)
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001 - the user's code; the text says what it raises
        return _shared(exact_json.parse(state_text(state)), previous, _as_it_is)


def has_odd_parts(value: Any, previous: Any = ABSENT) -> bool:
    """Whether anything stands in it that JSON cannot hold, beyond the parts that it shares with `previous`."""
    pending = [(value, previous)]
    while pending:
        value, previous = pending.pop()
        kind = type(value)
        if value is previous:
            continue
        if kind is dict:
            if next(iter(value), None) == "$repr":
                return True
            had = previous if type(previous) is dict else _NOTHING
            pending += [(item, had.get(key)) for key, item in value.items() if type(item) in _CONTAINERS]
        elif kind is list:
            pending += [(item, ABSENT) for item in value if type(item) in _CONTAINERS]
    return False


_CONTAINERS = frozenset({dict, list})


def _part(source: Any, members: Collection[str]) -> Any:
    """The state with at least those members."""
    if isinstance(source, Mapping):
        keys = [key for key in source if key in members]
        if all(type(key) is str and is_text(key) for key in source):
            return {key: source[key] for key in keys}
        return source
    if not _has_attributes(type(source)):
        return source
    found = ((name, public_attribute(source, name, ABSENT)) for name in members)
    return {name: value for name, value in found if value is not ABSENT}


def _of_attributes(kind: type) -> bool:
    """Whether `to_json` writes such objects as what their `__dict__` has."""
    return (
        not issubclass(kind, _NOT_OF_ATTRIBUTES)
        and kind.__module__ != "builtins"
        and hasattr(kind, "__dict__")
        and kind.__dictoffset__ != 0
    )


_has_attributes: "Callable[[type], bool]" = lru_cache(maxsize=1000)(_of_attributes)


# -- some parts of it ------------------------------------------------------------------------------------------------


def _wanted(source: Any, wanted: Wanted, previous: Any, depth: int) -> Any:
    """At least what is wanted of a user's object: it leads along the paths to what the whole of it leads to."""
    kind = type(source)
    is_object = kind is not dict
    if not is_object:
        if not _has_plain_names(source, wanted):  # two may be the same in JSON
            return _renewed(source, previous, depth)
        get = source.get
    elif kind is list or kind is tuple:
        return _wanted_items(source, wanted, previous, depth)
    elif _has_attributes(kind):
        get = source.__dict__.get
    else:
        return _renewed(source, previous, depth)
    had: Any = previous if type(previous) is dict else _NOTHING
    made, same = {}, had is previous
    for name, below in wanted.items():
        item = get(name, ABSENT)
        if is_object and (item is ABSENT or name[:1] == "_"):
            item = public_attribute(source, name, ABSENT)
        if item is ABSENT:
            continue
        old = had.get(name, ABSENT)
        kind = type(item)
        if kind in _PLAIN and kind is type(old) and item == old:
            made[name] = old
            continue
        if kind is int and -_WORD < item < _WORD:  # as JSON has it
            made[name], same = item, False
            continue
        of = _renewed(item, old, depth + 1) if below is None else _wanted(item, below, old, depth + 1)
        same = same and of is old
        made[name] = of
    return previous if same and len(made) == len(had) else made


_WORD = 1 << 63


def _has_plain_names(source: "dict[Any, Any]", wanted: Wanted) -> bool:
    if source and set(map(type, source)) != _TEXT_ALONE:
        return False
    return wanted.are_ascii or is_text("".join(source))


_TEXT_ALONE = {str}


def _wanted_items(source: Any, wanted: Wanted, previous: Any, depth: int) -> Any:
    if not wanted.by_id:
        return previous if previous == [] else []  # no name leads into a list
    if len(wanted.by_id) > 1:
        return _renewed(source, previous, depth)
    ((field, by_id),) = wanted.by_id.items()
    had: Any = previous if type(previous) is list else []
    made: list[Any] = []
    for item in source:
        kind = type(item)
        if kind is dict:
            key: Any = item.get(field)
        elif _has_attributes(kind):
            key = public_attribute(item, field, None)
        else:
            return _renewed(source, previous, depth)
        kind = type(key)
        if kind is not str and kind is not int:
            key = to_json(key)
            kind = type(key)
            if kind is not str and kind is not int:
                continue
        if kind is str and not is_text(key):
            return _renewed(source, previous, depth)
        below = by_id.get((kind, key), ABSENT)
        if below is not ABSENT:
            old = had[len(made)] if len(made) < len(had) else ABSENT
            made.append(
                _renewed(item, old, depth + 1) if below is None else _wanted(item, below, old, depth + 1)
            )
    return _same_list(made, previous)


# -- the whole of it -------------------------------------------------------------------------------------------------


def _renewed(value: Any, previous: Any, depth: int) -> Any:
    """What `to_json` makes of it, as the parser would give it, with the parts of `previous` where they are equal."""
    kind = type(value)
    if depth <= MAX_DEPTH:
        if kind in _DICTS:
            return _renewed_members(value, value, previous, depth)
        if kind is list or kind is tuple:
            known = len(previous) if type(previous) is list else 0
            items = enumerate(value)
            made = [_renewed(item, previous[at] if at < known else ABSENT, depth + 1) for at, item in items]
            return _same_list(made, previous)
        if _has_attributes(kind):
            members = public_attributes(value)
            if members or depth == 0:
                return _renewed_members(members, value, previous, depth)
    return _shared(to_json(value, depth), previous, _as_json)


def _renewed_members(members: "dict[Any, Any]", value: Any, previous: Any, depth: int) -> Any:
    if type(previous) is dict and len(members) == len(previous):
        changed = {}
        for (key, item), (name, old) in zip(members.items(), previous.items()):  # noqa: B905 - Python 3.10
            if key is not name and (type(key) is not str or key != name):
                break
            kind = type(item)
            if kind is type(old) and kind in _PLAIN and item == old:
                continue
            if kind in _DICTS and depth < MAX_DEPTH:
                new = _renewed_members(item, item, old, depth + 1)
            else:
                new = _renewed(item, old, depth + 1)
            if new is not old:
                changed[name] = new
        else:  # mostly: the same members in the same order
            return {**previous, **changed} if changed else previous
    had: Any = previous if type(previous) is dict else _NOTHING
    get, same, made = had.get, had is previous and len(members) == len(had), {}
    for key, item in members.items():
        if type(key) is not str or not key.isascii():
            return _shared(to_json(value, depth), previous, _as_json)
        old = get(key, ABSENT)
        kind = type(item)
        if kind in _PLAIN and kind is type(old) and item == old:
            made[key] = old
            continue
        if kind in _DICTS and depth < MAX_DEPTH:
            if type(old) is dict and _is_same_leaf(item, old):
                made[key] = old
                continue
            made[key] = new = _renewed_members(item, item, old, depth + 1)
        else:
            made[key] = new = _renewed(item, old, depth + 1)
        same = same and new is old
    return previous if same and [*previous] == [*made] else made


def _is_same_leaf(members: "dict[Any, Any]", previous: "dict[Any, Any]") -> bool:
    """Whether they are equal and hold nothing but plain values: found out without a step for each of these."""
    if members != previous:
        return False
    kinds = [*map(type, members.values())]
    if not _PLAIN.issuperset(kinds):
        return False
    return kinds == [*map(type, previous.values())] and [*members] == [*previous]


def _same_list(made: "list[Any]", previous: Any) -> Any:
    if type(previous) is list and len(made) == len(previous) and all(map(operator.is_, made, previous)):
        return previous
    return made


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
    return _same_list(made, previous)


def _shared_members(value: "dict[str, Any]", previous: Any, scalar: Scalar) -> Any:
    get = previous.get if type(previous) is dict else _NOTHING.get
    same, made = type(previous) is dict and len(value) == len(previous), dict[str, Any]()
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
    return previous if same and [*previous] == [*made] else made


_NOTHING: "dict[str, Any]" = {}
_PLAIN = frozenset({str, int, bool, type(None)})
_DICTS: Collection[type] = {dict, Payload}


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
