"""A comparison as the rows of a tree: what differs is open, and what is the same is one row that says how much."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any, NamedTuple

from .compare import ADDED, CHANGED, REMOVED, SAME, Comparison, Field
from .diff import ABSENT
from .outline import LONGEST_TEXT, MOST_CHILDREN, kind_of, preview, scalar_text
from .pairs import pairs_of

MOST_ROWS = 5000
LONGEST_LABEL = 60
MOST_LOOKED_AT = 20  # members, to see whether they are all alike
UNCHANGED = "="
"""The place of the row for all that is the same in both."""
_CONTAINERS = (dict, list)
_NAMES = ("name", "title", "label", "display_name", "displayName")


class Side(NamedTuple):
    """A value in one of the two states. `kind`, `text` and `length` as of an `OutlineRow`."""

    kind: str
    text: str
    length: int


class ComparedRow(NamedTuple):
    """One field, or one row for others. Rows stand in display order, the root's members at depth 0."""

    place: str
    """What names the row, and opens it: the pointer, behind a `-` where only A has the field."""
    kind: str
    """field; more: `total` members of that container are not shown; unchanged: `total` fields are the same."""
    pointer: str
    """RFC 6901, in B; in A where only A has the field."""
    pointer_a: "str | None"
    """In A, if it has the field too."""
    depth: int
    key: str
    """A member's name, or an index as text, in the state that `pointer` is of."""
    label: str
    """Of an item of a list, and of an object among others like it: what its name or its id says."""
    a: "Side | None"
    b: "Side | None"
    sign: str
    """added, removed, changed, moved, inside (something below differs), or nothing."""
    is_open: bool
    """Whether its members follow."""
    total: int
    matched_by: "str | None"
    """Of a list that differs inside: the field by which its items are matched; None for their places."""


def rows_of(
    comparison: Comparison,
    open: Mapping[str, int] = {},  # noqa: A002 - the word of the wire; nobody changes it
    *,
    most: int = MOST_ROWS,
    longest: int = LONGEST_TEXT,
) -> list[ComparedRow]:
    """Shown are what differs, and the members of the containers whose places are in `open`, each up to so many (0:
    none of them). Containers that differ inside need not be named: they are open, with up to `MOST_CHILDREN`
    members, as long as there are fewer than `most` rows. With `UNCHANGED` in `open`, all that is the same in both
    stands among the rest too.
    """
    writer = _Writer(open, longest)
    root, rows = comparison.root, writer.rows
    if not root.inside and root.sign == SAME and not writer.shows_same:
        pending: list[_Shown] = []
    elif type(root.a) is type(root.b) and type(root.b) in _CONTAINERS:
        pending = writer.members(root, -1, open.get("", MOST_CHILDREN))
    else:
        pending = [(0, root)] if root.b is not ABSENT or root.a is not ABSENT else []
    pending.reverse()
    while pending:
        depth, field = pending.pop()
        if isinstance(field, ComparedRow):
            rows.append(field)
            continue
        default = MOST_CHILDREN if field.inside and len(rows) < most else 0
        shown = open.get(_place(field), default)
        below = writer.members(field, depth, shown) if shown else []
        rows.append(writer.row(field, depth, is_open=bool(below)))
        pending.extend(reversed(below))
    if comparison.counts.unchanged:
        rows.append(writer.unchanged(comparison.counts.unchanged))
    return rows


_Shown = tuple[int, "Field | ComparedRow"]


