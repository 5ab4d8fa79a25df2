"""The questions that a trace can answer, by the name that the wire has for them."""

from collections.abc import Callable
from typing import Any

from .trace import Question
from .when import When


def question_of(kind: str, asked: "dict[str, Any]") -> Question:
    """Made of JSON values."""
    return _KINDS[kind](asked)


_KINDS: "dict[str, Callable[[dict[str, Any]], Question]]" = {"condition": When}
