"""What the palette can list, and how a text finds it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Span = tuple[int, int]
"""First and last + 1 character of a match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteRow:
    """One thing to go to or to do; with `is_caption` the title of those below. `title` has been made visible.

    `reason` says why it cannot be done now. `event_type`: its mark stands where others have an icon.
    """

    title: str
    detail: str = ""
    icon: str = ""
    event_type: str = ""
    keys: str = ""
    reason: str = ""
    is_caption: bool = False
    is_mono: bool = False
    is_enabled: bool = True
    spans: tuple[Span, ...] = ()
    run: Callable[[], object] = field(default=lambda: None)

    @property
    def spoken(self) -> str:
        return ", ".join(part for part in (self.title, self.detail, self.keys, self.reason) if part)


def match(text: str, title: str) -> tuple[Span, ...] | None:
    """Where each word of `text` begins a word in `title`, or stands in it; None unless all do. Case does not count.

    Nothing typed matches everything.
    """
    spans: list[Span] = []
    # some letters fold into two: places would be wrong
    fold = str.casefold if len(title.casefold()) == len(title) else str.lower
    lower = fold(title)
    for word in fold(text).split():
        found = re.search(rf"(?<!\w){re.escape(word)}", lower) or re.search(re.escape(word), lower)
        if found is None:
            return None
        spans.append(found.span())
    return merged(spans)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, those that touch as one."""
    result: list[Span] = []
    for first, last in sorted(spans):
        if result and first <= result[-1][1]:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return tuple(result)


def runs(title: str, spans: Sequence[Span]) -> list[tuple[str, bool]]:
    """The title in pieces, and which of them are the match."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for first, last in spans:
        pieces += [(title[at:first], False), (title[first:last], True)]
        at = last
    pieces.append((title[at:], False))
    return [(text, is_match) for text, is_match in pieces if text]
