"""What differs between two states, field by field."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from . import exact_json


class Change(NamedTuple):
    """One field. `path` is a JSON Pointer (RFC 6901); `kind` is added, removed or changed."""

    path: str
    kind: str
    before: Any
    after: Any


def pointer(parent: str, key: str) -> str:
    """The JSON Pointer of a member."""
    return f"{parent}/{key.replace('~', '~0').replace('/', '~1')}"


def changes(before: Any, after: Any, path: str = "") -> Iterator[Change]:
    """The fields that differ, in document order; lists are compared place by place. 1 differs from true and 1.0."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _member(before, after, key, key in before, key in after, pointer(path, key))
    elif isinstance(before, list) and isinstance(after, list):
        for at in range(max(len(before), len(after))):
            yield from _member(before, after, at, at < len(before), at < len(after), f"{path}/{at}")
    elif not exact_json.same(before, after):
        yield Change(path, "changed", before, after)


def _member(before: Any, after: Any, key: Any, was: bool, is_now: bool, path: str) -> Iterator[Change]:
    if was and is_now:
        yield from changes(before[key], after[key], path)
    elif was:
        yield Change(path, "removed", before[key], None)
    else:
        yield Change(path, "added", None, after[key])
