"""Simulated time: a shop works on weekdays, and its busiest hours are before noon and in the afternoon."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 10 * HOUR
"""Working time counts microseconds, and only while the shop is open: a day of it is ten hours, a week five days."""

_OPENING = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAYS_A_WEEK = 5
_BUSYNESS = (4, 8, 13, 16, 15, 7, 8, 12, 11, 6)  # of each hour of a day
_BUSY_UNTIL = (0, *accumulate(_BUSYNESS))
_SLICE = DAY // sum(_BUSYNESS)


def calendar_time(working: int) -> datetime:
    """The instant of a moment in working time. Rises with it."""
    day, within = divmod(working, DAY)
    week, weekday = divmod(day, _DAYS_A_WEEK)
    hour = bisect_right(_BUSY_UNTIL, within // _SLICE) - 1
    into_hour = (within - _BUSY_UNTIL[hour] * _SLICE) * HOUR // (_BUSYNESS[hour] * _SLICE)
    return _OPENING + timedelta(weeks=week, days=weekday, microseconds=hour * HOUR + into_hour)


class Clock:
    """Tells simulated time to everything that asks what time it is."""

    def __init__(self) -> None:
        self.working = 0
        self._now = _OPENING

    def set(self, working: int) -> None:
        self.working = working
        self._now = calendar_time(working)

    def stay_late(self, overtime: timedelta) -> None:
        """Until it is set again the clock is that much later: for what happens while the shop is closed."""
        self._now += overtime

    def now(self) -> datetime:
        return self._now

    def milliseconds(self) -> int:
        return (self._now - _EPOCH) // _MILLISECOND
