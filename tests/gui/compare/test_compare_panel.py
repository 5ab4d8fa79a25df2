"""The panel that holds two states against each other."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.core.patch import apply_patch
from auditor.gui.action_table import ActionId
from auditor.gui.copying import Copied
from auditor.gui.looking import Mode
from tests.gui.compare.conftest import FACTS, Compare, Compared
from tests.helpers.small_stores import write_store

MINUS = "\N{MINUS SIGN}"


def label(compared: Compared, name: str) -> str:
    found = compared.window.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text() if found.isVisible() else ""


def clipboard() -> str:
    return QApplication.clipboard().text()


def key(compared: Compared, qtbot: QtBot, *keys: Qt.Key) -> None:
    for one in keys:
        QTest.keyClick(compared.panel.table, one)


def test_what_differs_stands_side_by_side_and_the_rest_is_one_row(compared: Compared) -> None:
    assert compared.rows() == [
        ("~", "status", "open", "sent"),
        ("~", "total", "5", "9"),
        ("", "items", "2 items", "1 item"),
        (MINUS, "0 a", "2 fields", "absent"),
        ("", "0 b", "", ""),
        ("~", "n", "2", "3"),
        ("+", "note", "absent", "left at the door"),
        ("", "1 unchanged field", "", ""),
    ]
    titles = [compared.panel.rows.headerData(at, Qt.Orientation.Horizontal) for at in range(5)]
    assert titles == ["", "Field", "At A 1", "At B 7", "Responsible"]


def test_each_field_names_the_event_that_set_it_last_in_between(compared: Compared) -> None:
    assert compared.responsible() == {
        "status": "6 Sent, 2 events",
        "total": "7 Counted, 2 events",
        "items": "matched by sku",
        "0 a": "6 Sent",
        "n": "6 Sent",
        "note": "6 Sent",
    }


def test_the_header_says_what_is_compared_and_how_much_differs(compared: Compared) -> None:
    assert [label(compared, f"compare.{name}") for name in ("flag-left", "left", "flag-right", "right")] == [
        "A",
        "1",
        "B",
        "7",
    ]
    counts = [label(compared, f"compare.count{number}") for number in range(4)]
    assert [text.replace("\N{NARROW NO-BREAK SPACE}", " ") for text in counts] == [
        "+ 1",
        f"{MINUS} 1",
        "~ 3",
        "",
    ]
    assert label(compared, "compare.unchanged") == "1 unchanged"


@pytest.mark.parametrize("size", [(960, 640), (1280, 800), (1440, 900)])
def test_nothing_in_the_header_is_cut_at_any_width(
    compare: Compare, things: Path, size: tuple[int, int]
) -> None:
    compared = compare(things, "t-1", 1, 7, size)

    shown = [
        one
        for one in compared.panel.header.findChildren(QWidget)
        if one.isVisible() and isinstance(one, QLabel | QToolButton)
    ]
    assert len(shown) > 8
    assert [one.objectName() for one in shown if one.width() < one.sizeHint().width()] == []


def test_it_follows_both_cursors_and_swaps(compared: Compared, qtbot: QtBot) -> None:
    compared.set(2, 6)
    assert compared.rows()[0] == ("~", "status", "paid", "sent")
    compared.desk.actions[ActionId.SWAP_CURSORS].trigger()
    compared.settle()
    assert compared.rows()[0] == ("~", "status", "sent", "paid")
    assert compared.responsible()["status"] == "6 Sent"
    assert (compared.desk.cursor.ordinal, compared.desk.cursor.other) == (6, 2)


def test_while_b_is_not_set_the_version_before_stands_left_of_a(compared: Compared) -> None:
    compared.set(2, None)

    assert [label(compared, f"compare.{name}") for name in ("flag-left", "left", "flag-right", "right")] == [
        "B",
        "1",
        "A",
        "2",
    ]
    assert compared.rows()[0] == ("~", "status", "open", "paid")
    assert "B is not set" in label(compared, "compare.other.line")
    compared.set(1, None)
    assert label(compared, "compare.left") == "before the first"
    assert [row[0] for row in compared.rows()] == ["+", "+", "+"]


def test_no_difference_is_said(compared: Compared) -> None:
    compared.set(3, 5)
    assert compared.rows() == [("", "3 unchanged fields", "", "")]
    assert label(compared, "compare.nothing.title") == "No difference"
    assert label(compared, "compare.same") == "no difference"
    compared.set(5, 5)
    assert "the same version" in label(compared, "compare.other.line")
    assert label(compared, "compare.nothing.title") == ""


def test_rows_open_and_close_by_keys(compared: Compared, qtbot: QtBot) -> None:
    table = compared.panel.table
    table.setFocus()
    table.select(3)
    key(compared, qtbot, Qt.Key.Key_Right)
    compared.settle()
    assert [row[1] for row in compared.rows()[3:6]] == ["0 a", "sku", "n"]
    row = table.current_row()
    assert row is not None
    assert (row.place, row.is_open) == ("-/items/0", True)
    key(compared, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Left)
    assert table.currentIndex().row() == 3
    key(compared, qtbot, Qt.Key.Key_Left)
    compared.settle()
    assert compared.rows()[4][1] == "0 b"
    key(compared, qtbot, Qt.Key.Key_End, Qt.Key.Key_Return)
    compared.settle()
    assert ("", "sku", "b", "b") in compared.rows()
    key(compared, qtbot, Qt.Key.Key_End, Qt.Key.Key_Return)
    compared.settle()
    assert len(compared.rows()) == 8
    key(compared, qtbot, Qt.Key.Key_Home)
    assert table.currentIndex().row() == 0


def test_a_click_on_the_arrow_closes_and_on_the_last_row_opens(compared: Compared, qtbot: QtBot) -> None:
    table = compared.panel.table

    def click(at: int, x: int) -> None:
        place = QPoint(x, table.rowViewportPosition(at) + 5)
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        compared.settle()

    click(2, table.columnViewportPosition(1) + 8)
    assert [row[1] for row in compared.rows()] == ["status", "total", "items", "note", "1 unchanged field"]
    click(4, 120)
    assert len(compared.rows()) == 5
    click(2, table.columnViewportPosition(1) + 8)
    assert ("", "sku", "b", "b") in compared.rows()


def test_f8_goes_from_difference_to_difference(compared: Compared, qtbot: QtBot) -> None:
    go_on = compared.desk.actions[ActionId.NEXT_DIFFERENCE]
    said: list[str] = []
    compared.desk.tasks.said.connect(said.append)
    places = []
    for _ in range(5):
        go_on.trigger()
        places.append(compared.panel.table.currentIndex().row())
    assert places == [0, 1, 3, 5, 6]
    go_on.trigger()
    assert said == ["No further difference"]
    compared.desk.actions[ActionId.PREVIOUS_DIFFERENCE].trigger()
    assert compared.panel.table.currentIndex().row() == 5
    assert compared.panel.table.hasFocus()
    compared.set(3, 5)
    assert not go_on.isEnabled()
    assert "There is no difference." in go_on.toolTip()


def test_values_paths_rows_the_patch_and_the_command_can_be_copied(
    compared: Compared, qtbot: QtBot, things: Path
) -> None:
    table, copying = compared.panel.table, compared.panel.copying
    said: list[str] = []
    compared.desk.tasks.said.connect(said.append)

    def copied(act: Callable[[], object]) -> str:
        said.clear()
        act()
        qtbot.waitUntil(lambda: bool(said))
        return clipboard()

    table.select(1)
    assert copied(lambda: copying.copy(Copied.VALUE)) == "9"
    assert copied(lambda: copying.copy(Copied.PATH)) == "/total"
    row = json.loads(copied(lambda: copying.copy(Copied.JSON)))
    assert row == {"path": "/total", "kind": "changed", "before": 5, "after": 9}
    table.select(3)
    assert json.loads(copied(lambda: copying.copy(Copied.VALUE))) == {"sku": "a", "n": 1}
    patch = json.loads(copied(compared.desk.actions[ActionId.COPY_PATCH].trigger))
    assert apply_patch(FACTS[0][1], patch) == {
        "status": "sent",
        "total": 9,
        "items": [{"sku": "b", "n": 3}],
        "note": "left at the door",
    }
    assert copied(lambda: copying.copy(Copied.COMMAND)) == f"auditor diff {things} t-1 1 7"


def test_the_whole_of_a_value_is_shown_by_enter(compared: Compared, qtbot: QtBot) -> None:
    compared.panel.table.setFocus()
    compared.panel.table.select(6)
    key(compared, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: compared.panel._viewer is not None and compared.panel._viewer.isVisible())
    compared.panel._viewer.close()  # type: ignore[union-attr] # waited for


def test_another_aggregate_of_the_type_can_stand_at_b(compared: Compared, qtbot: QtBot) -> None:
    compared.desk.actions[ActionId.COMPARE_WITH].trigger()
    field = compared.window.findChild(QLineEdit, "compare.with.id")
    button = compared.window.findChild(QPushButton, "compare.with.compare")
    assert isinstance(field, QLineEdit)
    assert isinstance(button, QPushButton)
    assert not button.isEnabled()
    QTest.keyClicks(field, "t-2")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    compared.settle()
    assert compared.rows()[:2] == [("~", "total", "5", "6"), (MINUS, "items", "2 items", "absent")]
    assert compared.responsible() == {}
    assert "B is the last state of t-2" in label(compared, "compare.other.title")
    assert compared.between.states.state == "empty"
    assert compared.panel.copying.command().endswith("t-1 1 1 --with t-2")
    back = compared.window.findChild(QPushButton, "compare.other.verb")
    assert isinstance(back, QPushButton)
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    compared.settle()
    assert compared.rows()[0] == ("~", "status", "open", "sent")


def test_an_aggregate_that_is_not_there_is_said_where_the_comparison_was(
    compared: Compared, qtbot: QtBot
) -> None:
    compared.desk.looking.compare_with(("nobody", None))
    qtbot.waitUntil(lambda: compared.panel.states.state == "failed")
    assert "nobody" in label(compared, "compare.message.title")
    compared.desk.looking.compare_with(None)
    compared.settle()
    assert compared.panel.states.state == "content"


def test_while_another_mode_is_chosen_nothing_is_asked(compared: Compared) -> None:
    compared.desk.looking.set_mode(Mode.STATE)
    shown = compared.panel.reader.which
    compared.desk.cursor.set_other(2)
    assert not compared.panel.reader._waiting
    assert compared.panel.reader.which == shown
    compared.desk.looking.set_mode(Mode.COMPARE)
    compared.settle()
    assert compared.panel.reader.which != shown


def test_rows_are_spoken_whole(compared: Compared) -> None:
    model = compared.panel.rows
    spoken = [model.index(at, 1).data(Qt.ItemDataRole.AccessibleTextRole) for at in (0, 3, 7)]
    assert spoken == [
        "changed, status, At A 1 open, At B 7 sent, set by 6 Sent, 2 events",
        "removed, 0 a, At A 1 2 fields, At B 7 absent, closed, set by 6 Sent",
        "1 unchanged field",
    ]


def test_long_and_hostile_values_do_not_break_a_row(compare: Compare, tmp_path: Path) -> None:
    facts = [
        ("Began", {"<b>x</b>": "1" * 64, "": "", "long": "y" * 5000}),
        ("Went", {"<b>x</b>": "\u202egnp", "": " ", "long": "y" * 4999 + "z"}),
    ]
    compared = compare(write_store(tmp_path / "odd.db", {"odd": facts}), "odd", 1, 2)

    rows = compared.rows()
    assert rows[0] == ("~", "<b>x</b>", "1" * 64, "‹U+202E›gnp")
    assert rows[1] == ("~", '""', '""', '" "')
    assert rows[2][3].endswith("…")
    compared.panel.table.grab()
