"""The question whether a workspace's code may run."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.dialogs.dialog import FactList
from auditor.gui.main_window import MainWindow
from tests.gui.shell.conftest import Hand
from tests.helpers.command_line import auditor

OpenWindow = Callable[..., MainWindow]


def model_of(window: MainWindow, qtbot: QtBot) -> str:
    """The kind of the model that folded the shown aggregate."""
    qtbot.waitUntil(lambda: window.desk.loader.fold is not None, timeout=10_000)
    fold = window.desk.loader.fold
    assert fold is not None
    return fold.model.kind


def test_the_question_shows_all_that_it_is_about(
    open_window: OpenWindow, hand: Hand, shop_with_code: Path
) -> None:
    open_window(shop_with_code)
    said = hand.find(FactList, "dialog.trust.facts").text()
    refused = auditor("state", shop_with_code, "a")
    sha256 = next(line for line in refused.err.splitlines() if len(line) == 64)
    for part in ("shop:Thing", "auditor.toml", sha256, "10 s"):
        assert part in said
    assert "shop.py" in hand.find(QPlainTextEdit, "dialog.trust.files").toPlainText()
    safe = hand.find(QPushButton, "dialog.trust.without")
    assert safe.isDefault()
    assert hand.find(QDialog, "dialog.trust").focusWidget() is safe
    hand.click("dialog.trust.without")


def test_trusted_code_computes_the_states_from_then_on(
    open_window: OpenWindow, hand: Hand, shop_with_code: Path, qtbot: QtBot
) -> None:
    window = open_window(shop_with_code)
    window.desk.cursor.go_to(Place("a", "Thing"))
    hand.click("dialog.trust.trust")
    qtbot.waitUntil(lambda: window.shell.trust.is_trusted is True)
    assert model_of(window, qtbot) != "merge"
    trusted = auditor("state", shop_with_code, "a", "--json")
    assert trusted.json["state"] == {"made_by_this_class": 2}

    window.desk.store.close()
    with qtbot.waitSignal(window.shell.trust.reviewed):
        window.open(str(shop_with_code))
    assert hand.is_gone("dialog.trust")  # asked once
    window.desk.actions[ActionId.REVIEW_CODE].trigger()
    hand.find(QDialog, "dialog.trust")
    assert hand.is_gone("dialog.trust.trust")
    hand.click("dialog.trust.close")


def test_who_goes_on_without_the_code_sees_the_generic_merge_and_can_change_their_mind(
    open_window: OpenWindow, hand: Hand, shop_with_code: Path, auditor_home: Path, qtbot: QtBot
) -> None:
    window = open_window(shop_with_code)
    QTest.keyClick(hand.find(QDialog, "dialog.trust"), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.shell.trust.is_trusted is False)
    window.desk.cursor.go_to(Place("a", "Thing"))
    assert model_of(window, qtbot) == "merge"
    assert not (auditor_home / "state" / "trust").exists()

    window.desk.actions[ActionId.REVIEW_CODE].trigger()
    hand.click("dialog.trust.trust")
    qtbot.waitUntil(lambda: window.shell.trust.is_trusted is True)
    assert model_of(window, qtbot) != "merge"


def test_code_that_changed_since_the_question_is_not_trusted(
    open_window: OpenWindow, hand: Hand, shop_with_code: Path, auditor_home: Path
) -> None:
    open_window(shop_with_code)
    hand.find(QDialog, "dialog.trust")
    source = shop_with_code.with_name("shop.py")
    source.write_text(source.read_text() + "\nEDITED = True\n")
    hand.click("dialog.trust.trust")
    told = hand.find(QDialog, "dialog.code")
    assert "changed since you were asked" in " ".join(label.text() for label in told.findChildren(QLabel))
    hand.click("dialog.code.close")
    assert not (auditor_home / "state" / "trust").exists()


def test_a_store_without_code_asks_nothing_and_says_so(
    open_window: OpenWindow, hand: Hand, demo_store: Path, qtbot: QtBot
) -> None:
    window = open_window(demo_store)
    action = window.desk.actions[ActionId.REVIEW_CODE]
    qtbot.waitUntil(lambda: not action.isEnabled())
    assert action.whatsThis() == "The workspace of this store names no code."
    assert hand.is_gone("dialog.trust")
    assert QApplication.activeModalWidget() is None
