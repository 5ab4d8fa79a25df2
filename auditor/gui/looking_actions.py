"""Commands about what is looked at: the mode below the timeline, and where B stands."""

from functools import partial

from PySide6.QtCore import QObject

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode

_MODES = {ActionId.SHOW_STATE: Mode.STATE, ActionId.COMPARE: Mode.COMPARE, ActionId.BLAME: Mode.BLAME}


class LookingActions(QObject):
    """Keeps them in step with the cursor: each says why it cannot be used now."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        for name, mode in _MODES.items():
            desk.actions.on(name, partial(self._look, mode), enabled=False)
        desk.actions.on(ActionId.SET_B, lambda: desk.cursor.set_other(desk.cursor.ordinal), enabled=False)
        desk.actions.on(ActionId.SWAP_CURSORS, desk.cursor.swap, enabled=False)
        desk.actions.on(ActionId.FOLLOW_B, lambda: desk.cursor.set_other(None), enabled=False)
        desk.looking.mode_changed.connect(self._follow)
        desk.cursor.aggregate_changed.connect(self._follow)
        desk.cursor.history_changed.connect(self._follow)
        desk.cursor.other_changed.connect(self._follow)
        self._follow()

    def _look(self, mode: Mode) -> None:
        self._desk.actions[ActionId.VIEW_HISTORY].trigger()
        self._desk.looking.set_mode(mode)

    def _follow(self) -> None:
        desk, a = self._desk, ActionId
        history = desk.cursor.history
        shown = history is not None and history.length > 0
        choose = tr("Choose an aggregate first.")
        for name, mode in _MODES.items():
            desk.actions[name].setChecked(mode is desk.looking.mode)
            desk.actions.enable(name, shown, choose)
        desk.actions.enable(a.SET_B, shown, choose)
        reason = choose if not shown else tr("B follows the version before A.")
        for name in (a.SWAP_CURSORS, a.FOLLOW_B):
            desk.actions.enable(name, shown and desk.cursor.other is not None, reason)
