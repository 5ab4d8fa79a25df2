"""What is said of the versions at which a condition held."""

from datetime import timedelta
from typing import TYPE_CHECKING

from auditor.core.errors import AuditorError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.history import History
from auditor.gui.when.reader import WhenReader

if TYPE_CHECKING:
    from auditor.jobs.find_when import WhenResult


MINUS = "\N{MINUS SIGN}"


def summary(reader: WhenReader) -> str:
    """How much was found, or how far the search is."""
    result = reader.result
    if not reader.expression:
        return ""
    if reader.error is not None:
        error = reader.error
        return display(error.message if isinstance(error, AuditorError) else str(error), longest=200)
    if reader.is_stopped:
        done = result.done if result is not None else 0
        return tr("Cancelled at version {done:,}", done=done)
    if result is None:
        return tr("Looking…")
    if result.more:
        return tr("Looking: {done:,} of {total:,}", done=max(result.done, 0), total=result.total)
    return found(result)


def found(result: "WhenResult") -> str:
    if not result.ranges:
        return tr("At none of {total:,} versions", total=result.total)
    ranges = tr("1 range") if len(result.ranges) == 1 else tr("{count:,} ranges", count=len(result.ranges))
    held = tr("{held:,} of {total:,} versions", held=result.held, total=result.total)
    return f"{ranges}, {held}"


def versions(first: int, last: int) -> str:
    return f"{first:,}" if first == last else f"{first:,} – {last:,}"


def lasted(history: History, last: int, begin: object, end: object) -> str:
    """`begin` and `end` are moments, of the first event and of the one that ended it."""
    if last >= history.length:
        return tr("still so")
    try:
        return duration(end - begin)  # type: ignore[operator] # what is no moment is told below
    except TypeError:
        return "–"


def duration(span: timedelta) -> str:
    """In its two largest units; a clock that was set back makes it negative."""
    if span < timedelta():
        return f"{MINUS}{duration(-span)}"
    seconds = span.days * 86_400 + span.seconds
    if seconds < 1:
        return tr("{count:,} ms", count=span.microseconds // 1000)
    units = (
        (86_400, tr("{count:,} d")),
        (3600, tr("{count:,} h")),
        (60, tr("{count:,} min")),
        (1, tr("{count:,} s")),
    )
    parts: list[str] = []
    for size, pattern in units:
        count, seconds = divmod(seconds, size)
        if count or parts:
            parts.append(pattern.format(count=count) if count else "")
    return " ".join(filter(None, parts[:2]))
