"""The list of the events between two states."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from auditor.gui.compare.between_rows import BetweenRow, between_rows
from auditor.gui.copying import Copied
from auditor.gui.looking import Mode
from auditor.jobs import changes_between
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext
from tests.gui.compare.conftest import Compare, Compared
from tests.helpers.small_stores import write_store

DASH = "\N{EN DASH}"


def title(compared: Compared) -> tuple[str, str]:
    found = [compared.between.findChild(QLabel, f"between.{name}") for name in ("title", "range")]
    return tuple(one.text() for one in found if isinstance(one, QLabel))  # type: ignore[return-value] # two


def test_each_event_says_what_it_changed_and_runs_without_a_change_are_one_row(compared: Compared) -> None:
    assert compared.events() == [
        ("2", "Paid", "status, total"),
        (f"3{DASH}5", "Seen", "3 events, no field changed"),
        ("6", "Sent", "status, items[0], items[0].n and 1 more"),
        ("7", "Counted", "total"),
    ]
    assert title(compared) == ("6 events between", "2 to 7, oldest first")


def test_an_event_alone_without_a_change_says_so(compared: Compared) -> None:
    compared.set(2, 3)
    assert compared.events() == [("3", "Seen", "no field changed")]
    assert title(compared) == ("1 event between", "version 3")


def test_backwards_they_are_the_same(compared: Compared) -> None:
    there = compared.events()
    compared.set(7, 1)
    assert compared.events() == there


def test_choosing_a_field_chooses_its_event_and_the_reverse(compared: Compared, qtbot: QtBot) -> None:
    panel, between = compared.panel, compared.between

    panel.table.select(1)  # total
    current = between.table.current_row()
    assert current is not None
    assert (current.first, compared.desk.highlight.ring) == (7, 7)
    between.table.setFocus()
    QTest.keyClick(between.table, Qt.Key.Key_Up)
    row = panel.table.current_row()
    assert row is not None
    assert (row.pointer, compared.desk.highlight.ring) == ("/status", 6)
    QTest.keyClick(between.table, Qt.Key.Key_Up)
    assert panel.table.current_row() is None  # nothing was set last by these
    assert compared.desk.highlight.ring == 5


def test_the_ring_goes_with_the_comparison(compared: Compared) -> None:
    compared.panel.table.select(1)
    assert compared.desk.highlight.ring == 7
    compared.desk.looking.set_mode(Mode.STATE)
    assert compared.desk.highlight.ring is None


def test_enter_goes_there(compared: Compared, qtbot: QtBot) -> None:
    compared.between.table.setFocus()
    compared.between.table.select(2)
    QTest.keyClick(compared.between.table, Qt.Key.Key_Return)
    assert compared.desk.cursor.ordinal == 6
    compared.settle()
    assert [row[0] for row in compared.events()] == ["7"]


def test_without_events_in_between_it_says_why(compared: Compared) -> None:
    compared.set(4, 4)
    assert compared.between.states.state == "empty"
    assert title(compared)[0] == "Events between"
    compared.set(4, 5)
    assert compared.between.states.state == "content"


def test_while_it_is_not_known_what_they_changed_they_are_listed_all_the_same(compared: Compared) -> None:
    history = compared.desk.cursor.history
    assert history is not None

    rows = between_rows(history, range(2, 6), {}, known={2, 3})

    assert rows == [
        BetweenRow(2, 2, "Paid", "no field changed", has_changes=False),
        BetweenRow(3, 3, "Seen", "no field changed", has_changes=False),
        BetweenRow(4, 4, "Seen", "", has_changes=False),
        BetweenRow(5, 5, "Seen", "", has_changes=False),
    ]


def test_what_is_known_of_events_is_not_asked_again_when_the_cursors_move(
    compared: Compared, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    usual = changes_between.run

    def noted(
        session: Session, request: changes_between.ChangesBetweenRequest, context: TaskContext
    ) -> changes_between.ChangesBetweenResult:
        asked.append((request.first, request.last))
        return usual(session, request, context)

    monkeypatch.setattr(changes_between, "run", noted)
    compared.set(2, 6)
    compared.set(6, 1)
    assert compared.events()[0] == ("2", "Paid", "status, total")
    assert asked == []
    compared.set(1, 0)
    assert asked == [(1, 1)]
    assert compared.events() == [("1", "Began", "status, total, items")]


def test_of_very_many_the_first_are_listed_and_the_rest_counted(compare: Compare, tmp_path: Path) -> None:
    facts = [("Put", {"n": at // 2}) for at in range(5_200)]
    compared = compare(write_store(tmp_path / "long.db", {"long": facts}), "long", 1, 5_200)

    assert title(compared)[0] == "5,199 events between"
    line = compared.between.findChild(QLabel, "between.left_out.line")
    assert isinstance(line, QLabel)
    assert line.text().startswith("The first 5,000 events are listed; 199 more are not.")
    assert compared.events()[0] == ("2", "Put", "no field changed")
    assert compared.responsible() == {"n": "5,199 Put, 2,599 events"}


def test_a_row_can_be_copied(compared: Compared) -> None:
    compared.between.table.select(1)
    found = compared.desk.copying
    compared.between.table.setFocus()
    found.refresh()
    compared.desk.actions[Copied.COMMAND.value].trigger()
    assert QApplication.clipboard().text().endswith("things.db t-1 5")
