"""The state panel in the real window: what it shows is the state at A, under its own number."""

import json
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.core import exact_json
from auditor.core.errors import StoreDamaged
from auditor.core.outline import OutlineRow, outline
from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.state.panel import StatePanel
from auditor.tasks.context import TaskContext
from auditor.tasks.runner import Lane
from tests.helpers.command_line import auditor
from tests.helpers.small_stores import write_store
from tests.helpers.viewed_stores import (
    DIGITS,
    HOSTILE,
    LONG_NAME,
    append_raw,
    write_hostile_store,
    write_modelled_store,
)

Show = Callable[..., StatePanel]
FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Added", {"sku": "a", "price": 5}),
    ("Added", {"sku": "b", "price": 7}),
    ("Removed", {"sku": "a"}),
    ("Added", {"sku": "c"}),
    ("Added", {"sku": "d", "price": 1}),
]


def label(panel: StatePanel, name: str) -> str:
    found = panel.findChild(QLabel, name)
    assert found is not None, name
    return found.text()


def is_shown(panel: StatePanel, name: str) -> bool:
    found = panel.findChild(QWidget, name)
    assert found is not None, name
    return found.isVisible()


def go(panel: StatePanel, ordinal: int, qtbot: QtBot) -> None:
    cursor = panel._desk.cursor
    cursor.set_ordinal(ordinal)
    qtbot.waitUntil(lambda: settled(panel), timeout=20_000)


def settled(panel: StatePanel) -> bool:
    shown = panel.reader.shown
    return shown is not None and shown.asked == panel._desk.cursor.ordinal


def open_all(panel: StatePanel, qtbot: QtBot) -> None:
    panel.view.setCurrentIndex(panel.tree.find("nowhere"))
    panel._desk.actions[ActionId.OPEN_ALL_BELOW].trigger()
    qtbot.waitUntil(lambda: panel._unfolding._below is None and settled(panel), timeout=20_000)


def wait_for_copy(value: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == value)


def shown_value(panel: StatePanel) -> Any:
    """The state as its rows say it, read as a person would, removed ones left out."""
    return _value_of([row for row in panel.tree.rows() if row.sign != "removed"], "", "object")


def _value_of(rows: list[OutlineRow], pointer: str, kind: str) -> Any:
    depth = pointer.count("/")
    prefix = f"{pointer}/"
    mine = [row for row in rows if row.pointer.startswith(prefix) and row.depth == depth]
    assert all(row.kind != "more" for row in mine)
    values = []
    for row in mine:
        if row.kind in ("object", "array"):
            below = [one for one in rows if one.pointer.startswith(f"{row.pointer}/")]
            value = _value_of(below, row.pointer, row.kind)
            assert len(value) == row.length
        else:
            value = row.text if row.kind == "string" else exact_json.parse(row.text)
        values.append((row.key, value))
    return [value for _, value in values] if kind == "array" else dict(values)


def test_the_tree_fully_open_is_what_the_command_line_prints(
    show: Show, demo_store: Path, qtbot: QtBot
) -> None:
    panel = show(demo_store, "order-1003")
    open_all(panel, qtbot)
    chosen = random.Random(3).sample(range(1, 500), 6)
    for ordinal in chosen:
        go(panel, ordinal, qtbot)
        open_all(panel, qtbot)
        printed = auditor("state", demo_store, "order-1003", "--version", str(ordinal), "--json")
        said = exact_json.parse(printed.out)
        assert exact_json.same(shown_value(panel), said["state"])
        assert label(panel, "state.version") == str(ordinal)


