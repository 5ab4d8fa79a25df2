"""What the event changed, and the event as text for elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.event.fact import Fact
from auditor.gui.event.panel import EventPanel
from auditor.gui.main_window import MainWindow
from tests.helpers.command_line import auditor
from tests.helpers.viewed_stores import append_raw, write_hostile_store, write_modelled_store

Show = Callable[..., EventPanel]
FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Added", {"sku": "a", "price": 1}),
    ("Added", {"sku": "b", "price": 2}),
    ("Removed", {"sku": "a"}),
    ("Added", {"sku": "c"}),
    ("Removed", {"sku": "c"}),
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return write_modelled_store(tmp_path / "shop", FACTS)


def changed(panel: EventPanel) -> list[Fact]:
    tree = panel.fields.facts
    rows = (tree.fact(tree.index(row, 0)) for row in range(tree.rowCount()))
    return [fact for fact in rows if fact is not None and fact.change is not None]


def wait_for_changes(panel: EventPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: panel.reader.shown is not None and panel.reader.shown.changes is not None, timeout=20_000
    )


def test_what_the_event_changed_stands_in_rows_and_leads_to_the_state(
    show: Show, store: Path, qtbot: QtBot
) -> None:
    panel = show(store, "t-1", 3)
    wait_for_changes(panel, qtbot)
    said = [(fact.name, [piece.text for piece in fact.pieces()]) for fact in changed(panel)]
    assert said == [("count", ["2", "→", "1"]), ("lines/a", ["1 field"])]
    index = panel.fields.facts.find("changed:/count")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "changed, count, 1, was 2"
    window = panel.window()
    assert isinstance(window, MainWindow)
    assert window.views is not None
    state = window.views.history.state
    qtbot.waitUntil(lambda: state.states.state == "content", timeout=20_000)
    panel.fields.setCurrentIndex(index)
    panel.fields.setFocus()
    QTest.keyClick(panel.fields, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: (row := state.view.current_row()) is not None and row.pointer == "/count")
    qtbot.waitUntil(state.view.hasFocus)


def test_another_model_may_change_other_fields_or_none(show: Show, store: Path, qtbot: QtBot) -> None:
    panel = show(store, "t-1", 3)
    wait_for_changes(panel, qtbot)
    panel._desk.cursor.set_model("merge")
    qtbot.waitUntil(lambda: [fact.name for fact in changed(panel)] == ["sku"], timeout=20_000)
    panel._desk.cursor.set_ordinal(5)
    qtbot.waitUntil(lambda: changed(panel) == [], timeout=20_000)
    tree = panel.fields.facts
    names = [tree.index(row, 0).data() for row in range(tree.rowCount())]
    assert names[names.index("What it changed") + 1] == "No field of the state"


def test_what_changed_is_asked_for_when_the_panel_comes_to_be_seen(
    show: Show, store: Path, qtbot: QtBot
) -> None:
    panel = show(store, "t-1", 3, (960, 640))
    qtbot.waitUntil(lambda: panel._desk.loader.fold is not None, timeout=20_000)
    assert not panel.isVisible()
    panel._desk.cursor.set_ordinal(2)
    qtbot.waitUntil(lambda: panel.reader.shown is not None and panel.reader.shown.result.ordinal == 2)
    assert panel.reader.shown is not None
    assert panel.reader.shown.changes is None
    panel.wanted.emit()
    wait_for_changes(panel, qtbot)
    assert [fact.name for fact in changed(panel)] == ["count", "lines/b"]


@pytest.mark.parametrize(
    ("action", "form", "said"),
    [
        (ActionId.COPY_EVENT_JSON, "json", "Event copied as JSON"),
        (ActionId.COPY_EVENT_PYTHON, "python", "Event copied as a DomainEvent"),
        (ActionId.COPY_EVENT_TEST, "pytest", "Event copied as a test"),
    ],
)
def test_the_window_copies_what_the_program_prints(
    show: Show, store: Path, action: ActionId, form: str, said: str, qtbot: QtBot
) -> None:
    panel = show(store, "t-1", 4)
    told: list[str] = []
    panel._desk.tasks.said.connect(told.append)
    panel._desk.actions[action].trigger()
    qtbot.waitUntil(lambda: told == [said], timeout=20_000)
    printed = auditor("event", store, "t-1", "4", "--as", form)
    assert printed.code == 0
    assert QGuiApplication.clipboard().text().rstrip("\n") == printed.out.rstrip("\n")


def test_why_a_test_cannot_be_had_is_said_over_the_event(show: Show, store: Path, qtbot: QtBot) -> None:
    panel = show(store, "t-1", 2)
    panel._desk.cursor.set_model("merge")
    wait_for_changes(panel, qtbot)
    panel._desk.actions[ActionId.COPY_EVENT_TEST].trigger()
    title = panel.findChild(QLabel, "event.copy-problem.title")
    assert title is not None
    qtbot.waitUntil(title.isVisible, timeout=20_000)
    assert title.text() == "There is nothing to test: Thing is folded by the generic merge."
    panel._desk.cursor.set_ordinal(1)
    qtbot.waitUntil(lambda: not title.isVisible(), timeout=20_000)


def test_bytes_are_shown_with_their_offsets(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    store = write_hostile_store(tmp_path / "hostile.db")
    append_raw(store, "h-1", 4, "Odd", '{"é": "\\u0000"}')
    panel = show(store, "h-1", 4)
    panel.show_tab(2)
    button = panel.findChild(QAbstractButton, "event.bytes.1")
    assert button is not None
    button.click()
    text = panel.findChild(QPlainTextEdit, "event.data.text")
    assert text is not None
    raw = '{"é": "\\u0000"}'.encode()
    found = bytes.fromhex("".join(line[10:].split("  ")[0] for line in text.toPlainText().split("\n")))
    assert found == raw
    assert text.toPlainText().startswith("00000000  7b 22 c3 a9 22 3a 20 22")


def test_a_long_payload_comes_in_parts(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    store = write_hostile_store(tmp_path / "hostile.db")
    long = '{"a": "' + "x" * 100_000 + '", "end": 1}'
    append_raw(store, "h-1", 4, "Odd", long)
    panel = show(store, "h-1", 4)
    panel.show_tab(2)
    text, note = (
        panel.findChild(QPlainTextEdit, "event.data.text"),
        panel.findChild(QLabel, "event.data.note"),
    )
    following = panel.findChild(QAbstractButton, "event.data.next")
    assert text is not None
    assert note is not None
    assert following is not None
    seen = text.toPlainText()
    assert note.text() == "Part 1 of 4; Copy takes all."
    while following.isEnabled():
        following.click()
        seen += text.toPlainText()
    assert seen == long
    assert note.text() == "Part 4 of 4; Copy takes all."
    panel.show_tab(1)
    json_text = panel.findChild(QPlainTextEdit, "event.json.text")
    assert json_text is not None
    qtbot.waitUntil(lambda: '"event_type": "Odd"' in json_text.toPlainText(), timeout=20_000)
