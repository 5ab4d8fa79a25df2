"""The steps of a rebuild, one below the other, with what is true of each."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.run_steps import Step

STEPS = 4
_LOOKS = {
    "done": ("check", "add", "body"),
    "now": ("refresh", "accent", "strong"),
    "later": ("", "text3", "body2"),
    "stopped": ("stopped", "text2", "strong"),
    "failed": ("warning", "fail", "strong"),
}


class Steps(QWidget):
    """Painted anew only where a step has changed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: tuple[Step, ...] = ()
        self.setObjectName("projections.steps")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(text_label(tr("Steps"), "group"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        self._signs: list[QLabel] = []
        self._titles: list[ElidedLabel] = []
        self._notes: list[ElidedLabel] = []
        for number in range(STEPS):
            sign, title, note = QLabel(), ElidedLabel(), ElidedLabel()
            title.setObjectName(f"projections.step.{number}")
            note.setProperty("type", "caption")
            sign.setFixedWidth(desk.appearance.sizes(14))
            grid.addWidget(sign, 3 * number, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(title, 3 * number, 1)
            grid.addWidget(note, 3 * number + 1, 1)
            grid.setRowMinimumHeight(3 * number + 2, 6)
            self._signs.append(sign)
            self._titles.append(title)
            self._notes.append(note)
        column.addLayout(grid)
        column.addStretch(1)
        desk.appearance.changed.connect(self._on_appearance_changed)

    def set_compact(self, is_compact: bool) -> None:
        """Titles alone; what is true of each is in their tool tips."""
        for note in self._notes:
            note.setVisible(not is_compact)

    def show_run(self, run: RebuildRun) -> None:
        steps = run.steps
        for number, step in enumerate(steps):
            if number >= len(self._shown) or self._shown[number] != step:
                self._show_step(number, step)
        self._shown = steps

    def _show_step(self, number: int, step: Step) -> None:
        icon, tone, kind = _LOOKS[step.state]
        title = self._titles[number]
        title.set_text(step.title)
        self._notes[number].set_text(step.note)
        title.setAccessibleName(f"{step.title}, {_spoken(step)}")
        title.setToolTip("\n".join(text for text in (step.title, step.note) if text))
        if title.property("type") != kind:
            title.setProperty("type", kind)
            title.style().unpolish(title)
            title.style().polish(title)
        size = self._desk.appearance.sizes(14)
        sign = self._signs[number]
        if icon:
            sign.setPixmap(self._desk.appearance.icon(icon, tone).pixmap(size, size))
        else:
            sign.clear()

    def _on_appearance_changed(self) -> None:
        for number, step in enumerate(self._shown):
            self._show_step(number, step)


def _spoken(step: Step) -> str:
    return {
        "done": tr("done"),
        "now": tr("at work"),
        "later": tr("to come"),
        "stopped": tr("stopped"),
        "failed": tr("failed"),
    }[step.state]
