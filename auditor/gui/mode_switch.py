"""The switch over the panels below the timeline: State, Compare, Blame."""

from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.parts.segmented import Segmented

_MODES = tuple(Mode)


class ModeSwitch(Segmented):
    """Each panel that takes part has its own; all follow `desk.looking`."""

    def __init__(self, desk: Desk, name: str, parent: QWidget | None = None) -> None:
        super().__init__(f"{name}.mode", (tr("State"), tr("Compare"), tr("Blame")), tr("Look at"), parent)
        self._desk = desk
        self.chosen.connect(self._on_chosen)
        desk.looking.mode_changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.set_index(_MODES.index(self._desk.looking.mode))

    def _on_chosen(self, index: int) -> None:
        self._desk.looking.set_mode(_MODES[index])
