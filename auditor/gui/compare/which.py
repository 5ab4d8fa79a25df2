"""Which two states are compared: where A and B stand, read from the earlier one where B only follows A."""

from typing import NamedTuple

from auditor.core.text import tr
from auditor.gui.cursor import Cursor
from auditor.gui.looking import Looking


class Compared(NamedTuple):
    """Two ordinals, in the order in which they are read: `first` stands in the left column. `follows`: B was not set,
    so it is the version before A and stands left of it. `second` None: the last one of another aggregate."""

    first: int
    second: int | None
    follows: bool = False

    @property
    def letters(self) -> tuple[str, str]:
        """Of the flags, left and right."""
        return ("B", "A") if self.follows else ("A", "B")

    @property
    def last(self) -> int:
        """The later one in the history that is shown."""
        return max(self.first, self.second or 0)

    @property
    def between(self) -> range:
        """The ordinals of the events that lie between two states of one aggregate."""
        if self.second is None:
            return range(0)
        low, high = sorted((self.first, self.second))
        return range(low + 1, high + 1)


def compared(cursor: Cursor, looking: Looking) -> Compared | None:
    """None without an aggregate, or without events."""
    if cursor.history is None or cursor.ordinal == 0:
        return None
    if looking.compared_with is not None:
        return Compared(cursor.ordinal, None)
    if cursor.other is None:
        return Compared(cursor.ordinal - 1, cursor.ordinal, follows=True)
    return Compared(cursor.ordinal, cursor.other)


def version_text(version: int | None) -> str:
    """The version as people see it; before the first event there is none."""
    return tr("before the first") if version is None else f"{version:,}"
