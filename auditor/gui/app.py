"""Starting the window: Qt, fonts, settings, and what catches our own mistakes."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings


def make_application(arguments: Sequence[str] = ("auditor",)) -> QApplication:
    """The one QApplication of the process, named."""
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(list(arguments))
    application.setApplicationName("auditor")
    application.setApplicationDisplayName(tr("Auditor"))
    application.setDesktopFileName("auditor")
    return application


def make_appearance(application: QApplication, settings: Settings) -> Appearance:
    """As the user chose it the last time."""
    appearance = Appearance(application, application)
    appearance.set(
        scheme=settings.text("look/scheme", "system"),
        text_size=settings.number("look/text_size", appearance.sizes.body),
        system_font=settings.flag("look/system_font", usual=False),
    )
    return appearance


def run(store: str | None = None, workspace: Path | None = None) -> int:
    """Shows the window until it is closed; the exit code."""
    # A busy compute thread hands the interpreter over sooner: the window is late by 3 ms instead of 10.
    sys.setswitchinterval(0.001)
    application = make_application(sys.argv[:1])
    settings = Settings()
    window = MainWindow(make_appearance(application, settings), settings)
    window.show()
    if store is not None:
        window.open(store, workspace)
    ticking = _let_signals_through(application)
    code = application.exec()
    ticking.stop()
    return code


def _let_signals_through(application: QApplication) -> QTimer:
    """Ctrl+C in the terminal closes the window as its button does: Python sees a signal only between two bytecodes."""
    signal.signal(signal.SIGINT, lambda *_: application.closeAllWindows())
    signal.signal(signal.SIGTERM, lambda *_: application.closeAllWindows())
    timer = QTimer(application, interval=200)
    timer.timeout.connect(lambda: None)
    timer.start()
    return timer
