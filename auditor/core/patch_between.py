"""The JSON Patch (RFC 6902) that makes one state of another."""

from typing import Any

from .diff import ABSENT, Change, pointer
from .pairs import Pair, pairs_by_place
from .patch import patch_of

_CONTAINERS = (dict, list)


def patch_between(a: Any, b: Any) -> list[dict[str, Any]]:
    """Operations that, applied to `a`, give exactly `b`: 1 is made true, and 1.0 is made 1. A state that is ABSENT
    is written as null.

    Paths name places. Items of lists are paired from both ends, so that one that was put in is one operation.
    """
    a, b = (None if one is ABSENT else one for one in (a, b))
    return patch_of(_changes_by_place(a, b))


def _changes_by_place(a: Any, b: Any) -> list[Change]:
    """In an order in which they can be carried out one after the other, but for removals, which `patch_of` turns."""
    found = []
    pending = [("", a, b)]  # no recursion: a document may be nested as deep as Python's stack
    while pending:
        path, one, other = pending.pop()
        if one is other:
            continue
        if one is ABSENT:
            found.append(Change(path, "added", None, other))
        elif other is ABSENT:
            found.append(Change(path, "removed", one, None))
        elif type(one) is not type(other):
            found.append(Change(path, "changed", one, other))
        elif type(one) in _CONTAINERS:
            pending.extend(
                (_path(path, pair), _member(one, pair.at_a), _member(other, pair.at_b))
                for pair in reversed(pairs_by_place(one, other))
            )
        elif one != other:
            found.append(Change(path, "changed", one, other))
    return found


def _path(path: str, pair: Pair) -> str:
    """Before what stands behind it was touched a place is the same in both, unless it is in one of them only."""
    return pointer(path, str(pair.at_a if pair.at_b is ABSENT else pair.at_b))


def _member(container: Any, at: Any) -> Any:
    return ABSENT if at is ABSENT else container[at]
