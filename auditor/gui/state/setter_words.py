"""What is said of the event that set a field: version, type, time and user, from the columns of the history."""

from typing import NamedTuple

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.history import History


class SetterWords(NamedTuple):
    """Texts of one cell. `event_type` is as stored, for its mark."""

    version: str
    event_type: str
    name: str
    time: str


def setter_words(history: History, ordinal: int, clock: Clock) -> SetterWords:
    """Times without their year where the whole history is of one year."""
    event_type, time = history.event_type(ordinal) or "", history.time(ordinal) or ""
    return SetterWords(
        version=f"{history.version(ordinal) or 0:,}",
        event_type=event_type,
        name=display(event_type),
        time=column_time(history, time, clock),
    )


def column_time(history: History, time: str, clock: Clock) -> str:
    """As it stands in a column whose header has the zone."""
    times = history.times
    return clock.brief(time) if times[0][:4] == times[-1][:4] else clock.minute(time)


def column_title(clock: Clock, *, with_time: bool) -> str:
    if not with_time:
        return tr("Set by")
    return tr("Set by, times local") if clock.is_local else tr("Set by, times in UTC")


def setter_tip(history: History, ordinal: int, clock: Clock, *, seen_from: int) -> str:
    """Version and type, the full time in both zones, the user; what may be missing."""
    if ordinal == 0:
        return tr("No event set this field.")
    time, user = history.time(ordinal) or "", history.user(ordinal)
    lines = [
        tr(
            "Set by event {version:,}, {type}", version=history.version(ordinal), type=_type(history, ordinal)
        ),
        clock.full(time),
        clock.other_zone(time),
    ]
    if user:
        lines.append(tr("by {user}", user=display(user, longest=200)))
    missing = doubt(history, ordinal, seen_from)
    if missing:
        lines.append(missing)
    lines.append(tr("A click, or Alt+Enter, goes there."))
    return "\n".join(lines)


def doubt(history: History, ordinal: int, seen_from: int) -> str:
    """Events between the setter and the version that is seen that were not applied: any of them may have set it."""
    between = [one for one in history.unapplied if ordinal <= one <= seen_from]
    if not between:
        return ""
    version = history.version(between[0])
    if len(between) == 1:
        return tr(
            "Event {version:,} was not applied, or not wholly: it may have set this field.", version=version
        )
    return tr(
        "{count:,} events from {version:,} on were not applied, or not wholly: any may have set this field.",
        count=len(between),
        version=version,
    )


def spoken_setter(history: History, ordinal: int, clock: Clock) -> str:
    """*set by event 28, QuantityChanged, 2026-03-02 13:09:11 UTC*"""
    if ordinal == 0:
        return tr("set by no event")
    return tr(
        "set by event {version:,}, {type}, {time}",
        version=history.version(ordinal),
        type=_type(history, ordinal),
        time=clock.second(history.time(ordinal) or ""),
    )


def _type(history: History, ordinal: int) -> str:
    return display(history.event_type(ordinal) or "", longest=100)
