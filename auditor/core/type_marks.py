"""Which hue and which shape an event type is drawn with: by its name, spread so that neighbours differ."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

HUES = 8
SHAPES = 6


class TypeMark(NamedTuple):
    """Numbers of a hue (0 to 7) and a shape (0 to 5)."""

    hue: int
    shape: int


def assign(types: Iterable[str], given: Mapping[str, TypeMark] | None = None) -> dict[str, TypeMark]:
    """A mark for each type, those `given` before unchanged, new ones in alphabetical order.

    Up to eight types share no hue, up to 48 no pair. The wanted pair comes from the name alone, so that the same type
    mostly looks the same in every store.
    """
    marks = dict(given or {})
    hues = Counter(mark.hue for mark in marks.values())
    taken = set(marks.values())
    for name in sorted(set(types) - marks.keys()):
        mark = _free(_wanted(name), hues, taken)
        marks[name] = mark
        hues[mark.hue] += 1
        taken.add(mark)
    return marks


def _wanted(name: str) -> TypeMark:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=2).digest()
    return TypeMark(digest[0] % HUES, digest[1] % SHAPES)


def _free(wanted: TypeMark, hues: "Counter[int]", taken: set[TypeMark]) -> TypeMark:
    fewest = min(hues[hue] for hue in range(HUES))
    hue = next(hue for hue in _from(wanted.hue, HUES) if hues[hue] == fewest)
    for shape in _from(wanted.shape, SHAPES):
        if (mark := TypeMark(hue, shape)) not in taken:
            return mark
    return TypeMark(hue, wanted.shape)


def _from(first: int, count: int) -> Iterable[int]:
    return ((first + step) % count for step in range(count))
