"""Events a second over the time of a rebuild. The one place of this view that knows pyqtgraph."""

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped] # it has no annotations
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.projections.rate import axis_end, rate_step, time_ticks
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.words import span_text

LINES = 3


class RateChart(QWidget):
    """At most one point a pixel; y from 0; the time axis reaches to the expected end. Axes and lines are painted here,
    the curve by a transparent plot above them."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._run: RebuildRun | None = None
        self._name = ""
        self._end = 0.0
        self._step = 1
        self._last = 0.0
        self.number_of_points = 0
        self.setObjectName("projections.rate")
        self.setAccessibleName(tr("Events per second"))
        # A plot of pyqtgraph's own brings menus and axes, which take 50 ms to make: the view and its box are enough.
        self._plot = pg.GraphicsView(self, background=None)
        self._plot.setObjectName("projections.rate.plot")
        for widget in (self._plot, self._plot.viewport()):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plot.viewport().setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plot.setStyleSheet("background: transparent")
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        self._box.disableAutoRange()
        self._plot.setCentralItem(self._box)
        self._curve = pg.PlotCurveItem(antialias=True)
        self._box.addItem(self._curve)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self._desk.appearance.sizes(84))

    def sizeHint(self) -> QSize:
        return QSize(600, self._desk.appearance.sizes(220))

    def show_run(self, run: RebuildRun) -> None:
        if self._run is not run:
            self._end = 0.0
        self._run = run
        if self.isVisible():
            self._draw()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type] # handed on as it came
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._plot.setGeometry(self._room)
        self._draw()

    @property
    def _room(self) -> QRect:
        """Of the curve: beside the numbers and above the times."""
        sizes = self._desk.appearance.sizes
        left = sizes(52)
        return QRect(
            left, sizes(6), max(self.width() - left - sizes(8), 1), max(self.height() - sizes(26), 1)
        )

    def _draw(self) -> None:
        run = self._run
        if run is None:
            return
        left = run.seconds_left
        if run.is_over:
            self._end = max(run.seconds, 0.5)
        else:
            self._end = axis_end(self._end, run.seconds + (left or 0.0))
        seconds, rates = run.samples.curve(self._end, self._room.width())
        self.number_of_points = len(seconds)
        most = max(rates)
        self._step, self._last = rate_step(most), seconds[-1]
        self._box.setRange(xRange=(0, self._end), yRange=(0, self._top), padding=0)
        self._curve.setData(np.array(seconds), np.array(rates))
        self.setAccessibleDescription(tr("up to {most:,.0f} events per second", most=most))
        self.update()

    @property
    def _has_curve(self) -> bool:
        return self._run is not None and len(self._run.samples) > 1

    @property
    def _top(self) -> float:
        return self._step * (LINES + 0.5)

    def _on_appearance_changed(self) -> None:
        color = self._desk.appearance.theme.color("accent")
        self._curve.setPen(pg.mkPen(color, width=1.5))
        color.setAlphaF(0.1)
        self._curve.setBrush(color)
        self._curve.setFillLevel(0)
        self._plot.setGeometry(self._room)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, sizes = QPainter(self), self._desk.appearance.theme, self._desk.appearance.sizes
        painter.setFont(self._desk.appearance.body(sizes.caption))
        room = self._room
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for line in range(LINES + 1):
            y = round(room.bottom() + 1 - line * self._step / self._top * room.height())
            painter.fillRect(room.left(), y, room.width(), 1, theme.color("line2" if line == 0 else "line"))
            if not self._has_curve:
                continue
            painter.setPen(theme.color("text3"))
            label = QRect(0, y - sizes(8), room.left() - sizes(6), sizes(16))
            painter.drawText(label, right, f"{line * self._step:,}")
        self._paint_times(painter, room)

    def _paint_times(self, painter: QPainter, room: QRect) -> None:
        theme, sizes = self._desk.appearance.theme, self._desk.appearance.sizes
        if self._end <= 0 or self._run is None or not self._has_curve:
            return
        for tick in time_ticks(self._end, room.width(), sizes(72)):
            x = round(room.left() + tick / self._end * room.width())
            painter.fillRect(x, room.bottom() + 1, 1, sizes(4), theme.color("line2"))
            label = QRect(x - sizes(30), room.bottom() + sizes(4), sizes(60), sizes(16))
            if label.right() <= self.width():
                painter.setPen(theme.color("text3"))
                painter.drawText(label, Qt.AlignmentFlag.AlignHCenter, span_text(tick))
        if not self._run.is_over:
            x = round(room.left() + self._last / self._end * room.width())
            painter.fillRect(x, room.top(), 1, room.height(), theme.color("line2"))
