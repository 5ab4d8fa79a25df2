"""What is wrong with a history, drawn where it is: versions that are missing or stand twice, and the application's
snapshots on the axis."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF, QRegion

from auditor.core.text import tr
from auditor.core.version_faults import Hole, hole_notes
from auditor.gui.desk import Desk
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.model import TimelineModel

AGREES, DIFFERS = "agrees", ("differs", "damaged")
"""Verdicts on a snapshot; all others say that it was not compared."""
APART = 3
"""Pixels between two marks of a kind: of those that are closer the first is drawn."""
POLE, PENNANT = 12, 8
NEAR = 6
TOOTH = 2.5


class HoleMark(NamedTuple):
    """Where in the plot versions are missing: between two events."""

    x: float
    hole: Hole


class SnapshotMark(NamedTuple):
    """Where in the plot a snapshot of the application stands, and what became of comparing it."""

    x: float
    ordinal: int
    verdict: str


class FaultMarks:
    """Finds and paints those in view. x counts from the plot's left edge."""

    def __init__(self, desk: Desk, model: TimelineModel) -> None:
        self._desk = desk
        self._model = model
        self._holes: dict[float, list[HoleMark]] = {}
        self._repeated: dict[float, list[tuple[float, int]]] = {}
        for signal in (model.history_changed, model.lanes_changed, model.window_changed):
            signal.connect(self._forget)

    def _forget(self) -> None:
        """They are kept by width: painted again at each step of a drag."""
        self._holes.clear()
        self._repeated.clear()

    # -- what there is -------------------------------------------------------------------------------------------

    def holes(self, width: float) -> list[HoleMark]:
        if width not in self._holes:
            self._holes[width] = self._find_holes(width)
        return self._holes[width]

    def _find_holes(self, width: float) -> list[HoleMark]:
        found, history = list[HoleMark](), self._model.history
        if history is None:
            return found
        window, places = self._model.window, self._model.places
        for hole in history.holes:
            place = (places.end_of(max(hole.after, 0)) + places.begin_of(hole.after + 1)) / 2
            if hole.after == 0:
                place = places.begin_of(1)
            x = window.x_of(place, width)
            if window.contains(place) and not (found and x - found[-1].x < APART):
                found.append(HoleMark(x, hole))
        return found

    def repeated(self, width: float) -> list[tuple[float, int]]:
        """x and lane of events that have the version of the one before."""
        if width not in self._repeated:
            self._repeated[width] = list(self._find_repeated(width))
        return self._repeated[width]

    def _find_repeated(self, width: float) -> Iterator[tuple[float, int]]:
        history, window, last = self._model.history, self._model.window, -1.0
        for ordinal in history.repeated if history is not None else ():
            place, lane = self._model.places.of(ordinal), self._model.lane_of(ordinal)
            x = window.x_of(place, width)
            if lane >= 0 and window.contains(place) and x - last >= APART:
                last = x
                yield x, lane

    def snapshots(self, width: float) -> list[SnapshotMark]:
        history, window = self._model.history, self._model.window
        if history is None:
            return []
        verdicts = history.snapshot_verdicts or ("",) * len(history.snapshots)
        return [
            SnapshotMark(window.x_of(place, width), ordinal, verdict)
            for ordinal, verdict in zip(history.snapshots, verdicts, strict=False)
            if window.contains(place := self._model.places.of(ordinal))
        ]

    # -- in words ------------------------------------------------------------------------------------------------

    def tip(self, x: float, width: float) -> str:
        """Of what is drawn there."""
        said = [self.snapshot_text(one) for one in self.snapshots(width) if 0 <= x - one.x <= PENNANT]
        said += [" ".join(hole_notes([one.hole])) for one in self.holes(width) if abs(one.x - x) <= NEAR]
        return "\n".join(said)

    def snapshot_text(self, mark: SnapshotMark) -> str:
        history = self._model.history
        version = f"{history.version(mark.ordinal):,}" if history is not None else ""
        if mark.verdict == AGREES:
            return tr("Snapshot of the application at {version}: agrees with its events", version=version)
        if mark.verdict in DIFFERS:
            return tr("Snapshot of the application at {version}: differs from its events", version=version)
        return tr("Snapshot of the application at {version}: not compared", version=version)

    def event_text(self, ordinal: int) -> str:
        """What is wrong with the version of that event."""
        history = self._model.history
        if history is None:
            return ""
        if ordinal in history.repeated:
            return tr("the event before has the same version")
        return tr("stored before an event of a lower version") if ordinal in history.strays else ""

    def sentences(self) -> list[str]:
        """On all of the history, with numbers."""
        history = self._model.history
        if history is None:
            return []
        said, missing = [], sum(hole.missing for hole in history.holes)
        if missing:
            places, pattern = len(history.holes), tr("{missing} versions missing in {places} places")
            if places == 1:
                pattern = (
                    tr("1 version missing") if missing == 1 else tr("{missing} versions missing in a row")
                )
            said.append(pattern.format(missing=f"{missing:,}", places=f"{places:,}"))
        if history.repeated:
            count = len(history.repeated)
            said.append(
                tr("1 version stands twice")
                if count == 1
                else tr("{count} versions stand twice", count=f"{count:,}")
            )
        if history.strays:
            said.append(tr("{count} stored out of order", count=f"{len(history.strays):,}"))
        return said

    # -- painting ------------------------------------------------------------------------------------------------

    def paint_holes(self, painter: QPainter, plot: QRectF, region: QRegion) -> None:
        """Jagged lines through all lanes, with how many versions are missing where there is room."""
        appearance, theme = self._desk.appearance, self._desk.appearance.theme
        marks, color = self.holes(plot.width()), theme.color("fail")
        painter.setFont(appearance.body(appearance.sizes.caption))
        metrics = painter.fontMetrics()
        for number, (x, hole) in enumerate(marks):
            following = marks[number + 1].x if number + 1 < len(marks) else plot.width()
            place = QRectF(plot.left() + x - 4, plot.top(), following - x + 4, plot.height())
            if not region.intersects(place.toAlignedRect()):
                continue
            painter.setPen(QPen(color, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for shift in (-1.5, 1.5):
                painter.drawPath(_jagged(plot.left() + x + shift, plot))
            text = tr("{count} missing", count=f"{hole.missing:,}")
            width = metrics.horizontalAdvance(text) + 8
            if x + 4 + width <= following:
                box = QRectF(
                    plot.left() + x + 4, plot.bottom() - metrics.height() - 2, width, metrics.height()
                )
                painter.fillRect(box, theme.color("fail_bg"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def paint_repeated(self, painter: QPainter, plot: QRectF, measures: Measures, scrolled: int) -> None:
        """A double mark beside the event: two short lines."""
        painter.setPen(QPen(self._desk.appearance.theme.color("chg"), 1.5))
        for x, lane in self.repeated(plot.width()):
            y = plot.top() + lane * measures.lane - scrolled + measures.lane / 2
            if plot.top() < y < plot.bottom():
                left = plot.left() + x + measures.mark * 0.7
                for shift in (-1.5, 1.5):
                    painter.drawLine(QPointF(left, y + shift), QPointF(left + 4, y + shift))

    def paint_snapshots(self, painter: QPainter, plot: QRectF) -> None:
        """Pennants that stand on the axis: filled where the snapshot agrees, with a ! where it differs, hollow where
        nobody knows."""
        theme = self._desk.appearance.theme
        for x, _, verdict in self.snapshots(plot.width()):
            left, top = round(plot.left() + x) + 0.5, plot.bottom() - POLE
            differs = verdict in DIFFERS
            color = theme.color("fail" if differs else "text2")
            painter.setPen(QPen(color, 1.25))
            painter.drawLine(QPointF(left, top), QPointF(left, plot.bottom() + 1))
            painter.setBrush(theme.color("bg") if verdict != AGREES and not differs else color)
            corners = (QPointF(left, top), QPointF(left + PENNANT, top + 3.5), QPointF(left, top + 7))
            painter.drawPolygon(QPolygonF(corners))
            if differs:
                painter.drawLine(QPointF(left + PENNANT + 3, top), QPointF(left + PENNANT + 3, top + 4))
                painter.drawPoint(QPointF(left + PENNANT + 3, top + 7))


def _jagged(x: float, plot: QRectF) -> QPainterPath:
    path, y, side = QPainterPath(QPointF(x, plot.top())), plot.top(), 1
    while y < plot.bottom():
        y = min(y + 2 * TOOTH, plot.bottom())
        path.lineTo(QPointF(x + side * TOOTH / 2, y))
        side = -side
    return path
