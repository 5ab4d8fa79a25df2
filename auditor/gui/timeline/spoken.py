"""An event of the timeline in words, for those who hear it."""

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.history import History


def spoken_event(history: History, ordinal: int, clock: Clock) -> str:
    """`event 31 of 57, OrderShipped, 2 March 2026 14:11:07 UTC`"""
    name, time = history.event_type(ordinal), history.time(ordinal)
    if name is None or time is None:
        return tr("before the first of {count} events", count=f"{history.length:,}")
    said = tr(
        "event {ordinal} of {count}, {name}, {time}",
        ordinal=f"{ordinal:,}",
        count=f"{history.length:,}",
        name=display(name),
        time=spoken_time(time, clock),
    )
    return tr("{event}, not applied", event=said) if ordinal in history.unapplied else said


def spoken_time(timestamp_utc: str, clock: Clock) -> str:
    """`2 March 2026 14:11:07 UTC`"""
    moment = clock.moment(timestamp_utc)
    if moment is None:
        return display(timestamp_utc)
    return f"{moment.day} {moment:%B %Y %H:%M:%S} {moment.tzname() if clock.is_local else 'UTC'}"
