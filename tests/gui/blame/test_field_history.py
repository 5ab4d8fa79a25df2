"""Every value that a field had: the list, what stands out on the timeline, the ways to a version."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.core import exact_json
from auditor.core.errors import StoreDamaged
from auditor.gui.action_table import ActionId
from auditor.gui.blame.panel import FieldHistory
from auditor.gui.blame.value_rows import CHANGE, EVENT, USER, VALUE, VERSION
from auditor.gui.cursor import Place
from auditor.gui.looking import Mode
from auditor.gui.main_window import MainWindow
from tests.gui.blame.conftest import Blame, Facts
from tests.helpers.command_line import auditor
from tests.helpers.small_stores import write_store
from tests.helpers.viewed_stores import write_modelled_store

MINUS = "\N{MINUS SIGN}"


def listed(panel: FieldHistory, *columns: int) -> list[tuple[str, ...]]:
    return [tuple(panel.rows.text(row, one) for one in columns) for row in range(panel.rows.rowCount())]


def label(panel: QWidget, name: str) -> str:
    found = panel.findChild(QLabel, name)
    assert found is not None, name
    return found.text()


def spoken(panel: FieldHistory, row: int) -> str:
    return str(panel.rows.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))


def test_all_values_are_listed_with_change_and_event(totals: FieldHistory) -> None:
    assert listed(totals, VALUE, CHANGE, VERSION, EVENT) == [
        ("96.0", "first", "1", "Opened"),
        ("144.0", "+48.0", "2", "Added"),
        ("140.5", f"{MINUS}3.5", "4", "Corrected"),
        ("removed", "", "6", "Closed"),
    ]
    assert label(totals, "blame.title") == "total"
    assert label(totals, "blame.count") == "4 values, oldest first, grey ones are after A"


def test_the_value_at_a_is_marked_and_follows_a(totals: FieldHistory) -> None:
    cursor = totals._desk.cursor
    assert totals.rows.row_at_a == totals.table.currentIndex().row() == 1
    assert spoken(totals, 1).endswith("the value at A")
    assert spoken(totals, 2).endswith("after A")
    assert "the value at A" not in spoken(totals, 0)
    cursor.set_ordinal(5)
    assert totals.rows.row_at_a == totals.table.currentIndex().row() == 2
    assert spoken(totals, 1).endswith("UTC")


def test_its_events_stand_out_on_the_timeline_while_it_is_blamed(totals: FieldHistory) -> None:
    desk = totals._desk
    highlight = desk.highlight
    assert highlight.events is not None
    assert highlight.events.tolist() == [1, 2, 4, 6]
    assert (highlight.ring, highlight.label) == (2, "4 events set total")
    desk.cursor.set_ordinal(4)
    assert [highlight.ring] == [4]
    desk.looking.set_mode(Mode.STATE)
    assert [highlight.events] == [None]
    desk.looking.set_mode(Mode.BLAME)
    assert str(highlight.events) == "[1 2 4 6]"


def test_what_others_make_stand_out_stays(totals: FieldHistory) -> None:
    highlight = totals._desk.highlight
    highlight.show_intervals([(1, 2)], "total > 100")
    totals._desk.looking.set_mode(Mode.STATE)
    assert highlight.intervals == ((1, 2),)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_key_goes_to_the_version_of_a_value_and_back_leads_back(
    totals: FieldHistory, key: Qt.Key, qtbot: QtBot
) -> None:
    cursor = totals._desk.cursor
    totals.table.setFocus()
    QTest.keyClick(totals.table, Qt.Key.Key_Down)
    assert [cursor.ordinal] == [3]  # moving the row alone goes nowhere
    QTest.keyClick(totals.table, key)
    assert [cursor.ordinal] == [4]
    cursor.back()
    assert [cursor.ordinal] == [3]


def test_next_and_previous_value(totals: FieldHistory) -> None:
    actions, cursor = totals._desk.actions, totals._desk.cursor
    visited = []
    while actions[ActionId.NEXT_VALUE].isEnabled():
        actions[ActionId.NEXT_VALUE].trigger()
        visited.append(cursor.ordinal)
    cursor.set_ordinal(5)
    while actions[ActionId.PREVIOUS_VALUE].isEnabled():
        actions[ActionId.PREVIOUS_VALUE].trigger()
        visited.append(cursor.ordinal)
    assert visited == [4, 6, 4, 2, 1]
    assert "no other value" in actions[ActionId.PREVIOUS_VALUE].whatsThis()
    totals._desk.looking.set_mode(Mode.STATE)
    assert not actions[ActionId.NEXT_VALUE].isEnabled()


def test_a_click_in_the_chart_goes_to_the_event_of_the_step(totals: FieldHistory) -> None:
    chart = totals.chart
    assert chart.isVisible()
    assert chart.accessibleDescription() == "4 values between 96.0 and 144.0"
    place = QPointF(chart.x_of(5), chart.plot().center().y())
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place.toPoint())
    assert totals._desk.cursor.ordinal == 4
    assert chart.step_at(chart.plot().left() - 50) == -1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["x", "y"], "no chart: the values are texts"),
        ([True, False], "no chart: the values are true or false"),
        ([{"a": 1}, {"a": 2}], "no chart: the values are objects"),
        ([1, "x"], "no chart: not all values are numbers"),
    ],
)
def test_where_values_are_no_numbers_it_is_said_instead_of_a_chart(
    blame: Blame, tmp_path: Path, values: list[Any], said: str
) -> None:
    facts = [("Changed", {"f": value}) for value in values]
    panel = blame(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1", 2, "/f")
    assert label(panel, "blame.facts") == said
    assert not panel.chart.isVisible()


def test_one_true_and_one_point_nought_are_three_values_and_null_is_one(blame: Blame, tmp_path: Path) -> None:
    facts: Facts = [("Changed", {"f": value}) for value in ([1], [True], [1.0], [None], [None])]
    panel = blame(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1", 5, "/f")
    assert [text for (text,) in listed(panel, VALUE)] == ["[1]", "[true]", "[1.0]", "[null]"]


def test_items_are_followed_by_their_id_and_it_is_said(blame: Blame, tmp_path: Path, qtbot: QtBot) -> None:
    def items(**quantities: int) -> dict[str, Any]:
        return {"items": [{"sku": sku, "quantity": count} for sku, count in quantities.items()]}

    facts: Facts = [
        ("Changed", items(a=1, b=5)),
        ("Changed", items(b=5, a=2)),
        ("Changed", items(b=5)),
        ("Changed", items(c=9, b=5, a=3)),
    ]
    panel = blame(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1", 2, "/items/1/quantity")
    assert label(panel, "blame.title") == "items[sku=a].quantity"
    assert label(panel, "blame.facts") == "items matched by sku"
    assert listed(panel, VALUE, CHANGE, VERSION) == [
        ("1", "first", "1"),
        ("2", "+1", "2"),
        ("removed", "", "3"),
        ("3", "again", "4"),
    ]
    desk = panel._desk
    desk.looking.set_mode(Mode.STATE)
    desk.cursor.set_ordinal(1)
    desk.looking.set_mode(Mode.BLAME)  # at version 1 another item stands there
    qtbot.waitUntil(lambda: label(panel, "blame.title") == "items[sku=b].quantity")


def test_it_says_what_the_command_line_says(blame: Blame, demo_store: Path) -> None:
    panel = blame(demo_store, "order-1009", None, "/total")
    printed = exact_json.parse(auditor("blame", demo_store, "order-1009", "/total", "--json").out)
    said = [
        (exact_json.dump(one["value"]), f"{one['version']:,}", one["event_type"], one["user_id"] or "")
        for one in printed["changes"]
    ]
    assert listed(panel, VALUE, VERSION, EVENT, USER) == said


def test_a_row_of_the_state_is_blamed_by_selecting_it(blame: Blame, tmp_path: Path, qtbot: QtBot) -> None:
    facts: Facts = [("Opened", {"total": 1, "note": "x"}), ("Changed", {"note": "y"})]
    panel = blame(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1", 2, "/total")
    window = panel.window()
    assert isinstance(window, MainWindow)
    assert window.views is not None
    view = window.views.history.state.view
    qtbot.waitUntil(lambda: view.tree.find("/note").isValid())
    view.select("/note")
    qtbot.waitUntil(lambda: label(panel, "blame.title") == "note" and panel.states.state == "content")
    assert panel.rows.rowCount() == 2
    panel._desk.looking.set_mode(Mode.STATE)
    view.select("/total")
    assert panel._desk.looking.pointer == "/note"
    panel._desk.actions[ActionId.BLAME].trigger()
    assert panel._desk.looking.pointer == "/total"
    panel._desk.looking.set_mode(Mode.STATE)
    view.select("/note")
    panel._desk.looking.choose(None)
    panel._desk.looking.blame("/total")  # as other panels do: the row of the state has no say
    assert panel._desk.looking.pointer == "/total"


def test_moving_a_does_not_choose_another_field(blame: Blame, tmp_path: Path, qtbot: QtBot) -> None:
    facts: Facts = [("Opened", {"total": 1}), ("Changed", {"note": "y"}), ("Changed", {"total": None})]
    panel = blame(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1", 2, "/total")
    window = panel.window()
    assert isinstance(window, MainWindow)
    assert window.views is not None
    state = window.views.history.state
    qtbot.waitUntil(lambda: state.tree.find("/total").isValid())
    state.view.select("/total")
    panel._desk.cursor.set_ordinal(3)
    qtbot.waitUntil(lambda: not state.tree.find("/total").isValid())
    assert panel._desk.looking.pointer == "/total"
    assert listed(panel, VALUE) == [("1",), ("removed",)]


def test_without_a_field_it_says_what_to_do(
    make_window: Callable[..., MainWindow], demo_store: Path, qtbot: QtBot
) -> None:
    window = make_window(demo_store)
    window.desk.cursor.go_to(Place("order-1009", None))
    qtbot.waitUntil(lambda: window.desk.loader.fold is not None)
    window.desk.looking.set_mode(Mode.BLAME)
    panel = window.findChild(FieldHistory, "blame")
    assert isinstance(panel, FieldHistory)
    assert label(panel, "blame.message.title") == "No field selected"
    assert window.desk.highlight.is_empty


def test_a_failure_is_said_and_can_be_tried_again(totals: FieldHistory, qtbot: QtBot) -> None:
    totals.reader._on_failed(StoreDamaged("Broken at event 4.", "Use a copy."))
    assert totals.states.state == "failed"
    assert label(totals, "blame.message.title") == "Broken at event 4."
    assert totals._desk.highlight.events is None
    again = totals.findChild(QPushButton, "blame.message.verb0")
    assert again is not None
    again.click()
    qtbot.waitUntil(lambda: totals.states.state == "content")


def test_a_long_reading_can_be_cancelled_and_goes_on(
    blame: Blame, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.gui.blame.reader.SLICE_SECONDS", 0.002)
    monkeypatch.setattr("auditor.guest.tracing._MS_AT_ONCE", 2)
    facts: Facts = [("Changed", {"f": n, "g": 1}) for n in range(12_000)]
    panel = blame(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1", 1, "/g")
    panel._desk.looking.choose("/f")
    qtbot.waitUntil(lambda: (p := panel.reader.progress) is not None and 0 < p[0] < p[1], timeout=20_000)
    panel.reader.cancel()
    qtbot.waitUntil(lambda: label(panel, "blame.stopped.title").startswith("Cancelled at event"))
    assert 0 < panel.rows.rowCount() < 12_000
    go_on = panel.findChild(QPushButton, "blame.stopped.verb")
    assert go_on is not None
    go_on.click()
    qtbot.waitUntil(lambda: panel.rows.rowCount() == 12_000, timeout=30_000)
    assert panel.states.state == "content"


def test_events_that_were_not_applied_are_said(blame: Blame, tmp_path: Path) -> None:
    facts: Facts = [("Added", {"sku": "a", "price": 5}), ("Added", {"sku": "c"})]
    panel = blame(write_modelled_store(tmp_path / "shop", facts), "t-1", 2, "/lines")
    said = "Event 2 was not applied, or not wholly; what it would have set here is not known."
    assert label(panel, "blame.doubt.line") == said


def test_close_shows_the_event_again(totals: FieldHistory) -> None:
    close = totals.findChild(QToolButton, "blame.close")
    assert close is not None
    close.click()
    assert totals._desk.looking.mode is Mode.STATE
    assert not totals.isVisible()
