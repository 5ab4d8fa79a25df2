"""By which field the items of a list are told apart: where there is one, an item that moves stays the same item."""

from collections.abc import Iterable, Sequence
from typing import Any

FIRST_NAMES = ("id", "uuid", "guid", "key", "sku", "code")
ENDINGS = ("_id", "Id", "_key", "_no", "_uuid", "_number")


def key_field(items: Sequence[Any]) -> "str | None":
    """The id field of a list: all items are objects that have it, as text or a whole number, and no two have the same.

    Looked at are `FIRST_NAMES`, then in document order names with one of `ENDINGS`. None for an empty list.
    Cost: linear for each name that is tried.
    """
    if not items or type(items[0]) is not dict:
        return None
    return next((name for name in _candidates(items[0]) if _tells_apart(items, name)), None)


class KnownKeys:
    """`key_field` of many lists that stay as they are meanwhile: each is looked through once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Sequence[Any], "str | None"]] = {}  # held, so that no id is used again

    def __call__(self, items: Sequence[Any]) -> "str | None":
        known = self._known.get(id(items))
        if known is None:
            known = self._known[id(items)] = (items, key_field(items))
        return known[1]


def common_key(one: Sequence[Any], other: Sequence[Any]) -> "str | None":
    """The field by which the items of both lists are matched; an empty list goes with any."""
    if not one or not other:
        return key_field(one or other)
    # The first field that serves both: each list alone might have a better one of its own.
    if type(one[0]) is not dict or type(other[0]) is not dict:
        return None
    names = (name for name in _candidates(one[0]) if name in other[0])
    return next((name for name in names if _tells_apart(one, name) and _tells_apart(other, name)), None)


def _candidates(item: "dict[str, Any]") -> Iterable[str]:
    yield from (name for name in FIRST_NAMES if name in item)
    yield from (name for name in item if name.endswith(ENDINGS) and name not in FIRST_NAMES)


def _tells_apart(items: Sequence[Any], name: str) -> bool:
    seen = set()
    for item in items:
        value = item.get(name) if type(item) is dict else None
        if type(value) is not str and type(value) is not int:
            return False
        seen.add((type(value), value))
    return len(seen) == len(items)
