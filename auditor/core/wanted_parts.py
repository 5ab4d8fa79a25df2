"""What of a user's object some paths lead through: the rest of it need not be looked at."""

from collections.abc import Iterable, Mapping, Set
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Optional
from uuid import UUID

from .diff import ABSENT
from .logical_path import Item, LogicalPath
from .state_text import is_text, public_attribute, to_json

MOST_STEPS = 100
"""Longer paths are not narrowed to their end: what is nested too deep has another form in JSON."""


class Wanted(dict[str, Optional["Wanted"]]):
    """The wanted members of an object by name, and in `by_id` the wanted items of a list by id field and id (with its
    type). None stands for the whole of what is there."""

    __slots__ = ("by_id",)

    def __init__(self) -> None:
        super().__init__()
        self.by_id: dict[str, dict[tuple[type, Any], Optional[Wanted]]] = {}


def wanted_by(paths: Iterable[LogicalPath]) -> Optional[Wanted]:
    """What must be looked at to follow them; None: all."""
    root: Optional[Wanted] = Wanted()
    for path in paths:
        if root is not None:
            root = _with(root, path, MOST_STEPS)
    return root


def _with(wanted: Wanted, path: LogicalPath, most: int) -> Optional[Wanted]:
    if not path or not most or isinstance(path[0], int) or path[0] == "$repr":
        return None  # an object that is written as its `repr` has this member alone
    step, rest = path[0], path[1:]
    if isinstance(step, Item):
        items, key = wanted.by_id.setdefault(step.field, {}), (type(step.value), step.value)
        below = items.get(key, _of_item(step.field))
        items[key] = None if below is None else _with(below, rest, most - 1)
    else:
        below = wanted.get(step, Wanted())
        wanted[step] = None if below is None else _with(below, rest, most - 1)
    return wanted


def _of_item(field: str) -> Wanted:
    wanted = Wanted()
    wanted[field] = None
    return wanted


def part_of(source: Any, wanted: Wanted) -> Any:
    """At least what is wanted of a user's object: what `to_json` makes of it leads to the same along the paths."""
    kind = type(source)
    if kind is dict:
        if not (
            set(map(type, source)) <= _TEXT_ALONE and is_text("".join(source))
        ):  # two may be the same in JSON
            return source
        found: dict[str, Any] = {}
        for name, below in wanted.items():
            value = source.get(name, ABSENT)
            if value is not ABSENT:
                found[name] = value if below is None else part_of(value, below)
        return found
    if kind is list or kind is tuple:
        return _items_of(source, wanted)
    if isinstance(source, _WHOLE) or not hasattr(source, "__dict__"):
        return source
    found = {}
    for name, below in wanted.items():
        value = public_attribute(source, name, ABSENT)
        if value is not ABSENT:
            found[name] = value if below is None else part_of(value, below)
    return found


_TEXT_ALONE = {str}
_WHOLE = (
    *(Mapping, Set, Enum, type, type(None)),
    *(str, int, float, bytes, bytearray, list, tuple),
    *(date, time, timedelta, UUID, Decimal),
)
"""What `to_json` does not write as an object of attributes."""


def _items_of(source: Any, wanted: Wanted) -> Any:
    if not wanted.by_id:
        return ()  # no name leads into a list
    if len(wanted.by_id) > 1:
        return source
    ((field, by_id),) = wanted.by_id.items()
    found = []
    for item in source:
        if type(item) is dict:
            key: Any = item.get(field)
        elif isinstance(item, _WHOLE) or not hasattr(item, "__dict__"):
            return source
        else:
            key = public_attribute(item, field, None)
        kind = type(key)
        if kind is not str and kind is not int:
            key = to_json(key)
            kind = type(key)
            if kind is not str and kind is not int:
                continue
        if kind is str and not is_text(key):
            return source
        below = by_id.get((kind, key), ABSENT)
        if below is not ABSENT:
            found.append(item if below is None else part_of(item, below))
    return found
