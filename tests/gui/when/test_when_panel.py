"""When was this true, in the window: mistakes under their character, ranges in the list and on the timeline."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.when import words
from auditor.gui.when.expression_field import Said
from auditor.gui.when.panel import WhenPanel
from auditor.gui.when.ranges import COUNT, EVENT, FROM, LASTED, USER, VERSIONS
from tests.helpers.small_stores import write_store

FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Began", {"total": 100, "status": "open"}),
    ("Raised", {"total": 600}),
    ("Raised", {"total": 700}),
    ("Lowered", {"total": 50}),
    ("Raised", {"total": 900, "items": ["a"]}),
    ("Closed", {"status": None, "items": ["a", "b"]}),
]
OVER_500 = ((2, 3), (5, 6))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    many = [("Put", {"n": n % 7}) for n in range(6000)]
    return write_store(tmp_path / "things.db", {"one": FACTS, "two": FACTS[:1], "long": many})


@pytest.fixture
def window(make_window: Callable[..., MainWindow], store: Path, qtbot: QtBot) -> MainWindow:
    made = make_window(store)
    made.activateWindow()
    go_to(made, "one", 4, qtbot)
    return made


def go_to(window: MainWindow, name: str, ordinal: int | None, qtbot: QtBot) -> None:
    window.desk.cursor.go_to(Place(name, None, ordinal))
    qtbot.waitUntil(lambda: window.desk.loader.fold is not None, timeout=20_000)


@pytest.fixture
def panel(window: MainWindow) -> WhenPanel:
    assert window.views is not None
    found = window.views.history.when
    assert not found.isVisible()
    window.desk.actions[ActionId.WHEN].trigger()
    assert found.isVisible()
    assert found.field.hasFocus()
    return found


def ask(panel: WhenPanel, text: str, qtbot: QtBot) -> str:
    """What is said below the field in the end."""
    panel.field.selectAll()
    QTest.keyClicks(panel.field, text)
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.field.at is not None or not panel.reader.is_reading, timeout=20_000)
    return panel.said.text


def button(panel: WhenPanel, name: str) -> QToolButton:
    found = panel.findChild(QToolButton, name)
    assert found is not None
    return found


def drawn(window: MainWindow) -> tuple[tuple[int, int], ...] | None:
    """What stands out on the timeline."""
    return window.desk.highlight.intervals


def test_the_ranges_are_listed_and_stand_out_on_the_timeline(
    window: MainWindow, panel: WhenPanel, qtbot: QtBot
) -> None:
    cursor, actions = window.desk.cursor, window.desk.actions
    assert "Such as:" in panel.said.text
    assert not panel.table.isVisible()
    assert ask(panel, "total > 500", qtbot) == "2 ranges, 4 of 6 versions"
    assert (drawn(window), window.desk.highlight.label) == (OVER_500, "total > 500")
    model = panel.ranges
    shown = [[model.text(row, column) for column in (VERSIONS, COUNT, LASTED, EVENT, USER)] for row in (0, 1)]
    assert shown == [["2 – 3", "2", "2 min", "Raised", "ada"], ["5 – 6", "2", "still so", "Raised", "ada"]]
    assert model.text(0, FROM) == "2026-03-01 12:02"
    assert panel.table.isVisible()
    assert not panel.table.selectionModel().hasSelection()  # A is at 4
    actions[ActionId.NEXT_RANGE].trigger()
    assert cursor.ordinal == 5
    assert panel.table.currentIndex().row() == 1
    assert not actions[ActionId.NEXT_RANGE].isEnabled()
    actions[ActionId.PREVIOUS_RANGE].trigger()
    assert cursor.ordinal == 2
    cursor.set_ordinal(3)
    assert panel.table.currentIndex().row() == 0
    actions[ActionId.PREVIOUS_RANGE].trigger()  # to where it begins
    assert cursor.ordinal == 2
    assert not actions[ActionId.PREVIOUS_RANGE].isEnabled()
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert cursor.ordinal == 5
    QTest.keyClick(panel.table, Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert drawn(window) is None
    assert not actions[ActionId.NEXT_RANGE].isEnabled()
    actions[ActionId.WHEN].trigger()  # the condition is still there
    assert drawn(window) == OVER_500
    assert ask(panel, "total > 5000", qtbot) == "At none of 6 versions"
    assert drawn(window) == ()
    QTest.mouseClick(button(panel, "when.clear"), Qt.MouseButton.LeftButton)
    assert panel.field.text() == ""
    assert drawn(window) is None


def test_a_mistake_is_told_under_its_character(window: MainWindow, panel: WhenPanel, qtbot: QtBot) -> None:
    ask(panel, "total > 500", qtbot)
    said = ask(panel, "total > 500 and status = open", qtbot)
    assert said.startswith('a text stands in quotes: "open"')
    assert panel.said.about is Said.MISTAKE
    assert (panel.field.at, panel.field.length) == (25, 4)
    metrics, field = QFontMetricsF(panel.field.font()), panel.field
    begin = field.x_of(0)
    assert field.x_of(25) - begin == pytest.approx(
        metrics.horizontalAdvance("total > 500 and status = "), abs=1
    )
    field.setText(" " * 300 + field.text())  # scrolled: the end is in view
    assert field.at == 325
    field.grab()  # Qt scrolls when it paints
    assert 0 < field.x_of(325) < field.width()
    assert field.x_of(0) < 0
    assert drawn(window) == OVER_500  # what was found stays until something else is
    assert panel.grab().width() > 0
    assert ask(panel, 'status = "open"', qtbot) == "1 range, 5 of 6 versions"
    assert panel.field.at is None


def test_typing_asks_after_a_rest_and_events_can_be_asked_for(panel: WhenPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.field, 'event = "Raised" and user = "ada"')
    assert panel.said.text == "Press Enter, or wait a moment."
    qtbot.waitUntil(lambda: panel.said.text == "2 ranges, 3 of 6 versions", timeout=10_000)


def test_follows_aggregate_and_model(window: MainWindow, panel: WhenPanel, qtbot: QtBot) -> None:
    ask(panel, "total < 500", qtbot)
    go_to(window, "two", None, qtbot)
    qtbot.waitUntil(lambda: drawn(window) == ((1, 1),))
    assert panel.said.text == "1 range, 1 of 1 versions"
    before = panel.reader.result
    window.desk.loader.fold_afresh()  # its code may have changed
    assert drawn(window) is None
    qtbot.waitUntil(lambda: drawn(window) == ((1, 1),))
    assert panel.reader.result is not before
    window.desk.cursor.set_model("merge")
    qtbot.waitUntil(lambda: panel.reader.result is not None and not panel.reader.is_reading)
    assert drawn(window) == ((1, 1),)


def test_a_long_history_is_searched_in_slices_and_can_be_stopped(
    window: MainWindow, panel: WhenPanel, qtbot: QtBot
) -> None:
    go_to(window, "long", None, qtbot)
    said: list[str] = []
    panel.reader.changed.connect(lambda: said.append(panel.said.text))
    panel.field.setText("n = 3")
    panel.ask()
    panel.reader.cancel()
    assert panel.said.text.startswith("Cancelled at version ")
    assert (panel.stop.isVisible(), panel.stop.text()) == (True, "Go on")
    QTest.mouseClick(panel.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.said.text == "857 ranges, 857 of 6,000 versions", timeout=20_000)
    assert panel.ranges.rowCount() == 857
    window.desk.cursor.set_ordinal(3003)  # not in any range: the one before is in view
    assert panel.ranges.row_of(3003) == -1
    near = panel.ranges.begun_by(3003) - 1
    assert panel.table.visualRect(panel.ranges.index(near, 0)).intersects(panel.table.viewport().rect())
    assert not panel.stop.isVisible()


def test_when_did_it_become_this(window: MainWindow, panel: WhenPanel, qtbot: QtBot) -> None:
    assert window.views is not None
    state, actions = window.views.history.state, window.desk.actions
    panel.leave()
    window.desk.cursor.set_ordinal(6)
    qtbot.waitUntil(lambda: state.reader.shown is not None and state.reader.shown.ordinal == 6)

    def shown(pointer: str, expression: str, intervals: tuple[tuple[int, int], ...]) -> bool:
        state.reveal(pointer)
        qtbot.waitUntil(lambda: (row := state.view.current_row()) is not None and row.pointer == pointer)
        actions[ActionId.WHEN_THIS].trigger()
        qtbot.waitUntil(lambda: panel.field.text() == expression)
        qtbot.waitUntil(lambda: drawn(window) == intervals)
        return panel.isVisible()

    assert shown("/total", "total = 900", ((5, 6),))
    assert shown("/items", "items changed", ((5, 6),))
    assert shown("/status", "missing status", ((6, 6),))
    state.reader.set_open("/items", is_open=True)
    assert shown("/items/1", '/items/1 = "b"', ((6, 6),))


def test_the_command_that_asks_the_same(
    window: MainWindow, panel: WhenPanel, store: Path, qtbot: QtBot
) -> None:
    ask(panel, 'status = "open"', qtbot)
    QTest.mouseClick(button(panel, "when.copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == f"auditor when {store} one 'status = \"open\"'"
    ask(panel, "status =", qtbot)
    assert panel.command() == ""
    assert QApplication.focusWidget() is panel.field
    QTest.keyClick(panel.field, Qt.Key.Key_Escape)
    assert not panel.isVisible()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0421, "42 ms"),
        (1, "1 s"),
        (61, "1 min 1 s"),
        (3600, "1 h"),
        (3661, "1 h 1 min"),
        (90_000, "1 d 1 h"),
        (86_405, "1 d"),
        (-61, "\N{MINUS SIGN}1 min 1 s"),
    ],
)
def test_how_long_it_lasted(seconds: float, text: str) -> None:
    from datetime import timedelta

    assert words.duration(timedelta(seconds=seconds)) == text
