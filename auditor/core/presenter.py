"""The one exit of values towards people: made visible for display, untouched where exactness is asked."""

from typing import Any

from . import exact_json
from .text import tr

# Printable by Unicode's rules, and yet nothing is seen: fillers, joiners, variation selectors.
_INVISIBLE = frozenset(
    {0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
    | {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
)


def display(text: str, *, longest: int | None = None) -> str:
    """`text` on one line with nothing hidden: control, bidirectional and invisible characters become `‹U+202E›`.

    `longest` cuts to that many characters and says how many are missing.
    """
    if longest is not None and len(text) > longest:
        return f"{display(text[:longest])}… (+{len(text) - longest:,})"
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() and ord(character) not in _INVISIBLE:
        return character
    return f"‹U+{ord(character):04X}›"


def display_value(value: Any, *, longest: int | None = None) -> str:
    """A JSON value as a person reads it: texts bare, everything else as exact JSON."""
    return display(value if isinstance(value, str) else exact_json.dump(value), longest=longest)


def display_time(timestamp_utc: str) -> str:
    """A fixed-width UTC time without digits that say nothing: `2026-03-01 12:00:00Z`."""
    text = timestamp_utc.replace("T", " ")
    return text.replace(".000000Z", "Z")


def display_events(count: int) -> str:
    """How many events: `1 event`, `1,000 events`."""
    return tr("1 event") if count == 1 else tr("{count:,} events", count=count)