class _Writer:
    def __init__(self, opened: Mapping[str, int], longest: int) -> None:
        self.rows: list[ComparedRow] = []
        self.shows_same = bool(opened.get(UNCHANGED))
        self._longest = longest

    def members(self, field: Field, depth: int, most: int) -> "list[_Shown]":
        """Up to `most`, and then the row that says how many more there are."""
        found = self._members(field)
        shown: list[_Shown] = [(depth + 1, one) for one in islice(found, most)]
        more = sum(1 for _ in found)
        if more:
            place, at, at_a = _place(field), _pointer(field), _pointer_a(field)
            row = ComparedRow(
                f"{place}…", "more", at, at_a, depth + 1, "", "", None, None, "", False, more, None
            )
            shown.append((depth + 1, row))
        return shown

    def _members(self, field: Field) -> Iterator[Field]:
        a, b = field.a, field.b
        if field.inside and not self.shows_same:
            return iter(field.below)
        if type(a) is not type(b) or field.sign == CHANGED:
            return chain(_of_one(field, a, REMOVED), _of_one(field, b, ADDED))
        return _of_both(field) if type(b) in _CONTAINERS else iter(())

    def row(self, field: Field, depth: int, *, is_open: bool) -> ComparedRow:
        at = field.at_a if field.b is ABSENT else field.at_b
        label = _label(field) if type(at) is int or _is_one_of_many(field) else ""
        return ComparedRow(
            place=_place(field),
            kind="field",
            pointer=_pointer(field),
            pointer_a=_pointer_a(field),
            depth=depth,
            key=str(at),
            label=label,
            a=self._side(field.a),
            b=self._side(field.b),
            sign=field.sign or ("inside" if field.inside else ""),
            is_open=is_open,
            total=0,
            matched_by=field.matched_by if field.inside else None,
        )

    def unchanged(self, count: int) -> ComparedRow:
        return ComparedRow(
            UNCHANGED, "unchanged", "", "", 0, "", "", None, None, "", self.shows_same, count, None
        )

    def _side(self, value: Any) -> "Side | None":
        if value is ABSENT:
            return None
        if type(value) is dict:
            return Side("object", preview(value), len(value))
        if type(value) is list:
            return Side("array", "", len(value))
        text = scalar_text(value)
        return Side(kind_of(value), text[: self._longest], len(text))


def _of_one(field: Field, value: Any, sign: str) -> Iterator[Field]:
    """The members of a container that is in one of the states, or takes the place of something else there."""
    if type(value) not in _CONTAINERS:
        return
    for at, item in value.items() if type(value) is dict else enumerate(value):
        if sign == ADDED:
            yield Field(field, ABSENT, at, ABSENT, item, sign)
        else:
            yield Field(field, at, ABSENT, item, ABSENT, sign)


def _of_both(field: Field) -> Iterator[Field]:
    """All members, those that differ as they were found."""
    a, b = field.a, field.b
    known = {(one.at_a, one.at_b): one for one in field.below}
    for at_a, at_b, _ in pairs_of(a, b).members:
        found = known.get((at_a, at_b))
        yield found if found is not None else Field(field, at_a, at_b, a[at_a], b[at_b], SAME)


def _place(field: Field) -> str:
    return f"-{field.pointer(in_b=False)}" if field.b is ABSENT else field.pointer(in_b=True)


def _pointer(field: Field) -> str:
    return field.pointer(in_b=field.b is not ABSENT)


def _pointer_a(field: Field) -> "str | None":
    return None if field.a is ABSENT else field.pointer(in_b=False)


def _is_one_of_many(field: Field) -> bool:
    """Whether its name is an id: all that stands beside it (as far as is looked) is objects like itself."""
    parent = field.parent
    beside = None if parent is None else parent.a if field.b is ABSENT else parent.b
    return (
        type(beside) is dict
        and len(beside) > 1
        and all(type(item) is dict for item in islice(beside.values(), MOST_LOOKED_AT))
    )


def _label(field: Field) -> str:
    matched_by = field.parent.matched_by if field.parent is not None else None
    item = field.a if field.b is ABSENT else field.b
    if type(item) is not dict:
        return ""
    for name in (*_NAMES, matched_by):
        value = item.get(name) if name is not None else None
        if value is not None and type(value) not in _CONTAINERS and value != "":
            return scalar_text(value)[:LONGEST_LABEL]
    return ""
