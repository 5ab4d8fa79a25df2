"""Dialogs: connecting, the store's details, working on a copy, what the program is made of."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.dialogs.dialog import FactList
from auditor.gui.main_window import MainWindow
from auditor.gui.start_rows import StartRow
from tests.gui.shell.conftest import Hand

OpenWindow = Callable[..., MainWindow]


class TestConnect:
    def test_a_path_is_opened_with_the_keyboard_alone(
        self, open_window: OpenWindow, hand: Hand, demo_store: Path, qtbot: QtBot
    ) -> None:
        window = open_window()
        hand.keys("Ctrl+Shift+O")
        dialog = hand.find(QDialog, "dialog.connect")
        dialog.activateWindow()
        qtbot.waitUntil(
            lambda: QApplication.focusWidget() is hand.find(QLineEdit, "dialog.connect.server.host")
        )
        QTest.keyClick(hand.find(QToolButton, "dialog.connect.way.0"), Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: QApplication.focusWidget() is hand.find(QLineEdit, "dialog.connect.path"))
        assert not hand.find(QPushButton, "dialog.connect.open").isEnabled()
        hand.type(str(demo_store))
        with qtbot.waitSignal(window.desk.store.opened):
            hand.keys("Enter")
        assert hand.is_gone("dialog.connect")

    def test_an_address_of_a_file_is_opened_by_mouse(
        self, open_window: OpenWindow, hand: Hand, demo_store: Path, qtbot: QtBot
    ) -> None:
        window = open_window()
        window.desk.actions[ActionId.CONNECT].trigger()
        QTest.mouseClick(hand.find(QToolButton, "dialog.connect.way.0"), Qt.MouseButton.LeftButton)
        hand.find(QLineEdit, "dialog.connect.path").setText(f"sqlite:///{demo_store}")
        with qtbot.waitSignal(window.desk.store.opened):
            hand.click("dialog.connect.open")

    def test_escape_closes_it_and_the_focus_returns(
        self, open_window: OpenWindow, hand: Hand, qtbot: QtBot
    ) -> None:
        open_window()
        before = QApplication.focusWidget()
        hand.keys("Ctrl+Shift+O")
        dialog = hand.find(QDialog, "dialog.connect")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert hand.is_gone("dialog.connect")
        hand.qtbot.waitUntil(lambda: QApplication.focusWidget() in (before, None))


def test_details_say_how_the_store_is_kept_unchanged(
    open_window: OpenWindow, hand: Hand, demo_store: Path, qtbot: QtBot
) -> None:
    window = open_window(demo_store)
    QTest.mouseClick(window.tool_bar.store_button, Qt.MouseButton.LeftButton)
    details = hand.find(QDialog, "dialog.store")
    said = " ".join(label.text() for label in details.findChildren(QLabel))
    for part in ("orders.db is opened read-only", "mode=ro", "query_only", "authorizer", str(demo_store)):
        assert part in said
    facts = hand.find(FactList, "dialog.store.facts")
    qtbot.waitUntil(lambda: "2,000, the last at position 2,000" in facts.text())
    hand.click("dialog.store.copy")
    assert window.desk.store.session.reader.store_id in QApplication.clipboard().text()
    QTest.keyClick(details, Qt.Key.Key_Escape)
    assert hand.is_gone("dialog.store")


class TestWorkingCopy:
    def test_is_made_proved_and_opened(
        self, open_window: OpenWindow, hand: Hand, demo_store: Path, tmp_path: Path, qtbot: QtBot
    ) -> None:
        window = open_window(demo_store)
        window.desk.actions[ActionId.COPY_STORE].trigger()
        dialog = hand.find(QFileDialog, "dialog.copy_to")
        assert dialog.selectedFiles() == [str(demo_store.with_name("orders-copy.db"))]
        target = tmp_path / "copy.db"
        dialog.fileSelected.emit(str(target))
        dialog.close()
        facts = hand.find(FactList, "dialog.copied.facts")
        assert hashlib.sha256(target.read_bytes()).hexdigest() in facts.text()
        with qtbot.waitSignal(window.desk.store.opened):
            hand.click("dialog.copied.open")
        assert window.windowTitle().startswith("copy.db")

    def test_never_takes_the_place_of_another_file(
        self, open_window: OpenWindow, hand: Hand, demo_store: Path, tmp_path: Path
    ) -> None:
        window = open_window(demo_store)
        (tmp_path / "there.db").write_text("mine")
        window.shell.working_copy.copy(str(demo_store), tmp_path / "there.db")
        dialog = hand.find(QDialog, "dialog.copying")
        assert "exists" in " ".join(label.text() for label in dialog.findChildren(QLabel))
        hand.click("dialog.copying.cancel")
        assert (tmp_path / "there.db").read_text() == "mine"
        assert window.desk.store.is_open

    def test_of_a_store_that_cannot_be_opened_is_offered(
        self, open_window: OpenWindow, hand: Hand, tmp_path: Path, qtbot: QtBot
    ) -> None:
        window = open_window()
        (tmp_path / "text.db").write_text("hello " * 100)
        window.open(str(tmp_path / "text.db"))
        qtbot.waitUntil(
            lambda: any(
                button.text() == "Work on a copy…"
                for button in window.start_page.findChildren(QPushButton)
                if button.isVisible()
            )
        )
        window.open(str(tmp_path / "absent.db"))
        qtbot.waitUntil(lambda: "There is no file" in hand.find(QLabel, "start.message.title").text())
        assert not any(
            button.text() == "Work on a copy…"
            for button in window.start_page.findChildren(QPushButton)
            if button.isVisible()
        )


def test_the_about_box_names_versions_and_licences(open_window: OpenWindow, hand: Hand, qtbot: QtBot) -> None:
    window = open_window()
    window.desk.actions[ActionId.ABOUT].trigger()
    shown = hand.find(QPlainTextEdit, "dialog.about.parts")
    qtbot.waitUntil(lambda: "Copyright" in shown.toPlainText())
    text = shown.toPlainText()
    for part in (
        "auditor",
        "Qt",
        "Python",
        "PySide6_Essentials",
        "SQLAlchemy",
        "numpy",
        "pyqtgraph",
        "Inter",
    ):
        line = next(one for one in text.splitlines() if one.startswith(part))
        assert any(licence in line for licence in ("MIT", "LGPL", "PSF", "BSD", "OFL")), line
    hand.click("dialog.about.copy")
    assert "SQLAlchemy" in QApplication.clipboard().text()
    hand.click("dialog.about.close")


@pytest.mark.parametrize("name", [ActionId.STORE_DETAILS, ActionId.COPY_STORE, ActionId.REVIEW_CODE])
def test_without_a_store_commands_say_why_they_cannot_be_used(
    open_window: OpenWindow, name: ActionId
) -> None:
    action = open_window().desk.actions[name]
    assert not action.isEnabled()
    assert action.whatsThis() == "No store is open."


def test_a_dialog_outlives_what_had_the_focus_before_it(
    open_window: OpenWindow, hand: Hand, demo_store: Path, qtbot: QtBot
) -> None:
    window = open_window(demo_store)
    window.desk.store.close()
    hand.find(StartRow, "start.recent.1").setFocus()
    window.desk.actions[ActionId.ABOUT].trigger()
    hand.find(QDialog, "dialog.about")
    window.start_page.home.refresh()
    qtbot.waitUntil(lambda: window.findChildren(StartRow, "start.recent.1")[0].isVisible())
    hand.click("dialog.about.close")
    assert hand.is_gone("dialog.about")
