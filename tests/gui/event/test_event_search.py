"""Finding a text in the event that is looked at, and looking at all of its values."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.event.panel import EventPanel
from auditor.stores.native_store import EventStore
from tests.helpers.new_events import new_event

Show = Callable[..., EventPanel]
CTRL = Qt.KeyboardModifier.ControlModifier
DATA = {
    "name": "needle one",
    "nested": {"list": [{"x": 1}, {"x": "a NEEDLE too"}]},
    "many": {f"n{n}": n for n in range(6000)},
    "last": {"needle": None},
    "long": "straw " * 20_000 + "needle in straw",
}


@pytest.fixture
def panel(show: Show, tmp_path: Path, qtbot: QtBot) -> EventPanel:
    path = tmp_path / "s.db"
    with EventStore(f"sqlite:///{path}") as opened:
        opened.append("o-1", [new_event("o-1", 1, data=DATA), new_event("o-1", 2)], 0)
    made = show(path, "o-1", 1)
    qtbot.waitUntil(
        lambda: made.reader.shown is not None and made.reader.shown.changes is not None, timeout=20_000
    )
    made.fields.setFocus()
    return made


def count(panel: EventPanel) -> str:
    found = panel.findChild(QLabel, "event.search.count")
    assert found is not None
    return found.text()


def sought(panel: EventPanel, text: str) -> QLineEdit:
    field = panel.findChild(QLineEdit, "event.search.text")
    assert field is not None
    field.setText(text)
    return field


def pointer(panel: EventPanel) -> str:
    fact = panel.fields.current_fact()
    return "" if fact is None else fact.pointer


def test_ctrl_f_finds_where_the_focus_is(panel: EventPanel, qtbot: QtBot) -> None:
    window = panel.window()
    QTest.keyClick(panel.fields, Qt.Key.Key_F, CTRL)
    bar = panel.findChild(QWidget, "event.search")
    assert bar is not None
    assert bar.isVisible()
    state_bar = window.findChild(QWidget, "state.search")
    assert state_bar is not None
    assert not state_bar.isVisible()
    field = sought(panel, "needle")
    assert field.hasFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert panel.fields.hasFocus()
    state = window.findChild(QWidget, "state.tree")
    assert state is not None
    state.setFocus()
    QTest.keyClick(state, Qt.Key.Key_F, CTRL)
    qtbot.waitUntil(state_bar.isVisible)
    assert not bar.isVisible()


@pytest.mark.parametrize(
    ("tab", "name"), [(1, "event.json.text"), (2, "event.metadata.text"), (3, "events.table")]
)
def test_ctrl_f_finds_from_every_page(panel: EventPanel, tab: int, name: str) -> None:
    panel.show_tab(tab)
    inside = panel.findChild(QWidget, name)
    assert inside is not None
    inside.setFocus()
    QTest.keyClick(inside, Qt.Key.Key_F, CTRL)
    field = panel.findChild(QLineEdit, "event.search.text")
    assert field is not None
    assert field.hasFocus()


def test_places_are_gone_through_with_the_keys(panel: EventPanel, qtbot: QtBot) -> None:
    panel._desk.actions[ActionId.FIND_IN_EVENT].trigger()
    field = sought(panel, "needle")
    qtbot.waitUntil(lambda: count(panel).startswith("1 of "), timeout=20_000)
    total = int(count(panel).split()[-1])
    seen = []
    for _ in range(total):
        seen.append(pointer(panel))
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert count(panel).startswith("1 of ")
    assert {"/data/name", "/data/nested/list/1/x", "/data/last/needle", "/data/long"} <= set(seen)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert count(panel) == f"{total} of {total}"
    QTest.keyClick(field, Qt.Key.Key_F3)
    assert count(panel) == f"1 of {total}"
    sought(panel, "no such thing")
    qtbot.waitUntil(lambda: count(panel) == "not found", timeout=20_000)


def test_what_is_not_listed_yet_is_revealed(panel: EventPanel, qtbot: QtBot) -> None:
    panel._desk.actions[ActionId.FIND_IN_EVENT].trigger()
    sought(panel, "n5432")
    qtbot.waitUntil(lambda: pointer(panel) == "/data/many/n5432", timeout=20_000)
    tree = panel.fields.facts
    many = tree.parent(panel.fields.currentIndex())
    first, last = (tree.fact(tree.index(row, 0, many)) for row in (0, tree.rowCount(many) - 1))
    assert first is not None
    assert last is not None
    assert (first.name, last.name, tree.rowCount(many)) == ("5,000 before", "500 more", 502)
    tree.show_more(tree.index(0, 0, many))
    assert tree.rowCount(many) == 1002


def test_more_members_are_shown_a_part_at_a_time(panel: EventPanel) -> None:
    panel.fields.reveal("/data/many")
    panel.fields.expand(panel.fields.currentIndex())
    tree, many = panel.fields.facts, panel.fields.currentIndex()
    for shown in (1000, 1500, 2000, 2500):
        assert tree.show_more(tree.index(tree.rowCount(many) - 1, 0, many))
        assert tree.rowCount(many) == shown + 1
    assert tree.show_more(tree.index(tree.rowCount(many) - 1, 0, many))
    first = tree.fact(tree.index(0, 0, many))
    assert first is not None
    assert (first.name, tree.rowCount(many)) == ("500 before", 2502)


@pytest.mark.parametrize(("tab", "form"), [(1, None), (2, 0), (2, 1)])
def test_texts_are_searched_to_their_ends(
    panel: EventPanel, tab: int, form: int | None, qtbot: QtBot
) -> None:
    panel.show_tab(tab)
    if form is not None:
        button = panel.findChild(QAbstractButton, f"event.bytes.{form}")
        assert button is not None
        button.click()
    panel._desk.actions[ActionId.FIND_IN_EVENT].trigger()
    field = sought(panel, "NEEDLE IN")
    qtbot.waitUntil(lambda: count(panel) == "1 of 1", timeout=20_000)
    text = panel.findChild(QPlainTextEdit, "event.json.text" if tab == 1 else "event.data.text")
    assert text is not None
    selected = text.textCursor().selectedText()
    if form == 1:
        assert b"needle in".startswith(bytes.fromhex(selected))
    else:
        assert selected == "needle in"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert count(panel) == "1 of 1"


def test_another_event_is_searched_anew(panel: EventPanel, qtbot: QtBot) -> None:
    panel._desk.actions[ActionId.FIND_IN_EVENT].trigger()
    sought(panel, "needle")
    qtbot.waitUntil(lambda: count(panel).startswith("1 of "), timeout=20_000)
    panel._desk.cursor.set_ordinal(2)
    qtbot.waitUntil(lambda: count(panel) == "not found", timeout=20_000)


def test_enter_shows_all_of_a_value(panel: EventPanel, qtbot: QtBot) -> None:
    panel.fields.reveal("/data/long")
    QTest.keyClick(panel.fields, Qt.Key.Key_Return)
    viewer: list[QWidget] = []

    def is_there() -> bool:
        found = panel.findChild(QWidget, "event.viewer")
        viewer[:] = [] if found is None or not found.isVisible() else [found]
        return bool(viewer)

    qtbot.waitUntil(is_there, timeout=20_000)
    text = viewer[0].findChild(QPlainTextEdit, "event.viewer.text")
    assert text is not None
    assert text.toPlainText().startswith("straw straw")
    viewer[0].close()
