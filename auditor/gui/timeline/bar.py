"""Above the lanes: where A and B stand, how far the lanes are zoomed, and what they stand over."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.parts.segmented import Segmented
from auditor.gui.timeline.model import AxisKind, TimelineModel

BETWEEN = 24
ZOOMS = (ActionId.ZOOM_OUT, ActionId.ZOOM_FIT, ActionId.ZOOM_IN)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Readout(QWidget):
    """The flag of A, its version, how many there are, its time with the zone; then the same of B, where that is set.
    Painted: a label would lay out the whole window again at each step of a drag."""

    def __init__(self, desk: Desk, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self.version_text = self.total_text = self.time_text = ""
        self.other_text = self.other_time_text = ""
        """Empty while B follows A."""
        self.setObjectName("timeline.readout")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        model.history_changed.connect(self._on_moved)
        model.moved.connect(self._on_moved)
        desk.cursor.other_changed.connect(self._on_moved)
        desk.clock.changed.connect(self._on_moved)
        desk.appearance.changed.connect(self.update)

    @property
    def text(self) -> str:
        """All of it: `31 of 57, 2026-03-02 14:11:07.482913 UTC, B 57, 2026-03-05 13:40:31.118204 UTC`."""
        parts = [f"{self.version_text} {self.total_text}", self.time_text]
        if self.other_text:
            parts += [f"B {self.other_text}", self.other_time_text]
        return ", ".join(part for part in parts if part)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._desk.appearance.sizes(160), 0)

    def _on_moved(self) -> None:
        history, other, clock = self._model.history, self._desk.cursor.other, self._desk.clock
        if history is None:
            return
        last, moment = history.version(history.length), history.time(self._model.ordinal)
        self.version_text = self._version(self._model.ordinal)
        self.total_text = tr("of {last}", last="0" if last is None else f"{last:,}")
        self.time_text = self._time(self._model.ordinal)
        self.other_text = "" if other is None else self._version(other)
        self.other_time_text = "" if other is None else self._time(other)
        self.setAccessibleName(tr("Version {text}", text=self.text))
        self.setToolTip("" if moment is None else clock.other_zone(moment))
        self.update()

    def _version(self, ordinal: int) -> str:
        version = self._model.history.version(ordinal) if self._model.history else None
        return "0" if version is None else f"{version:,}"

    def _time(self, ordinal: int, *, to_the_second: bool = False) -> str:
        moment = self._model.history.time(ordinal) if self._model.history else None
        if moment is None:
            return tr("before the first event")
        return self._desk.clock.second(moment) if to_the_second else self._desk.clock.full(moment)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._model.history is None:
            return
        appearance, painter = self._desk.appearance, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small, strong = appearance.body(appearance.sizes.small), appearance.body(appearance.sizes.title, 600)
        time, other_time = self._times_that_fit(QFontMetricsF(small), QFontMetricsF(strong))
        x = self._paint_flag(painter, 16, "A") + appearance.sizes(13)
        x = self._write(painter, x, self.version_text, strong, "text") + 10
        x = self._write(painter, x, self.total_text, small, "text3") + 16
        x = self._write(painter, x, time, small, "text2") + (BETWEEN if time else 0)
        if self.other_text:
            x = self._paint_flag(painter, x, "B") + appearance.sizes(13)
            x = self._write(painter, x, self.other_text, strong, "text") + 16
            self._write(painter, x, other_time, small, "text2")

    def _times_that_fit(self, small: QFontMetricsF, strong: QFontMetricsF) -> tuple[str, str]:
        """Without their microseconds where there is no room for them; B's gives way before A's, the rest of a time
        that is still too long is an ellipsis."""
        sizes, other = self._desk.appearance.sizes, self._desk.cursor.other
        used = 16 + sizes(33) + strong.horizontalAdvance(self.version_text) + 10
        used += small.horizontalAdvance(self.total_text) + 16
        if self.other_text:
            used += BETWEEN + sizes(33) + strong.horizontalAdvance(self.other_text) + 16
        short = self._time(self._model.ordinal, to_the_second=True)
        short_other = self._time(other, to_the_second=True) if other is not None else ""
        choices = [(self.time_text, self.other_time_text), (short, short_other)]
        if self.other_text:
            choices += [(short, ""), ("", "")]
        for time, other_time in choices:
            if used + small.horizontalAdvance(time) + small.horizontalAdvance(other_time) <= self.width():
                return time, other_time
        room = max(self.width() - used, 0)
        return (
            ("", "") if self.other_text else (small.elidedText(short, Qt.TextElideMode.ElideRight, room), "")
        )

    def _paint_flag(self, painter: QPainter, x: float, letter: str) -> float:
        """A is filled, B dashed; returns where it ends."""
        appearance, theme = self._desk.appearance, self._desk.appearance.theme
        sizes = appearance.sizes
        flag = QRectF(x, (self.height() - sizes(18)) / 2, sizes(20), sizes(18))
        if letter == "A":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_fill"))
            painter.drawRoundedRect(flag, 4, 4)
        else:
            painter.setPen(QPen(theme.color("text2"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(flag.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(theme.color("on_accent" if letter == "A" else "text"))
        painter.setFont(appearance.body(sizes.caption, 600))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, letter)
        return flag.right()

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
