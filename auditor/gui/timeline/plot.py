"""The one place that knows pyqtgraph: marks and density pictures in a plot whose coordinates are pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped] # it has no annotations
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from auditor.gui.timeline.density import Pixels

MARGIN = 10
OUTLINE = 1.5


@dataclass(frozen=True, slots=True)
class MarkRow:
    """Marks of one kind at one height; with a `hole` of that colour they are outlines."""

    xs: NDArray[np.float64]
    y: float
    shape: QPainterPath
    color: QColor
    size: float
    hole: QColor | None = None


class Plot:
    """A transparent plot without axes and without behaviour. Nothing else of the timeline touches pyqtgraph."""

    def __init__(self, parent: QWidget) -> None:
        self._plot = pg.PlotWidget(parent, background=None)
        self.widget: QWidget = self._plot
        self.widget.setObjectName("timeline.plot")
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plot.viewport().setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.widget.setStyleSheet("background: transparent")
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        item = self._plot.plotItem
        item.layout.setContentsMargins(0, 0, 0, 0)
        item.hideButtons()
        item.setMenuEnabled(False)
        for side in ("left", "bottom", "right", "top"):
            item.hideAxis(side)
        box = item.vb
        box.setMouseEnabled(False, False)
        box.setDefaultPadding(0)
        box.disableAutoRange()
        box.invertY()
        self._box = box
        self._image = pg.ImageItem(axisOrder="row-major")
        self._plot.addItem(self._image)
        self._image.hide()
        self._marks: list[pg.ScatterPlotItem] = []
        self._styles: dict[tuple[int, int, float], tuple[QPen, QBrush]] = {}

    @property
    def number_of_marks(self) -> int:
        """How many marks the plot's items hold."""
        return sum(len(item.data) for item in self._marks)

    def place(self, rect: QRect) -> None:
        """One unit of the plot is one logical pixel. At both sides there is room for half a mark more."""
        self.widget.setGeometry(rect.adjusted(-MARGIN, 0, MARGIN, 0))
        right, bottom = max(rect.width(), 1) + MARGIN, max(rect.height(), 1)
        self._box.setRange(xRange=(-MARGIN, right), yRange=(0, bottom), padding=0)

    def draw_image(self, pixels: Pixels | None, width: float, height: float) -> None:
        """A picture that fills the rectangle from the upper left corner; None draws none."""
        self._image.setVisible(pixels is not None)
        if pixels is not None:
            self._image.setImage(pixels, autoLevels=False, levels=None)
            self._image.setRect(0, 0, width, height)

    def draw_marks(self, rows: Sequence[MarkRow]) -> None:
        """Instead of all marks that are there."""
        while len(self._marks) < len(rows):
            item = pg.ScatterPlotItem(pxMode=True, pen=None, antialias=True)
            self._plot.addItem(item)
            self._marks.append(item)
        for item, row in zip(self._marks, rows, strict=False):
            pen, brush = self._style(row)
            item.setData(
                row.xs,
                np.full(len(row.xs), row.y),
                symbol=row.shape,
                size=row.size,
                pen=pen,
                brush=brush,
            )
            item.show()
        for item in self._marks[len(rows) :]:
            if len(item.data):
                item.clear()
            item.hide()

    def _style(self, row: MarkRow) -> tuple[QPen, QBrush]:
        """The same objects for the same look: pyqtgraph keeps a picture for each object it has seen."""
        key = (row.color.rgba(), row.hole.rgba() if row.hole else -1, row.size)
        if key not in self._styles:
            pen = QPen(row.color, OUTLINE / row.size) if row.hole else QPen(Qt.PenStyle.NoPen)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            self._styles[key] = (pen, QBrush(row.hole or row.color))
        return self._styles[key]
