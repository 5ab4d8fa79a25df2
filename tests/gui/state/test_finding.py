"""Finding in the state, and copying from it, are about the state that is seen."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.state.panel import StatePanel
from tests.helpers.small_stores import write_store
from tests.helpers.viewed_stores import write_modelled_store

Show = Callable[..., StatePanel]


def count(panel: StatePanel) -> str:
    label = panel.findChild(QLabel, "state.search.count")
    assert label is not None
    return label.text()


def find(panel: StatePanel, text: str) -> None:
    panel._desk.actions[ActionId.FIND].trigger()
    field = panel.findChild(QLineEdit, "state.search.text")
    assert field is not None
    field.setText(text)


def changed(name: str, value: Any) -> tuple[str, dict[str, Any]]:
    return "Changed", {name: {"inside": value}}


def current(panel: StatePanel) -> str | None:
    row = panel.view.current_row()
    return None if row is None else row.pointer


def test_what_was_found_in_one_aggregate_is_not_looked_for_in_another(
    show: Show, tmp_path: Path, qtbot: QtBot
) -> None:
    facts = {"t-1": [changed("first", "wanted")], "t-2": [changed("first", "other"), changed("last", 1)]}
    panel = show(write_store(tmp_path / "s.db", facts), "t-1")
    find(panel, "wanted")
    panel._desk.cursor.go_to(Place("t-2", None))  # the answer is on its way
    qtbot.waitUntil(lambda: panel.states.state == "content")
    qtbot.waitUntil(lambda: not panel._desk.store.is_busy)
    qtbot.waitUntil(lambda: count(panel) == "not found")
    assert current(panel) is None
    assert not panel.view.isExpanded(panel.tree.find("/first").siblingAtColumn(0))


def test_places_are_those_of_the_state_that_is_seen(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    facts = [("Changed", {"a": "wanted"}), ("Changed", {"b": "wanted"}), ("Changed", {"c": "wanted"})]
    panel = show(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1", 1)
    find(panel, "wanted")
    qtbot.waitUntil(lambda: count(panel) == "1 of 1")
    panel._desk.cursor.set_ordinal(3)
    qtbot.waitUntil(lambda: count(panel) == "1 of 3")
    panel._desk.cursor.set_model("merge")  # another way to fold: what was found is looked for again
    qtbot.waitUntil(lambda: panel.states.state == "content" and count(panel) == "3 places")


def test_where_no_state_is_seen_none_can_be_copied(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    facts = [("Added", {"sku": "a", "price": 5}), ("Added", {"sku": "b", "price": 7}), ("Ended", {})]
    panel = show(write_modelled_store(tmp_path / "shop", facts), "t-1", 2)
    actions = panel._desk.actions
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.tree.find("/total"))
    assert actions[ActionId.COPY_VALUE].isEnabled()
    panel._desk.cursor.set_ordinal(3)
    qtbot.waitUntil(lambda: panel.states.state == "failed")
    assert not panel.copying.copyable()
    panel._desk.cursor.set_ordinal(2)
    qtbot.waitUntil(lambda: panel.states.state == "content")
    assert panel.copying.copyable()


def test_a_value_that_is_looked_at_does_not_take_the_place_of_one_that_is_copied(
    show: Show, tmp_path: Path, qtbot: QtBot
) -> None:
    facts = [("Changed", {"a": "copied", "b": "looked at"})]
    panel = show(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1")
    panel.view.setFocus()
    panel.view.select("/a")
    QGuiApplication.clipboard().clear()
    panel._desk.actions[ActionId.COPY_VALUE].trigger()
    panel.view.row_entered.emit(panel.tree.row(panel.tree.find("/b")))
    qtbot.waitUntil(lambda: panel._viewer is not None and panel._viewer.isVisible())
    assert QGuiApplication.clipboard().text() == "copied"
    assert panel._viewer is not None
    facts_label = panel._viewer.findChild(QLabel, "state.viewer.facts")
    assert facts_label is not None
    assert facts_label.text() == "9 characters · t-1 at version 1"
    panel._viewer.close()


def test_an_aggregate_without_events_says_so(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    store = write_store(tmp_path / "s.db", {"t-1": [changed("a", 1)], "t-2": [changed("a", 1)]})
    with closing(sqlite3.connect(store)) as damaged, damaged:
        damaged.execute("DELETE FROM events WHERE aggregate_id = 't-1'")
    panel = show(store, "t-2")
    window = panel.window()
    panel._desk.cursor.go_to(Place("t-1", None))
    qtbot.waitUntil(lambda: panel._desk.cursor.history is not None)
    qtbot.waitUntil(lambda: not panel._desk.store.is_busy)
    for name in ("state.message.title", "event.message.title"):
        label = window.findChild(QLabel, name)
        assert label is not None
        assert label.text() == "No events"


def test_a_store_that_is_gone_is_said_for_what_is_chosen_next(
    show: Show, tmp_path: Path, qtbot: QtBot
) -> None:
    store = write_store(tmp_path / "s.db", {"t-1": [changed("a", 1)], "t-2": [changed("a", 1)]})
    panel = show(store, "t-2")
    store.unlink()
    panel._desk.cursor.go_to(Place("t-1", None))
    qtbot.waitUntil(lambda: panel.states.state == "failed")
    title = panel.findChild(QLabel, "state.message.title")
    assert title is not None
    assert "is gone" in title.text()


def test_the_merge_is_not_offered_where_the_store_cannot_be_read(
    show: Show, tmp_path: Path, qtbot: QtBot
) -> None:
    facts: list[tuple[str, dict[str, Any]]] = [("Added", {"sku": "a", "price": 5}), ("Removed", {"sku": "a"})]
    store = write_modelled_store(tmp_path / "shop", facts)
    panel = show(store, "t-1", 2)
    store.unlink()
    panel._desk.cursor.set_ordinal(1)
    qtbot.waitUntil(lambda: panel.states.state == "failed")
    shown = [one.text() for one in panel.states.findChildren(QPushButton) if one.isVisible()]
    assert shown == ["Try again"]


def test_a_removed_value_names_the_version_that_had_it(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    facts: list[tuple[str, dict[str, Any]]] = [("Added", {"sku": "a", "price": 5}), ("Removed", {"sku": "a"})]
    panel = show(write_modelled_store(tmp_path / "shop", facts), "t-1", 2)
    panel.view.setFocus()
    panel._unfolding.reveal("/lines/a")
    qtbot.waitUntil(lambda: current(panel) == "/lines/a")
    row = panel.view.current_row()
    assert row is not None
    assert row.sign == "removed"
    panel._desk.actions[ActionId.COPY_COMMAND].trigger()
    assert QGuiApplication.clipboard().text().endswith("t-1 --version 1 --field /lines/a")
    panel._open_viewer(row)
    qtbot.waitUntil(lambda: panel._viewer is not None and panel._viewer.isVisible())
    assert panel._viewer is not None
    said = panel._viewer.findChild(QLabel, "state.viewer.facts")
    assert said is not None
    assert said.text().endswith("t-1 at version 1")
    panel._viewer.close()
