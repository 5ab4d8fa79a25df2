"""Conditions on a state and the event that led to it, in one small language: `total > 500 and status = "paid"`.

The language is written down in docs/conditions.md. A text is read once, into functions; nothing of it is ever run as
code.
"""

from collections.abc import Iterator
from typing import Any

from .condition_meaning import Moment, compiled
from .condition_parser import parts_of
from .condition_words import Changed, EventType, Member, MistakeInCondition, Path, Step, User
from .text import tr

__all__ = ["Condition", "MistakeInCondition", "Moment"]


class Condition:
    """A text that is read already. `holds(moment)` answers; `members` are the members of the state that it looks at,
    None where that may be all. `needs_type` and `needs_user` tell what it wants to know of the event."""

    def __init__(self, text: str) -> None:
        """Raises: MistakeInCondition, which knows the character."""
        try:
            whole = parts_of(text)
            self.holds = compiled(whole)
        except RecursionError:  # the caller's own stack was nearly full
            raise MistakeInCondition(text, 0, 0, tr("it is nested too deeply.")) from None
        parts = list(_parts(whole))
        self.text = text
        self.members = _members(parts)
        self.needs_type = any(isinstance(part, EventType) for part in parts)
        self.needs_user = any(isinstance(part, User) for part in parts)


def _parts(part: Any) -> Iterator[Any]:
    """The part and all parts in it. Scalars and texts are none."""
    yield part
    if isinstance(part, tuple) and not isinstance(part, Path):
        for inner in part:
            if isinstance(inner, tuple):
                yield from _parts(inner)


def _members(parts: "list[Any]") -> "frozenset[str] | None":
    if any(isinstance(part, Changed) and part.path is None for part in parts):
        return None
    first = (part.segments[0] for part in parts if isinstance(part, Path))
    return frozenset(one.name for one in first if isinstance(one, (Member, Step)))  # every path begins so
