"""When did it become this: the current field of the state, asked for with the value that it has."""

from PySide6.QtCore import QObject

from auditor.core.condition_text import became, path_text
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.state.field_viewer import WholeField
from auditor.gui.state.panel import StatePanel
from auditor.gui.when.panel import WhenPanel
from auditor.tasks.runner import Lane

BECAME = Lane("field to ask for")


class WhenBecame(QObject):
    """The command of the state's rows. A row that A's event removed is asked for as missing."""

    def __init__(self, desk: Desk, state: StatePanel, panel: WhenPanel) -> None:
        super().__init__(panel)
        self._desk = desk
        self._state = state
        self._panel = panel
        desk.actions.on(ActionId.WHEN_THIS, self._ask)

    def _ask(self) -> None:
        row = self._state.view.current_row()
        if row is None or row.kind == "more" or not row.pointer:
            self._desk.tasks.say(tr("Select a row of the state first."))
        elif row.sign == "removed":
            self._panel.enter(f"missing {path_text(row.pointer)}")
        else:
            self._state.copying.read(row, lambda whole: self._enter(row.pointer, whole), lane=BECAME)

    def _enter(self, pointer: str, whole: WholeField) -> None:
        from auditor.core import exact_json

        self._panel.enter(
            became(pointer, whole.exact if whole.kind == "string" else exact_json.parse(whole.json))
        )
