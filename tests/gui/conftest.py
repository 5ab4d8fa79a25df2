"""The real window, off screen, on real stores."""

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from auditor.gui.app import make_appearance, make_application
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings
from auditor.jobs import make_demo
from auditor.jobs.origin import origin_of_process
from auditor.tasks.context import TaskContext
from tests.gui.acceptance.stalls import StallWatch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

MOST_LATE_MS = 100


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo store of 2,000 events that no test may change."""
    path = tmp_path_factory.mktemp("demo") / "orders.db"
    request = make_demo.MakeDemoRequest(origin=origin_of_process("test"), events=2000, seed=1, to=path)
    return make_demo.run(request, TaskContext()).path


@pytest.fixture
def make_window(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Makes real windows, shown; each is closed at the end, and nothing of it may go on running."""
    made: list[MainWindow] = []
    settings = Settings()
    appearance = make_appearance(qapp, settings)
    appearance.set(scheme="light")

    def make(store: Path | None = None, size: tuple[int, int] = (1440, 900)) -> MainWindow:
        window = MainWindow(appearance, settings)
        made.append(window)
        window.resize(*size)
        window.show()
        qtbot.waitExposed(window)
        if store is not None:
            with qtbot.waitSignal(window.desk.store.opened, timeout=10_000):
                window.open(str(store))
        return window

    yield make
    for window in made:
        window.window_actions.guards.clear()
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    appearance.deleteLater()
    gc.collect()
    left = [one.name for one in threading.enumerate() if one.name.startswith("auditor")]
    assert left == []


@pytest.fixture
def stall_watch(qapp: QApplication) -> Iterator[StallWatch]:
    """Fails a test in which, from its `start` on, a timer of 5 ms came more than 100 ms late by the program's own
    doing."""
    watch = StallWatch()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.001)  # as the program does
    yield watch
    sys.setswitchinterval(usual)
    watch.stop()
    assert watch.worst <= MOST_LATE_MS, watch.told()
