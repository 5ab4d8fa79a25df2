"""How far a job is, for people: a bar on a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Callable

from auditor.cli.diagnostics import Diagnostics
from auditor.core.text import tr
from auditor.tasks.context import Progress

BAR_WIDTH = 20
FIRST_AFTER = 0.3
"""Seconds before a bar appears: short work shows none."""
BAR_EVERY = 0.05
LINE_EVERY = 5.0


class ProgressBar:
    """Draws on the last line of stderr; gone when the work is done."""

    def __init__(self, diagnostics: Diagnostics, now: Callable[[], float] = time.monotonic) -> None:
        self._diagnostics = diagnostics
        self._now = now
        self._pace = Pace(now)
        self._next_at = now() + FIRST_AFTER
        self._drawn = False

    def __call__(self, progress: Progress) -> None:
        self._pace.note(progress)
        is_last = progress.total is not None and progress.done >= progress.total
        if self._now() >= self._next_at or (is_last and self._drawn):
            self._next_at = self._now() + BAR_EVERY
            self._diagnostics.bar(bar_text(progress, self._pace))
            self._drawn = True

    def close(self) -> None:
        if self._drawn:
            self._diagnostics.clear_bar()
            self._drawn = False


class ProgressLines:
    """A plain line every few seconds, for logs."""

    def __init__(self, diagnostics: Diagnostics, now: Callable[[], float] = time.monotonic) -> None:
        self._diagnostics = diagnostics
        self._now = now
        self._pace = Pace(now)
        self._next_at = now() + LINE_EVERY

    def __call__(self, progress: Progress) -> None:
        self._pace.note(progress)
        if self._now() >= self._next_at:
            self._next_at = self._now() + LINE_EVERY
            self._diagnostics.line(counts_text(progress, self._pace))

    def close(self) -> None:
        """Nothing stays on screen to be removed."""


class Pace:
    """Rate and time left, from the first report on."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._first: tuple[float, int] | None = None
        self._last: tuple[float, Progress] | None = None

    def note(self, progress: Progress) -> None:
        moment = self._now()
        if self._first is None:
            self._first = (moment, progress.done)
        self._last = (moment, progress)

    @property
    def per_second(self) -> float | None:
        """None until it can be said."""
        if self._first is None or self._last is None:
            return None
        (began, at_first), (moment, progress) = self._first, self._last
        if moment <= began or progress.done <= at_first:
            return None
        return (progress.done - at_first) / (moment - began)

    @property
    def seconds_left(self) -> float | None:
        if self._last is None or self._last[1].total is None or self.per_second is None:
            return None
        return (self._last[1].total - self._last[1].done) / self.per_second


def bar_text(progress: Progress, pace: Pace) -> str:
    """`██████████░░░░░░░░░░  10,000 of 20,000 events · 61,200/s · 0:01 left`."""
    counts = counts_text(progress, pace)
    if progress.total is None:
        return counts
    share = progress.done / progress.total if progress.total else 1.0
    full = int(share * BAR_WIDTH)
    return f"{'█' * full}{'░' * (BAR_WIDTH - full)}  {counts}"


def counts_text(progress: Progress, pace: Pace) -> str:
    parts = [
        tr("{done:,} {unit}", done=progress.done, unit=progress.unit)
        if progress.total is None
        else tr("{done:,} of {total:,} {unit}", done=progress.done, total=progress.total, unit=progress.unit)
    ]
    if pace.per_second is not None:
        parts.append(tr("{rate:,.0f}/s", rate=pace.per_second))
    if pace.seconds_left is not None:
        parts.append(tr("{time} left", time=duration_text(pace.seconds_left)))
    return " · ".join(parts)


def duration_text(seconds: float) -> str:
    """`0:07`, `12:30`, `1:02:03`."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
