"""Turns lanes, a window and a theme into what the plot draws: rows of marks and one density picture."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainterPath, QTransform

from auditor.gui.desk import Desk
from auditor.gui.history import History, Integers
from auditor.gui.shapes import shape
from auditor.gui.timeline.density import BarRow, density_pixels
from auditor.gui.timeline.lanes import DrawnLane, Raster, drawn_parts, is_among
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.plot import MarkRow, Plot

FAILED = -1
FAILED_SIZE = 1.4
"""Of the failed mark, in sizes of others."""
MUTED_SIZE = 0.6
ROOM = 1.4


@cache
def failed_mark() -> QPainterPath:
    """A disc with an exclamation mark cut out: an event that was not applied."""
    disc, sign = QPainterPath(), QPainterPath()
    disc.addEllipse(QPointF(0, 0), 0.5, 0.5)
    sign.addRoundedRect(QRectF(-0.07, -0.28, 0.14, 0.32), 0.06, 0.06)
    sign.addEllipse(QPointF(0, 0.2), 0.08, 0.08)
    return disc.subtracted(sign)


@cache
def _in_room(number: int) -> QPainterPath:
    """A shape, or the failed mark, within a larger square: the plot cuts off what reaches over a mark's size."""
    path = failed_mark() if number == FAILED else shape(number)
    return QTransform.fromScale(1 / ROOM, 1 / ROOM).map(path)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn on: the plot's size in logical pixels, its density, and how far the lanes are scrolled."""

    width: int
    height: int
    ratio: float
    scrolled: int


class LanesDrawing:
    """Draws the lanes that can be seen, and knows afterwards what was drawn."""

    def __init__(self, desk: Desk, model: TimelineModel, plot: Plot) -> None:
        self._desk = desk
        self._model = model
        self._plot = plot
        self.drawn: list[DrawnLane] = []
        self.bar_width = 1.0
        self.marks_on_bars = 0
        """How many marks stand for events that are in bars too."""

    def draw(self, sheet: Sheet, measures: Measures) -> None:
        history = self._model.history
        if history is None:
            return
        bar_pixels = max(1, round(measures.bar_width * sheet.ratio))
        self.bar_width = bar_pixels / sheet.ratio
        first = sheet.scrolled // measures.lane
        last = min((sheet.scrolled + sheet.height - 1) // measures.lane, self._model.lanes.count - 1)
        raster, chosen = Raster(self._model.window, sheet.width, self.bar_width), self._desk.highlight.events
        self.drawn = [
            part
            for lane in range(first, last + 1)
            for part in drawn_parts(self._model.lanes, lane, raster, chosen)
        ]
        self._draw_density(history, sheet, measures, bar_pixels)
        self._draw_marks(history, sheet, measures)

    def parts(self, lane: int) -> list[DrawnLane]:
        """What was drawn in that lane, what stands out first; nothing if it is scrolled out of sight."""
        return [one for one in reversed(self.drawn) if one.lane == lane]

    @property
    def dense_events(self) -> int:
        """How many events of the whole window are drawn as density, in lanes that can be seen."""
        return sum(one.number for one in self.drawn if one.bars is not None)

    def _draw_density(self, history: History, sheet: Sheet, measures: Measures, bar_pixels: int) -> None:
        rows = []
        for one in self.drawn:
            if one.bars is not None:
                top = one.lane * measures.lane - sheet.scrolled + 4
                rows.append(
                    BarRow(
                        bars=one.bars,
                        top=round(top * sheet.ratio),
                        height=round((measures.lane - 7) * sheet.ratio),
                        color=self._color(history, one),
                    )
                )
        if not rows:
            self._plot.draw_image(None, 0, 0)
            return
        width, height = round(sheet.width * sheet.ratio), round(sheet.height * sheet.ratio)
        pixels = density_pixels(rows, width, height, bar_pixels)
        self._plot.draw_image(pixels, width / sheet.ratio, height / sheet.ratio)

    def _failed_on_bars(
        self, drawn: DrawnLane, failed: Integers, sheet: Sheet, measures: Measures
    ) -> list[MarkRow]:
        """What was not applied is seen wherever it is, one mark a place."""
        at = drawn.at[is_among(drawn.ordinals, failed)]
        if not len(at):
            return []
        window, size = self._model.window, measures.mark * ROOM * FAILED_SIZE
        xs = (at - window.start) / window.span * sheet.width
        xs = np.unique(np.floor(xs / measures.mark)) * measures.mark + measures.mark / 2
        self.marks_on_bars += len(xs)
        y = drawn.lane * measures.lane - sheet.scrolled + measures.lane / 2
        color = self._desk.appearance.theme.color("fail")
        return [MarkRow(xs, y, _in_room(FAILED), color, size)]

    def _color(self, history: History, drawn: DrawnLane) -> QColor:
        if drawn.is_muted:
            return self._desk.appearance.theme.color("line2")
        return self._desk.event_types.color(history.types[self._model.lanes.types[drawn.lane]])

    def _draw_marks(self, history: History, sheet: Sheet, measures: Measures) -> None:
        window, rows = self._model.window, []
        incomplete = self._model.incomplete_from
        failed = np.asarray(history.unapplied, dtype=np.int64)
        theme = self._desk.appearance.theme
        self.marks_on_bars = 0
        for one in self.drawn:
            if one.bars is not None:
                rows += self._failed_on_bars(one, failed, sheet, measures)
                continue
            if not len(one.ordinals):
                continue
            name = history.types[self._model.lanes.types[one.lane]]
            y = one.lane * measures.lane - sheet.scrolled + measures.lane / 2
            xs = (one.at - window.start) / window.span * sheet.width
            xs = np.rint(xs * sheet.ratio) / sheet.ratio
            after = one.ordinals > (incomplete if incomplete is not None else history.length)
            path = _in_room(self._desk.event_types.mark(name).shape)
            color = self._color(history, one)
            size = measures.mark * ROOM * (MUTED_SIZE if one.is_muted else 1)
            is_failed = is_among(one.ordinals, failed)
            for chosen, hole in ((~after & ~is_failed, None), (after & ~is_failed, theme.color("bg"))):
                if chosen.any():
                    rows.append(MarkRow(xs[chosen], y, path, color, size, hole))
            if is_failed.any():
                rows.append(
                    MarkRow(xs[is_failed], y, _in_room(FAILED), theme.color("fail"), size * FAILED_SIZE)
                )
        self._plot.draw_marks(rows)
