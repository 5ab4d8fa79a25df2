"""The event panel in the real window: what is stored, what it means, where it leads."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.event.fact import Fact
from auditor.gui.event.panel import EventPanel
from tests.helpers.viewed_stores import append_raw, write_hostile_store, write_modelled_store

Show = Callable[..., EventPanel]


def label(panel: EventPanel, name: str) -> str:
    found = panel.findChild(QLabel, name)
    assert found is not None, name
    return found.text()


def text_of(panel: EventPanel, name: str) -> str:
    found = panel.findChild(QPlainTextEdit, name)
    assert found is not None, name
    return found.toPlainText()


def facts(panel: EventPanel, parent: QModelIndex | None = None) -> list[Fact]:
    tree, found = panel.fields.facts, []
    parent = parent if parent is not None else QModelIndex()
    for row in range(tree.rowCount(parent)):
        index = tree.index(row, 0, parent)
        fact = tree.fact(index)
        assert fact is not None
        found += [fact, *facts(panel, index)]
    return found


def row_of(panel: EventPanel, name: str) -> QModelIndex:
    tree = panel.fields.facts
    for row in range(tree.rowCount()):
        fact = tree.fact(tree.index(row, 0))
        if fact is not None and fact.name == name:
            return tree.index(row, 0)
    raise AssertionError(name)


def wait_for(panel: EventPanel, aggregate_id: str, version: int, qtbot: QtBot) -> None:
    def is_there() -> bool:
        read = panel.reader.shown
        return read is not None and (read.result.event.aggregate_id, read.result.event.version) == (
            aggregate_id,
            version,
        )

    qtbot.waitUntil(is_there, timeout=20_000)


def test_data_and_metadata_stand_in_rows(show: Show, linked_store: Path, qtbot: QtBot) -> None:
    panel = show(linked_store, "o-1", 3)
    assert label(panel, "event.type") == "OrderPaid"
    version = panel.findChild(QLabel, "event.version")
    assert version is not None
    assert version.accessibleName() == "version 3"
    fields = {fact.name: fact.piece().text for fact in facts(panel) if fact.kind == "field"}
    assert fields["number"] == "3"
    assert fields["position"] == "4"
    assert fields["recorded"] == "2026-03-01 12:03:00.000000 UTC"
    assert fields["user"] == "ada"
    assert fields["schema"] == "1"
    assert fields["correlation"] == "c-9 · 3 events"
    assert fields["ip"] == "2 items"
    assert fields["1"] == "2"


def test_a_cause_leads_to_the_event_and_back_returns(show: Show, linked_store: Path, qtbot: QtBot) -> None:
    panel = show(linked_store, "o-1", 3)
    actions = panel._desk.actions
    panel.fields.setCurrentIndex(row_of(panel, "Captured"))
    panel.fields.setFocus()
    QTest.keyClick(panel.fields, Qt.Key.Key_Return)
    wait_for(panel, "p-1", 1, qtbot)
    assert actions[ActionId.GO_TO_EFFECT].isEnabled()
    actions[ActionId.GO_TO_CAUSE].trigger()
    wait_for(panel, "o-1", 2, qtbot)
    assert not actions[ActionId.GO_TO_CAUSE].isEnabled()
    assert "names no cause" in actions[ActionId.GO_TO_CAUSE].toolTip()
    actions[ActionId.BACK].trigger()
    wait_for(panel, "p-1", 1, qtbot)
    actions[ActionId.BACK].trigger()
    wait_for(panel, "o-1", 3, qtbot)


def test_a_click_on_an_effect_leads_there(show: Show, linked_store: Path, qtbot: QtBot) -> None:
    panel = show(linked_store, "o-1", 2)
    rect = panel.fields.visualRect(row_of(panel, "Captured"))
    QTest.mouseClick(
        panel.fields.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        rect.center(),
    )
    wait_for(panel, "p-1", 1, qtbot)


def test_a_cause_that_is_not_in_the_store_is_said(show: Show, linked_store: Path) -> None:
    panel = show(linked_store, "o-1", 1)
    notes = [fact.name for fact in facts(panel) if fact.kind == "note"]
    assert notes == ["The causing event gone is not in this store."]
    action = panel._desk.actions[ActionId.GO_TO_CAUSE]
    assert not action.isEnabled()
    assert "The causing event gone is not in this store." in action.toolTip()


def test_where_no_event_is_seen_none_can_be_copied(show: Show, linked_store: Path, qtbot: QtBot) -> None:
    panel = show(linked_store, "o-1", 2)
    assert panel.copying.copyable()
    moved = linked_store.with_name("moved.db")
    linked_store.rename(moved)
    linked_store.write_bytes(moved.read_bytes())  # another file under the same name
    panel._desk.cursor.set_ordinal(3)
    qtbot.waitUntil(lambda: panel.states.state == "failed")
    version = panel.findChild(QLabel, "event.version")
    assert version is not None
    assert version.accessibleName() == "version 3"
    assert not panel.copying.copyable()


def test_stored_text_is_shown_and_copied_byte_for_byte(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    store = write_hostile_store(tmp_path / "hostile.db")
    stored = '{"a":\u202e 1.50,\n "digits": 1e400, "a": 2}'.replace("\u202e", "")
    append_raw(store, "h-1", 4, "Odd", stored)
    panel = show(store, "h-1", 4)
    assert "keys that stand twice: a" in label(panel, "event.problem.line")
    button = panel.findChild(QAbstractButton, "event.tabs.2")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert text_of(panel, "event.data.text") == stored
    assert label(panel, "event.data.heading") == f"Data, {len(stored)} bytes"
    copy = panel.findChild(QPushButton, "event.data.copy")
    assert copy is not None
    copy.click()
    assert QGuiApplication.clipboard().text() == stored
    json_button = panel.findChild(QAbstractButton, "event.tabs.1")
    assert json_button is not None
    QTest.mouseClick(json_button, Qt.MouseButton.LeftButton)
    shown = text_of(panel, "event.json.text")
    assert '"digits": 1e400' in shown
    assert json.loads(shown)["event_type"] == "Odd"


def test_data_that_is_no_json_is_shown_as_stored(show: Show, tmp_path: Path) -> None:
    store = write_hostile_store(tmp_path / "hostile.db")
    append_raw(store, "h-1", 4, "Broken", '{"a": NaN\u202e')
    panel = show(store, "h-1", 4)
    assert label(panel, "event.problem.title") == "The data is no JSON"
    verb = panel.findChild(QPushButton, "event.problem.verb")
    assert verb is not None
    verb.click()
    assert text_of(panel, "event.data.text") == '{"a": NaN‹U+202E›'


def test_the_event_that_was_not_applied_says_so(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    store = write_modelled_store(
        tmp_path / "shop", [("Added", {"sku": "a", "price": 1}), ("Added", {"sku": "b"})]
    )
    panel = show(store, "t-1", 2)
    bar = panel.findChild(QWidget, "event.unapplied")
    assert bar is not None
    qtbot.waitUntil(bar.isVisible, timeout=20_000)
    assert "It was not applied: KeyError: 'price'" in label(panel, "event.unapplied.line")
    panel._desk.cursor.set_ordinal(1)
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_values_path_and_command_are_copied(show: Show, linked_store: Path) -> None:
    panel = show(linked_store, "o-1", 3)
    clipboard, actions = QGuiApplication.clipboard(), panel._desk.actions
    panel.fields.setFocus()
    panel.fields.setCurrentIndex(row_of(panel, "ip"))
    for action, text in (
        (ActionId.COPY_VALUE, "[1,2]"),
        (ActionId.COPY_JSON, "[\n  1,\n  2\n]"),
        (ActionId.COPY_PATH, "/metadata/ip"),
        (ActionId.COPY_COMMAND, f"auditor event {linked_store} o-1 3"),
    ):
        actions[action].trigger()
        assert clipboard.text() == text
    panel.fields.setCurrentIndex(row_of(panel, "position"))
    QTest.keyClick(panel.fields, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "4"


def test_times_follow_the_chosen_zone(show: Show, linked_store: Path) -> None:
    panel = show(linked_store, "o-1", 3)
    recorded = row_of(panel, "recorded")
    assert recorded.siblingAtColumn(1).data().endswith("UTC")
    panel._desk.clock.set_local(True)
    moment = panel._desk.clock.full("2026-03-01T12:03:00.000000Z")
    assert row_of(panel, "recorded").siblingAtColumn(1).data() == moment
    panel._desk.clock.set_local(False)


def test_qts_own_rules_hold_for_the_facts(show: Show, linked_store: Path, qtmodeltester: ModelTester) -> None:
    panel = show(linked_store, "o-1", 3)
    qtmodeltester.check(panel.fields.facts, force_py=True)  # type: ignore[no-untyped-call] # pytest-qt types only some


@pytest.mark.parametrize(("size", "shown"), [((960, 640), False), ((1280, 800), True)])
def test_where_it_is_narrow_state_and_event_share_a_place(
    show: Show, linked_store: Path, size: tuple[int, int], shown: bool, qtbot: QtBot
) -> None:
    panel = show(linked_store, "o-1", 3, size)
    window = panel.window()
    state = window.findChild(QWidget, "state")
    assert state is not None
    assert panel.isVisible() is shown
    assert state.isVisible()
    if not shown:
        button = window.findChild(QAbstractButton, "state.which.1")
        assert button is not None
        button.click()
        assert panel.isVisible()
        assert not state.isVisible()
        panel._desk.actions[ActionId.FIND].trigger()
        assert state.isVisible()
