"""Cursor B, the mode below the timeline, and what stands out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Cursor, Place
from auditor.gui.highlight import Highlight
from auditor.gui.looking import Looking, Mode
from auditor.gui.main_window import MainWindow
from tests.gui.test_frame import shown


@pytest.fixture
def cursor(qapp: QApplication) -> Cursor:
    del qapp
    made = Cursor()
    shown(made, Place("o-1", "Order"))
    return made


class TestB:
    def test_follows_a_until_it_is_set(self, cursor: Cursor) -> None:
        before = cursor.other
        cursor.set_other(4)
        cursor.step(-2)
        assert (before, cursor.ordinal, cursor.other) == (None, 8, 4)

    def test_stays_within_the_history(self, cursor: Cursor) -> None:
        told: list[int | None] = []
        cursor.other_changed.connect(lambda: told.append(cursor.other))
        cursor.set_other(99)
        cursor.set_other(10)
        cursor.set_other(-3)
        assert told == [10, 0]

    def test_is_swapped_with_a_unless_it_follows_or_stands_before_the_first_event(
        self, cursor: Cursor
    ) -> None:
        cursor.swap()
        assert [cursor.ordinal, cursor.other] == [10, None]
        cursor.set_other(3)
        cursor.swap()
        assert [cursor.ordinal, cursor.other] == [3, 10]
        cursor.set_other(0)
        cursor.swap()
        assert (cursor.ordinal, cursor.other) == (3, 0)

    def test_stays_where_it_is_when_a_jumps_and_goes_with_the_aggregate(self, cursor: Cursor) -> None:
        cursor.set_other(3)
        cursor.go_to(Place("o-1", "Order", 5))
        assert cursor.other == 3
        shown(cursor, Place("o-2", "Order"))
        assert cursor.other is None

    def test_comes_back_with_the_place_that_it_was_set_at(self, cursor: Cursor) -> None:
        cursor.set_other(3)
        shown(cursor, Place("o-2", "Order"))
        cursor.back()
        assert cursor.place == Place("o-1", "Order", 10, 3)
        shown_again = Place("o-1", "Order", 10, 3)
        history = shown(Cursor(), shown_again)
        cursor.set_history(history)
        assert (cursor.ordinal, cursor.other) == (10, 3)


def test_a_chosen_field_is_forgotten_with_its_aggregate_and_the_mode_is_not(cursor: Cursor) -> None:
    looking = Looking(cursor)
    looking.blame("/total")
    assert (looking.mode, looking.pointer) == (Mode.BLAME, "/total")
    shown(cursor, Place("o-2", "Order"))
    assert (looking.mode, looking.pointer) == (Mode.BLAME, None)


def test_what_stands_out_is_one_thing_at_a_time_and_goes_with_its_aggregate(cursor: Cursor) -> None:
    highlight, told = Highlight(cursor), []
    highlight.changed.connect(lambda: told.append(highlight.label))
    highlight.show_events([2, 5], "total")
    highlight.show_intervals([(1, 3)], "total > 5")
    assert (highlight.events, highlight.intervals) == (None, ((1, 3),))
    highlight.show_events(np.array([4]), "status")
    highlight.set_ring(4)
    assert (str(highlight.events), highlight.intervals) == ("[4]", None)
    shown(cursor, Place("o-2", "Order"))
    assert highlight.is_empty
    assert told == ["total", "total > 5", "status", "status", ""]


class TestModes:
    @pytest.fixture
    def window(self, make_window: Callable[..., MainWindow], demo_store: Path, qtbot: QtBot) -> MainWindow:
        made = make_window(demo_store)
        made.desk.cursor.go_to(Place("order-1001", None))
        qtbot.waitUntil(lambda: made.desk.cursor.history is not None)
        return made

    def panel(self, window: MainWindow, name: str) -> QWidget:
        found = window.findChild(QWidget, name)
        assert isinstance(found, QWidget)
        return found

    def standing(self, window: MainWindow) -> list[str]:
        names = ("state", "compare", "event", "between", "blame")
        return [name for name in names if self.panel(window, name).isVisible()]

    def test_each_has_its_panels(self, window: MainWindow) -> None:
        assert self.standing(window) == ["state", "event"]
        window.desk.actions[ActionId.COMPARE].trigger()
        assert self.standing(window) == ["compare", "between"]
        window.desk.actions[ActionId.BLAME].trigger()
        assert self.standing(window) == ["state", "blame"]
        window.desk.actions[ActionId.SHOW_STATE].trigger()
        assert self.standing(window) == ["state", "event"]

    def test_the_switch_of_each_panel_follows_and_keeps_the_focus(self, window: MainWindow) -> None:
        button = self.panel(window, "state.mode.1")
        assert isinstance(button, QToolButton)
        button.setFocus()
        button.click()
        assert self.standing(window) == ["compare", "between"]
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.objectName() == "compare.mode.1"
        other = self.panel(window, "compare.mode.1")
        assert isinstance(other, QToolButton)
        assert other.isChecked()

    def test_commands_about_b_say_why_they_cannot_be_used(self, window: MainWindow) -> None:
        actions, cursor = window.desk.actions, window.desk.cursor
        assert not actions[ActionId.SWAP_CURSORS].isEnabled()
        assert "follows" in actions[ActionId.SWAP_CURSORS].whatsThis()
        actions[ActionId.SET_B].trigger()
        last = cursor.ordinal
        assert cursor.other == last
        cursor.set_ordinal(1)
        actions[ActionId.SWAP_CURSORS].trigger()
        assert (cursor.ordinal, cursor.other) == (last, 1)
        actions[ActionId.FOLLOW_B].trigger()
        assert not actions[ActionId.FOLLOW_B].isEnabled()

    def test_where_it_is_narrow_the_two_panels_are_tabs(self, window: MainWindow, qtbot: QtBot) -> None:
        window.resize(960, 640)
        qtbot.waitUntil(lambda: self.standing(window) == ["state"])
        window.desk.actions[ActionId.COMPARE].trigger()
        assert self.standing(window) == ["compare"]
        tab = self.panel(window, "compare.which.1")
        assert isinstance(tab, QToolButton)
        assert (tab.text(), tab.accessibleName()) == ("Events", "Show: Events")
        tab.click()
        assert self.standing(window) == ["between"]
        window.desk.actions[ActionId.BLAME].trigger()
        values = self.panel(window, "state.which.1")
        assert isinstance(values, QToolButton)
        assert values.text() == "Values"
        window.desk.actions[ActionId.SHOW_STATE].trigger()
        assert self.standing(window) == ["state"]
        assert values.text() == "Event"
