"""A rebuild that waits, runs, has finished, was cancelled, or whose process is gone."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.parts.segmented import Segmented
from auditor.gui.projections.buttons import icon_button, name_button
from auditor.gui.projections.figures import Figures
from auditor.gui.projections.log_view import LogView
from auditor.gui.projections.page_head import PageHead, breakable, page_layout_margins
from auditor.gui.projections.rate_chart import RateChart
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.run_words import heading, what_holds
from auditor.gui.projections.steps import Steps

ROOM_FOR_LOG = 440
"""From this height on the log stands below the chart; else one of them is shown."""
ROOM_FOR_NOTES = 330
"""From this height on each step has a line that explains it; else a tool tip."""


class RunPage(QWidget):
    """All phases have the same parts in the same places."""

    cancel_wanted = Signal()
    rows_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._run: RebuildRun | None = None
        self.setObjectName("projections.run")
        self.head = PageHead(desk, "projections.run")
        self._rows = self._button("rows", tr("Look at the rows"), self.rows_wanted.emit)
        self._again = self._button("again", tr("Rebuild again"), self.again_wanted.emit)
        self._cancel = self._button("cancel", tr("Cancel"), self.cancel_wanted.emit)
        self._bar = QProgressBar()
        self._bar.setObjectName("projections.run.bar")
        self._bar.setTextVisible(False)
        self.figures = Figures(desk)
        self.chart = RateChart(desk)
        self.steps = Steps(desk)
        self.log = LogView(desk)
        self._switch = Segmented(
            "projections.run.switch", (tr("Events per second"), tr("Log")), tr("Show of the rebuild")
        )
        self._switch.chosen.connect(lambda _: self._arrange())
        self._caption = text_label(tr("Events per second"), "group")
        self._holds = breakable(text_label("", "small"))
        self._holds.setObjectName("projections.run.holds")
        self._lay_out()
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def _button(self, role: str, text: str, wanted: Callable[[], object]) -> QPushButton:
        return self.head.add(icon_button(f"projections.run.{role}", text, wanted))

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(4)
        captions = QHBoxLayout()
        captions.addWidget(self._caption)
        captions.addWidget(self._switch)
        captions.addStretch(1)
        left.addLayout(captions)
        left.addWidget(self.chart, 3)
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addLayout(left, 1)
        middle.addWidget(self.steps)
        self._left = left
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*page_layout_margins())
        self._column.setSpacing(8)
        for widget in (self.head, self._bar, self.figures):
            self._column.addWidget(widget)
        self._column.addLayout(middle, 3)
        self._column.addWidget(self._holds)
        self._column.addWidget(self.log, 1)

    def show_run(self, run: RebuildRun) -> None:
        self._run = run
        self.head.tell(*heading(run))
        self._bar.setRange(0, max(run.total, 1))
        self._bar.setValue(run.done if run.total else int(run.phase == "finished"))
        self._bar.setAccessibleName(tr("{share:.0%} done", share=run.share))
        self.figures.show_run(run)
        self.chart.show_run(run)
        self.steps.show_run(run)
        self.log.show_run(run)
        holds = what_holds(run)
        if holds != self._holds.text():
            self._holds.setText(holds)
        self._switch.button(1).setText(self.log.title)
        self._cancel.setVisible(not run.is_over)
        self._cancel.setEnabled(run.phase != "cancelling")
        self._again.setVisible(run.phase in ("cancelled", "died"))
        name_button(self._again, _again(run))
        self._again.setIcon(self._desk.appearance.icon("follow" if run.catches_up else "refresh"))
        name_button(self._cancel, tr("Stop") if run.catches_up else tr("Cancel"))
        self._rows.setVisible(run.phase == "finished")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self.steps.set_compact(self.height() < self._desk.appearance.sizes(ROOM_FOR_NOTES))
        is_roomy = self.height() >= self._desk.appearance.sizes(ROOM_FOR_LOG)
        shows_log = not is_roomy and self._switch.index == 1
        self._switch.setVisible(not is_roomy)
        self._caption.setVisible(is_roomy)
        self.chart.setVisible(not shows_log)
        if is_roomy and self._column.indexOf(self.log) < 0:
            self._left.removeWidget(self.log)
            self._column.addWidget(self.log, 1)
        elif not is_roomy and self._left.indexOf(self.log) < 0:
            self._column.removeWidget(self.log)
            self._left.addWidget(self.log, 1)
        self.log.setVisible(is_roomy or shows_log)

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        self.steps.setFixedWidth(sizes(296))
        icon = self._desk.appearance.icon
        self._cancel.setIcon(icon("close"))
        self._rows.setIcon(icon("rows"))
        if self._run is not None:
            self.show_run(self._run)


def _again(run: RebuildRun) -> str:
    if run.phase == "died":
        return tr("Try again")
    return tr("Go on catching up") if run.catches_up else tr("Rebuild again")
