"""A state as the rows of a tree: what is open of it, with a sign where it differs from an earlier state."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from . import exact_json
from .diff import ABSENT, nothing_like, pointer

MOST_CHILDREN = 1000
LONGEST_TEXT = 400
MOST_PREVIEWED, LONGEST_PREVIEW = 2, 40  # values of an object, characters of each


class OutlineRow(NamedTuple):
    """One field. Rows stand in display order, the root's members at depth 0.

    A row of kind `more` stands for the members of `pointer` that are not shown.
    """

    pointer: str
    """RFC 6901."""
    depth: int
    key: str
    """A member's name, an index as text, or nothing for a root that has no members."""
    kind: str
    """object, array, string, number, boolean, null or more."""
    text: str
    """A string as it is, another scalar as exact JSON, cut after `LONGEST_TEXT` characters. Of an object its first
    texts and numbers, to tell it from others like it; of a list nothing."""
    length: int
    """Members of a container, characters of a scalar's whole text, or how many members are not shown."""
    sign: str
    """added, removed, changed, inside (something below has changed), or nothing."""
    before: str | None
    """The text of the earlier scalar where the sign is `changed`."""
    before_kind: str | None


class Outline(NamedTuple):
    """The rows, and how many fields differ in the whole state: those that `diff.changes` names."""

    rows: list[OutlineRow]
    added: int
    removed: int
    changed: int


Marks = dict[Any, Any]
"""By member name or index: a sign, or the marks of the members below it."""


def outline(
    value: Any,
    before: Any = ABSENT,
    open: Mapping[str, int] = {},  # noqa: A002 - the word of the wire; nobody changes it
    *,
    longest: int = LONGEST_TEXT,
) -> Outline:
    """The rows of `value`, compared with `before`.

    Shown are the members of the root and of the containers in `open`, each up to so many (the root's by default up
    to `MOST_CHILDREN`), then one row `more`. Removed members stand at their old place; members of lists are compared
    place by place. Without `before` each member of the root is new.
    Cost: what is the same object in both is not looked into.
    """
    if before is ABSENT:
        before = nothing_like(value)
    marks, counts = _compare(before, value)
    rows: list[OutlineRow] = []
    # Containers whose members are still to be shown, and rows, the next one last. No recursion: see `diff.changes`.
    root = _Member("", -1, "", value, before, marks.get(None, ""))
    pending: list[_Member | OutlineRow] = [root] if type(value) in _CONTAINERS else [root._replace(depth=0)]
    while pending:
        next_one = pending.pop()
        if isinstance(next_one, OutlineRow):
            rows.append(next_one)
            continue
        if next_one.depth >= 0:
            rows.append(_row(next_one, longest))
            most = open.get(next_one.pointer, 0)
        else:
            most = open.get("", MOST_CHILDREN)
        if most:
            pending.extend(reversed(_shown_members(next_one, most)))
    return Outline(rows, counts["added"], counts["removed"], counts["changed"])


_CONTAINERS = (dict, list)
_UNTELLING = (dict, list, bool, type(None))


class _Link:
    """A field's way from the root, and the marks that stand there."""

    __slots__ = ("key", "marks", "parent")

    def __init__(self, parent: "_Link | None", key: Any, marks: "Marks | None" = None) -> None:
        self.parent = parent
        self.key = key
        self.marks = marks


def _compare(before: Any, after: Any) -> tuple[Marks, dict[str, int]]:
    """Where the two differ: a tree of marks under the key None, and how often each sign stands in it."""
    counts = {"added": 0, "removed": 0, "changed": 0}
    top = _Link(None, None, {})
    pending = [(_Link(top, None), before, after)]
    while pending:
        link, was, now = pending.pop()
        sign = "changed"
        if was is now:
            continue
        if was is ABSENT:
            sign = "added"
        elif now is ABSENT:
            sign = "removed"
        elif type(was) is type(now):
            if type(now) in _CONTAINERS:
                pending.extend((_Link(link, key), *pair) for key, *pair in _unlike_members(was, now))
                continue
            if was == now:
                continue
        counts[sign] += 1
        assert link.parent is not None  # noqa: S101 - only the top has none
        _marks_of(link.parent)[link.key] = sign
    assert top.marks is not None  # noqa: S101 - given above
    return top.marks, counts


def _marks_of(link: _Link) -> Marks:
    """The marks of the members of that field, made with those on the way to it."""
    way = []
    while link.marks is None:
        way.append(link)
        assert link.parent is not None  # noqa: S101 - the top has marks
        link = link.parent
    marks = link.marks
    for link in reversed(way):
        marks[link.key] = link.marks = {}
        marks = link.marks
    return marks


