"""What is said where two states cannot be compared, or not wholly."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from auditor.gui.looking import Mode
from auditor.gui.main_window import MainWindow
from auditor.tasks.context import TaskContext
from auditor.tasks.runner import Lane
from tests.gui.compare.conftest import Compare, Compared
from tests.gui.compare.test_compare_panel import label
from tests.helpers.small_stores import write_store
from tests.helpers.viewed_stores import write_modelled_store

FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Added", {"sku": "a", "price": 5}),
    ("Added", {"sku": "b", "price": 6}),
    ("Added", {"sku": "c", "price": 7}),
    ("Added", {"sku": "d"}),
    ("Added", {"sku": "e", "price": 8}),
]


def test_an_incomplete_state_is_said(compare: Compare, tmp_path: Path) -> None:
    compared = compare(write_modelled_store(tmp_path / "shop", FACTS), "t-1", 3, 5)

    assert label(compared, "compare.incomplete.title") == "Incomplete from version 4"
    assert "Event 4 was not applied: KeyError: 'price'." in label(compared, "compare.incomplete.line")
    assert label(compared, "compare.chip") == "incomplete"
    assert compared.events()[0] == ("4", "Added", "not applied, but count")
    compared.set(2, 3)
    assert label(compared, "compare.incomplete.title") == ""
    assert label(compared, "compare.chip") == ""


def test_where_an_event_ends_the_model_what_comes_before_is_compared(
    compare: Compare, tmp_path: Path
) -> None:
    facts = [*FACTS[:3], ("Ended", {}), *FACTS[4:]]
    compared = compare(write_modelled_store(tmp_path / "shop", facts), "t-1", 1, 5)

    assert label(compared, "compare.ended.title") == "Compared up to version 3"
    assert label(compared, "compare.right") == "3"
    assert compared.panel.rows.rowCount() > 1
    assert [row[0] for row in compared.events()] == ["2", "3", "4", "5"]
    unknown = "not known: the model's process ended"
    assert [row[2] for row in compared.events()][2:] == ["not applied", unknown]


def test_the_generic_merge_is_called_an_approximation(compared: Compared) -> None:
    assert label(compared, "compare.approximation.title") == "Generic merge, an approximation"


def test_without_an_aggregate_it_says_what_to_do(
    make_window: Callable[..., MainWindow], things: Path, qtbot: QtBot
) -> None:
    window = make_window(things)
    assert window.views is not None
    compared = Compared(window, qtbot)
    window.desk.looking.set_mode(Mode.COMPARE)
    qtbot.waitUntil(lambda: window.desk.cursor.history is not None or window.desk.cursor.place is None)
    window.desk.cursor.clear()
    assert (compared.panel.states.state, compared.between.states.state) == ("empty", "empty")
    assert label(compared, "compare.message.title") == "No aggregate selected"


def test_an_error_is_said_and_can_be_tried_again(compared: Compared, qtbot: QtBot) -> None:
    compared.desk.cursor.set_model("nothing of that name")
    qtbot.waitUntil(lambda: compared.panel.states.state == "failed", timeout=20_000)
    assert "nothing of that name" in label(compared, "compare.message.title")
    again = compared.window.findChild(QPushButton, "compare.message.verb0")
    assert isinstance(again, QPushButton)
    assert again.text() == "Try again"
    compared.desk.cursor.set_model(None)
    qtbot.waitUntil(lambda: compared.panel.states.state == "content", timeout=20_000)


def test_what_is_late_keeps_its_own_numbers_and_says_so(
    compare: Compare, tmp_path: Path, qtbot: QtBot
) -> None:
    facts = [("Put", {"n": at}) for at in range(9)]
    compared = compare(write_store(tmp_path / "n.db", {"n": facts}), "n", 2, 9)
    begun, go_on = threading.Event(), threading.Event()

    def stand_in_the_way(_: TaskContext) -> None:
        begun.set()
        go_on.wait(30)

    try:
        compared.desk.store.ask_alone(Lane("in the way"), stand_in_the_way, done=lambda _: None)
        assert begun.wait(10)
        compared.desk.cursor.set_ordinal(3)
        assert (label(compared, "compare.left"), label(compared, "compare.updating")) == ("2", "")
        qtbot.waitUntil(lambda: label(compared, "compare.updating") == "updating")
        assert label(compared, "compare.left") == "2"
        assert compared.rows()[0] == ("~", "n", "1", "8")
    finally:
        go_on.set()
    compared.settle()
    assert (label(compared, "compare.left"), label(compared, "compare.updating")) == ("3", "")
    assert compared.rows()[0] == ("~", "n", "2", "8")


def test_a_key_opens_the_comparison_and_f6_leads_through_it(compared: Compared, qtbot: QtBot) -> None:
    compared.desk.looking.set_mode(Mode.STATE)
    QTest.keyClick(compared.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert compared.desk.looking.mode is Mode.COMPARE
    compared.panel.table.setFocus()
    QTest.keyClick(compared.panel.table, Qt.Key.Key_F6)
    assert compared.between.isAncestorOf(compared.window.focusWidget())
