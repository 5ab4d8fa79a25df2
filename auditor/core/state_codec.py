"""A state as JSON that becomes the same state again, each value of the type it had.

What JSON has stands as it is. Other values stand as an object with one key that begins with `$` and says what they
are; `plain` makes of them what a reader expects. What could not be restored exactly is refused when it is written,
and what was not written here is refused when it is read.
"""

import enum
import json
import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from .diff import pointer
from .exact_json import MAX_INT_DIGITS, check_depth, escape_surrogates, has_halves_of_one
from .payload import Payload
from .state_types import StateTypes, instance_attributes, is_named_tuple, is_record, name_of, set_attributes
from .text import tr

MAX_DEPTH = 60
_MARKED = '"$'
_MAX_JSON_DEPTH = 4 * MAX_DEPTH  # an object in an object costs three levels


class CannotKeep(Exception):
    """The state has a value that could not be restored exactly. `path` is its JSON Pointer; the message says why."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(why)
        self.path = path


class CannotRestore(Exception):
    """The text is no state that was written for this model; the message says why."""


# -- writing -----------------------------------------------------------------------------------------------


def keep(state: Any, types: StateTypes) -> str:
    """The text from which `restore` makes an equal state.

    Raises: CannotKeep, also for an object that stands in two places and would be two objects afterwards.
    """
    text = _text(_Writer(types).write(state, "", 0))
    if _MARKED not in text:
        return text  # JSON's own values, which come back by themselves
    try:
        again = _text(_Writer(types).write(restore(text, types), "", 0))
    except CannotRestore as error:
        raise CannotKeep("", str(error)) from None
    if again != text:
        raise CannotKeep("", tr("its values do not come back as they were"))
    return text


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if has_halves_of_one(text):
        raise CannotKeep(
            "", tr("a text holds two halves of one character, and would hold the character afterwards")
        )
    return text if text.isascii() else escape_surrogates(text)


class _Writer:
    def __init__(self, types: StateTypes) -> None:
        self._types = types
        self._places: dict[int, str] = {}  # of what can be changed, by id

    def write(self, value: Any, path: str, depth: int) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is int:
            return _whole(value, path)
        if kind is float:
            return value if math.isfinite(value) else {"$float": repr(value)}
        if depth == MAX_DEPTH:
            raise CannotKeep(path, tr("it is nested deeper than {limit} levels", limit=MAX_DEPTH))
        if kind in _CONTAINERS:
            if kind not in _UNCHANGEABLE:
                self._once(value, path)
            write: Callable[[Any, str, int], Any] = getattr(self, _CONTAINERS[kind])
            return write(value, path, depth + 1)
        if kind in _SCALARS:
            return self._scalar(value, path)
        return self._own(value, path, depth + 1)

    def _once(self, value: Any, path: str) -> None:
        if id(value) in self._places:
            first = self._places[id(value)] or "/"
            raise CannotKeep(
                path, tr("the same object stands at {first} too, and would be two afterwards", first=first)
            )
        self._places[id(value)] = path

    def _list(self, value: Any, path: str, depth: int) -> list[Any]:
        return [self.write(item, f"{path}/{at}", depth) for at, item in enumerate(value)]

    def _tuple(self, value: Any, path: str, depth: int) -> Any:
        return {"$tuple": self._list(value, path, depth)}

    def _set(self, value: Any, path: str, depth: int) -> Any:
        members = [self.write(item, path, depth) for item in value]
        return {f"${type(value).__name__}": sorted(members, key=_text)}

    def _dict(self, value: Any, path: str, depth: int) -> Any:
        if all(type(key) is str and not key.startswith("$") for key in value):
            # Most of a state is plain members: they are let through without a call.
            return {
                key: item if type(item) in _PLAIN else self.write(item, pointer(path, key), depth)
                for key, item in value.items()
            }
        return {
            "$dict": [
                [self.write(key, path, depth), self.write(item, pointer(path, str(key)), depth)]
                for key, item in value.items()
            ]
        }

    def _payload(self, value: Any, path: str, depth: int) -> Any:
        return {"$payload": self._dict(value, path, depth)}

    def _scalar(self, value: Any, path: str) -> Any:
        name, to_text, from_text = _SCALARS[type(value)]
        text = to_text(value)
        if repr(from_text(text)) != repr(value):  # a time with a zone that its text does not name
            raise CannotKeep(path, tr("{value} has no text that says all of it", value=repr(value)[:100]))
        return {f"${name}": text}

    def _own(self, value: Any, path: str, depth: int) -> Any:
        kind = type(value)
        if self._types.named(name_of(kind)) is not kind:
            raise CannotKeep(path, _why_not(kind))
        if isinstance(value, enum.Enum):
            if kind.__members__.get(str(value.name)) is not value:
                raise CannotKeep(path, tr("{value} is no single member of its enum", value=repr(value)[:100]))
            return {"$enum": [name_of(kind), value.name]}
        if is_named_tuple(kind):
            if getattr(value, "__dict__", None):
                raise CannotKeep(path, tr("it has attributes beside its fields"))
            return {"$named": [name_of(kind), self._list(value, path, depth)]}
        if not kind.__dataclass_params__.frozen:
            self._once(value, path)
        attributes = instance_attributes(value)
        return {
            "$object": [
                name_of(kind),
                {name: self.write(item, pointer(path, name), depth) for name, item in attributes.items()},
            ]
        }


_PLAIN = frozenset({str, bool, type(None)})
_CONTAINERS: dict[type, str] = {
    list: "_list",
    dict: "_dict",
    tuple: "_tuple",
    set: "_set",
    frozenset: "_set",
    Payload: "_payload",
}
_UNCHANGEABLE = (tuple, frozenset)


_MOST_BITS = MAX_INT_DIGITS * 332 // 100


def _whole(value: int, path: str) -> int:
    if value.bit_length() > _MOST_BITS:
        raise CannotKeep(path, tr("it is a number of more than {count} digits", count=MAX_INT_DIGITS))
    return value


def _why_not(kind: type) -> str:
    if is_record(kind) or is_named_tuple(kind) or issubclass(kind, enum.Enum):
        return tr(
            "its class {name} is not found from the model: neither its module nor an annotation names it",
            name=name_of(kind),
        )
    return tr("a {type} cannot be restored exactly", type=kind.__qualname__)


_SCALARS: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    Decimal: ("decimal", str, Decimal),
    UUID: ("uuid", str, UUID),
    datetime: ("datetime", datetime.isoformat, datetime.fromisoformat),
    date: ("date", date.isoformat, date.fromisoformat),
    time: ("time", time.isoformat, time.fromisoformat),
    timedelta: (
        "timedelta",
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda parts: timedelta(*parts),
    ),
    bytes: ("bytes", bytes.hex, bytes.fromhex),
}


# -- reading -----------------------------------------------------------------------------------------------


def restore(text: Any, types: StateTypes) -> Any:
    """The state that `keep` was given.

    Raises: CannotRestore.
    """
    if not isinstance(text, str):
        raise CannotRestore(tr("it is no text"))
    try:
        check_depth(text, _MAX_JSON_DEPTH)
        # The parser asks from the inside out: what stands in an object is restored already.
        hook = _Reader(types).read if _MARKED in text else None
        return json.loads(text, object_hook=hook, parse_constant=_refuse)
    except CannotRestore:
        raise
    except Exception as error:  # whatever values that do not fit bring about, user's code included
        raise CannotRestore(f"{type(error).__name__}: {error}"[:500]) from error


def _refuse(constant: str) -> Any:
    raise CannotRestore(tr("{constant} is not a JSON number", constant=constant))


class _Reader:
    def __init__(self, types: StateTypes) -> None:
        self._types = types

    def read(self, found: dict[str, Any]) -> Any:
        """What an object stands for, whose parts are restored."""
        mark = _mark_of(found)
        if mark is None:
            return found
        inside = found[mark]
        if mark in _FROM_TEXT:
            return _FROM_TEXT[mark](inside)
        if mark == "$payload":
            return Payload(inside)
        if type(inside) is not list:
            raise CannotRestore(tr("a list was due"))
        if mark in _MAKERS:
            return _MAKERS[mark](inside)
        return self._own(mark, *inside)

    def _own(self, mark: str, name: Any, inside: Any) -> Any:
        kind: Any = self._types.named(name)
        if kind is None:
            raise CannotRestore(tr("there is no class {name} in the model", name=name))
        if mark == "$enum" and issubclass(kind, enum.Enum):
            return kind[inside]
        if mark == "$named" and is_named_tuple(kind):
            if len(inside) != len(kind._fields):
                raise CannotRestore(tr("{name} has other fields now", name=name))
            return tuple.__new__(kind, inside)
        if mark == "$object" and is_record(kind):
            made = object.__new__(kind)
            set_attributes(made, inside)
            return made
        raise CannotRestore(tr("{name} is of another kind now", name=name))


def _mark_of(value: dict[str, Any]) -> "str | None":
    """What an object stands for; None for one that is meant as it is."""
    if len(value) == 1:
        mark = next(iter(value))
        if mark in _MARKS:
            return mark
    for key in value:
        if key.startswith("$"):
            raise CannotRestore(tr("{key!r} is no mark of a kept value", key=key[:100]))
    return None


_FROM_TEXT: dict[str, Callable[[Any], Any]] = {
    "$float": float,
    **{f"${name}": from_text for name, _, from_text in _SCALARS.values()},
}
_MAKERS: dict[str, Callable[[list[Any]], Any]] = {
    "$tuple": tuple,
    "$set": set,
    "$frozenset": frozenset,
    "$dict": dict,
}
_MARKS = frozenset({*_FROM_TEXT, *_MAKERS, "$payload", "$enum", "$named", "$object"})


# -- showing -----------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A kept JSON value without its marks, as a reader expects it: times, decimals and ids as text, objects as their
    fields, sets and tuples as lists, enums as the names of their members. Marks that are none stay."""
    if type(value) is list:
        return [plain(item) for item in value]
    if type(value) is not dict:
        return value
    try:
        mark = _mark_of(value)
    except CannotRestore:
        mark = None
    if mark is None:
        return {key: plain(item) for key, item in value.items()}
    inside = value[mark]
    if mark == "$dict" and type(inside) is list:
        return {_key_text(key): plain(item) for key, item in _pairs(inside)}
    if mark in ("$enum", "$named", "$object") and type(inside) is list and len(inside) == 2:
        return plain(inside[1])
    return plain(inside)


def _pairs(inside: list[Any]) -> Iterator[tuple[Any, Any]]:
    for pair in inside:
        if type(pair) is list and len(pair) == 2:
            yield cast("tuple[Any, Any]", tuple(pair))


def _key_text(key: Any) -> str:
    shown = plain(key)
    return shown if type(shown) is str else json.dumps(shown, ensure_ascii=False)
