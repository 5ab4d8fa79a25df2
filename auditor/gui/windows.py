"""All windows of the program."""

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QWidget

from auditor.gui.appearance import Appearance
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings

STEP = 32


class Windows(QObject):
    """Each has its own store and closes alone; appearance and settings are shared. Keeps those that are open."""

    def __init__(self, appearance: Appearance, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._settings = settings
        self.open_windows: list[MainWindow] = []

    def new(
        self, store: str | None = None, workspace: Path | None = None, beside: QWidget | None = None
    ) -> MainWindow:
        """A shown window on that store, or on none; a little below and right of `beside`."""
        window = MainWindow(self._appearance, self._settings)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.shell.new_window_wanted.connect(lambda: self.new(beside=window))
        window.closing.connect(lambda: self._let_go(window))
        if beside is not None:
            window.resize(beside.size())
            window.move(beside.pos() + QPoint(STEP, STEP))
        self.open_windows.append(window)
        window.show()
        if store is not None:
            window.open(store, workspace)
        return window

    def tell_mistake(self, error: BaseException, doing: str, notes: tuple[str, ...]) -> None:
        """In the window that the user looks at."""
        active = [window for window in self.open_windows if window.isActiveWindow()]
        for window in (active or self.open_windows)[-1:]:
            window.shell.crash_bar.tell(error, doing, notes)

    def _let_go(self, window: MainWindow) -> None:
        if window in self.open_windows:
            self.open_windows.remove(window)
