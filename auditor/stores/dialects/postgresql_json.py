"""JSON told from other texts by a regular expression, for servers that have no `IS JSON`: those before version 16.

They raise on a text that is no JSON, and ask for nothing first.
"""

from typing import Final

DEPTH: Final = 2
"""How deep values within the outermost object may be nested. Each level doubles the expression."""

_SPACE: Final = r"[ \t\n\r]*"
_STRING: Final = r'"(?:[^"\\\x01-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
_NUMBER: Final = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_SCALAR: Final = rf"(?:{_STRING}|{_NUMBER}|true|false|null)"


def _object(value: str) -> str:
    return _enclosed(r"\{", rf"{_STRING}{_SPACE}:{_SPACE}{value}", r"\}")


def _enclosed(begin: str, part: str, end: str) -> str:
    """Parts with commas between; each is followed by a comma that is not the last sign, or by the end."""
    goes_on = rf"(?:,(?!{_SPACE}{end})|(?={_SPACE}{end}))"
    return rf"{begin}(?:{_SPACE}{part}{_SPACE}{goes_on})*{_SPACE}{end}"


def _value(depth: int) -> str:
    if depth == 0:
        return _SCALAR
    inner = _value(depth - 1)
    array = _enclosed(r"\[", inner, r"\]")
    return rf"(?:{_SCALAR}|{array}|{_object(inner)})"


IS_OBJECT: Final = rf"^{_SPACE}{_object(_value(DEPTH))}{_SPACE}$"
"""Matches objects that are valid JSON and no deeper; and no other text."""
