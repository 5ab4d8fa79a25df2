"""Starting the window: Qt, fonts, settings, and what catches our own mistakes."""

import ctypes
import locale
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QTimer
from PySide6.QtWidgets import QApplication

from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.crash_report import MistakesCaught
from auditor.gui.settings import Settings
from auditor.gui.windows import Windows


def make_application(arguments: Sequence[str] = ("auditor",)) -> QApplication:
    """The one QApplication of the process, named."""
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(list(arguments))
    locale.setlocale(
        locale.LC_TIME, "C"
    )  # Qt has taken the system's: months would be named in another language
    application.setApplicationName("auditor")
    application.setApplicationDisplayName(tr("Auditor"))
    application.setDesktopFileName("auditor")
    return application


def require_platform() -> None:
    """Qt ends the whole process where the libraries of its X11 part are missing: they are tried before.

    Raises: ImportError naming the library.
    """
    is_x11 = sys.platform.startswith("linux") and not os.environ.get("WAYLAND_DISPLAY")
    if not is_x11 or os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    try:
        ctypes.CDLL(str(plugins / "platforms" / "libqxcb.so"))
    except OSError as error:
        raise ImportError(str(error)) from error


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
    """Shows the window until it is closed; the exit code.

    Raises: ImportError where a library that the display needs cannot be loaded.
    """
    # A busy compute thread hands the interpreter over sooner: the window is late by 3 ms instead of 10.
    sys.setswitchinterval(0.001)
    require_platform()
    application = make_application(sys.argv[:1])
    settings = Settings()
    windows = Windows(make_appearance(application, settings), settings, application)
    mistakes = MistakesCaught(windows.tell_mistake, application)
    windows.new(store, workspace)
    ticking = _let_signals_through(application)
    code = application.exec()
    ticking.stop()
    mistakes.stop()
    return code


def _let_signals_through(application: QApplication) -> QTimer:
    """Ctrl+C in the terminal closes the window as its button does: Python sees a signal only between two bytecodes.

    That may be in the midst of a slot, so that the windows are closed by an event of its own.
    """

    def close(*_: object) -> None:
        QTimer.singleShot(0, application.closeAllWindows)

    signal.signal(signal.SIGINT, close)
    signal.signal(signal.SIGTERM, close)
    timer = QTimer(application, interval=200)
    timer.timeout.connect(lambda: None)
    timer.start()
    return timer
