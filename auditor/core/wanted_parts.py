"""What of a state some paths lead through: the rest of it need not be looked at."""

from collections.abc import Iterable
from typing import Any, Optional

from .diff import ABSENT
from .logical_path import Item, LogicalPath

MOST_STEPS = 100
"""Longer paths are not narrowed to their end: what is nested too deep has another form in JSON."""


class Wanted(dict[str, Optional["Wanted"]]):
    """The wanted members of an object by name, and in `by_id` the wanted items of a list by id field and id (with its
    type). None stands for the whole of what is there."""

    __slots__ = ("are_ascii", "by_id")

    def __init__(self) -> None:
        super().__init__()
        self.by_id: dict[str, dict[tuple[type, Any], Optional[Wanted]]] = {}
        self.are_ascii = True
        """Whether the names are."""


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
        wanted.are_ascii = wanted.are_ascii and step.isascii()
    return wanted


def _of_item(field: str) -> Wanted:
    wanted = Wanted()
    wanted[field] = None
    wanted.are_ascii = field.isascii()
    return wanted


def part_of(value: Any, wanted: Wanted, previous: Any, whole: "list[Any]") -> Any:
    """What is wanted of a value that shares its parts with the one before it, of which `previous` is wanted: that one
    itself where nothing of it has changed. Objects that stand in it as they are, and not as they were before, are
    added to `whole`; lists are never looked into."""
    if type(value) is not dict:
        return value
    had: Any = previous if type(previous) is dict else _NOTHING
    found, same = {}, had is not _NOTHING
    for name, below in wanted.items():
        old, new = had.get(name, ABSENT), value.get(name, ABSENT)
        if new is ABSENT:
            continue
        if below is not None:
            new = part_of(new, below, old, whole)
        elif type(new) is dict and new is not old:
            whole.append(new)
        found[name] = new
        same = same and new is old
    return previous if same and len(found) == len(had) else found


_NOTHING: "dict[str, Any]" = {}
