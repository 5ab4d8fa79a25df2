"""What a worker has said of the events that it folded, kept here so that it says each thing once."""

import bisect
from typing import Any

from auditor.core.text import tr
from auditor.core.timeline import ChangedType, Unapplied

MOST_NOTES = 3  # of one kind; then how many more there are


class FoldRemarks:
    """All in the order of ordinals."""

    def __init__(self) -> None:
        self._unapplied: list[Unapplied] = []
        self._changed_types: list[ChangedType] = []

    @property
    def known(self) -> list[int]:
        """How many remarks of each kind a worker need not repeat; see the wire."""
        return [len(self._unapplied), len(self._changed_types)]

    def forget(self) -> None:
        """A new worker folds anew and says everything again."""
        self._unapplied.clear()
        self._changed_types.clear()

    def learn(self, values: dict[str, Any]) -> None:
        """Takes what came with an answer."""
        self._unapplied += [Unapplied(*one) for one in values["unapplied"]]
        self._changed_types += [ChangedType(*one) for one in values["changed_types"]]

    def unapplied(self, ordinal: int) -> list[Unapplied]:
        """Up to that event."""
        return self._unapplied[: _count(self._unapplied, ordinal)]

    def notes(self, ordinal: int) -> list[str]:
        """Translated, on the events up to that one."""
        return _first_of(
            [_changed_type(one) for one in self._changed_types[:MOST_NOTES] if one.ordinal <= ordinal],
            _count(self._changed_types, ordinal),
            tr("events changed the type of the state"),
        )


def _count(remarks: list[Any], ordinal: int) -> int:
    return bisect.bisect_right(remarks, ordinal, key=lambda one: one.ordinal)


def _first_of(notes: list[str], total: int, what: str) -> list[str]:
    if total > len(notes):
        notes.append(tr("{count:,} more {what}.", count=total - len(notes), what=what))
    return notes


def _changed_type(one: ChangedType) -> str:
    return tr(
        "At event {ordinal} the state became a value of type {after}; it had been {before}.",
        ordinal=one.ordinal,
        after=one.after,
        before=one.before,
    )
