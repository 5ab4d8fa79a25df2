"""Pictures of the real window, drawn off screen, each when what it shows is there."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from auditor.core.errors import AuditorError
from auditor.core.text import tr
from auditor.gui.app import make_appearance, make_application
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings

LOOK_EVERY_MS = 20
PATIENCE_MS = 30_000
QUIET_LOOKS = 15
REST_MS = 120
"""How long a window must stay as it is before it is taken: what was asked has been answered and painted."""


class Photographer:
    """One window at a time. For a process of its own: its event loop runs only while something is waited for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[Path] = []
        self._application: QApplication = make_application()
        self._settings = Settings()
        self._appearance = make_appearance(self._application, self._settings)

    def window(self, scheme: str, size: tuple[int, int], store: Path | None = None) -> MainWindow:
        """A new window in that scheme, its store open. Raises: AuditorError if it cannot be opened."""
        self._appearance.set(scheme=scheme)
        window = MainWindow(self._appearance, self._settings)
        window.resize(QSize(*size))
        window.show()
        if store is not None:
            opening = window.desk.store
            window.open(str(store))
            self.until(lambda: opening.is_open or opening.failure is not None, "the store is open")
            if opening.failure is not None:
                raise opening.failure
        return window

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Lets the window work until that holds. Raises: AuditorError after half a minute."""
        loop, waited = QEventLoop(), 0

        def look() -> None:
            nonlocal waited
            waited += LOOK_EVERY_MS
            if holds():
                loop.quit()
            elif waited > PATIENCE_MS:
                loop.exit(1)

        timer = QTimer(interval=LOOK_EVERY_MS)
        timer.timeout.connect(look)
        timer.start()
        has_failed = loop.exec()
        timer.stop()
        timer.timeout.disconnect(look)  # or what `holds` knows would be kept for ever
        if has_failed:
            raise AuditorError(
                tr("No picture was taken: {what} did not come about.", what=what),
                tr("Try again when the machine has less to do."),
            )

    def until_folded(self, window: MainWindow) -> None:
        """Until the chosen aggregate's states can be shown."""
        self.until(lambda: window.desk.loader.fold is not None, tr("the states"))

    def until_idle(self, window: MainWindow) -> None:
        """Until nothing has been asked for a while: one answer may lead to the next question."""
        desk, quiet = window.desk, 0

        def is_idle() -> bool:
            nonlocal quiet
            is_busy = desk.store.is_busy or desk.counts.is_counting
            quiet = 0 if is_busy else quiet + 1
            return quiet > QUIET_LOOKS

        self.until(is_idle, tr("all answers"))

    def rest(self, milliseconds: int = REST_MS) -> None:
        """Lets the window paint what it has been told."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def take(self, widget: QWidget, name: str) -> Path:
        """Writes `name`.png. Raises: AuditorError if the folder cannot be written."""
        self.rest()
        path = self.folder / f"{name}.png"
        if not widget.grab().save(str(path)):
            raise AuditorError(
                tr("The picture {path} could not be written.", path=path),
                tr("See whether there is room, and whether the folder may be written."),
            )
        self.taken.append(path)
        return path

    def done_with(self, window: MainWindow) -> None:
        window.window_actions.guards.clear()
        window.close()
        window.deleteLater()
        self.rest(1)
