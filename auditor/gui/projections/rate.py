"""How fast a rebuild is, over its time: samples, the curve that is drawn of them, and round numbers for its axes."""

from collections.abc import Iterator
from math import ceil, floor, log10

MOST_SAMPLES = 4_096
SMOOTH_SECONDS = 0.5
RECENT_SECONDS = 4.0
_TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400)


class Samples:
    """How many events were done after how many seconds. Long runs keep every second sample, and again."""

    def __init__(self) -> None:
        self._seconds: list[float] = []
        self._done: list[int] = []

    def __len__(self) -> int:
        return len(self._seconds)

    def add(self, seconds: float, done: int) -> None:
        """What lies before the last sample is passed over."""
        if self._seconds and seconds <= self._seconds[-1]:
            return
        self._seconds.append(seconds)
        self._done.append(done)
        if len(self._seconds) > MOST_SAMPLES:
            del self._seconds[1:-1:2], self._done[1:-1:2]

    @property
    def average(self) -> float | None:
        return self._rate(0, len(self._seconds) - 1)

    @property
    def recent_rate(self) -> float | None:
        last = len(self._seconds) - 1
        return self._rate(self._before(last, RECENT_SECONDS), last)

    def curve(self, end: float, pixels: int) -> tuple[list[float], list[float]]:
        """Seconds and events a second, at most one point for each of `pixels` that stand for `end` seconds; from 0."""
        seconds, rates = [0.0], [0.0]
        taken = -1
        for at, rate in self._rates():
            pixel = int(at / end * pixels) if end > 0 else 0
            if pixel > taken:
                seconds.append(at)
                rates.append(rate)
                taken = pixel
            else:
                seconds[-1], rates[-1] = at, rate
        return seconds, rates

    def _rates(self) -> Iterator[tuple[float, float]]:
        """At each sample, over the half second before it."""
        before = 0
        for number in range(1, len(self._seconds)):
            while self._seconds[number] - self._seconds[before + 1] >= SMOOTH_SECONDS:
                before += 1
            rate = self._rate(before, number)
            if rate is not None:
                yield self._seconds[number], rate

    def _before(self, number: int, seconds: float) -> int:
        """The first sample that is no older than that, but always one before `number`."""
        before = number - 1
        while before > 0 and self._seconds[number] - self._seconds[before] < seconds:
            before -= 1
        return max(before, 0)

    def _rate(self, before: int, number: int) -> float | None:
        if number <= before or self._seconds[number] <= self._seconds[before]:
            return None
        passed = self._seconds[number] - self._seconds[before]
        return (self._done[number] - self._done[before]) / passed


def rate_step(most: float) -> int:
    """The distance of three lines of which all lie below the top of the chart, and the highest value too."""
    wanted = max(most / 3.4, 1.0)
    size = 10.0 ** floor(log10(wanted))
    return next(ceil(size * factor) for factor in (1, 1.5, 2, 3, 4, 5, 10) if size * factor >= wanted)


def axis_end(shown: float, expected: float) -> float:
    """How many seconds the time axis reaches, now that it reaches `shown`: it moves only where the expected end lies
    beyond it, or far before it."""
    if expected <= shown and expected > shown * 0.7:
        return shown
    return max(expected * 1.02, 1.0)


def time_ticks(end: float, pixels: int, least: int) -> list[int]:
    """Round seconds after 0, at least so many pixels apart."""
    step = next((one for one in _TIME_STEPS if one / end * pixels >= least), _TIME_STEPS[-1])
    return list(range(step, int(end) + 1, step))
