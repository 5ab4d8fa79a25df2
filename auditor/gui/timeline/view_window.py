"""Which part of a history the lanes show: zooming and moving as plain arithmetic."""

import math
from dataclasses import dataclass, replace

SMALLEST_SPAN = 6
ZOOM_STEP = 1.25


@dataclass(frozen=True, slots=True)
class ViewWindow:
    """`start` to `end` of `length` events in ordinals; event n reaches from n - 0.5 to n + 0.5, so that the whole
    history is 0.5 to length + 0.5. Every change stays within it."""

    length: int
    start: float
    end: float

    @classmethod
    def whole(cls, length: int) -> "ViewWindow":
        return cls(length, 0.5, max(length, 1) + 0.5)

    @property
    def span(self) -> float:
        return self.end - self.start

    @property
    def is_whole(self) -> bool:
        return self.span >= max(self.length, 1)

    @property
    def is_smallest(self) -> bool:
        return self.span <= min(SMALLEST_SPAN, max(self.length, 1))

    @property
    def is_at_end(self) -> bool:
        return self.end >= self.length + 0.5

    @property
    def first(self) -> int:
        """The ordinal of the first event whose middle is in view."""
        return math.ceil(self.start)

    @property
    def last(self) -> int:
        return min(math.floor(self.end), self.length)

    @property
    def events(self) -> int:
        """How many events are in view."""
        return max(0, self.last - self.first + 1)

    def contains(self, ordinal: float) -> bool:
        return self.start <= ordinal <= self.end

    # -- pixels --------------------------------------------------------------------------------------------------

    def x_of(self, ordinal: float, width: float) -> float:
        """Where that ordinal is drawn in so many pixels."""
        return (ordinal - self.start) / self.span * width

    def at(self, x: float, width: float) -> float:
        """The inverse of `x_of`."""
        return self.start + x / max(width, 1) * self.span

    def nearest(self, x: float, width: float) -> int:
        """The ordinal that is drawn closest to x, of those that are there and in view."""
        inside = min(max(round(self.at(x, width)), self.first), max(self.last, self.first))
        return min(max(inside, 1), max(self.length, 1))

    # -- changes -------------------------------------------------------------------------------------------------

    def zoomed(self, factor: float, at: float | None = None) -> "ViewWindow":
        """Shows `factor` times as much detail; the ordinal `at` (the middle) stays where it is."""
        at = (self.start + self.end) / 2 if at is None else min(max(at, self.start), self.end)
        span = self._allowed_span(self.span / factor)
        share = (at - self.start) / self.span
        return self._placed(at - share * span, span)

    def panned(self, by: float) -> "ViewWindow":
        """Moved by so many ordinals, at most to the first or last event."""
        return self._placed(self.start + by, self.span)

    def between(self, one: float, other: float) -> "ViewWindow":
        """From the one to the other ordinal, in whichever order they are."""
        low, high = sorted((one, other))
        span = self._allowed_span(high - low)
        return self._placed((low + high - span) / 2, span)

    def with_edge(self, *, start: float | None = None, end: float | None = None) -> "ViewWindow":
        """One edge is moved, the other one stays."""
        smallest = self._allowed_span(0)
        if start is not None:
            start = min(max(start, 0.5), self.end - smallest)
            return self._placed(start, self.end - start)
        if end is not None:
            end = min(max(end, self.start + smallest), self.length + 0.5)
            return self._placed(self.start, end - self.start)
        return self

    def showing(self, ordinal: int) -> "ViewWindow":
        """Moved by thirds until the ordinal is in view; around it if it is far away."""
        if ordinal < 1 or self.contains(ordinal):
            return self
        third = self.span / 3
        distance = self.start - ordinal if ordinal < self.start else ordinal - self.end
        if distance > self.span:
            return self._placed(ordinal - self.span / 2, self.span)
        steps = math.ceil(distance / third)
        return self.panned(-steps * third if ordinal < self.start else steps * third)

    def grown(self, length: int) -> "ViewWindow":
        """The history has got longer: the whole stays the whole, the end stays the end, the rest stays in place."""
        if self.is_whole:
            return self.whole(length)
        grown = replace(self, length=length)
        return grown.panned(length - self.length) if self.is_at_end else grown

    def _allowed_span(self, span: float) -> float:
        whole = max(self.length, 1)
        return min(max(span, min(SMALLEST_SPAN, whole)), whole)

    def _placed(self, start: float, span: float) -> "ViewWindow":
        span = self._allowed_span(span)
        start = min(max(start, 0.5), max(self.length, 1) + 0.5 - span)
        return ViewWindow(self.length, start, start + span)
