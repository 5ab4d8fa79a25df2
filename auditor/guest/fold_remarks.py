"""What a worker has said of the events that it folded, kept here so that it says each thing once."""

import bisect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.core.timeline import ChangedType, RepeatedKeys, Unapplied

Remark = TypeVar("Remark", bound=Any)
MOST_NOTES = 3  # of one kind; then how many more there are


class FoldRemarks:
    """All in the order of ordinals."""

    def __init__(self) -> None:
        self._unapplied: list[Unapplied] = []
        self._changed_types: list[ChangedType] = []
        self._repeated_keys: list[RepeatedKeys] = []

    @property
    def known(self) -> list[int]:
        """How many remarks of each kind a worker need not repeat; see the wire."""
        return [len(self._unapplied), len(self._changed_types), len(self._repeated_keys)]

    def forget(self) -> None:
        """A new worker folds anew and says everything again."""
        self._unapplied.clear()
        self._changed_types.clear()
        self._repeated_keys.clear()

    def learn(self, values: dict[str, Any]) -> None:
        """Takes what came with an answer."""
        self._unapplied += [Unapplied(*one) for one in values["unapplied"]]
        self._changed_types += [ChangedType(*one) for one in values["changed_types"]]
        self._repeated_keys += [RepeatedKeys(*one) for one in values["repeated_keys"]]

    def unapplied(self, ordinal: int) -> list[Unapplied]:
        """Up to that event."""
        return self._unapplied[: _count(self._unapplied, ordinal)]

    def notes(self, ordinal: int) -> list[str]:
        """Translated, on the events up to that one."""
        return [
            *_first_of(self._changed_types, ordinal, _changed_type, _more_changed_types),
            *_first_of(self._repeated_keys, ordinal, _repeated, _more_repeated),
        ]


def _count(remarks: Sequence[Any], ordinal: int) -> int:
    return bisect.bisect_right(remarks, ordinal, key=lambda one: one.ordinal)


def _first_of(
    remarks: Sequence[Remark], ordinal: int, note: Callable[[Remark], str], more: Callable[[int], str]
) -> Iterator[str]:
    count = _count(remarks, ordinal)
    yield from map(note, remarks[: min(count, MOST_NOTES)])
    if count > MOST_NOTES:
        yield more(count - MOST_NOTES)


def _changed_type(one: ChangedType) -> str:
    return tr(
        "At event {ordinal} the state became a value of type {after}; it had been {before}.",
        ordinal=one.ordinal,
        after=one.after,
        before=one.before,
    )


def _more_changed_types(count: int) -> str:
    return tr("{count:,} more events changed the type of the state.", count=count)


def _repeated(one: RepeatedKeys) -> str:
    names = ", ".join(display(key, longest=50) for key in one.keys)
    if one.total > len(one.keys):
        names = tr("{names} and {count:,} more", names=names, count=one.total - len(one.keys))
    return tr(
        "In the data of version {version} keys stand twice in one object: {names}. The last value of each counts.",
        version=one.version,
        names=names,
    )


def _more_repeated(count: int) -> str:
    return tr("{count:,} more events have keys that stand twice.", count=count)
