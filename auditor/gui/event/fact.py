"""One row of what is said of an event, and the rows below it."""

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.core import exact_json
from auditor.core.diff import pointer
from auditor.core.outline import LONGEST_TEXT, kind_of, preview, scalar_text
from auditor.core.text import tr
from auditor.gui.state.row_words import Piece, value_piece

if TYPE_CHECKING:
    from auditor.gui.event.reading import ChangedField
    from auditor.stores.pages import EventLink

MOST_MEMBERS = 500  # rows below one at once: more would hold up the window while they are laid out


class Fact(NamedTuple):
    """One row. `kind` is group, field, changed, link, open, more or note; `value` is the exact JSON value of a field.

    `seen` takes the place of the value's own text where a person reads it differently (times, positions).
    """

    kind: str
    name: str = ""
    value: Any = None
    pointer: str = ""
    seen: Piece | None = None
    link: "EventLink | None" = None
    is_cause: bool = False
    has_times: bool = False
    """Of a group: whether times stand in its rows, whose zone it names."""
    key: str = ""
    """By which a row that is no field is known again."""
    below: "tuple[Fact, ...]" = ()
    change: "ChangedField | None" = None
    is_here: bool = False
    """Of a link: it is the event that is looked at."""

    @property
    def has_members(self) -> bool:
        if self.below:
            return True
        return self.kind == "field" and isinstance(self.value, dict | list) and bool(self.value)

    @property
    def row_count(self) -> int:
        """How many rows stand below it."""
        return len(self.below) or (len(self.value) if self.has_members else 0)

    @property
    def identity(self) -> str:
        """By which the row is found again among those of another event; empty for what cannot be."""
        return self.key or self.pointer

    def piece(self) -> Piece:
        """The value as it stands in the row."""
        if self.seen is not None:
            return self.seen
        kind = kind_of(self.value)
        if kind in ("object", "array"):
            return value_piece(kind, preview(self.value) if kind == "object" else "", len(self.value))
        text = scalar_text(self.value)
        return value_piece(kind, text[:LONGEST_TEXT], len(text))

    def pieces(self) -> list[Piece]:
        """Of a changed field: what it was, an arrow, what it is; of what was added or removed the value alone."""
        if self.change is None:
            return [self.piece()]
        kind, before, after = self.change.kind, self.change.before, self.change.after
        if before is None or after is None:
            tone = {"added": "add", "removed": "rem"}.get(kind, "chg")
            return [one._replace(tone=tone) for one in (before, after) if one is not None]
        return [before._replace(tone="text2"), Piece("→", "text3", "small"), after._replace(tone="chg")]

    def said(self) -> str:
        """Name and value as they can be looked for; what stands below is not part of it."""
        if self.kind == "field":
            parts = [self.name, "" if self.seen is None else self.seen.text]
            if not isinstance(self.value, dict | list):
                parts.append(scalar_text(self.value))
            return "\n".join(parts)
        if self.link is not None:
            return f"{self.link.event_type}\n{self.link.aggregate_type} {self.link.aggregate_id}"
        if self.change is not None:
            return "\n".join([self.name, *(piece.text for piece in self.pieces())])
        return ""

    def exact(self) -> str:
        """As stored: a text bare, everything else as exact JSON."""
        return self.value if isinstance(self.value, str) else exact_json.dump(self.value)

    def json(self) -> str:
        return exact_json.dump(self.value, indent=2)


def members(fact: Fact, first: int = 0, last: int = MOST_MEMBERS) -> list[Fact]:
    """The rows below, those from `first` on and before `last`; with rows that say how many stand before and beyond."""
    if fact.below:
        return list(fact.below)
    if not fact.has_members:
        return []
    items = fact.value.items() if isinstance(fact.value, dict) else enumerate(fact.value)
    rows = [
        Fact("field", str(key), value, pointer(fact.pointer, str(key)))
        for key, value in islice(items, first, last)
    ]
    if first:
        rows.insert(0, Fact("more", tr("{count:,} before", count=first), key=f"before:{fact.pointer}"))
    if last < len(fact.value):
        said = tr("{count:,} more", count=len(fact.value) - last)
        rows.append(Fact("more", said, key=f"beyond:{fact.pointer}"))
    return rows
