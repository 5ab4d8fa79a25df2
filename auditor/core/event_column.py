"""One column of an aggregate's events, packed for the wire: the few values that there are, and whose turn it is."""

import base64
from array import array
from collections.abc import Sequence
from typing import Any

_CODES = (("B", 1 << 8), ("H", 1 << 16), ("I", 1 << 32))


def packed_column(values: "Sequence[str | None]", value_of: "Sequence[int]") -> "dict[str, Any]":
    """As JSON: `values`, and for each event in order a place in them. Some 1.4 bytes an event."""
    code = next(code for code, most in _CODES if len(values) <= most)
    return {
        "values": list(values),
        "code": code,
        "of": base64.b64encode(array(code, value_of).tobytes()).decode(),
    }


class EventColumn:
    """A packed column by ordinal."""

    __slots__ = ("_of", "_values")

    def __init__(self, packed: "dict[str, Any]") -> None:
        self._values: "list[str | None]" = packed["values"]
        self._of = array(packed["code"])
        self._of.frombytes(base64.b64decode(packed["of"]))

    def at(self, ordinal: int) -> "str | None":
        """The first event has ordinal 1. None where there is no value."""
        return self._values[self._of[ordinal - 1]]
