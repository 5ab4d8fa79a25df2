"""Which members of two containers belong together: by name in objects, by an id field or by place in lists."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple

from . import exact_json
from .diff import ABSENT
from .item_keys import FIRST_NAMES, common_key


class Pair(NamedTuple):
    """A member of either or of both: its name or index there, ABSENT where it is not. `moved`: it stands elsewhere
    among its fellows, which are matched by their ids."""

    at_a: Any
    at_b: Any
    moved: bool = False


class Pairs(NamedTuple):
    """In the order of B; members that only A has stand behind the one that was before them there."""

    members: list[Pair]
    field: str | None
    """What the items of two lists are matched by; None: by place, counted from the beginning for what both begin with
    and from the end for what both end with. None for objects too."""


def pairs_of(a: Any, b: Any) -> Pairs:
    """Both are objects or both are lists. Cost: linear; n log n where items of a list have changed places."""
    if type(b) is dict:
        return Pairs(_by_name(a, b), None)
    field = _field_of_both(a, b)
    # Without items on one side there is nothing to match, by whatever it might be.
    if field is None or not a or not b:
        return Pairs(_by_place(a, b), None)
    return Pairs(_by_id(a, b, field), field)


def _field_of_both(a: list[Any], b: list[Any]) -> "str | None":
    """The same one when A and B are swapped: names that are taken in document order might stand in another one."""
    field = common_key(a, b)
    if field is None or field in FIRST_NAMES:
        return field
    return min(field, common_key(b, a) or field)


def pairs_by_place(a: Any, b: Any) -> list[Pair]:
    """As `pairs_of`, with the items of all lists matched by their places, and members of objects that are new last."""
    if type(b) is list:
        return _by_place(a, b)
    return [Pair(name, name if name in b else ABSENT) for name in a] + [
        Pair(ABSENT, name) for name in b if name not in a
    ]


def _by_name(a: dict[str, Any], b: dict[str, Any]) -> list[Pair]:
    if a.keys() == b.keys():
        return _made(b, b)
    pairs = _made((name if name in a else ABSENT for name in b), b)
    return _with_gone(pairs, [(name, name if name in b else ABSENT) for name in a])


def _made(places_a: Iterable[Any], places_b: Iterable[Any]) -> list[Pair]:
    """Pairs that were not moved; far faster than one call for each."""
    return list(map(_new_pair, zip(places_a, places_b, repeat(False))))


_new_pair = partial(tuple.__new__, Pair)


def _with_gone(pairs: list[Pair], order_of_a: "list[tuple[Any, Any]]") -> list[Pair]:
    """`pairs` in the order of B, each followed by the members that only A has behind it. `order_of_a`: each place of
    A, and where its member is in B."""
    behind: dict[Any, list[Pair]] = {}
    last: Any = ABSENT
    for at_a, at_b in order_of_a:
        if at_b is ABSENT:
            behind.setdefault(last, []).append(Pair(at_a, ABSENT))
        else:
            last = at_b
    if not behind:
        return pairs
    whole = list(behind.get(ABSENT, ()))
    for pair in pairs:
        whole.append(pair)
        if pair.at_b in behind:
            whole += behind[pair.at_b]
    return whole


def _by_place(a: list[Any], b: list[Any]) -> list[Pair]:
    shorter = min(len(a), len(b))
    head = tail = 0
    if len(a) != len(b):  # else every place is its own partner
        while head < shorter and exact_json.same(a[head], b[head]):
            head += 1
        while tail < shorter - head and exact_json.same(a[-1 - tail], b[-1 - tail]):
            tail += 1
    both = _made(range(shorter - tail), range(shorter - tail))
    rest_of_a = [Pair(at, ABSENT) for at in range(shorter - tail, len(a) - tail)]
    rest_of_b = [Pair(ABSENT, at) for at in range(shorter - tail, len(b) - tail)]
    end = _made(range(len(a) - tail, len(a)), range(len(b) - tail, len(b)))
    return both + rest_of_a + rest_of_b + end


def _by_id(a: list[Any], b: list[Any], field: str) -> list[Pair]:
    ids_a = [item[field] for item in a]  # texts and whole numbers: Python takes none for another
    ids_b = [item[field] for item in b]
    if ids_a == ids_b:
        return _made(range(len(a)), range(len(b)))
    place_a = {name: at for at, name in enumerate(ids_a)}
    place_b = {name: at for at, name in enumerate(ids_b)}
    moved = _moved([name for name in ids_a if name in place_b], [name for name in ids_b if name in place_a])
    pairs = _made((place_a.get(name, ABSENT) for name in ids_b), range(len(b)))
    for name in moved:
        at_b = place_b[name]
        pairs[at_b] = pairs[at_b]._replace(moved=True)
    if len(pairs) == len(a) and not any(pair.at_a is ABSENT for pair in pairs):
        return pairs
    return _with_gone(pairs, [(at, place_b.get(name, ABSENT)) for at, name in enumerate(ids_a)])


def _moved(of_a: list[Hashable], of_b: list[Hashable]) -> frozenset[Hashable]:
    """As few as can be, so that all others stand in the same order; the same ones when A and B are swapped."""
    if of_a == of_b:
        return frozenset()
    one, other = sorted((of_a, of_b), key=lambda names: [repr(name) for name in names])
    place = {name: at for at, name in enumerate(other)}
    return frozenset(one) - {one[at] for at in _longest_rise([place[name] for name in one])}


def _longest_rise(numbers: list[int]) -> list[int]:
    """The places of a longest rising subsequence of different numbers."""
    lowest: list[int] = []  # the lowest number in which a rise of each length ends
    ends: list[int] = []  # and its place
    before: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(lowest, number)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [number]
        ends[length : length + 1] = [at]
    found, at = [], ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found
