"""Several windows, and the program as users start it."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.app import make_appearance
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings
from auditor.gui.windows import Windows
from tests.helpers.command_line import environment, processes_of_session, started


@pytest.fixture
def windows(qapp: QApplication) -> Iterator[Windows]:
    settings = Settings()
    appearance = make_appearance(qapp, settings)
    made = Windows(appearance, settings)
    yield made
    for window in list(made.open_windows):
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    appearance.deleteLater()


def compute_threads() -> int:
    return sum(one.name.startswith("auditor") for one in threading.enumerate())


def test_a_second_window_has_its_own_store_and_closes_alone(
    windows: Windows, demo_store: Path, qtbot: QtBot
) -> None:
    first = windows.new()
    with qtbot.waitSignal(first.desk.store.opened, timeout=10_000):
        first.open(str(demo_store))
    first.desk.actions[ActionId.NEW_WINDOW].trigger()
    second: MainWindow = windows.open_windows[-1]
    assert second is not first
    assert not second.desk.store.is_open
    assert second.size() == first.size()
    assert second.pos() != first.pos()
    with qtbot.waitSignal(second.desk.store.opened, timeout=10_000):
        second.desk.actions[ActionId.RECENT_1].trigger()
    assert compute_threads() == 2

    second.close()
    qtbot.waitUntil(lambda: compute_threads() == 1)
    assert windows.open_windows == [first]
    assert first.isVisible()
    assert first.desk.store.is_open


def test_a_long_name_makes_no_window_wider(
    windows: Windows, demo_store: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    store = shutil.copy(demo_store, tmp_path / f"{'long' * 40}.db")
    window = windows.new()
    window.resize(960, 640)
    with qtbot.waitSignal(window.desk.store.opened, timeout=10_000):
        window.open(str(store))
    qtbot.waitUntil(lambda: window.tool_bar.isVisible())
    assert window.minimumSizeHint().width() <= 960
    assert window.width() == 960


def test_quit_closes_all(windows: Windows, qtbot: QtBot) -> None:
    windows.new()
    third = windows.new(beside=windows.new())
    third.desk.actions[ActionId.QUIT].trigger()
    qtbot.waitUntil(lambda: windows.open_windows == [])
    assert compute_threads() == 0


def test_a_mistake_is_told_in_the_window_in_front(windows: Windows, qtbot: QtBot) -> None:
    first, second = windows.new(), windows.new()
    second.activateWindow()
    qtbot.waitUntil(second.isActiveWindow)
    windows.tell_mistake(KeyError("x"), "a test", ())
    assert second.shell.crash_bar.isVisible()
    assert not first.shell.crash_bar.isVisible()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_the_program_shows_its_window_until_it_is_told_to_stop(
    stop: signal.Signals, demo_store: Path, auditor_home: Path
) -> None:
    """The store that it opened is among the recent ones once it is there; then it is stopped."""
    child = started("open", demo_store, env={"QT_QPA_PLATFORM": "offscreen"})
    settings = auditor_home / "state" / "window.json"
    try:
        while child.poll() is None and not (settings.exists() and str(demo_store) in settings.read_text()):
            threading.Event().wait(0.02)
        os.kill(child.pid, stop)
        _, err = child.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
        raise
    assert (child.returncode, err.decode()) == (0, "")
    assert processes_of_session(child.pid) == set()


def test_the_window_of_a_child_needs_no_display_of_ours() -> None:
    assert "QT_QPA_PLATFORM" not in environment()
