"""The command that opens the dialog."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.as_of.dialog import AsOf
from auditor.gui.desk import Desk


class AsOfCommand(QObject):
    """Can be used while a history is shown."""

    def __init__(self, desk: Desk, view: QWidget) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view
        desk.actions.on(ActionId.AS_OF, self._open, enabled=False)
        desk.cursor.aggregate_changed.connect(self._tell)
        desk.cursor.history_changed.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        history = self._desk.cursor.history
        can_ask = history is not None and history.length > 0
        self._desk.actions.enable(ActionId.AS_OF, can_ask, tr("Choose an aggregate first."))

    def _open(self) -> None:
        history = self._desk.cursor.history
        if history is not None and history.length:
            AsOf(self._desk, history, self._view.window()).open()
