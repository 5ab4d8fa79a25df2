"""Two states against each other, field by field, with the items of lists matched by an id field where they have one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from .diff import ABSENT, nothing_like, pointer
from .pairs import pairs_of

ADDED, REMOVED, CHANGED, MOVED, SAME = "added", "removed", "changed", "moved", ""
_CONTAINERS = (dict, list)


class Counts(NamedTuple):
    """Fields by what has become of them. What was added or removed as a whole counts once, as does what is the same
    as a whole; a container that differs inside does not count itself, unless it was moved."""

    added: int
    removed: int
    changed: int
    moved: int
    unchanged: int


class Difference(NamedTuple):
    """One field that differs, by its JSON Pointer in each state: None where it is not. `kind` is added, removed,
    changed or moved: an item of a list whose items are matched by their ids has another place among them."""

    kind: str
    pointer_a: "str | None"
    pointer_b: "str | None"
    a: Any
    b: Any


class Field:
    """A field of either or of both states: its name or index there, and its value, ABSENT where it is not."""

    __slots__ = ("a", "at_a", "at_b", "b", "below", "inside", "matched_by", "parent", "same", "sign")

    def __init__(self, parent: "Field | None", at_a: Any, at_b: Any, a: Any, b: Any, sign: str) -> None:
        self.parent = parent
        self.at_a, self.at_b = at_a, at_b
        self.a, self.b = a, b
        self.sign = sign
        self.inside = False
        """Whether something differs among its members, and it is in both states."""
        self.below: list[Field] = []
        """These members, in display order."""
        self.same = 0
        """How many members are the same in both."""
        self.matched_by: str | None = None

    def pointer(self, in_b: bool) -> str:
        """In that state, in which the field must be."""
        parts: list[str] = []
        field = self
        while field.parent is not None:
            parts.append(str(field.at_b if in_b else field.at_a))
            field = field.parent
        path = ""
        for part in reversed(parts):
            path = pointer(path, part)
        return path


class Comparison(NamedTuple):
    """`differing` has the containers that are in both states and differ inside, each behind the one that holds it."""

    root: Field
    counts: Counts
    differing: list[Field]

    def differences(self) -> Iterator[Difference]:
        """All of them, in display order. An item that was moved and differs inside stands before what differs there."""
        pending = [self.root]
        while pending:
            field = pending.pop()
            if field.sign != SAME:
                pointer_a = None if field.a is ABSENT else field.pointer(in_b=False)
                pointer_b = None if field.b is ABSENT else field.pointer(in_b=True)
                yield Difference(field.sign, pointer_a, pointer_b, field.a, field.b)
            pending.extend(reversed(field.below))

    def matched(self) -> "list[tuple[str, str | None]]":
        """The lists that are in both states and differ: their pointers in B, and the field by which their items were
        matched, None for their places."""
        return [(one.pointer(in_b=True), one.matched_by) for one in self.differing if type(one.b) is list]


def compare(a: Any, b: Any) -> Comparison:
    """What turns A into B. 1 differs from true and from 1.0; the order of an object's members does not count, that of
    a list's items does. Of a state that is ABSENT the other one has each member new.

    Cost: what is the same object in both is not looked into.
    """
    if a is ABSENT:
        a = nothing_like(b)
    elif b is ABSENT:
        b = nothing_like(a)
    root = Field(None, "", "", a, b, SAME)
    counts = dict.fromkeys((ADDED, REMOVED, CHANGED, MOVED), 0)
    differing: list[Field] = []
    pending = [root]  # no recursion: a document may be nested as deep as Python's stack
    while pending:
        field = pending.pop()
        pending.extend(reversed(_look_into(field)))
        if field.sign != SAME:
            counts[field.sign] += 1
            _mark_way_to(field, differing)
    for field in differing:
        found = [one for one in field.below if one.sign != SAME or one.inside]
        field.same += len(field.below) - len(found)
        field.below = found
        for one in found:
            if not one.inside:
                one.below = []
    unchanged = sum(one.same for one in differing)
    if not differing and root.sign == SAME:
        unchanged = len(b) if type(b) in _CONTAINERS else int(b is not ABSENT)
    return Comparison(root, Counts(**counts, unchanged=unchanged), differing)


def _look_into(field: Field) -> list[Field]:
    """Its members, if it has such in both states; else its sign is set."""
    a, b = field.a, field.b
    if a is b:
        return []
    if a is ABSENT:
        field.sign = ADDED
    elif b is ABSENT:
        field.sign = REMOVED
    elif type(a) is not type(b):
        field.sign = CHANGED
    elif type(a) in _CONTAINERS:
        field.below = _unlike_members(field)
    elif a != b:
        field.sign = CHANGED
    return field.below


def _unlike_members(field: Field) -> list[Field]:
    """Members that are not the same object or the same scalar in both, and those that were moved."""
    a, b = field.a, field.b
    members, field.matched_by = pairs_of(a, b)
    below = []
    for at_a, at_b, moved in members:
        one = ABSENT if at_a is ABSENT else a[at_a]
        other = ABSENT if at_b is ABSENT else b[at_b]
        kind = type(one)
        is_same = one is other or (kind is type(other) and kind not in _CONTAINERS and one == other)
        if moved or not is_same:
            below.append(Field(field, at_a, at_b, one, other, MOVED if moved else SAME))
    field.same = len(members) - len(below)
    return below


def _mark_way_to(field: Field, differing: list[Field]) -> None:
    """All that hold it differ inside."""
    way, parent = [], field.parent
    while parent is not None and not parent.inside:
        parent.inside = True
        way.append(parent)
        parent = parent.parent
    differing.extend(reversed(way))
