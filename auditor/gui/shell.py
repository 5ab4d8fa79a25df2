"""The frame around the views: opening stores, dialogs, palette, help, further windows."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from auditor.gui.action_table import ActionId
from auditor.gui.opening import Opening

if TYPE_CHECKING:
    from auditor.gui.main_window import MainWindow


class Shell(QObject):
    """Connects what belongs to no panel; each part does its own work."""

    new_window_wanted = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._desk = window.desk
        self.opening = Opening(window)
        actions, a = self._desk.actions, ActionId
        actions.on(a.NEW_WINDOW, self.new_window_wanted.emit)
