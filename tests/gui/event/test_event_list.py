"""The list of an aggregate's events: the selected one is the one at A, and it grows with the store."""

from array import array
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from auditor.gui.event.event_list import EventTable
from auditor.gui.event.panel import EventPanel
from auditor.gui.history import History
from auditor.stores.native_store import EventStore
from tests.helpers.new_events import new_events

Show = Callable[..., EventPanel]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "list.db"
    with EventStore(f"sqlite:///{path}") as opened:
        opened.append("o-1", list(new_events("o-1", 1, 40)), 0)
    return path


def table_of(panel: EventPanel) -> EventTable:
    window = panel.window()
    beside = window.findChild(QWidget, "history.events")
    assert beside is not None
    if not beside.isVisible():
        button = panel.findChild(QAbstractButton, "event.tabs.3")
        assert button is not None
        button.click()
        beside = panel
    table = beside.findChild(EventTable, "events.table")
    assert table is not None
    assert table.isVisible()
    return table


@pytest.mark.parametrize("size", [(1440, 900), (2560, 1440)])
def test_the_selected_row_is_the_version_at_a(
    show: Show, store: Path, size: tuple[int, int], qtbot: QtBot
) -> None:
    panel = show(store, "o-1", 7, size)
    cursor, table = panel._desk.cursor, table_of(panel)
    assert table.currentIndex().row() == 6
    cursor.set_ordinal(31)
    assert table.currentIndex().row() == 30
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Up)
    assert cursor.ordinal == 30
    QTest.keyClick(table, Qt.Key.Key_Home)
    assert cursor.ordinal == 1
    QTest.keyClick(table, Qt.Key.Key_End)
    assert cursor.ordinal == 40


def test_new_events_come_in_without_a_reset(
    show: Show, store: Path, qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    panel = show(store, "o-1", 7)
    qtmodeltester.check(panel.rows, force_py=True)  # type: ignore[no-untyped-call] # pytest-qt types only some
    resets: list[int] = []
    panel.rows.modelReset.connect(lambda: resets.append(1))
    with EventStore(f"sqlite:///{store}") as opened:
        opened.append("o-1", list(new_events("o-1", 41, 45)), 40)
    panel._desk.loader.read_further()
    qtbot.waitUntil(lambda: panel.rows.rowCount() == 45, timeout=20_000)
    assert resets == []
    assert panel._desk.cursor.ordinal == 7
    qtbot.waitUntil(lambda: panel._desk.loader.fold is not None, timeout=20_000)


def test_each_row_says_what_it_is(show: Show, store: Path) -> None:
    rows = show(store, "o-1", 7).rows
    assert [rows.index(6, column).data() for column in range(4)] == [
        "7",
        "ItemAdded",
        "ada",
        "2026-03-01 12:07",
    ]
    spoken = rows.index(6, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "event 7 of 40, ItemAdded, 2026-03-01 12:07:00 UTC, by ada"
    assert rows.headerData(3, Qt.Orientation.Horizontal) == "Time, UTC"


def test_a_hundred_thousand_events_are_shown_at_once(show: Show, store: Path) -> None:
    panel = show(store, "o-1", 7, (2560, 1440))
    cursor, table = panel._desk.cursor, table_of(panel)
    small = cursor.history
    assert small is not None
    times = 2500
    long = History(
        aggregate=small.aggregate,
        versions=np.arange(1, 40 * times + 1),
        positions=small.positions.repeat(times),
        times=small.times * times,
        types=small.types,
        type_of=small.type_of.repeat(times),
        users=small.users,
        user_of=small.user_of.repeat(times),
        sizes=small.sizes.repeat(times),
    )
    asked = array("q")
    original = type(panel.rows).data

    def counted(self: object, index: object, role: int = 0) -> object:
        asked.append(role)
        return original(self, index, role)  # type: ignore[arg-type] # what Qt gives

    type(panel.rows).data = counted  # type: ignore[method-assign] # counts, and asks the original
    try:
        cursor.set_history(long)
        cursor.set_ordinal(60_000)
        table.grab()
    finally:
        type(panel.rows).data = original  # type: ignore[method-assign] # as it was
    assert panel.rows.rowCount() == 100_000
    assert table.currentIndex().row() == 59_999
    assert len(asked) < 5_000
