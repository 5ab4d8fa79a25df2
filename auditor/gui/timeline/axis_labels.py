"""What is written on the axis: versions over days, or moments over versions."""

from typing import NamedTuple

from PySide6.QtGui import QFontMetricsF

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.history import History
from auditor.gui.timeline.days import Calendar, DayMark, calendar_of
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.ticks import version_ticks
from auditor.gui.timeline.time_scale import TimeScale
from auditor.gui.timeline.time_ticks import DAY, Step, duration_text, local_moment, step_for, tick_text, ticks

MONTHS_APART = 24


class Label(NamedTuple):
    """Its place from the plot's left edge, and its text."""

    x: float
    text: str


class Moment(NamedTuple):
    """A tick of the axis by time: where it is, when, and the version that the history had then."""

    x: float
    text: str
    version: str


class Gap(NamedTuple):
    """A gap that is drawn short, from x to x, and how long it is."""

    left: float
    right: float
    text: str


class AxisLabels:
    """Places in a plot so many pixels wide; texts that have no room are left out."""

    def __init__(self, desk: Desk, model: TimelineModel) -> None:
        self._desk = desk
        self._model = model
        self._calendar: Calendar | None = None

    def forget(self) -> None:
        """The history or the clock's zone has changed."""
        self._calendar = None

    def metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._desk.appearance.body(self._desk.appearance.sizes.caption))

    def x_of(self, place: float, width: float) -> float:
        return round(self._model.window.x_of(place, width))

    # -- by version ----------------------------------------------------------------------------------------------

    def versions(self, width: int) -> list[Label]:
        """Each text at its middle."""
        history = self._model.history
        if history is None:
            return []
        return [
            Label(self.x_of(ordinal, width), f"{history.version(ordinal):,}")
            for ordinal in self._version_ticks(width)
        ]

    def _version_ticks(self, width: int) -> list[int]:
        history = self._model.history
        if history is None or history.length == 0:
            return []
        widest = self.metrics().horizontalAdvance(f"{int(history.versions.max()):,}")
        apart = max(widest + 24, self._desk.appearance.sizes(64))
        return version_ticks(history.versions, self._model.window, width, apart)

    def days(self, width: int, right: int) -> list[Label]:
        """Each text at its beginning; it may reach `right` pixels over the plot."""
        window, labels, end = self._model.window, list[Label](), -1.0
        for mark in self._day_marks(width):
            x = max(0.0, window.x_of(mark.ordinal - 0.5, width))
            needed = self.metrics().horizontalAdvance(mark.text) + 10
            if x >= end and x + needed <= width + right:
                labels.append(Label(x, mark.text))
                end = x + needed + 6
        return labels if len(labels) > 1 else [*labels, *self._times_of_day(width, right, end)]

    def _times_of_day(self, width: int, right: int, begin: float) -> list[Label]:
        """Within one day: the minutes of those events whose version is written above."""
        history, labels = self._model.history, list[Label]()
        if history is None:
            return labels
        for ordinal in self._version_ticks(width):
            x, moment = self.x_of(ordinal, width), self._desk.clock.moment(history.times[ordinal - 1])
            if moment is not None and x >= begin and x + 40 <= width + right:
                labels.append(Label(x, f"{moment:%H:%M}"))
        return labels

    def _day_marks(self, width: int) -> list[DayMark]:
        history = self._model.history
        if history is None or history.length == 0:
            return []
        first, last = self._model.in_view
        most = width / (self.metrics().horizontalAdvance("28 Feb") + MONTHS_APART)
        return self._known_calendar(history.times).marks(first, last, int(most))

    def _known_calendar(self, times: list[str]) -> Calendar:
        if self._calendar is None:
            self._calendar = calendar_of(times, local=self._desk.clock.is_local)
        return self._calendar

    def day_around(self, ordinal: int) -> tuple[int, int]:
        """The first and last event of the run of one day in which that event stands."""
        history = self._model.history
        return self._known_calendar(history.times).day_around(ordinal) if history else (1, 1)

    # -- by time -------------------------------------------------------------------------------------------------

    def step(self, width: int) -> Step:
        """How far the moments that are written stand apart."""
        metrics, window = self.metrics(), self._model.window
        per_pixel = window.span / max(width, 1)
        step = step_for((metrics.horizontalAdvance("28 Feb") + 36) * per_pixel)
        if step.microseconds < 1_000_000:  # their texts are longer
            step = step_for((metrics.horizontalAdvance("00:00:00.0000") + 24) * per_pixel)
        return step

    def moments(self, width: int, right: int) -> list[Moment]:
        scale, history, window = self._model.scale, self._model.history, self._model.window
        if scale is None or history is None:
            return []
        found, end = list[Moment](), -1.0
        for begin, stop in _plain_parts(scale, window.start, window.end):
            limit = min(width + right, window.x_of(stop, width) + (right if stop >= window.end else 0))
            for moment in self._moments_between(scale, history, (begin, stop), (max(end, 0.0), limit), width):
                found.append(moment)
                end = moment.x + self._needed(moment) + 6
        return found

    def _moments_between(
        self,
        scale: TimeScale,
        history: History,
        part: tuple[float, float],
        room: tuple[float, float],
        width: int,
    ) -> list[Moment]:
        """Those of one part between two breaks, from x to x. The first says also the day."""
        step, local, found = self.step(width), self._desk.clock.is_local, list[Moment]()
        begin, limit = room
        for moment in ticks(scale.moment(part[0]), scale.moment(part[1]), step, local=local):
            place = scale.place(moment)
            version = history.version(self._model.places.at_or_before(place))
            said, x = "0" if version is None else f"{version:,}", self.x_of(place, width)
            for is_first in (True, False) if not found else (False,):
                label = Moment(x, tick_text(moment, step, local=local, is_first=is_first), said)
                if x >= begin and x + self._needed(label) <= limit:
                    found.append(label)
                    begin = x + self._needed(label) + 6
                    break
        return found

    def _needed(self, moment: Moment) -> float:
        metrics = self.metrics()
        return max(metrics.horizontalAdvance(moment.text), metrics.horizontalAdvance(moment.version)) + 10

    def gaps(self, width: int) -> list[Gap]:
        """Those in view."""
        scale, window = self._model.scale, self._model.window
        if scale is None:
            return []
        return [
            Gap(
                window.x_of(gap.start, width),
                window.x_of(gap.end, width),
                duration_text(gap.microseconds),
            )
            for gap in scale.breaks
            if gap.end > window.start and gap.start < window.end
        ]

    def caption(self, width: int) -> str:
        """What the upper row has, with the zone; and the year, where no label says it."""
        zone, scale, window = self._desk.clock.zone_name, self._model.scale, self._model.window
        if scale is None or self.step(width).microseconds >= DAY:
            return tr("day, {zone}", zone=zone)
        local = self._desk.clock.is_local
        year, last = (
            local_moment(scale.moment(edge), local=local).year for edge in (window.start, window.end)
        )
        if year != last:
            return tr("time, {zone}", zone=zone)
        return tr("{year}, time, {zone}", year=year, zone=zone)


def _plain_parts(scale: TimeScale, start: float, end: float) -> list[tuple[float, float]]:
    """The parts of a window that are not in a break."""
    parts = []
    for gap in scale.breaks:
        if gap.start > start:
            parts.append((start, min(gap.start, end)))
        start = max(start, gap.end)
        if start >= end:
            return parts
    return [*parts, (start, end)]
