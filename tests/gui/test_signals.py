"""What Ctrl+C and the end of a desktop session do to the window."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from auditor.gui.app import _let_signals_through
from auditor.gui.main_window import MainWindow


@pytest.fixture
def _listening(qapp: QApplication) -> Iterator[None]:
    before = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    timer = _let_signals_through(qapp)
    yield
    timer.stop()
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.usefixtures("_listening")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_but_not_in_the_midst_of_a_slot(
    number: signal.Signals, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window()

    os.kill(os.getpid(), number)

    assert window.isVisible()
    qtbot.waitUntil(lambda: not window.isVisible())
