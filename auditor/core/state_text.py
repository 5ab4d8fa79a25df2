"""The state of a user's object as JSON text."""

import base64
import enum
import json
import math
import re
from collections.abc import Mapping, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from .exact_json import escape_surrogates

MAX_DEPTH = 200


def state_text(state: Any) -> str:
    """What `to_state()` says or the public attributes are, as JSON text.

    Values that JSON does not have become text (times, decimals, ids), lists (sets, sorted), base64 (bytes) or, where
    nothing fits, `{"$repr": …}`, so that nothing is left out and nothing made up. Numbers keep Python's digits;
    NaN and infinities become `{"$repr": …}` too, and so does the whole state where the user's code raises.
    """
    try:
        to_state = getattr(state, "to_state", None)
        value = to_json(to_state() if callable(to_state) else state)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - the user's code
        value = {"$repr": f"the state cannot be shown: {safe_error(error)}"}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text if text.isascii() else escape_surrogates(text)


_NO_STATE = ("ignores", "upcasters", "tables")
"""What a class says about itself to the library."""


def public_attributes(thing: Any) -> dict[str, Any]:
    """The attributes that make up an object's state, in the order in which they were set.

    A mutable container that stands on the class is shown too: handlers that change it change the state.
    """
    values: dict[str, Any] = {}
    for owner in reversed(type(thing).__mro__):
        values.update(_containers_on(owner))
        slots = vars(owner).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if _is_public(name) and hasattr(thing, name):
                values[name] = getattr(thing, name)
    values.update((name, value) for name, value in getattr(thing, "__dict__", {}).items() if _is_public(name))
    return values


def class_containers(kind: type) -> dict[str, Any]:
    """What of an object's state stands on its class or on a base of it."""
    return {name: value for owner in reversed(kind.__mro__) for name, value in _containers_on(owner)}


def _containers_on(owner: type) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name, value in vars(owner).items()
        if isinstance(value, (list, dict, set)) and _is_public(name) and name not in _NO_STATE
    ]


def public_attribute(thing: Any, name: str, missing: Any) -> Any:
    """What `public_attributes` has under that name, else `missing`. Cost: the classes' own entries of that name."""
    if not _is_public(name):
        return missing
    own = getattr(thing, "__dict__", None)
    if own is not None and name in own:
        return own[name]
    found = missing
    for owner in reversed(type(thing).__mro__):
        value = vars(owner).get(name)
        if isinstance(value, (list, dict, set)) and name not in _NO_STATE:
            found = value
        slots = vars(owner).get("__slots__", ())
        if name in ((slots,) if isinstance(slots, str) else slots) and hasattr(thing, name):
            found = getattr(thing, name)
    return found


def _is_public(name: str) -> bool:
    return not name.startswith("_")


def to_json(value: Any, depth: int = 0) -> Any:
    """`value` made of JSON's own types."""
    if type(value) in _PLAIN:
        return value
    if depth > MAX_DEPTH:
        return {"$repr": f"nested deeper than {MAX_DEPTH} levels"}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$repr": repr(value)}
    if isinstance(value, enum.Enum):
        return to_json(value.value, depth + 1)
    if isinstance(value, Mapping):
        # Most of a state is plain members: they are let through without a call.
        members = {
            key if type(key) is str else _key(key): item if type(item) in _PLAIN else to_json(item, depth + 1)
            for key, item in value.items()
        }
        return members if len(members) == len(value) else {"$repr": safe_repr(value)}  # the keys 1 and "1"
    if isinstance(value, (list, tuple)):
        return [item if type(item) in _PLAIN else to_json(item, depth + 1) for item in value]
    if isinstance(value, Set):
        return sorted((to_json(item, depth + 1) for item in value), key=json.dumps)
    for types, convert in _TEXTS:
        if isinstance(value, types):
            return convert(value)
    if not isinstance(value, type) and type(value).__module__ != "builtins":
        attributes = public_attributes(value)
        if attributes or (depth == 0 and hasattr(value, "__dict__")):
            return {name: to_json(item, depth + 1) for name, item in attributes.items()}
    return {"$repr": safe_repr(value)}


_PLAIN = frozenset({str, int, bool, type(None)})


def _key(key: Any) -> str:
    if isinstance(key, str):
        return str(key)
    plain = to_json(key)
    return plain if isinstance(plain, str) else json.dumps(plain)


_TEXTS: list[tuple[Any, Any]] = [
    (str, str),
    (int, int),
    (datetime, datetime.isoformat),
    ((date, time), lambda value: value.isoformat()),
    ((UUID, Decimal, timedelta), str),
    ((bytes, bytearray), lambda value: base64.b64encode(value).decode()),
]


_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def safe_repr(value: Any) -> str:
    """`repr`, or what can be said of an object whose `repr` raises. Addresses are left out: no two runs share them."""
    try:
        return _ADDRESS.sub("", repr(value)[:500])
    except BaseException:  # noqa: BLE001 - the user's code
        return f"<{type(value).__name__} whose repr raises>"


def safe_error(error: BaseException) -> str:
    """`Type: text` of an exception, also of one whose `__str__` raises."""
    name = type(error).__name__
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - the user's code
        text = "its text cannot be made: __str__ raises"
    return f"{name}: {text}"[:2000] if text else name


def is_text(value: str) -> bool:
    """Whether no half of a character stands in it, which a parser may put together with another."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
