"""Above the lanes: where A stands, and how far the lanes are zoomed."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.parts.segmented import Segmented
from auditor.gui.timeline.model import AxisKind, TimelineModel

ZOOMS = (ActionId.ZOOM_OUT, ActionId.ZOOM_FIT, ActionId.ZOOM_IN)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Readout(QWidget):
    """The flag of A, its version, how many there are, its time with the zone. Painted: a label would lay out the whole
    window again at each step of a drag."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self.version_text = self.total_text = self.time_text = ""
        self.setObjectName("timeline.readout")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        model.history_changed.connect(self._on_moved)
        model.moved.connect(self._on_moved)
        desk.clock.changed.connect(self._on_moved)
        desk.appearance.changed.connect(self.update)

    @property
    def text(self) -> str:
        """All of it: `31 of 57, 2026-03-02 14:11:07.482913 UTC`."""
        head = f"{self.version_text} {self.total_text}"
        return f"{head}, {self.time_text}" if self.time_text else head

    def minimumSizeHint(self) -> QSize:
        return QSize(self._desk.appearance.sizes(160), 0)

    def _on_moved(self) -> None:
        history, ordinal = self._model.history, self._model.ordinal
        if history is None:
            return
        version, last, moment = (
            history.version(ordinal),
            history.version(history.length),
            history.time(ordinal),
        )
        self.version_text = "0" if version is None else f"{version:,}"
        self.total_text = tr("of {last}", last="0" if last is None else f"{last:,}")
        self.time_text = tr("before the first event") if moment is None else self._desk.clock.full(moment)
        self.setAccessibleName(tr("Version {text}", text=self.text))
        self.setToolTip("" if moment is None else self._desk.clock.other_zone(moment))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._model.history is None:
            return
        appearance, theme = self._desk.appearance, self._desk.appearance.theme
        sizes, painter = appearance.sizes, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        flag = QRectF(16, (self.height() - sizes(18)) / 2, sizes(20), sizes(18))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(flag, 4, 4)
        painter.setPen(theme.color("on_accent"))
        painter.setFont(appearance.body(sizes.caption, 600))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, "A")
        x = flag.right() + sizes(13)
        x = self._write(painter, x, self.version_text, appearance.body(sizes.title, 600), "text") + 10
        x = self._write(painter, x, self.total_text, appearance.body(sizes.small), "text3") + 16
        self._write(painter, x, self._time_that_fits(x), appearance.body(sizes.small), "text2")

    def _time_that_fits(self, x: float) -> str:
        """Without its microseconds where there is no room for them."""
        moment = self._model.history.time(self._model.ordinal) if self._model.history else None
        metrics = QFontMetricsF(self._desk.appearance.body(self._desk.appearance.sizes.small))
        if moment is None or x + metrics.horizontalAdvance(self.time_text) <= self.width():
            return self.time_text
        shorter = self._desk.clock.second(moment)
        return metrics.elidedText(shorter, Qt.TextElideMode.ElideRight, max(self.width() - x, 0))

    def _write(self, painter: QPainter, x: float, text: str, font: QFont, token: str) -> float:
        painter.setFont(font)
        painter.setPen(self._desk.appearance.theme.color(token))
        width = QFontMetricsF(font).horizontalAdvance(text)
        painter.drawText(QRectF(x, 0, width + 2, self.height()), _LEFT, text)
        return x + width


class TimelineBar(QWidget):
    """The readout at the left; zoom, gaps and axis at the right."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self.setObjectName("timeline.bar")
        self.readout = Readout(desk, model)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.readout, 1)
        self._buttons = []
        for name in ZOOMS:
            button = QToolButton(self)
            button.setObjectName(f"timeline.{name}")
            button.setDefaultAction(desk.actions[name])
            button.setAccessibleName(desk.actions[name].text())
            row.addWidget(button)
            self._buttons.append(button)
        self._gaps = QToolButton(self)
        self._gaps.setObjectName("timeline.compress-gaps")
        self._gaps.setDefaultAction(desk.actions[ActionId.COMPRESS_GAPS])
        self._gaps.setAccessibleName(desk.actions[ActionId.COMPRESS_GAPS].text())
        self._buttons.append(self._gaps)
        self.axis = Segmented("timeline.axis-switch", (tr("Version"), tr("Time")), tr("Axis by"), self)
        self.axis.chosen.connect(self._on_axis_chosen)
        row.addWidget(self._gaps)
        row.addWidget(self.axis)
        model.axis_changed.connect(self._on_axis_changed)
        self._on_axis_changed()
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def _on_axis_chosen(self, index: int) -> None:
        self._model.set_axis(tuple(AxisKind)[index], compresses=self._model.compresses)

    def _on_axis_changed(self) -> None:
        self.axis.set_index(tuple(AxisKind).index(self._model.axis))
        self._gaps.setVisible(self._model.axis is AxisKind.TIME)

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        self.setFixedHeight(sizes(40))
        for button in self._buttons:
            button.setIconSize(QSize(sizes.icon, sizes.icon))
