"""A field that is followed through all states: named by its place in one of them, and found again in the others."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple, Optional, Union

from . import exact_json
from .diff import ABSENT
from .fields import NoSuchField, is_index
from .item_keys import key_field
from .text import tr


class Item(NamedTuple):
    """An item of a list, by the id that it bears."""

    field: str
    value: Any


Segment = Union[str, int, Item]
"""A member's name, an index, or an item by its id."""
LogicalPath = tuple[Segment, ...]


class Matched(NamedTuple):
    """A list on the way: its pointer in the state in which the path was named, and by which field its items are told
    apart; None: by place."""

    pointer: str
    field: "str | None"


class Named(NamedTuple):
    """What a pointer became. `lists` are those on the way, from the root on."""

    path: LogicalPath
    lists: "list[Matched]"


def logical_path(
    value: Any, pointer: str, field_of: "Callable[[list[Any]], Optional[str]]" = key_field
) -> Named:
    """The path of a field that `value` has. `field_of` is for who asks about many and keeps what is known of a list.

    Raises: NoSuchField, also for what is no pointer.
    """
    if pointer and not pointer.startswith("/"):
        raise NoSuchField(tr("a pointer is empty or begins with /"))
    segments: list[Segment] = []
    lists, way = [], ""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if type(value) is dict and key in value:
            segments.append(key)
            value = value[key]
        elif type(value) is list and is_index(key) and int(key) < len(value):
            field = field_of(value)
            lists.append(Matched(way, field))
            value = value[int(key)]
            segments.append(int(key) if field is None else Item(field, value[field]))
        else:
            raise NoSuchField(
                tr("{there} has no member {key!r}", there=way or tr("the state"), key=key[:100])
            )
        way = f"{way}/{part}"
    return Named(tuple(segments), lists)


def resolve(value: Any, path: LogicalPath) -> Any:
    """Where the path leads in `value`: ABSENT where it has nothing there."""
    for segment in path:
        value = member(value, segment)
        if value is ABSENT:
            break
    return value


def member(value: Any, segment: Segment) -> Any:
    """One step of `resolve`. Of two items with the same id the first one is meant. Cost: linear for an item."""
    if isinstance(segment, str):
        return value.get(segment, ABSENT) if type(value) is dict else ABSENT
    if type(value) is not list:
        return ABSENT
    if isinstance(segment, int):
        return value[segment] if segment < len(value) else ABSENT
    field, wanted = segment
    kind = type(wanted)
    for item in value:
        if type(item) is dict:
            found = item.get(field)
            if type(found) is kind and found == wanted:
                return item
    return ABSENT


def path_text(path: LogicalPath) -> str:
    """For people: `items[sku=SKU-1187].quantity`, `lines[0]`, `["odd name"].x`."""
    parts: list[str] = []
    for segment in path:
        if type(segment) is int:
            parts.append(f"[{segment}]")
        elif isinstance(segment, Item):
            parts.append(f"[{segment.field}={segment.value}]")
        elif _PLAIN_NAME.match(str(segment)):
            parts.append(f".{segment}" if parts else str(segment))
        else:
            parts.append(f"[{exact_json.dump(segment)}]")
    return "".join(parts)


_PLAIN_NAME = re.compile(r"[^\W\d]\w*\Z")


def to_wire(path: LogicalPath) -> "list[Any]":
    """As JSON: a name, an index, or an item as [field, id]."""
    return [list(segment) if isinstance(segment, Item) else segment for segment in path]


def from_wire(segments: "list[Any]") -> LogicalPath:
    return tuple(Item(*segment) if type(segment) is list else segment for segment in segments)
