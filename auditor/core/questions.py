"""The questions that a trace can answer, by the name that the wire has for them."""

from collections.abc import Callable
from typing import Any

from .blame import Removed, changes_question
from .changes_between import changes_between_question
from .trace import Question
from .when import When


def question_of(kind: str, asked: "dict[str, Any]") -> Question:
    """Made of JSON values."""
    return _KINDS[kind](asked)


_KINDS: "dict[str, Callable[[dict[str, Any]], Question]]" = {
    "paths": changes_question,
    "removed": lambda _: Removed(),
    "condition": When,
    "changes": changes_between_question,
}
