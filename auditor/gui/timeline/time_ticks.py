"""Which moments are written on the axis by time, and in which words: from years down to parts of a millisecond."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from auditor.core.text import tr
from auditor.gui.timeline.instants import SECOND

MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
MONTH, YEAR = 30 * DAY, 365 * DAY
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK_STEPS = (
    *(factor * 10**power for power in (2, 3, 4, 5) for factor in (1, 2, 5)),
    *(factor * SECOND for factor in (1, 2, 5, 10, 15, 30)),
    *(factor * MINUTE for factor in (1, 2, 5, 10, 15, 30)),
    *(factor * HOUR for factor in (1, 2, 3, 6, 12)),
)
_DAY_STEPS, _MONTH_STEPS = (1, 2, 5, 10), (1, 3, 6)
_YEAR_STEPS = tuple(factor * 10**power for power in range(4) for factor in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Step:
    """So many of one unit: "clock" (microseconds), "day", "month" or "year"."""

    unit: str
    count: int

    @property
    def microseconds(self) -> int:
        """About."""
        return self.count * {"clock": 1, "day": DAY, "month": MONTH, "year": YEAR}[self.unit]


STEPS = (
    *(Step("clock", count) for count in _CLOCK_STEPS),
    *(Step("day", count) for count in _DAY_STEPS),
    *(Step("month", count) for count in _MONTH_STEPS),
    *(Step("year", count) for count in _YEAR_STEPS),
)


def step_for(smallest: float) -> Step:
    """The smallest step of at least so many microseconds."""
    return next((step for step in STEPS if step.microseconds >= smallest), STEPS[-1])


def local_moment(microseconds: int, *, local: bool) -> datetime:
    """In the zone of the machine, with the offset that held then, or in UTC. Years that no calendar has are cut."""
    try:
        moment = FIRST_MOMENT + timedelta(microseconds=microseconds)
        return moment.astimezone() if local else moment
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC) if microseconds > 0 else datetime.min.replace(tzinfo=UTC)


def microseconds_since_1970(moment: datetime) -> int:
    return (moment - FIRST_MOMENT) // timedelta(microseconds=1)


def ticks(first: int, last: int, step: Step, *, local: bool) -> Iterator[int]:
    """The round moments from the one to the other, rising."""
    made = _clock_ticks if step.unit == "clock" else _calendar_ticks
    return made(first, last, step, local)


def _clock_ticks(first: int, last: int, step: Step, local: bool) -> Iterator[int]:
    """Round by the clock on the wall, on both sides of a change of its offset."""
    moment = first - (first + _offset(first, local)) % step.count
    while moment <= last:
        if moment >= first:
            yield moment
        moment += step.count
        over = (moment + _offset(moment, local)) % step.count
        moment += -over if over <= step.count // 2 else step.count - over


def _offset(microseconds: int, local: bool) -> int:
    offset = local_moment(microseconds, local=True).utcoffset() if local else None
    return 0 if offset is None else offset // timedelta(microseconds=1)


def _calendar_ticks(first: int, last: int, step: Step, local: bool) -> Iterator[int]:
    begin = local_moment(first, local=local)
    year, month, day = begin.year, begin.month, 1
    if step.unit == "year":
        year, month = max(year - year % step.count, 1), 1
    elif step.unit == "month":
        month -= (month - 1) % step.count
    while True:
        moment = _midnight(year, month, day, local)
        if moment is None or moment > last:
            return
        if moment >= first:
            yield moment
        year, month, day = _next_date(year, month, day, step)


def _next_date(year: int, month: int, day: int, step: Step) -> tuple[int, int, int]:
    if step.unit == "year":
        return (year + step.count if year > 1 or step.count == 1 else step.count), 1, 1
    if step.unit == "day":
        following = day + step.count if step.count == 1 else day - day % step.count + step.count
        enough = following + step.count // 2 <= _days_of(year, month)
        if enough:
            return year, month, following
    months = month + (step.count if step.unit == "month" else 1) - 1
    return year + months // 12, months % 12 + 1, 1


def _days_of(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _midnight(year: int, month: int, day: int, local: bool) -> int | None:
    try:
        moment = datetime(year, month, day, tzinfo=None if local else UTC)
        return microseconds_since_1970(moment.astimezone() if local else moment)
    except (OverflowError, ValueError, OSError):
        return None


def tick_text(microseconds: int, step: Step, *, local: bool, is_first: bool) -> str:
    """`2026`; `Dec`, `Jan 2026`; `10 Dec`; `14:30`; `07.482`. The first one, and one at which a day or a year begins,
    says also what it is part of."""
    moment = local_moment(microseconds, local=local)
    if step.unit == "year":
        return str(moment.year)
    if step.unit == "month" or (step.unit == "day" and step.count > 1 and moment.day == 1):
        return f"{moment:%b} {moment.year}" if is_first or moment.month == 1 else f"{moment:%b}"
    day = f"{moment.day} {moment:%b}"
    begins_year = moment.month == 1 and moment.day == 1
    if step.unit == "day":
        return f"{day} {moment.year}" if is_first or begins_year else day
    if is_first:
        return f"{day} {_clock_text(moment, step, whole=True)}"
    if moment.hour == moment.minute == moment.second == moment.microsecond == 0:
        return day
    return _clock_text(moment, step, whole=False)


def _clock_text(moment: datetime, step: Step, *, whole: bool) -> str:
    if step.count >= MINUTE:
        return f"{moment:%H:%M}"
    if step.count >= SECOND:
        return f"{moment:%H:%M:%S}"
    digits = 3 if step.count >= 1000 else 4
    fraction = f"{moment:%S}.{moment.microsecond:06}"[: 3 + digits]
    return f"{moment:%H:%M}:{fraction}" if whole or not moment.microsecond else f":{fraction}"


def duration_text(microseconds: int) -> str:
    """The two largest units: `9 d 3 h`, `2 min 10 s`, `450 ms`."""
    units = (
        (YEAR, tr("{count} y")),
        (DAY, tr("{count} d")),
        (HOUR, tr("{count} h")),
        (MINUTE, tr("{count} min")),
        (SECOND, tr("{count} s")),
        (1000, tr("{count} ms")),
        (1, tr("{count} µs")),
    )
    for place, (size, pattern) in enumerate(units):
        if microseconds >= size:
            said = [pattern.format(count=f"{microseconds // size:,}")]
            rest = microseconds % size
            if place + 1 < len(units) and rest >= units[place + 1][0] and place < 4:
                smaller, pattern = units[place + 1]
                said.append(pattern.format(count=f"{rest // smaller:,}"))
            return " ".join(said)
    return tr("{count} µs", count=microseconds)
