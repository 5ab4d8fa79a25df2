"""Who set a field: the events after which it differed from what it was before. A question to a trace."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Optional

from . import exact_json
from .diff import ABSENT, pointer
from .item_keys import key_field
from .logical_path import Item, LogicalPath, Segment, from_wire, member, resolve
from .wanted_parts import wanted_by

MOST_CHARACTERS = 32 << 20
"""Of all values that are kept; the last ones are, and of the others it is only known that they were there."""


class Changes:
    """At which ordinals each of several paths led to something else than before. Absent is a value of its own.

    Cost: nothing where an event leaves the way to a field alone; of a list whose items are followed by their ids, a
    look at all its items.
    """

    def __init__(
        self,
        paths: Sequence[LogicalPath],
        *,
        values: bool = False,
        longest: Optional[int] = None,
        most: Optional[int] = None,
    ) -> None:
        """`values`: keeps what each path led to, as JSON text of which the first `longest` characters are kept; only
        the `most` last ones where that is given."""
        self.members = wanted_by(paths)
        self._root = _Node()
        self._ordinals: list[list[int]] = [[] for _ in paths]
        keeping = (Values(longest) if most is None else LastValues(longest, most) for _ in paths)
        self._values = list(keeping) if values else None
        self._before: Any = ABSENT
        self._ordinal = 0
        for number, path in enumerate(paths):
            self._root.at(path).fields.append(number)

    def see(self, ordinal: int, value: Any) -> None:
        if value is not self._before:
            self._ordinal = ordinal
            self._walk(self._root, self._before, value)
            self._before = value

    def answer(self) -> "dict[str, Any]":
        """`ordinals` [[ordinal]] of each path, and of each `values` [[text, characters of all of it]]: a text is null
        where the field was removed, which has no characters, and where it was not kept. With `most` they are those of
        the last ordinals."""
        answer: dict[str, Any] = {"ordinals": self._ordinals}
        if self._values is not None:
            answer["values"] = [values.texts() for values in self._values]
        return answer

    def _walk(self, node: "_Node", before: Any, after: Any) -> None:
        """The two are not the same object."""
        if node.fields and (type(before) is not type(after) or not exact_json.same(before, after)):
            for number in node.fields:
                self._ordinals[number].append(self._ordinal)
                if self._values is not None:
                    self._values[number].keep(after)
        if node.members:
            had = before if type(before) is dict else _NO_MEMBERS
            has = after if type(after) is dict else _NO_MEMBERS
            for segment, below in node.members.items():
                was, now = had.get(segment, ABSENT), has.get(segment, ABSENT)
                if was is not now:
                    self._walk(below, was, now)
        if node.places:
            for at, below in node.places.items():
                was, now = member(before, at), member(after, at)
                if was is not now:
                    self._walk(below, was, now)
        for field, items in node.items.items():
            known, knows = node.known(field, before), node.known(field, after)
            for key, below in items.items():
                was, now = known.get(key, ABSENT), knows.get(key, ABSENT)
                if was is not now:
                    self._walk(below, was, now)


_NO_MEMBERS: "dict[str, Any]" = {}


class Values:
    """The values of one field as texts: of those that together are too long, only the last ones."""

    def __init__(self, longest: Optional[int]) -> None:
        self._kept: list[tuple[Optional[str], int]] = []
        self._longest = longest
        self._characters = 0
        self._first = 0  # of those whose text is kept

    def keep(self, value: Any) -> None:
        text, length = _text(value, self._longest)
        self._kept.append((text, length))
        self._characters += len(text or "")
        while self._characters > MOST_CHARACTERS and self._first < len(self._kept) - 1:
            dropped, length = self._kept[self._first]
            self._characters -= len(dropped or "")
            self._kept[self._first] = (None, length)
            self._first += 1

    def texts(self) -> "Sequence[tuple[Optional[str], int]]":
        return self._kept


class LastValues:
    """The last `most` values of one field, which become texts when they are asked for."""

    def __init__(self, longest: Optional[int], most: int) -> None:
        self._kept: deque[Any] = deque(maxlen=most)
        self._longest = longest
        self.keep = self._kept.append

    def texts(self) -> "Sequence[tuple[Optional[str], int]]":
        values = Values(self._longest)
        for value in self._kept:
            values.keep(value)
        return values.texts()


def _text(value: Any, longest: Optional[int]) -> "tuple[Optional[str], int]":
    """With the number of characters of all of it."""
    if type(value) is int:  # at the speed of what is asked most
        text = int.__repr__(value)
    elif value is ABSENT:
        return None, 0
    else:
        text = exact_json.dump(value)
    return text if longest is None else text[:longest], len(text)


class _Node:
    """A place on the way of one or more paths. `fields` are the numbers of those that end here."""

    __slots__ = ("_known", "fields", "items", "members", "places")

    def __init__(self) -> None:
        self.fields: list[int] = []
        self.members: dict[str, _Node] = {}
        self.places: dict[int, _Node] = {}
        self.items: dict[str, dict[tuple[type, Any], _Node]] = {}
        self._known: dict[str, tuple[Any, dict[tuple[type, Any], Any]]] = {}

    def known(self, field: str, value: Any) -> "dict[tuple[type, Any], Any]":
        """The items of a list by their ids; what is before an event has mostly been behind the one before it."""
        had = self._known.get(field)
        if had is None or had[0] is not value:
            had = self._known[field] = (value, _by_id(value, field))
        return had[1]

    def at(self, path: LogicalPath) -> "_Node":
        node = self
        for segment in path:
            node = node._below(segment)
        return node

    def _below(self, segment: Segment) -> "_Node":
        if isinstance(segment, Item):
            items = self.items.setdefault(segment.field, {})
            return items.setdefault((type(segment.value), segment.value), _Node())
        if isinstance(segment, int):
            return self.places.setdefault(segment, _Node())
        return self.members.setdefault(segment, _Node())


def _by_id(value: Any, field: str) -> "dict[tuple[type, Any], Any]":
    """The items of a list; of two with the same id the first one."""
    found: dict[tuple[type, Any], Any] = {}
    for item in value if type(value) is list else ():
        if type(item) is dict and field in item:
            key = item[field]
            if type(key) in (str, int):
                found.setdefault((type(key), key), item)
    return found


class Removed:
    """Which fields were taken away and have not come back: by the pointer that each had when it was last there. Of
    what was taken away or replaced as a whole, only the whole is told."""

    members = None

    def __init__(self) -> None:
        self._gone: dict[LogicalPath, tuple[str, int]] = {}
        self._ordinal = 0
        self._last: Any = ABSENT

    def see(self, ordinal: int, value: Any) -> None:
        self._ordinal = ordinal
        pending: list[_Pair] = [((), "", self._last, value)]
        self._last = value
        while pending:
            pair = pending.pop()
            was, now = pair[2:]
            if was is now or type(was) is not type(now):
                continue
            if type(now) is dict:
                pending += self._members(*pair)
            elif type(now) is list:
                pending += self._items(*pair)

    def _members(self, way: LogicalPath, path: str, was: Any, now: Any) -> "Iterator[_Pair]":
        for key, item in was.items():
            if key not in now:
                self._gone[(*way, key)] = pointer(path, key), self._ordinal
            elif item is not now[key]:
                yield (*way, key), pointer(path, key), item, now[key]

    def _items(self, way: LogicalPath, path: str, was: Any, now: Any) -> "Iterator[_Pair]":
        field = key_field(was)
        there = None if field is None else _by_id(now, field)
        for at, item in enumerate(was):
            segment: Segment = at
            if field is None or there is None:
                is_now = now[at] if at < len(now) else ABSENT
            else:
                segment = Item(field, item[field])
                is_now = there.get((type(segment.value), segment.value), ABSENT)
            if is_now is ABSENT:
                self._gone[(*way, segment)] = f"{path}/{at}", self._ordinal
            elif item is not is_now:
                yield (*way, segment), f"{path}/{at}", item, is_now

    def answer(self) -> "dict[str, Any]":
        """`removed` [[pointer, ordinal]]; a pointer may name something else by now."""
        gone = (found for way, found in self._gone.items() if resolve(self._last, way) is ABSENT)
        return {"removed": sorted(gone)}


_Pair = tuple[LogicalPath, str, Any, Any]
"""A field by its logical path and its pointer in the state before, and what it was and is now."""


def with_last_values(answer: "dict[str, Any]", last: Optional[int]) -> "dict[str, Any]":
    """Of the `values` of each path only so many."""
    if last is None or "values" not in answer:
        return answer
    return {**answer, "values": [texts[max(0, len(texts) - last) :] for texts in answer["values"]]}


def changes_question(asked: "dict[str, Any]") -> Changes:
    """`paths` as `logical_path.to_wire` writes them, `values`, `longest`, `most`."""
    paths = [from_wire(path) for path in asked["paths"]]
    values, longest, most = asked.get("values", False), asked.get("longest"), asked.get("most")
    return Changes(paths, values=values, longest=longest, most=most)
