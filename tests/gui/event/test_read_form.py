"""The event as it is stored, and as the model reads it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.copying import Copied
from auditor.gui.event.header import BYTES, FIELDS, JSON
from auditor.gui.event.panel import EventPanel
from auditor.gui.event.read_form import AS_READ, AS_STORED
from auditor.gui.state.panel import StatePanel
from tests.helpers.old_events import FAILING, ODD, OLD, PLAIN, RETIRED, SPLIT, write_old_events
from tests.helpers.viewed_stores import trust

Show = Callable[..., EventPanel]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return write_old_events(tmp_path / "shop")


@pytest.fixture
def panel(show: Show, store: Path, qtbot: QtBot) -> EventPanel:
    """On the first event, which the trusted model reads otherwise than it is stored."""
    trust(store)
    made = show(store, "t-1", OLD)
    qtbot.waitUntil(made.form.isVisible, timeout=20_000)
    return made


def rows(panel: EventPanel) -> list[tuple[str, str]]:
    """Those of the data: all but what it changed, metadata and links."""
    tree = panel.fields.facts
    facts = [tree.fact(tree.index(row, 0)) for row in range(tree.rowCount())]
    found = [
        (fact.name, fact.piece().text if fact.kind == "field" else fact.kind)
        for fact in facts
        if fact is not None
    ]
    ends = {("What it changed", "group"), ("Metadata", "group")}
    return found[: next(at for at, row in enumerate(found) if row in ends)]


def go_to(panel: EventPanel, version: int, qtbot: QtBot) -> None:
    panel._desk.cursor.set_ordinal(version)
    qtbot.waitUntil(lambda: panel.reader.shown is not None and panel.reader.shown.result.ordinal == version)


def choose(panel: EventPanel, form: int, qtbot: QtBot) -> None:
    panel.form.switch.button(form).click()
    qtbot.waitUntil(
        lambda: panel.reader.shown is not None and (panel.reader.shown.upcast is not None) == bool(form)
    )


OLD_STORED = [("Data", "group"), ("name", "ada")]
OLD_READ = [
    ("Opened, schema 2", "group"),
    ("owner", "ada"),
    ("Steps taken", "group"),
    ("Opened 1 → Opened 2 (take_the_name_as_owner)", "note"),
]


def test_a_person_switches_between_both_forms(panel: EventPanel, qtbot: QtBot) -> None:
    assert (panel.form.switch.index, rows(panel)) == (AS_STORED, OLD_STORED)
    choose(panel, AS_READ, qtbot)
    assert rows(panel) == OLD_READ
    choose(panel, AS_STORED, qtbot)
    assert rows(panel) == OLD_STORED


def test_it_works_by_keyboard_and_has_names(panel: EventPanel, qtbot: QtBot) -> None:
    button = panel.form.switch.button(AS_READ)
    assert panel.form.switch.accessibleName() == "Data of the event"
    assert button.accessibleName() == "Data of the event: As the model reads it"
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: rows(panel) == OLD_READ)
    action = panel._desk.actions[ActionId.EVENT_AS_READ]
    assert action.isEnabled()
    assert action.isChecked()
    QTest.keyClick(panel.fields, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: rows(panel) == OLD_STORED)
    assert panel.form.switch.index == AS_STORED
    assert not action.isChecked()


def test_what_was_chosen_holds_for_other_events(panel: EventPanel, qtbot: QtBot) -> None:
    choose(panel, AS_READ, qtbot)
    go_to(panel, SPLIT, qtbot)
    assert [row for row in rows(panel) if row[1] != "note"] == [
        ("Opened, schema 2", "group"),
        ("owner", "bob"),
        ("Tagged, schema 1", "group"),
        ("tag", "red"),
        ("Tagged, schema 1", "group"),
        ("tag", "blue"),
        ("Steps taken", "group"),
    ]
    go_to(panel, RETIRED, qtbot)
    assert rows(panel)[1] == ("Nothing: the model takes no change from it.", "note")
    go_to(panel, PLAIN, qtbot)
    assert not panel.form.isVisible()
    assert rows(panel) == [("Data", "group"), ("x", "15")]
    action = panel._desk.actions[ActionId.EVENT_AS_READ]
    assert not action.isEnabled()
    assert "has no upcasters for events of this type" in action.toolTip()
    go_to(panel, OLD, qtbot)
    assert panel.form.isVisible()
    assert rows(panel) == OLD_READ


@pytest.mark.parametrize("version", [FAILING, ODD])
def test_an_event_that_the_model_cannot_read_is_told_above_what_is_stored(
    panel: EventPanel, version: int, qtbot: QtBot
) -> None:
    choose(panel, AS_READ, qtbot)
    go_to(panel, version, qtbot)
    read = panel.reader.shown
    assert read is not None
    assert read.upcast is not None
    title, line = (panel.findChild(QLabel, f"event.unapplied.{part}") for part in ("title", "line"))
    assert isinstance(title, QLabel)
    assert isinstance(line, QLabel)
    assert title.isVisible()
    assert title.text() == "The state lacks this event"
    assert read.upcast.finding is not None
    assert read.upcast.finding in line.text()
    assert rows(panel)[:3] == [
        ("As the model reads it", "group"),
        ("It cannot be read; what is stored stands below.", "note"),
        ("Data", "group"),
    ]
    panel._desk.loader.fold = None  # while the history is folded anew
    panel.messages._show_unapplied()
    assert (title.text(), line.text()) == ("The model cannot read this event", f"{read.upcast.finding}.")


def test_an_odd_schema_version_stands_there_as_it_is(panel: EventPanel, qtbot: QtBot) -> None:
    go_to(panel, ODD, qtbot)
    tree = panel.fields.facts
    facts = [tree.fact(tree.index(row, 0)) for row in range(tree.rowCount())]
    [schema] = [fact for fact in facts if fact is not None and fact.name == "schema"]
    assert (schema.value, schema.piece().text) == ("2", '"2", which is no whole number from 1 on')


def test_the_text_as_stored_has_no_other_form_and_json_has(panel: EventPanel, qtbot: QtBot) -> None:
    choose(panel, AS_READ, qtbot)
    panel.show_tab(JSON)
    assert panel.form.isVisible()
    text = panel.findChild(QPlainTextEdit, "event.json.text")
    assert text is not None
    document = json.loads(text.toPlainText())
    assert document["events"] == [{"event_type": "Opened", "schema_version": 2, "data": {"owner": "ada"}}]
    panel.show_tab(BYTES)
    assert not panel.form.isVisible()
    data = panel.findChild(QPlainTextEdit, "event.data.text")
    assert data is not None
    assert data.toPlainText() == '{"name": "ada"}'
    panel.show_tab(FIELDS)
    assert panel.form.isVisible()


def test_the_command_asks_for_the_form_that_is_seen(panel: EventPanel, qtbot: QtBot) -> None:
    choose(panel, AS_READ, qtbot)
    panel.copying.copy(Copied.COMMAND)
    assert QGuiApplication.clipboard().text().endswith(" t-1 1 --upcast")
    choose(panel, AS_STORED, qtbot)
    panel.copying.copy(Copied.COMMAND)
    assert QGuiApplication.clipboard().text().endswith(" t-1 1")


def test_another_model_reads_it_in_its_own_way(panel: EventPanel, qtbot: QtBot) -> None:
    choose(panel, AS_READ, qtbot)
    panel._desk.cursor.set_model("Loud")
    qtbot.waitUntil(lambda: rows(panel)[1] == ("owner", "ADA"), timeout=20_000)
    panel._desk.cursor.set_model("merge")
    qtbot.waitUntil(lambda: rows(panel) == OLD_STORED, timeout=20_000)
    assert not panel.form.isVisible()
    panel._desk.cursor.set_model(None)
    qtbot.waitUntil(lambda: rows(panel) == OLD_READ, timeout=20_000)
    assert panel.form.isVisible()


def test_code_that_is_not_trusted_reads_nothing(show: Show, store: Path, qtbot: QtBot) -> None:
    panel = show(store, "t-1", OLD)
    state = panel.window().findChild(StatePanel, "state")
    assert isinstance(state, StatePanel)
    qtbot.waitUntil(lambda: state.states.state == "failed", timeout=20_000)
    assert rows(panel) == OLD_STORED
    assert not panel.form.isVisible()
    assert not panel._desk.actions[ActionId.EVENT_AS_READ].isEnabled()
