"""Mistakes of the program itself: a report file, a quiet bar, and a window that lives on."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer, qCritical, qWarning
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.crash_report import MistakesCaught
from auditor.gui.main_window import MainWindow
from auditor.gui.palette import Palette
from auditor.tasks.runner import Lane
from tests.gui.shell.conftest import Hand

OpenWindow = Callable[..., MainWindow]


def reports(home: Path) -> list[Path]:
    return sorted((home / "state" / "reports").glob("bug-*.txt"))


def mistake(_: object) -> None:
    secret = {"a": 1}
    raise KeyError("b" if secret else "")


def test_a_mistake_on_the_compute_thread_is_reported_and_the_window_lives_on(
    open_window: OpenWindow, hand: Hand, demo_store: Path, auditor_home: Path, qtbot: QtBot
) -> None:
    window = open_window(demo_store)
    failed: list[Exception] = []
    store = window.desk.store
    store.ask_alone(Lane("wrong"), mistake, done=lambda _: None, failed=failed.append)
    title = hand.find(QLabel, "crash.title")

    assert title.text() == "A mistake of the program: KeyError"
    (report,) = reports(auditor_home)
    assert str(report) in hand.find(QLabel, "crash.line").text()
    text = report.read_text()
    assert "in mistake" in text
    assert "auditor 0" in text
    assert "secret" not in text.replace('if secret else ""', "")  # a traceback's lines, no values
    assert len(failed) == 1

    store.ask_alone(Lane("wrong"), mistake, done=lambda _: None)
    qtbot.waitUntil(lambda: title.text() == "A mistake of the program: KeyError (2 in this run)")
    assert reports(auditor_home) == [report]  # the same one is not written again and again

    hand.click("crash.copy")
    assert QApplication.clipboard().text() == str(report)
    QTest.mouseClick(hand.find(QToolButton, "crash.close"), Qt.MouseButton.LeftButton)
    assert hand.is_gone("crash")
    hand.keys("Ctrl+K")
    assert isinstance(window.shell.palette, Palette)


def test_a_folder_that_cannot_be_written_is_said(
    open_window: OpenWindow, hand: Hand, auditor_home: Path
) -> None:
    window = open_window()
    auditor_home.mkdir(exist_ok=True)
    (auditor_home / "state").write_text("a file in the way")
    window.desk.store.ask_alone(Lane("wrong"), mistake, done=lambda _: None)
    assert "could not be written" in hand.find(QLabel, "crash.line").text()
    assert not hand.find(QPushButton, "crash.copy").isEnabled()


class TestCaught:
    @pytest.fixture
    def told(self, qapp: QApplication) -> Iterator[list[tuple[BaseException, str, tuple[str, ...]]]]:
        found: list[tuple[BaseException, str, tuple[str, ...]]] = []
        caught = MistakesCaught(lambda *one: found.append(one), qapp)
        yield found
        caught.stop()
        caught.deleteLater()

    def test_in_a_slot(self, told: list[tuple[BaseException, str, tuple[str, ...]]], qtbot: QtBot) -> None:
        QTimer.singleShot(0, lambda: mistake(None))
        qtbot.waitUntil(lambda: len(told) == 1)
        assert isinstance(told[0][0], KeyError)

    def test_in_a_thread(self, told: list[tuple[BaseException, str, tuple[str, ...]]], qtbot: QtBot) -> None:
        thread = threading.Thread(target=mistake, args=(None,))
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(told) == 1)

    def test_by_qt_itself_with_what_it_said_before(
        self, told: list[tuple[BaseException, str, tuple[str, ...]]], qtbot: QtBot
    ) -> None:
        qWarning("only a warning")
        qCritical("that was wrong")
        qtbot.waitUntil(lambda: len(told) == 1)
        error, doing, notes = told[0]
        assert (str(error), doing) == ("that was wrong", "Qt")
        assert "only a warning" in notes

    def test_an_interrupt_is_none(self, told: list[tuple[BaseException, str, tuple[str, ...]]]) -> None:
        before: list[object] = []
        sys.excepthook.__self__._hooks = (lambda *one: before.append(one), threading.excepthook)  # type: ignore[attr-defined] # a bound method
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        assert len(before) == 1
        assert told == []


def test_reports_are_shown_on_request(
    open_window: OpenWindow,
    hand: Hand,
    auditor_home: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    window = open_window()
    said: list[str] = []
    window.desk.tasks.said.connect(said.append)
    action = window.desk.actions[ActionId.REPORTS]
    action.trigger()
    qtbot.waitUntil(lambda: said == ["No mistake of the program was reported so far"])
    window.desk.store.ask_alone(Lane("wrong"), mistake, done=lambda _: None)
    hand.find(QLabel, "crash.title")
    action.trigger()
    qtbot.waitUntil(lambda: opened == [str(auditor_home / "state" / "reports")])
