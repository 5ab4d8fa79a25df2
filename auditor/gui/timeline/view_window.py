"""Which part of an axis the lanes show: zooming and moving as plain arithmetic."""

import math
from dataclasses import dataclass, replace

ZOOM_STEP = 1.25


@dataclass(frozen=True, slots=True)
class Extent:
    """All of an axis, in its own coordinate: ordinals, or microseconds. No window is smaller than `smallest`."""

    low: float
    high: float
    smallest: float

    @property
    def size(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class ViewWindow:
    """`start` to `end` of an axis. Every change stays within its extent."""

    extent: Extent
    start: float
    end: float

    @classmethod
    def whole(cls, extent: Extent) -> "ViewWindow":
        return cls(extent, extent.low, extent.high)

    @property
    def span(self) -> float:
        return self.end - self.start

    @property
    def is_whole(self) -> bool:
        return self.span >= self.extent.size

    @property
    def is_smallest(self) -> bool:
        return self.span <= min(self.extent.smallest, self.extent.size)

    @property
    def is_at_end(self) -> bool:
        return self.end >= self.extent.high

    def contains(self, place: float) -> bool:
        return self.start <= place <= self.end

    # -- pixels --------------------------------------------------------------------------------------------------

    def x_of(self, place: float, width: float) -> float:
        """Where that place is drawn in so many pixels."""
        return (place - self.start) / self.span * width

    def at(self, x: float, width: float) -> float:
        """The inverse of `x_of`."""
        return self.start + x / max(width, 1) * self.span

    # -- changes -------------------------------------------------------------------------------------------------

    def zoomed(self, factor: float, at: float | None = None) -> "ViewWindow":
        """Shows `factor` times as much detail; the place `at` (the middle) stays where it is."""
        at = (self.start + self.end) / 2 if at is None else min(max(at, self.start), self.end)
        span = self._allowed_span(self.span / factor)
        share = (at - self.start) / self.span
        return self._placed(at - share * span, span)

    def panned(self, by: float) -> "ViewWindow":
        """Moved by so much, at most to the beginning or end."""
        return self._placed(self.start + by, self.span)

    def between(self, one: float, other: float) -> "ViewWindow":
        """From the one to the other place, in whichever order they are."""
        low, high = sorted((one, other))
        span = self._allowed_span(high - low)
        return self._placed((low + high - span) / 2, span)

    def with_edge(self, *, start: float | None = None, end: float | None = None) -> "ViewWindow":
        """One edge is moved, the other one stays."""
        smallest = self._allowed_span(0)
        if start is not None:
            start = min(max(start, self.extent.low), self.end - smallest)
            return self._placed(start, self.end - start)
        if end is not None:
            end = min(max(end, self.start + smallest), self.extent.high)
            return self._placed(self.start, end - self.start)
        return self

    def showing(self, place: float) -> "ViewWindow":
        """Moved by thirds until the place is in view; around it if it is far away."""
        if self.contains(place):
            return self
        third = self.span / 3
        distance = self.start - place if place < self.start else place - self.end
        if distance > self.span:
            return self._placed(place - self.span / 2, self.span)
        steps = math.ceil(distance / third)
        return self.panned(-steps * third if place < self.start else steps * third)

    def grown(self, extent: Extent) -> "ViewWindow":
        """The axis has got longer: the whole stays the whole, the end stays the end, the rest stays in place."""
        if self.is_whole:
            return self.whole(extent)
        grown = replace(self, extent=extent)
        return grown.panned(extent.high - self.extent.high if self.is_at_end else 0)

    def _allowed_span(self, span: float) -> float:
        return min(max(span, self.extent.smallest), self.extent.size)

    def _placed(self, start: float, span: float) -> "ViewWindow":
        span = self._allowed_span(span)
        start = min(max(start, self.extent.low), self.extent.high - span)
        return ViewWindow(self.extent, start, start + span)
