"""The header says what the chosen aggregate is, and whose its states are."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from tests.gui.navigator.conftest import Shown, write_aggregates


def text(window: MainWindow, name: str) -> str:
    """What is visible of it."""
    found = window.findChild(QLabel, f"header.{name}") or window.findChild(QToolButton, f"header.{name}")
    assert isinstance(found, QLabel | QToolButton)
    return found.text().strip() if found.isVisible() else ""


def test_it_is_empty_until_an_aggregate_is_chosen(show: Callable[..., Shown], demo_store: Path) -> None:
    window, _ = show(demo_store)
    assert [text(window, name) for name in ("type", "id", "facts", "model", "whose")] == [""] * 5


def test_it_names_the_aggregate_its_history_and_its_model(
    show: Callable[..., Shown], demo_store: Path, qtbot: QtBot
) -> None:
    window, navigator = show(demo_store)
    QTest.keyClick(navigator.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: text(window, "whose") != "", timeout=20_000)
    row, history = navigator.model.row(0), window.desk.cursor.history
    assert history is not None
    assert [text(window, "type"), text(window, "id")] == [row.aggregate_type, row.aggregate_id]
    first, last = window.desk.clock.minute(history.times[0]), window.desk.clock.minute(history.times[-1])
    assert text(window, "facts").startswith(f"{history.length:,} versions   {first} to {last} UTC   ")
    assert text(window, "model").endswith(f":{row.aggregate_type}")
    fold = window.desk.loader.fold
    assert fold is not None
    sha256 = fold.model.sha256
    assert sha256 is not None
    assert text(window, "whose") == f"State model, file hash {sha256[:4]} {sha256[4:8]}"
    window.desk.clock.set_local(True)
    assert " local" in text(window, "facts")
    window.desk.clock.set_local(False)


def test_without_a_model_it_says_approximation(
    show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "one.db"
    write_aggregates(path, ["<b>\u202ea</b>"], "Thing")
    window, _ = show(path)
    qtbot.waitUntil(lambda: text(window, "whose") != "", timeout=20_000)
    assert text(window, "model") == "generic merge"
    assert text(window, "whose") == "An approximation, no state model"
    assert text(window, "id") == "<b>‹U+202E›a</b>"
    assert text(window, "facts") == "1 version   2026-03-01 12:00 UTC"


def test_the_id_is_copied_as_it_is(show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "one.db"
    name = "x" * 900 + "\u202e"
    write_aggregates(path, [name], "Thing")
    window, _ = show(path)
    button = window.findChild(QToolButton, "header.copy")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == name


def test_the_model_leads_to_the_choice_of_models(
    show: Callable[..., Shown], demo_store: Path, qtbot: QtBot
) -> None:
    window, _ = show(demo_store)
    window.desk.cursor.go_to(Place("c-20001", "Customer"))
    qtbot.waitUntil(lambda: text(window, "model") != "")
    action = window.desk.actions[ActionId.CHOOSE_MODEL]
    action.triggered.disconnect()
    action.setEnabled(True)
    button = window.findChild(QToolButton, "header.model")
    assert button is not None
    with qtbot.waitSignal(action.triggered):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
