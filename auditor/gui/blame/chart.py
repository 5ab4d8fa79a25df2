"""A small chart of how a number went: steps over the versions, with the line of A."""

from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from auditor.core.text import tr
from auditor.gui.blame.reading import Heights
from auditor.gui.desk import Desk
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.state.row_painter import RowPainter

HEIGHT, LEFT, RIGHT, MARGIN = 84, 90, 16, 14


class StepChart(QWidget):
    """`picked` with the ordinal of the event that set the value where the user clicked. Drawn are at most some lines a
    pixel, whatever the number of steps."""

    picked = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rows = RowPainter(desk.appearance)
        self._ordinals: Sequence[int] = ()
        self._places = np.zeros(0)
        self._heights = np.zeros(0)
        self._text_of: Callable[[int], str] = str
        self._last = 1
        self._lowest = self._highest = -1
        self.setObjectName("blame.chart")
        self.setAccessibleName(tr("Chart of the values"))
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        desk.cursor.ordinal_changed.connect(lambda _: self.update())
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def set_steps(
        self, ordinals: Sequence[int], heights: Heights, text_of: Callable[[int], str], last: int
    ) -> None:
        """Step i is true from the event `ordinals[i]` on, and not drawn where its height is not a number. `last` events
        the whole history has."""
        self._ordinals, self._heights, self._text_of = ordinals, heights, text_of
        self._last = max(last, 1)
        self._places = (np.asarray(ordinals, dtype=np.float64) - 1) / max(1, self._last - 1)
        self._lowest = self._highest = -1
        if not np.all(np.isnan(heights)):
            self._lowest, self._highest = int(np.nanargmin(heights)), int(np.nanargmax(heights))
            self.setAccessibleDescription(
                tr(
                    "{count:,} values between {lowest} and {highest}",
                    count=len(ordinals),
                    lowest=text_of(self._lowest),
                    highest=text_of(self._highest),
                )
            )
        self.update()

    # -- where things are ------------------------------------------------------------------------------------------

    def plot(self) -> QRectF:
        """The place of the lines, without the labels."""
        sizes = self._desk.appearance.sizes
        return QRectF(self.rect()).adjusted(sizes(LEFT), sizes(MARGIN), -sizes(RIGHT), -sizes(MARGIN))

    def x_of(self, ordinal: float) -> float:
        plot = self.plot()
        return plot.left() + plot.width() * (ordinal - 1) / max(1, self._last - 1)

    def step_at(self, x: float) -> int:
        """The step that was true at that place; -1 before the first one."""
        plot = self.plot()
        ordinal = 1 + (x - plot.left()) / max(1.0, plot.width()) * max(1, self._last - 1)
        return bisect_right(self._ordinals, ordinal + 0.5) - 1

    # -- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._rows.color("bg"))
        if self._highest >= 0:
            self._paint_labels(painter)
            self._paint_a(painter)
            self._paint_steps(painter)
        painter.end()

    def _paint_labels(self, painter: QPainter) -> None:
        sizes, plot = self._desk.appearance.sizes, self.plot()
        height = self._rows.font("caption")[1].height()
        ends = [(plot.top(), self._highest)]
        if self._heights[self._lowest] < self._heights[self._highest]:
            ends.append((plot.bottom(), self._lowest))
        for y, at in ends:
            cell = QRect(sizes(16), round(y - height / 2), sizes(LEFT - 16 - 20), height)
            self._rows.write(painter, cell, self._text_of(at), "text3", "caption", right=True)

    def _paint_a(self, painter: QPainter) -> None:
        x = round(self.x_of(min(max(self._desk.cursor.ordinal, 1), self._last))) + 0.5
        painter.setPen(QPen(self._rows.color("accent"), 1))
        painter.drawLine(QLineF(x, self.plot().top() - 6, x, self.plot().bottom() + 6))

    def _paint_steps(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._rows.color("accent"), 1.5))
        plot = self.plot()
        places = plot.left() + plot.width() * self._places
        ends = np.append(places[1:], self.x_of(self._last))
        ys = self._ys()
        if 2 * len(ys) > plot.width():
            self._paint_dense(painter, places, ys)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line: list[QPointF] = []
        for x, end, y in zip(places.tolist(), ends.tolist(), ys.tolist(), strict=True):
            if y != y:  # no number: a gap
                painter.drawPolyline(QPolygonF(line))
                line = []
                continue
            line += [QPointF(x, y), QPointF(max(end, x + 2), y)]
        painter.drawPolyline(QPolygonF(line))

    def _ys(self) -> Heights:
        plot = self.plot()
        lowest, highest = self._heights[self._lowest], self._heights[self._highest]
        if highest == lowest:
            return np.where(np.isnan(self._heights), np.nan, plot.center().y())
        # Halves, so that the largest floats do not overflow.
        share: Heights = (self._heights / 2 - lowest / 2) / (highest / 2 - lowest / 2)
        return np.asarray(plot.bottom() - plot.height() * share)

    def _paint_dense(
        self,
        painter: QPainter,
        places: Heights,
        ys: Heights,
    ) -> None:
        """One upright line a pixel, from the smallest to the largest value in it and the one before."""
        known = ~np.isnan(ys)
        columns, ys = np.floor(places[known]).astype(int), ys[known]
        if not len(ys):
            return
        starts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 1))
        top, bottom = np.minimum.reduceat(ys, starts), np.maximum.reduceat(ys, starts)
        before = np.append(ys[:1], ys[starts[1:] - 1])
        painter.setPen(QPen(self._rows.color("accent"), 1))
        painter.drawLines(
            [
                QLineF(x + 0.5, min(one, earlier), x + 0.5, max(other, earlier) + 0.5)
                for x, one, other, earlier in zip(
                    columns[starts].tolist(), top.tolist(), bottom.tolist(), before.tolist(), strict=True
                )
            ]
        )

    # -- mouse -----------------------------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self.step_at(event.position().x())
        if at >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self._ordinals[at])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            at, history = self.step_at(event.pos().x()), self._desk.cursor.history
            if at >= 0 and history is not None:
                said = tr(
                    "{value} since version {version:,}",
                    value=self._text_of(at),
                    version=history.version(self._ordinals[at]),
                )
                QToolTip.showText(event.globalPos(), plain_tip(said), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(self._desk.appearance.sizes(HEIGHT))
        self.update()