def _unlike_members(was: Any, now: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Members that are not the same scalar or the same object in both."""
    if type(now) is dict:
        kept = 0
        for key, item in now.items():
            other = was.get(key, ABSENT)
            kept += other is not ABSENT
            if other is not item and not _same_scalar(other, item):
                yield key, other, item
        if kept < len(was):
            yield from ((key, item, ABSENT) for key, item in was.items() if key not in now)
        return
    for at, (other, item) in enumerate(zip(was, now)):  # noqa: B905 - the rest of the longer one follows
        if other is not item and not _same_scalar(other, item):
            yield at, other, item
    for at in range(len(was), len(now)):
        yield at, ABSENT, now[at]
    for at in range(len(now), len(was)):
        yield at, was[at], ABSENT


def _same_scalar(one: Any, other: Any) -> bool:
    return type(one) is type(other) and type(one) not in _CONTAINERS and bool(one == other)


class _Member(NamedTuple):
    """A field on its way to a row. `mark` is its sign, or the marks below it."""

    pointer: str
    depth: int
    key: str
    now: Any
    was: Any
    mark: Any


def _shown_members(parent: _Member, most: int) -> "list[_Member | OutlineRow]":
    """Up to `most` members, and then the row that says how many more there are; of a scalar none."""
    value = parent.was if parent.mark == "removed" else parent.now
    marks = parent.mark if type(parent.mark) is dict else {}
    was = parent.was if type(parent.was) is type(value) else ABSENT
    if type(value) is dict:
        removed = [key for key, mark in marks.items() if mark == "removed"]
        keys: Iterator[Any] = _in_old_places(value, was, removed) if removed else iter(value)
        total = len(value) + len(removed)
    elif type(value) is list:
        total = max(len(value), len(was) if marks else 0)
        keys = iter(range(total))
    else:
        return []
    # Below what was added, removed or replaced as a whole there are no marks.
    below = {"added": "added", "changed": "added", "removed": "removed"}.get(
        parent.mark if not marks else "", ""
    )
    shown: list[_Member | OutlineRow] = []
    marked = 0
    for key in islice(keys, most):
        mark = marks.get(key, below)
        marked += key in marks
        item = _member_of(value, key)
        old = item if below == "removed" else _member_of(was, key)
        shown.append(_Member(pointer(parent.pointer, str(key)), parent.depth + 1, str(key), item, old, mark))
    if total > len(shown):
        sign = "inside" if len(marks) > marked else below
        shown.append(
            OutlineRow(parent.pointer, parent.depth + 1, "", "more", "", total - len(shown), sign, None, None)
        )
    return shown


def _in_old_places(now: dict[str, Any], was: dict[str, Any], removed: list[str]) -> Iterator[str]:
    """The names of `now`, each followed by the removed ones that stood behind it."""
    behind: dict[str | None, list[str]] = {}
    last: str | None = None
    gone = set(removed)
    for key in was:
        if key in gone:
            behind.setdefault(last, []).append(key)
        else:
            last = key
    yield from behind.get(None, ())
    for key in now:
        yield key
        yield from behind.get(key, ())


def _member_of(container: Any, key: Any) -> Any:
    if type(container) is dict:
        return container.get(key, ABSENT)
    if type(container) is list and key < len(container):
        return container[key]
    return ABSENT


def _row(member: _Member, longest: int) -> OutlineRow:
    sign = "inside" if type(member.mark) is dict else member.mark
    kind, text, length = _described(member.was if sign == "removed" else member.now, longest)
    before = before_kind = None
    if sign == "changed":
        before_kind, before, _ = _described(member.was, longest)
        before = None if type(member.was) in _CONTAINERS else before
    return OutlineRow(member.pointer, member.depth, member.key, kind, text, length, sign, before, before_kind)


def _described(value: Any, longest: int) -> tuple[str, str, int]:
    if type(value) is dict:
        return "object", preview(value), len(value)
    if type(value) is list:
        return "array", "", len(value)
    text = scalar_text(value)
    return kind_of(value), text[:longest], len(text)


def preview(value: dict[str, Any]) -> str:
    """`SKU-4410 · Wool blanket`: its first texts, and numbers behind a text, looked for at the beginning only."""
    found: list[str] = []
    for item in islice(value.values(), 4 * MOST_PREVIEWED):
        if item and (type(item) is str or (found and type(item) not in _UNTELLING)):
            text = scalar_text(item)
            found.append(text if len(text) <= LONGEST_PREVIEW else f"{text[:LONGEST_PREVIEW]}…")
            if len(found) == MOST_PREVIEWED:
                break
    return " · ".join(found)


def kind_of(value: Any) -> str:
    """object, array, string, number, boolean or null."""
    return _KINDS.get(type(value), "number")


_KINDS = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}


def scalar_text(value: Any) -> str:
    """A string as it is, another scalar as exact JSON."""
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    return value.text if type(value) is exact_json.Digits else exact_json.dump(value)
