"""What is said about the lanes above them, in the strip in which the flags stand."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from auditor.core.presenter import display_events
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.history import Integers
from auditor.gui.timeline.drawing import LanesDrawing
from auditor.gui.timeline.fault_marks import FaultMarks
from auditor.gui.timeline.lanes import is_among
from auditor.gui.timeline.model import AxisKind, TimelineModel

APART = 8
"""Pixels between a text and a flag."""
BETWEEN = 16
SHORTEST = 48


class Said(NamedTuple):
    """A sentence and the tone of its colour."""

    text: str
    tone: str = "text3"


class Placed(NamedTuple):
    """What of a sentence is written where."""

    text: str
    tone: str
    place: QRectF


class Head:
    """Sentences from the left, in the order of their weight; what is incomplete at the right."""

    def __init__(self, desk: Desk, model: TimelineModel, drawing: LanesDrawing, faults: FaultMarks) -> None:
        self._desk = desk
        self._model = model
        self._drawing = drawing
        self._faults = faults
        self._unseen: int | None = None  # kept: asked for at each step of a drag
        model.lanes_changed.connect(self._forget)
        desk.highlight.changed.connect(self._forget)

    def _forget(self) -> None:
        self._unseen = None

    def _count_unseen(self, events: Integers) -> int:
        """How many of them are in no lane."""
        if not self._model.hidden[0]:
            return 0
        return len(events) - sum(int(is_among(one, events).sum()) for one in self._model.lanes.ordinals)

    def sentences(self) -> list[Said]:
        """All of them, also those that have no room."""
        at_right = self._incomplete()
        return [*self._at_left(), *([at_right] if at_right else [])]

    def _at_left(self) -> list[Said]:
        dense = self._drawing.dense_events
        faults = [Said(text, "fail") for text in self._faults.sentences()]
        said = [
            *self._about_range(),
            *faults,
            *self._about_lanes(),
            *self._about_highlight(),
            *self._about_time(),
        ]
        if dense:
            said.append(Said(tr("{count} events as density", count=f"{dense:,}")))
        return said

    def _about_range(self) -> list[Said]:
        """`40 to 72, 33 events`, with times where the axis is by time."""
        model, history = self._model, self._model.history
        if model.range is None or history is None:
            return []
        first, last = model.range
        ends = [f"{history.version(one):,}" for one in (first, last)]
        if model.scale is not None:
            ends = [self._desk.clock.second(history.time(one) or "") for one in (first, last)]
        count = display_events(last - first + 1)
        return [Said(tr("{first} to {last}, {count}", first=ends[0], last=ends[1], count=count), "accent")]

    def _about_lanes(self) -> list[Said]:
        types, events = self._model.hidden
        if not types:
            return []
        total, count = len(self._model.by_type), display_events(events)
        return [
            Said(
                tr("{hidden} of {total} types hidden, {events}", hidden=types, total=total, events=count),
                "text2",
            )
        ]

    def _about_highlight(self) -> list[Said]:
        highlight, said = self._desk.highlight, []
        if highlight.events is not None:
            said.append(Said(highlight.label, "text2"))
            if self._unseen is None:
                self._unseen = self._count_unseen(highlight.events)
            if self._unseen:
                count = display_events(self._unseen)
                said.append(Said(tr("{events} of them in hidden lanes", events=count), "text2"))
        if highlight.intervals is not None:
            ranges = len(highlight.intervals)
            text = (
                tr("{label}: 1 range of versions", label=highlight.label)
                if ranges == 1
                else tr("{label}: {ranges:,} ranges of versions", label=highlight.label, ranges=ranges)
            )
            said.append(Said(text, "add"))
        return said

    def _about_time(self) -> list[Said]:
        instants, model = self._model.instants, self._model
        if model.axis is not AxisKind.TIME or instants is None:
            return []
        if model.scale is None:
            return [Said(tr("no event has a readable time: shown by version"), "chg")]
        said = []
        for ordinals, one, many in (
            (
                instants.displaced,
                tr("1 event out of order in time, placed by version"),
                tr("{count} events out of order in time, placed by version"),
            ),
            (
                instants.unreadable,
                tr("1 event without a readable time, placed by version"),
                tr("{count} events without a readable time, placed by version"),
            ),
        ):
            if len(ordinals):
                text = one if len(ordinals) == 1 else many.format(count=f"{len(ordinals):,}")
                said.append(Said(text, "chg"))
        if model.compresses and not model.scale.breaks:
            said.append(Said(tr("no long gaps to compress")))
        return said

    def _incomplete(self) -> Said | None:
        incomplete, history = self._model.incomplete_from, self._model.history
        if incomplete is None or history is None:
            return None
        return Said(tr("incomplete from {version}", version=f"{history.incomplete_version:,}"), "fail")

    # -- places --------------------------------------------------------------------------------------------------

    def placed(self, right: float, height: float, flags: Sequence[QRectF]) -> list[Placed]:
        """In a strip that ends at `right`; no text is under a flag. Of one that has no room only the beginning."""
        metrics = QFontMetricsF(self._desk.appearance.body(self._desk.appearance.sizes.caption))
        placed, last = [], self._incomplete()
        if last is not None:
            width = metrics.horizontalAdvance(last.text) + 2
            for flag in sorted(flags, key=QRectF.left, reverse=True):
                if flag.left() < right + APART and flag.right() > right - width - APART:
                    right = flag.left() - APART
            right -= width
            placed.append(Placed(last.text, last.tone, QRectF(right, 0, width, height)))
        x = float(BETWEEN)
        for text, tone in self._at_left():
            width = metrics.horizontalAdvance(text) + 2
            x = self._past_flags(x, min(width, SHORTEST), flags)
            room = min([right - BETWEEN, *(flag.left() - APART for flag in flags if flag.left() >= x)]) - x
            if room < width and (wider := self._past_flags(x, width, flags)) + width <= right - BETWEEN:
                x, room = wider, width
            if room < SHORTEST:
                break
            shown = metrics.elidedText(text, _RIGHT, room + 1)
            placed.append(Placed(shown, tone, QRectF(x, 0, min(width, room), height)))
            x += min(width, room) + BETWEEN
        return placed

    def _past_flags(self, x: float, width: float, flags: Sequence[QRectF]) -> float:
        for flag in sorted(flags, key=QRectF.left):
            if flag.left() < x + width + APART and flag.right() > x - APART:
                x = flag.right() + APART
        return x


_RIGHT = Qt.TextElideMode.ElideRight
