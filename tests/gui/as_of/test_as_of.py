"""The dialog that goes to a time, a position or an event: what it says before, and where it goes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.as_of.dialog import EVENT, OTHER, POSITION, AsOf
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from tests.helpers.stepping_clock import store_of_stepping_clock

Open = Callable[..., AsOf]


@pytest.fixture
def window(make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot) -> MainWindow:
    made = make_window(store_of_stepping_clock(tmp_path))
    made.desk.cursor.go_to(Place("one", None, 6))
    qtbot.waitUntil(lambda: made.desk.loader.fold is not None, timeout=20_000)
    return made


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> AsOf:
    window.desk.actions[ActionId.AS_OF].trigger()
    found = QApplication.activeModalWidget()
    assert isinstance(found, AsOf)
    qtbot.waitUntil(lambda: found.found is not None)
    return found


def type_time(dialog: AsOf, text: str, qtbot: QtBot) -> str:
    """What the preview says then."""
    dialog.time.setFocus()
    dialog.time.selectAll()
    QTest.keyClicks(dialog.time, text)
    assert not dialog.go.isEnabled()  # what is shown is no longer what is asked for
    qtbot.waitUntil(lambda: "Looking" not in dialog.preview.text and not dialog._rest.isActive())
    return dialog.preview.text


def test_says_which_version_and_goes_there(window: MainWindow, dialog: AsOf, qtbot: QtBot) -> None:
    assert dialog.time.text() == "2026-03-01 12:00:00"  # it begins where A is
    assert dialog.time.hasFocus()
    assert dialog.preview.text.startswith("Version 6 of 7\nChanged, 2026-03-01 12:00:00.000000 UTC")
    assert dialog.go.isEnabled()
    said = type_time(dialog, "2026-03-01 10:04", qtbot)
    assert said.startswith("Version 1 of 7\nBegan, 2026-03-01 10:00:00.000000 UTC")
    assert "The event behind it is of 2026-03-01 10:05:00.000000 UTC." in said
    assert window.desk.cursor.ordinal == 6
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.desk.cursor.ordinal == 1)
    window.desk.actions[ActionId.BACK].trigger()
    assert window.desk.cursor.ordinal == 6


def test_what_one_would_not_expect_is_said(dialog: AsOf, qtbot: QtBot) -> None:
    """Events at one time, a clock that was set back, and times outside the history."""
    assert "! 2 events have exactly the time" in type_time(dialog, "2026-03-01 10:05", qtbot)
    said = type_time(dialog, "2026-03-01 10:45", qtbot)
    assert said.startswith("Version 5 of 7")
    assert "! The clock was set back: 1 of the events up to version 5" in said
    assert "none was recorded after it" in type_time(dialog, "2027-01-01", qtbot)
    said = type_time(dialog, "2026-03-01 09:00", qtbot)
    assert said.startswith("Before the first event\nThere is no state yet.")
    assert "the first is of 2026-03-01 10:00:00.000000 UTC" in said
    assert not dialog.go.isEnabled()
    assert "no version to go to" in dialog.go.toolTip()


def test_the_zone_is_chosen_and_a_time_that_it_has_twice_is_asked_about(
    window: MainWindow, dialog: AsOf, qtbot: QtBot
) -> None:
    QTest.mouseClick(dialog.zone.button(OTHER), Qt.MouseButton.LeftButton)
    assert dialog.zone_name.isVisible()
    assert "Say the zone" in dialog.preview.text
    QTest.keyClicks(dialog.zone_name, "Europe/Amsterdam")
    assert type_time(dialog, "2026-03-01 11:04", qtbot).startswith("Version 1 of 7")
    assert type_time(dialog, "2026-03-01T10:06:00Z", qtbot).startswith("Version 3 of 7")  # has its own
    dialog.zone_name.selectAll()
    QTest.keyClicks(dialog.zone_name, "Europe/Nowhere")
    said = type_time(dialog, "2026-03-01 11:04", qtbot)
    assert "No zone 'Europe/Nowhere' is known" in said
    dialog.zone_name.selectAll()
    QTest.keyClicks(dialog.zone_name, "Europe/Amsterdam")
    said = type_time(dialog, "2026-10-25 02:30", qtbot)
    assert "showed 2026-10-25 02:30:00 twice" in said
    assert not dialog.go.isEnabled()

    def shown() -> list[QPushButton]:
        return [one for one in dialog.findChildren(QPushButton, "as-of.choice") if one.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    choices = shown()
    assert [one.text() for one in choices] == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
    QTest.mouseClick(choices[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert dialog.time.text() == "2026-10-25T02:30:00+01:00"
    assert dialog.found is not None
    assert dialog.found.moment == "2026-10-25T01:30:00.000000Z"


def test_by_effective_time(dialog: AsOf, qtbot: QtBot) -> None:
    assert dialog.by.button(1).isEnabled()
    QTest.mouseClick(dialog.by.button(1), Qt.MouseButton.LeftButton)
    said = type_time(dialog, "2026-03-01 10:03", qtbot)
    assert said.startswith("Version 2 of 7")
    assert "takes effect at or before 2026-03-01 10:03:00.000000 UTC: from 2026-03-01 10:01" in said
    assert "! 3 of 7 events name no effective time" in said


def test_without_effective_times_the_choice_says_why_not(
    make_window: Callable[..., MainWindow], demo_store: Path, qtbot: QtBot
) -> None:
    window = make_window(demo_store)
    window.desk.cursor.go_to(Place("order-1002", None, 4))
    qtbot.waitUntil(lambda: window.desk.loader.fold is not None, timeout=20_000)
    window.desk.actions[ActionId.AS_OF].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, AsOf)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert not dialog.by.button(1).isEnabled()
    assert "effective_time" in dialog.by.button(1).toolTip()
    dialog.reject()


def test_a_position_and_an_event_of_another_aggregate(window: MainWindow, dialog: AsOf, qtbot: QtBot) -> None:
    QTest.mouseClick(dialog.which.button(POSITION), Qt.MouseButton.LeftButton)
    QTest.keyClicks(dialog.position, "x7")
    qtbot.waitUntil(lambda: "whole number" in dialog.preview.text)
    dialog.position.selectAll()
    QTest.keyClicks(dialog.position, "7")
    qtbot.waitUntil(lambda: dialog.preview.text.startswith("Version 6 of 7"))
    QTest.mouseClick(dialog.which.button(EVENT), Qt.MouseButton.LeftButton)
    QTest.keyClicks(dialog.event_id, "e-7")
    qtbot.waitUntil(lambda: "That event is one of two and stands at position 7" in dialog.preview.text)
    dialog.event_id.selectAll()
    QTest.keyClicks(dialog.event_id, "e-2")
    qtbot.waitUntil(lambda: dialog.preview.text.startswith("Version 2 of 7"))
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.desk.cursor.ordinal == 2)


def test_a_mistake_says_how_to_write_it(window: MainWindow, dialog: AsOf, qtbot: QtBot) -> None:
    said = type_time(dialog, "yesterday", qtbot)
    assert "! 'yesterday UTC' is no time" in said or "! 'yesterday" in said
    assert "Write it like 2026-03-01T12:00:00Z" in said
    dialog.time.selectAll()
    QTest.keyClick(dialog.time, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: dialog.preview.text == "Type a date and a time.")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    window.desk.clock.set_local(True)
    window.desk.actions[ActionId.AS_OF].trigger()
    again = QApplication.activeModalWidget()
    assert isinstance(again, AsOf)
    qtbot.waitUntil(lambda: again.found is not None)
    assert again.zone.index == 1
    assert again.preview.text.startswith("Version 6 of 7")
    again.reject()
