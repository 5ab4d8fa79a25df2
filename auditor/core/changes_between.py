"""What each event of a range has changed: the question whose answer lists them."""

from itertools import islice
from typing import Any

from .compare import compare
from .diff import ABSENT

MOST_NAMED = 3


class ChangesBetween:
    """A question for a trace: the events `first`…`last`, each against the state before it. Items of lists are matched
    as in a comparison of two states."""

    members: "frozenset[str] | None" = None

    def __init__(self, first: int, last: int, most: int = MOST_NAMED) -> None:
        self._first, self._last, self._most = first, last, most
        self._before: Any = ABSENT
        self._found: list[list[Any]] = []

    def see(self, ordinal: int, value: Any) -> None:
        if not self._first - 1 <= ordinal <= self._last:
            return
        if ordinal >= self._first and value is not self._before:
            differences = compare(self._before, value).differences()
            named = [
                [one.kind, one.pointer_a if one.pointer_b is None else one.pointer_b]
                for one in islice(differences, self._most)
            ]
            total = len(named) + sum(1 for _ in differences)
            if total:
                self._found.append([ordinal, total, named])
        self._before = value if ordinal < self._last else ABSENT

    def answer(self) -> dict[str, Any]:
        """`changes`: [[ordinal, how many fields, [[kind, pointer] of the first]]] of the events that changed any."""
        return {"changes": self._found}


def changes_between_question(asked: "dict[str, Any]") -> ChangesBetween:
    """`first`, `last` and `most`."""
    return ChangesBetween(asked["first"], asked["last"], asked["most"])
