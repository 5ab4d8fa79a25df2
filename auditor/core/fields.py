"""Fields of a JSON value: the one that a pointer names, and those in which a text stands."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from .diff import pointer
from .outline import scalar_text
from .text import tr


class NoSuchField(LookupError):
    """The value has no field of that pointer; the message says how far the way goes."""


def field_at(value: Any, path: str) -> Any:
    """The field that a JSON Pointer (RFC 6901) names; the value itself for the empty one.

    Raises: NoSuchField, also for what is no pointer.
    """
    if path and not path.startswith("/"):
        raise NoSuchField(tr("a pointer is empty or begins with /"))
    way = ""
    for part in path.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if type(value) is dict and key in value:
            value = value[key]
        elif type(value) is list and is_index(key) and int(key) < len(value):
            value = value[int(key)]
        else:
            raise NoSuchField(
                tr("{there} has no member {key!r}", there=way or tr("the state"), key=key[:100])
            )
        way = f"{way}/{part}"
    return value


def is_index(key: str) -> bool:
    """Whether a part of a pointer is an index as RFC 6901 writes it."""
    return key.isascii() and key.isdigit() and len(key) <= 18 and (key == "0" or key[0] != "0")


def fields_of(value: Any) -> Iterator[str]:
    """The pointers of all fields in display order, objects and lists before what is in them; not the root."""
    pending: list[tuple[Any, Any, Any]] = [(None, None, value)]
    while pending:
        way = pending.pop()
        if way[0] is not None:
            yield _pointer_of(way)
        pending.extend(_members_of(way))


def fields_with(value: Any, text: str, most: int) -> tuple[list[str], int]:
    """The pointers of the first `most` fields whose name or scalar text holds `text`, in display order, and how many
    such fields there are. Upper and lower case are the same."""
    found = _pointers_with(value, text.casefold())
    first = list(islice(found, most))
    return first, len(first) + sum(1 for _ in found)


def _pointers_with(value: Any, text: str) -> Iterator[str]:
    # No recursion: a document may be nested as deep as Python's stack. Pointers are made only where they are wanted.
    pending: list[tuple[Any, Any, Any]] = [(None, None, value)]
    while pending:
        way = pending.pop()
        _, key, item = way
        in_name = type(key) is str and text in key.casefold()
        if in_name or (type(item) not in (dict, list) and text in scalar_text(item).casefold()):
            yield _pointer_of(way)
        pending.extend(_members_of(way))


def _members_of(way: tuple[Any, Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """The last one first."""
    item = way[2]
    if type(item) is dict:
        yield from ((way, name, member) for name, member in reversed(item.items()))
    elif type(item) is list:
        yield from ((way, at, item[at]) for at in reversed(range(len(item))))


def _pointer_of(way: tuple[Any, Any, Any]) -> str:
    keys = []
    while way[0] is not None:
        keys.append(str(way[1]))
        way = way[0]
    path = ""
    for key in reversed(keys):
        path = pointer(path, key)
    return path
