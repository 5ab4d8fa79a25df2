"""A long text as parts that are laid out one at a time, as text or as bytes."""

from functools import cached_property
from typing import NamedTuple

from auditor.core.presenter import display
from auditor.core.stored_bytes import hex_lines, stored_bytes

PART = 30_000  # characters: laid out within a frame
HEX_PART = 1 << 14  # bytes: a thousand lines of sixteen


class Spot(NamedTuple):
    """A run of what is seen in a part."""

    part: int
    begin: int
    length: int


class TextParts:
    """Parts end at ends of lines where there are some. Nothing is hidden, and lines stay lines."""

    wraps = True

    def __init__(self, text: str) -> None:
        self.text = text
        self.size = len(stored_bytes(text))
        self._begins = _begins(text)

    @property
    def count(self) -> int:
        return len(self._begins)

    def part(self, number: int, _width: int) -> str:
        return _seen(self.text[self._begins[number] : self._end(number)])

    def spot(self, at: int, length: int, _width: int) -> Spot:
        """Where that run of the text is seen; what reaches into the next part is cut."""
        number = next(n for n in reversed(range(self.count)) if self._begins[n] <= at or n == 0)
        begin = self._begins[number]
        end = min(at + length, self._end(number))
        return Spot(number, _units(_seen(self.text[begin:at])), _units(_seen(self.text[at:end])))

    def _end(self, number: int) -> int:
        return self._begins[number + 1] if number + 1 < self.count else len(self.text)


class HexParts:
    """The bytes of a text, `width` of them to a line."""

    wraps = False

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _data(self) -> bytes:
        return stored_bytes(self.text)

    @property
    def size(self) -> int:
        return len(self._data)

    @property
    def count(self) -> int:
        return max(1, -(-self.size // HEX_PART))

    def part(self, number: int, width: int) -> str:
        begin = number * HEX_PART
        return "\n".join(hex_lines(self._data[begin : begin + HEX_PART], begin, width))

    def spot(self, at: int, length: int, width: int) -> Spot:
        """The bytes of that run, as far as they stand in one line."""
        begin = len(stored_bytes(self.text[:at]))
        count = len(stored_bytes(self.text[at : at + length]))
        number, inside = divmod(begin, HEX_PART)
        line, column = divmod(inside, width)
        before = sum(len(one) + 1 for one in self.part(number, width).split("\n")[:line])
        shown = max(1, min(count, width - column))
        return Spot(number, before + 10 + 3 * column, 3 * shown - 1)


Parts = TextParts | HexParts


def _begins(text: str) -> list[int]:
    begins, at = [0], PART
    while at < len(text):
        line = text.rfind("\n", begins[-1], at)
        begins.append(line + 1 if line > begins[-1] else at)
        at = begins[-1] + PART
    return begins


def _seen(text: str) -> str:
    return "\n".join(map(display, text.split("\n")))


def _units(text: str) -> int:
    """How many places Qt counts: characters beyond the first 65,536 are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
