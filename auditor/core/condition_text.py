"""Conditions written by the program: what a field that is shown becomes when it is asked for."""

import json
import re
from typing import Any

from . import exact_json
from .condition_words import WORDS

_NAME = re.compile(r"(?:[^\W\d]|\$)[\w$-]*")
_STEP_OF_POINTER = re.compile(r"[^\s/()\[\],=!<>\"']*")
_PLACE = re.compile(r"0|[1-9][0-9]{0,17}")


def path_text(pointer: str) -> str:
    """A field of a state, named by a JSON Pointer that is not empty, as a condition writes it: by its names where they
    are plain, else by the pointer, else by names in quotes."""
    steps = pointer.split("/")[1:]
    names = [step.replace("~1", "/").replace("~0", "~") for step in steps]
    if all(map(_NAME.fullmatch, names)):
        return ".".join([_quoted(names[0]) if names[0] in WORDS else names[0], *names[1:]])
    if all(map(_STEP_OF_POINTER.fullmatch, steps)):
        return pointer
    parts = [f"[{name}]" if _PLACE.fullmatch(name) else f".{_quoted(name)}" for name in names[1:]]
    return _quoted(names[0]) + "".join(parts)


def became(pointer: str, value: Any) -> str:
    """The condition that the field has the exact JSON value that it has now; for an object or a list, which cannot be
    written, that its event changed it."""
    path = path_text(pointer)
    if type(value) in (dict, list):
        return f"{path} changed"
    return f"{path} = {_quoted(value) if type(value) is str else exact_json.dump(value)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
