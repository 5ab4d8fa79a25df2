"""What a condition is made of: its words, what it says in parts, and what is said of a mistake in it."""

import unicodedata
from typing import Any, NamedTuple

from .errors import WrongRequest
from .presenter import display
from .text import tr

_JOINING = ("and", "or", "not", "in", "by")
_TESTING = ("exists", "missing", "contains", "length", "changed", "grew", "shrank", "event", "user")
WORDS = frozenset((*_JOINING, *_TESTING, "true", "false", "null"))
MOST_CHARACTERS = 10_000
MOST_TESTS = 1_000
DEEPEST = 50
LONGEST_PATH = 100
_BEFORE_MISTAKE, _BEHIND_MISTAKE = 60, 20  # characters of the text that are shown with it


class MistakeInCondition(WrongRequest):
    """A condition that cannot be read. `at` is the place of the first wrong character, from 0, and `length` how many
    are wrong: 0 at the end of the text. `why` is a sentence; the message has it with the text and a caret below."""

    def __init__(self, text: str, at: int, length: int, why: str, hint: str = "") -> None:
        where = tr("The condition cannot be read at character {place}: {why}", place=at + 1, why=why)
        super().__init__(
            "\n".join([where, *excerpt(text, at, length)]) if text.strip() else where,
            hint or tr("The language is described in the guide, on the page “When was this true?”."),
        )
        self.text = text
        self.at = at
        self.length = length
        self.why = why


def excerpt(text: str, at: int, length: int) -> tuple[str, str]:
    """The line of `text` that holds the place, cut to what is near, and a line with a caret under the place."""
    begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    end = len(text) if end < 0 else end
    first, last = max(begin, at - _BEFORE_MISTAKE), min(end, at + max(1, length) + _BEHIND_MISTAKE)
    cut_before, cut_behind = "…" if first > begin else "", "…" if last < end else ""
    before = cut_before + display(text[first:at])
    wrong = display(text[at : min(at + length, last)])
    line = before + wrong + display(text[min(at + length, last) : last]) + cut_behind
    return f"  {line}", f"  {' ' * _columns(before)}^{'~' * (_columns(wrong) - 1)}"


def _columns(text: str) -> int:
    """How wide it is where every character is as wide as another, or twice as wide."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


# -- the parts ---------------------------------------------------------------------------------------------


class Member(NamedTuple):
    """The member of an object."""

    name: str


class Place(NamedTuple):
    """The item of a list at a place, from 0."""

    number: int


class Item(NamedTuple):
    """The first item of a list that is an object with this value in this member."""

    name: str
    value: Any


class Step(NamedTuple):
    """A step of a JSON Pointer: the member of an object, or where it is a number the item of a list."""

    name: str


class Path(NamedTuple):
    """A field of the state, from the outside to the inside."""

    segments: "tuple[Member | Place | Item | Step, ...]"


class Length(NamedTuple):
    """How many items, members or characters the field has."""

    path: Path


class EventType(NamedTuple):
    """The type of the event at hand."""


class User(NamedTuple):
    """Who caused the event at hand."""


class Comparison(NamedTuple):
    """`=`, `!=`, `<`, `<=`, `>` or `>=` between a subject and a scalar of exact JSON."""

    subject: Any
    sign: str
    value: Any


class OneOf(NamedTuple):
    """Whether it is one of some scalars."""

    subject: Any
    values: "tuple[Any, ...]"


class Contains(NamedTuple):
    """Whether a text holds a text, or a list an item."""

    subject: Any
    value: Any


class Existence(NamedTuple):
    """Whether it is there, or whether it is missing."""

    subject: Any
    wanted: bool


class Changed(NamedTuple):
    """Whether the event at hand changed the field; without a path, any."""

    path: "Path | None"


class Grown(NamedTuple):
    """Whether the event at hand made the field larger, or smaller (`sign` is below 0)."""

    path: Path
    sign: int


class Not(NamedTuple):
    """Whether the part does not hold."""

    part: Any


class AllHold(NamedTuple):
    """`and`."""

    parts: "tuple[Any, ...]"


class OneHolds(NamedTuple):
    """`or`."""

    parts: "tuple[Any, ...]"
