"""The frame around the views: opening stores, dialogs, palette, keys, guide, further windows."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.crash_report import CrashBar
from auditor.gui.opening import Opening
from auditor.gui.trust import TrustAsked
from auditor.gui.working_copy import WorkingCopy

if TYPE_CHECKING:
    from auditor.gui.help_window import HelpWindow
    from auditor.gui.keys_overlay import KeysOverlay
    from auditor.gui.main_window import MainWindow
    from auditor.gui.palette import Palette


class Shell(QObject):
    """Connects what belongs to no panel; each part does its own work. What is seldom wanted is made when it is."""

    new_window_wanted = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.desk
        self.opening = Opening(window)
        self.working_copy = WorkingCopy(self._desk, window)
        self.trust = TrustAsked(self._desk, window)
        self.crash_bar = CrashBar(self._desk, window)
        self.palette: Palette | None = None
        self.keys: KeysOverlay | None = None
        self.help: HelpWindow | None = None
        window.start_page.copy_wanted.connect(self.working_copy.begin)
        actions, a = self._desk.actions, ActionId
        actions.on(a.NEW_WINDOW, self.new_window_wanted.emit)
        actions.on(a.STORE_DETAILS, self._show_details, enabled=False)
        actions.on(a.PALETTE, partial(self._show_palette, ""))
        actions.on(a.COMMANDS, partial(self._show_palette, ">"))
        actions.on(a.KEYS, self._show_keys)
        actions.on(a.GUIDE, self.show_guide)
        actions.on(a.ABOUT, self._show_about)
        self._desk.store.opened.connect(self._on_opened)
        self._desk.store.closed.connect(self._on_closed)
        self._on_closed()

    def show_guide(self, page: str = "index") -> None:
        """In its own window, beside this one."""
        from auditor.gui.help_window import HelpWindow

        if self.help is None:
            self.help = HelpWindow(self._desk, self._window)
            self._window.closing.connect(self.help.close)
        self.help.open(page)

    def _show_palette(self, sign: str) -> None:
        from auditor.gui.palette import Palette

        if self.palette is None:
            self.palette = Palette(self._desk, self._window, self._show_history, self._reveal)
        self.palette.open_with(sign)

    def _show_keys(self) -> None:
        from auditor.gui.keys_overlay import KeysOverlay

        if self.keys is None:
            self.keys = KeysOverlay(self._desk, self._window)
        self.keys.open()

    def _show_about(self) -> None:
        from auditor.gui.dialogs.about import AboutDialog

        AboutDialog(self._desk, self._window).open()

    def _show_details(self) -> None:
        from auditor.gui.dialogs.store_details import StoreDetails

        details = StoreDetails(self._desk, self._window)
        details.show_under(self._window.tool_bar.store_button)

    def _show_history(self) -> None:
        if self._window.views is not None:
            self._window.views.show_history()

    def _reveal(self, pointer: str) -> None:
        if self._window.views is not None:
            self._window.views.history.state.reveal(pointer)

    def _on_opened(self) -> None:
        self._desk.actions.enable(ActionId.STORE_DETAILS, True)
        QTimer.singleShot(0, self, self._refuse_drops_on_fields)

    def _refuse_drops_on_fields(self) -> None:
        """A file dropped on a text field is opened, not written there."""
        for field in self._window.findChildren(QWidget):
            field.setAcceptDrops(False)

    def _on_closed(self) -> None:
        self._desk.actions.enable(ActionId.STORE_DETAILS, False, tr("No store is open."))
