"""What differs between two states, field by field."""

from collections.abc import Iterator
from itertools import zip_longest
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


class _Absent:
    """Where there is no value."""


ABSENT: Any = _Absent()


def nothing_like(value: Any) -> Any:
    """What a value is compared with where there was none before, so that each of its members is new."""
    return type(value)() if type(value) in (dict, list) else ABSENT


def changes(before: Any, after: Any, path: str = "") -> Iterator[Change]:
    """The fields that differ, in document order; lists are compared place by place. 1 differs from true and 1.0."""
    if before is ABSENT:
        before = nothing_like(after)
    pending = [(path, before, after)]  # no recursion: a document may be nested as deep as Python's stack
    while pending:
        path, before, after = pending.pop()
        if before is after:
            continue
        if before is ABSENT:
            yield Change(path, "added", None, after)
        elif after is ABSENT:
            yield Change(path, "removed", before, None)
        elif isinstance(before, dict) and isinstance(after, dict):
            keys = [*before, *(key for key in after if key not in before)]
            pending.extend(
                (pointer(path, key), before.get(key, ABSENT), after.get(key, ABSENT))
                for key in reversed(keys)
            )
        elif isinstance(before, list) and isinstance(after, list):
            places = enumerate(zip_longest(before, after, fillvalue=ABSENT))
            pending.extend((f"{path}/{at}", was, is_now) for at, (was, is_now) in reversed([*places]))
        elif not exact_json.same(before, after):
            yield Change(path, "changed", before, after)