def test_changes_of_the_event_have_sign_and_count(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    panel = show(write_modelled_store(tmp_path / "shop", FACTS), "t-1", 3)
    open_all(panel, qtbot)
    signs = {row.pointer: row.sign for row in panel.tree.rows() if row.sign}
    assert signs == {
        "/count": "changed",
        "/lines": "inside",
        "/lines/a": "removed",
        "/lines/a/price": "removed",
    }
    assert is_shown(panel, "state.removed")
    assert label(panel, "state.removed").endswith("1")
    assert not is_shown(panel, "state.added")
    assert label(panel, "state.model") == "model Thing"
    assert label(panel, "state.complete") == "complete"
    assert not is_shown(panel, "state.incomplete")


def test_scrubbing_keeps_what_is_open_and_selected_and_never_resets(
    show: Show, demo_store: Path, qtbot: QtBot
) -> None:
    panel = show(demo_store, "order-1003", 300)
    resets: list[int] = []
    panel.tree.modelReset.connect(lambda: resets.append(1))
    panel._unfolding.reveal("/delivery_address/city")
    qtbot.waitUntil(lambda: panel.tree.find("/delivery_address/city").isValid())
    panel.view.select("/delivery_address/city")
    for ordinal in (301, 290, 295, 310, 302):
        go(panel, ordinal, qtbot)
        address = panel.tree.find("/delivery_address").siblingAtColumn(0)
        assert panel.view.isExpanded(address)
        current = panel.view.current_row()
        assert current is not None
        assert current.pointer == "/delivery_address/city"
    assert resets == []


def test_what_was_removed_is_copied_and_what_comes_back_is_open_again(
    show: Show, tmp_path: Path, qtbot: QtBot
) -> None:
    panel = show(write_modelled_store(tmp_path / "shop", FACTS), "t-1", 2)
    panel._unfolding.reveal("/lines/a/price")
    qtbot.waitUntil(lambda: panel.tree.find("/lines/a/price").isValid())
    go(panel, 4, qtbot)
    assert not panel.tree.find("/lines/a").isValid()
    go(panel, 2, qtbot)
    assert panel.view.isExpanded(panel.tree.find("/lines/a").siblingAtColumn(0))
    go(panel, 3, qtbot)
    panel.view.setFocus()
    assert panel.view.select("/lines/a/price")
    panel._desk.actions[ActionId.COPY_VALUE].trigger()
    wait_for_copy("5", qtbot)


def test_the_current_row_stays_where_rows_change_their_places(
    show: Show, demo_store: Path, qtbot: QtBot
) -> None:
    panel = show(demo_store, "order-1003", 300)
    panel.view.take(tuple(outline({"a": 1, "b": 2, "c": 3}, {}).rows), {})
    panel.view.select("/c")
    panel.view.take(tuple(outline({"c": 3, "a": 1, "b": 2}, {}).rows), {})
    current = panel.view.current_row()
    assert current is not None
    assert current.pointer == "/c"


def test_a_drag_never_shows_an_older_state_after_a_newer_or_under_another_number(
    show: Show, demo_store: Path, qtbot: QtBot
) -> None:
    panel = show(demo_store, "order-1003", 1)
    seen: list[tuple[int, str]] = []
    panel.reader.answered.connect(lambda result: seen.append((result.asked, label(panel, "state.version"))))
    cursor = panel._desk.cursor
    for ordinal in range(2, 200):
        cursor.set_ordinal(ordinal)
    qtbot.waitUntil(lambda: settled(panel), timeout=20_000)
    asked = [number for number, _ in seen]
    assert asked == sorted(asked)
    assert asked[-1] == 199
    assert all(str(number) == named for number, named in seen)


def test_a_state_that_is_late_keeps_its_own_number_and_says_so(
    show: Show, demo_store: Path, qtbot: QtBot
) -> None:
    panel = show(demo_store, "order-1003", 300)
    desk, begun, go_on = panel._desk, threading.Event(), threading.Event()

    def stand_in_the_way(_: TaskContext) -> None:
        begun.set()
        go_on.wait(30)

    try:
        desk.store.ask_alone(Lane("in the way"), stand_in_the_way, done=lambda _: None)
        assert begun.wait(10)  # else the newer request would be served before it
        desk.cursor.set_ordinal(301)
        assert (label(panel, "state.version"), is_shown(panel, "state.updating")) == ("300", False)
        qtbot.waitUntil(lambda: is_shown(panel, "state.updating"))
        assert label(panel, "state.version") == "300"
        assert panel.states.state == "content"
    finally:
        go_on.set()
    qtbot.waitUntil(lambda: label(panel, "state.version") == "301", timeout=20_000)
    assert not is_shown(panel, "state.updating")


def test_events_that_come_do_not_hide_what_is_shown(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    store = write_store(tmp_path / "grown.db", {"t-1": [("Added", {"n": 1}), ("Added", {"n": 2})]})
    panel = show(store, "t-1", 1)
    loader, states = panel._desk.loader, []
    loader.fold_began.connect(lambda: states.append(panel.states.state))
    append_raw(store, "t-1", 3, "Added", '{"n": 3}')
    with qtbot.waitSignal(loader.folded, timeout=20_000):
        loader.read_further()
    assert states == ["content"]
    assert label(panel, "state.version") == "1"
    go(panel, 3, qtbot)
    assert shown_value(panel) == {"n": 3}


def test_an_incomplete_state_says_from_where_and_why(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    panel = show(write_modelled_store(tmp_path / "shop", FACTS), "t-1")
    assert label(panel, "state.incomplete.title") == "Incomplete from version 4"
    assert "Event 4 was not applied: KeyError: 'price'." in label(panel, "state.incomplete.line")
    assert is_shown(panel, "state.chip")
    window = panel.window()
    sentence = window.findChild(QLabel, "status.sentence")
    assert sentence is not None
    assert sentence.text() == "5 loaded, 1 not applied: incomplete from 4"
    go(panel, 3, qtbot)
    assert not is_shown(panel, "state.incomplete")
    assert not is_shown(panel, "state.chip")


def test_where_an_event_ends_the_model_the_states_before_are_there(
    show: Show, tmp_path: Path, qtbot: QtBot
) -> None:
    facts = [*FACTS[:3], ("Ended", {}), *FACTS[4:]]
    panel = show(write_modelled_store(tmp_path / "shop", facts), "t-1")
    assert panel.states.state == "failed"
    assert label(panel, "state.message.title") == "The state can be shown up to version 3"
    assert label(panel, "state.version") == "5"
    go(panel, 3, qtbot)
    assert panel.states.state == "content"
    go(panel, 4, qtbot)
    assert panel.states.state == "failed"
    merge = panel.findChild(QPushButton, "state.message.verb1")
    assert merge is not None
    QTest.mouseClick(merge, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.states.state == "content", timeout=20_000)
    assert is_shown(panel, "state.approximation")
    assert label(panel, "state.version") == "4"


def test_what_was_folded_before_a_failure_can_be_shown(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    facts = [("Added", {"n": n}) for n in range(6)]
    panel = show(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1", 2)
    loader = panel._desk.loader
    loader.fold, loader.folded_events = None, 3
    loader.fold_failed.emit(StoreDamaged("Broken from event 4 on.", "Use a copy."))
    assert panel.states.state == "content"
    panel._desk.cursor.set_ordinal(5)
    assert panel.states.state == "failed"
    assert label(panel, "state.message.title") == "Broken from event 4 on."
    go(panel, 3, qtbot)
    qtbot.waitUntil(lambda: panel.states.state == "content")
    panel._desk.cursor.set_ordinal(4)
    assert panel.states.state == "failed"


def test_trying_again_goes_past_an_event_that_ended_the_model(
    show: Show, tmp_path: Path, qtbot: QtBot
) -> None:
    panel = show(write_modelled_store(tmp_path / "shop", [*FACTS[:3], ("Ended", {})]), "t-1")
    assert panel.states.state == "failed"
    (tmp_path / "shop" / "mended").touch()
    again = panel.findChild(QPushButton, "state.message.verb0")
    assert again is not None
    again.click()
    qtbot.waitUntil(lambda: panel.states.state == "content", timeout=20_000)
    assert label(panel, "state.version") == "4"


def test_code_that_nobody_trusts_does_not_run_and_the_merge_is_offered(
    show: Show, tmp_path: Path, qtbot: QtBot
) -> None:
    panel = show(write_modelled_store(tmp_path / "shop", FACTS, trusted=False), "t-1")
    assert panel.states.state == "failed"
    assert label(panel, "state.message.title") == "The model is not trusted"
    merge = panel.findChild(QPushButton, "state.message.verb1")
    assert merge is not None
    merge.click()
    qtbot.waitUntil(lambda: panel.states.state == "content", timeout=20_000)
    assert is_shown(panel, "state.approximation")


def test_a_cancelled_fold_says_how_far_it_came_and_goes_on(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    facts = [("Added", {f"k{n % 50}": n}) for n in range(20_000)]
    store = write_store(tmp_path / "long.db", {"short": facts[:3], "long": facts})
    panel = show(store, "short")
    desk = panel._desk
    with qtbot.waitSignal(desk.loader.fold_cancelled, timeout=20_000):
        desk.loader.fold_progress.connect(lambda _: desk.loader.cancel_fold())
        desk.cursor.go_to(Place("long", None))
    desk.loader.fold_progress.disconnect()
    assert panel.states.state == "cancelled"
    done = desk.loader.folded_events
    assert label(panel, "state.message.title") == f"Cancelled at event {done:,} of 20,000"
    desk.loader.fold_again()
    qtbot.waitUntil(lambda: panel.states.state == "content", timeout=30_000)
    assert label(panel, "state.version") == "20,000"


def test_hostile_values_are_shown_and_copied_exactly(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    panel = show(write_hostile_store(tmp_path / "hostile.db"), "h-1", 1)
    panel.view.setFocus()
    clipboard = QGuiApplication.clipboard()
    for pointer, value in (
        ("/empty", ""),
        ("/arabic", HOSTILE["arabic"]),
        ("/turned", HOSTILE["turned"]),
        (f"/{LONG_NAME}", "a field with a long name"),
        ("/long", HOSTILE["long"]),
        ("/a~1b~0c", "1"),
        ("/", "a name without letters"),
        ("/none", "[]"),
    ):
        assert panel.view.select(pointer)
        clipboard.setText("nothing yet")
        panel._desk.copying.refresh()
        QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        wait_for_copy(value, qtbot)
    go(panel, 3, qtbot)
    assert panel.view.select("/digits")
    panel._desk.actions[ActionId.COPY_VALUE].trigger()
    qtbot.waitUntil(lambda: clipboard.text() == DIGITS)
    assert "digits" in label(panel, "state.notes.line")


def test_json_path_and_command_are_copied(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    store = write_hostile_store(tmp_path / "a store.db")
    panel = show(store, "h-1", 1)
    panel.view.setFocus()
    assert panel.view.select("/deep")
    clipboard, actions = QGuiApplication.clipboard(), panel._desk.actions
    actions[ActionId.COPY_JSON].trigger()
    qtbot.waitUntil(lambda: clipboard.text().startswith("{"))
    assert json.loads(clipboard.text())["value"] == HOSTILE["deep"]
    actions[ActionId.COPY_PATH].trigger()
    assert clipboard.text() == "/deep"
    actions[ActionId.COPY_COMMAND].trigger()
    assert clipboard.text() == f"auditor state '{store}' h-1 --version 1 --field /deep"


def test_a_long_list_comes_a_thousand_at_a_time(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    panel = show(write_hostile_store(tmp_path / "hostile.db"), "h-1", 1)
    many = panel.tree.find("/many").siblingAtColumn(0)
    panel.view.expand(many)
    qtbot.waitUntil(lambda: panel.tree.rowCount(panel.tree.find("/many").siblingAtColumn(0)) == 1001)
    parent = panel.tree.find("/many").siblingAtColumn(0)
    more = panel.tree.index(1000, 0, parent)
    panel.view.setCurrentIndex(more)
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.tree.rowCount(panel.tree.find("/many").siblingAtColumn(0)) == 2000)


def test_all_of_a_long_value_can_be_seen(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    panel = show(write_hostile_store(tmp_path / "hostile.db"), "h-1", 1)
    panel.view.select("/lines")
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel._viewer is not None and panel._viewer.isVisible())
    viewer = panel._viewer
    assert viewer is not None
    text = viewer.findChild(QWidget, "state.viewer.text")
    assert text is not None
    assert text.property("plainText") == "first\nsecond‹U+0009›third‹U+0000›end"
    copy = viewer.findChild(QPushButton, "state.viewer.copy")
    assert copy is not None
    copy.click()
    assert QGuiApplication.clipboard().text() == HOSTILE["lines"]
    viewer.close()


def test_finding_opens_the_way_to_each_place(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    panel = show(write_hostile_store(tmp_path / "hostile.db"), "h-1", 1)
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    text = panel.findChild(QLineEdit, "state.search.text")
    assert text is not None
    qtbot.waitUntil(text.hasFocus)
    QTest.keyClicks(text, "bottom")
    qtbot.waitUntil(lambda: (row := panel.view.current_row()) is not None and row.text == "bottom")
    assert label(panel, "state.search.count") == "1 of 1"
    text.setText("1999")
    qtbot.waitUntil(lambda: (row := panel.view.current_row()) is not None and row.pointer == "/many/1999")
    index = panel.tree.find("/many/1999")
    assert panel.view.viewport().rect().contains(panel.view.visualRect(index).topLeft())
    text.setText("no such text anywhere")
    qtbot.waitUntil(lambda: label(panel, "state.search.count") == "not found")
    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert not is_shown(panel, "state.search")
    assert panel.view.hasFocus()


def test_the_mouse_opens_and_closes_a_container(show: Show, demo_store: Path, qtbot: QtBot) -> None:
    panel = show(demo_store, "order-1003", 100)
    index = panel.tree.find("/contact")
    rect = panel.view.visualRect(index)
    chevron = QPoint(panel.view.columnViewportPosition(1) + 8, rect.center().y())
    QTest.mouseClick(
        panel.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, chevron
    )
    qtbot.waitUntil(lambda: panel.tree.find("/contact/name").isValid())
    QTest.mouseClick(
        panel.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, chevron
    )
    assert not panel.view.isExpanded(panel.tree.find("/contact").siblingAtColumn(0))
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.tree.find("/contact"))
    QTest.keyClick(panel.view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: panel.view.isExpanded(panel.tree.find("/contact").siblingAtColumn(0)))


def test_without_a_selection_the_panel_says_what_to_do(
    make_window: Callable[..., Any], demo_store: Path
) -> None:
    window = make_window(demo_store)
    panel = window.views.history.state
    assert label(panel, "state.message.title") == "No aggregate selected"
    assert not window.desk.actions[ActionId.FIND].isEnabled()
