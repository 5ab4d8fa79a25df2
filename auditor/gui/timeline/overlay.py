"""Above the lanes: the lines of A and B with their flags, rings, selected and highlighted ranges."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk
from auditor.gui.history import Integers
from auditor.gui.looking import Mode
from auditor.gui.timeline.drawing import FAILED_SIZE, failed_mark
from auditor.gui.timeline.fault_marks import FaultMarks
from auditor.gui.timeline.flags import Flags
from auditor.gui.timeline.held import as_columns, bars_of
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.model import TimelineModel

LINE = 1.5
RING = 10
RANGE_TINT, BETWEEN_TINT, HELD_TINT = 0.12, 0.07, 0.08
HELD_BAR, HELD_LEAST = 3, 3


class Overlay(QWidget):
    """Covers flags and lanes in their whole width. A move of A or B paints a few strips anew, nothing else."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._measures = Measures(desk.appearance.sizes)
        self._scrolled = 0
        self._flags = Flags(desk, model)
        self.faults = FaultMarks(desk, model)
        self._other = desk.cursor.other
        self._rings_focus = False
        self._held_ranges: Integers | None = None
        self._held: list[tuple[float, float]] | None = None  # kept: painted again at each step of a drag
        self.box: tuple[float, float] | None = None
        """The frame of a zoom that is being drawn, as x from the plot's left edge."""
        self.setObjectName("timeline.overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        model.moved.connect(self._on_moved)
        model.window_changed.connect(self._on_window_changed)
        model.lanes_changed.connect(self.update)
        model.history_changed.connect(self.update)
        model.range_changed.connect(self.update)
        desk.cursor.other_changed.connect(self._on_other_changed)
        desk.highlight.changed.connect(self._on_held_changed)
        desk.looking.mode_changed.connect(self.update)

    def place(self, measures: Measures, scrolled: int) -> None:
        self._measures, self._scrolled, self._held = measures, scrolled, None
        self._flags.place(measures, self.width())
        self.update()

    def _on_held_changed(self) -> None:
        self._held = self._held_ranges = None
        self.update()

    def set_focused(self, focused: bool) -> None:
        """Whether the lanes have the focus: a ring says so."""
        self._rings_focus = focused
        self.update()

    def set_box(self, box: tuple[float, float] | None) -> None:
        self.box = box
        self.update()

    @property
    def flag(self) -> QRectF:
        """Where the flag of A stands."""
        return self._flags.a

    @property
    def other_flag(self) -> QRectF:
        """Where the flag of B stands; empty while there is none."""
        return self._flags.b

    @property
    def flags(self) -> list[QRectF]:
        """All flags that are drawn."""
        return [one for one in (self._flags.a, self._flags.b) if not one.isEmpty()]

    def flag_text(self, letter: str) -> str:
        ordinal = self._model.ordinal if letter == "A" else self._desk.cursor.other or 0
        return self._flags.text(letter, ordinal)

    def x_of(self, ordinal: int) -> float:
        """In this widget, on a whole device pixel."""
        ratio = self.devicePixelRatioF()
        return self._measures.gutter + round(self._x(self._model.places.of(ordinal)) * ratio) / ratio

    def _x(self, place: float) -> float:
        return self._model.window.x_of(place, self._measures.plot_width(self.width()))

    def _is_in_view(self, ordinal: int | None) -> bool:
        return ordinal is not None and self._model.window.contains(self._model.places.of(ordinal))

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._model.history is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bands(painter)
        self._paint_faults(painter, event.region())
        if self.box is not None:
            self._paint_box(painter, *self.box)
        if self._is_in_view(self._desk.cursor.other):
            self._paint_other_line(painter)
        self._paint_thin_ring(painter)
        if self._model.ordinal > 0 and self._is_in_view(self._model.ordinal):
            self._paint_line(painter)
        if event.rect().top() < self._measures.flags:
            self._flags.paint(painter)
        if self._rings_focus:
            ring = QRectF(0, self._measures.flags, self.width(), self.height() - self._measures.flags)
            painter.setPen(QPen(self._desk.appearance.theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ring.adjusted(1, 1, -1, -1), 4, 4)

    def _paint_faults(self, painter: QPainter, region: QRegion) -> None:
        measures, top = self._measures, self._measures.flags
        plot = QRectF(measures.gutter, top, measures.plot_width(self.width()), self.height() - top - 1)
        self.faults.paint_holes(painter, plot, region)
        self.faults.paint_repeated(painter, plot, measures, self._scrolled)
        self.faults.paint_snapshots(painter, plot)

    def _paint_line(self, painter: QPainter) -> None:
        theme, top = self._desk.appearance.theme, self._measures.flags
        x = self.x_of(self._model.ordinal)
        painter.fillRect(QRectF(x - LINE / 2, top, LINE, self.height() - top), theme.color("accent"))
        center = self._mark_of(self._model.ordinal)
        if center is not None:
            self._paint_ring(painter, center)

    def _paint_other_line(self, painter: QPainter) -> None:
        x = round(self.x_of(self._desk.cursor.other or 0)) + 0.5
        pen = QPen(self._desk.appearance.theme.color("text2"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, self._measures.flags), QPointF(x, self.height()))

    def _mark_of(self, ordinal: int) -> QPointF | None:
        """The middle of its mark; None if its lane is hidden or scrolled away."""
        lane, top = self._model.lane_of(ordinal), self._measures.flags
        y = top + lane * self._measures.lane - self._scrolled + self._measures.lane / 2
        return QPointF(self.x_of(ordinal), y) if lane >= 0 and top + RING / 2 < y < self.height() else None

    @property
    def _radius(self) -> float:
        return min(self._desk.appearance.sizes(RING), self._measures.lane / 2 - 1)

    def _paint_ring(self, painter: QPainter, center: QPointF) -> None:
        theme, history = self._desk.appearance.theme, self._model.history
        if history is None:
            return
        painter.setPen(QPen(theme.color("accent"), LINE))
        painter.setBrush(theme.color("bg"))
        painter.drawEllipse(center, self._radius, self._radius)
        if self._model.ordinal in history.unapplied:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("fail"))
            painter.translate(center)
            size = self._measures.mark * FAILED_SIZE
            painter.scale(size, size)
            painter.drawPath(failed_mark())
            painter.resetTransform()
        else:
            name = history.types[self._model.lanes.types[self._model.lane]]
            self._desk.event_types.paint(painter, name, center, self._measures.mark)

    def _paint_thin_ring(self, painter: QPainter) -> None:
        """Around the one event that who looks for something points at."""
        ring = self._desk.highlight.ring
        center = self._mark_of(ring) if ring is not None and self._is_in_view(ring) else None
        if center is not None:
            painter.setPen(QPen(self._desk.appearance.theme.color("text"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(center, self._radius - 0.5, self._radius - 0.5)

    # -- ranges --------------------------------------------------------------------------------------------------

    def _paint_bands(self, painter: QPainter) -> None:
        theme, cursor = self._desk.appearance.theme, self._desk.cursor
        self._paint_held(painter, theme.color("add"))
        if self._desk.looking.mode is Mode.COMPARE and cursor.other is not None and self._model.ordinal:
            low, high = sorted((self.x_of(self._model.ordinal), self.x_of(cursor.other)))
            self._paint_tint(painter, low, high, BETWEEN_TINT)
        if self._model.range is not None:
            low, high = self._band(*self._model.range)
            self._paint_tint(painter, low, high, RANGE_TINT)
            self._paint_edges(painter, low, high)

    def _band(self, first: int, last: int) -> tuple[float, float]:
        """From where to where these events reach, in this widget."""
        places = self._model.places
        low, high = self._x(places.begin_of(first)), self._x(places.end_of(last))
        return self._measures.gutter + low, self._measures.gutter + max(high, low + HELD_LEAST)

    def _cut(self, low: float, high: float) -> tuple[float, float]:
        left, right = self._measures.gutter, self.width() - self._measures.right
        return max(low, left), min(high, right)

    def _paint_tint(self, painter: QPainter, low: float, high: float, strength: float) -> None:
        low, high = self._cut(low, high)
        if high > low:
            tint, top = self._desk.appearance.theme.color("accent"), self._measures.flags
            tint.setAlphaF(strength)
            painter.fillRect(QRectF(low, top, high - low, self.height() - top), tint)

    def _paint_edges(self, painter: QPainter, low: float, high: float) -> None:
        """Brackets at both ends that are in view."""
        left, right = self._cut(low, high)
        top, line = self._measures.flags, self._desk.appearance.theme.color("accent")
        for x, at, into in ((low, left, 1), (high, right, -1)):
            if x == at and left <= right:
                painter.fillRect(QRectF(x - 0.5, top, 1, self.height() - top), line)
                painter.fillRect(QRectF(x if into > 0 else x - 5, top, 5, 2), line)
                painter.fillRect(QRectF(x if into > 0 else x - 5, self.height() - 2, 5, 2), line)

    def _paint_held(self, painter: QPainter, color: QColor) -> None:
        """Bars above the lanes where a condition held, and a faint tint below them."""
        if self._held is None:
            self._held = self.held()
        top, tint = self._measures.flags, QColor(color)
        tint.setAlphaF(HELD_TINT)
        for low, high in self._held:
            painter.fillRect(QRectF(low, top - HELD_BAR, high - low, HELD_BAR), color)
            painter.fillRect(QRectF(low, top, high - low, self.height() - top), tint)

    def held(self) -> list[tuple[float, float]]:
        """From where to where bars go; those that would touch are one."""
        if self._held_ranges is None:
            self._held_ranges = as_columns(self._desk.highlight.intervals)
        gutter, width = self._measures.gutter, self._measures.plot_width(self.width())
        bars = bars_of(self._held_ranges, self._model.places, self._model.window, width, HELD_LEAST)
        return [(gutter + low, gutter + high) for low, high in bars]

    def _paint_box(self, painter: QPainter, one: float, other: float) -> None:
        theme, top = self._desk.appearance.theme, self._measures.flags
        left = self._measures.gutter + min(one, other)
        rect = QRectF(left, top, abs(other - one), self.height() - top)
        tint = theme.color("accent")
        tint.setAlphaF(0.12)
        painter.fillRect(rect, tint)
        for x in (rect.left(), rect.right() - 1):
            painter.fillRect(QRectF(x, top, 1, rect.height()), theme.color("accent"))

    # -- strips --------------------------------------------------------------------------------------------------

    def _strip(self, ordinal: int) -> QRegion:
        x, ring = self.x_of(ordinal), self._desk.appearance.sizes(RING) + 2
        return QRegion(QRect(round(x - ring), self._measures.flags, 2 * ring + 1, self.height()))

    def _flag_region(self) -> QRegion:
        region = QRegion()
        for flag in self.flags:
            region = region.united(flag.toAlignedRect().adjusted(-1, -1, 1, 1))
        return region

    def _replaced(self, before: int, now: int) -> None:
        """A cursor went from one ordinal to another: what lies between changes only while the range is tinted."""
        region = self._flag_region()
        self._flags.place(self._measures, self.width())
        region = region.united(self._flag_region()).united(self._strip(before)).united(self._strip(now))
        if self._desk.looking.mode is Mode.COMPARE and self._desk.cursor.other is not None:
            low, high = sorted((self.x_of(before), self.x_of(now)))
            region = region.united(
                QRect(round(low) - 1, self._measures.flags, round(high - low) + 3, self.height())
            )
        self.update(region)

    def _on_moved(self, before: int, now: int) -> None:
        self._replaced(before, now)

    def _on_other_changed(self) -> None:
        before, self._other = self._other, self._desk.cursor.other
        self._replaced(before or 0, self._other or 0)
        if None in (before, self._other):
            self.update()

    def _on_window_changed(self) -> None:
        self._held = None
        self._flags.place(self._measures, self.width())
        self.update(QRect(0, 0, self.width(), self._measures.flags))
        self.update(self.rect().adjusted(self._measures.gutter - RING, self._measures.flags, 0, 0))
