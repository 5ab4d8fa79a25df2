"""The palette: what it finds, and that it is worked by keys alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.palette import Palette
from auditor.gui.palette_rows import PaletteRow, match, runs
from auditor.gui.palette_sources import spoken_pointer
from tests.gui.shell.conftest import Hand

OpenWindow = Callable[..., MainWindow]
ORDER = "order-1002"


def palette_of(window: MainWindow) -> Palette:
    assert window.shell.palette is not None
    return window.shell.palette


def rows_of(window: MainWindow) -> list[PaletteRow]:
    return [row for row in palette_of(window).list.rows if not row.is_caption]


def titles(window: MainWindow) -> list[str]:
    return [row.title for row in rows_of(window)]


@pytest.fixture
def window(open_window: OpenWindow, demo_store: Path, qtbot: QtBot) -> MainWindow:
    """An order is shown."""
    shown = open_window(demo_store)
    shown.desk.cursor.go_to(Place(ORDER, "Order"))
    qtbot.waitUntil(lambda: shown.desk.loader.fold is not None, timeout=10_000)
    return shown


def test_an_id_is_found_by_its_beginning_and_gone_to(window: MainWindow, hand: Hand, qtbot: QtBot) -> None:
    hand.keys("Ctrl+K")
    hand.type("order-110")
    qtbot.waitUntil(lambda: titles(window)[:1] == ["order-1100"])
    assert rows_of(window)[0].spans == ((0, 9),)
    assert all(title.startswith("order-110") for title in titles(window))
    hand.keys("Down")
    hand.keys("Enter")
    assert not palette_of(window).isVisible()
    assert window.desk.cursor.place == Place("order-1101", "Order")
    hand.keys("Alt+Left")
    assert window.desk.cursor.place.aggregate_id == ORDER


def test_a_version_is_gone_to_by_its_number(window: MainWindow, hand: Hand) -> None:
    hand.keys("Ctrl+K")
    hand.type("3")
    assert titles(window)[0] == "Version 3" or "Version 3" in titles(window)
    while (row := palette_of(window).list.current) is not None and row.title != "Version 3":
        hand.keys("Down")
    hand.keys("Enter")
    assert window.desk.cursor.ordinal == 3


def test_an_event_type_leads_to_its_next_event(window: MainWindow, hand: Hand) -> None:
    history = window.desk.cursor.history
    assert history is not None
    hand.keys("Ctrl+K")
    hand.type("ordercreated")
    assert titles(window) == ["OrderCreated"]
    hand.keys("Enter")
    assert history.event_type(window.desk.cursor.ordinal) == "OrderCreated"


def test_a_field_is_found_and_shown_in_the_state(window: MainWindow, hand: Hand, qtbot: QtBot) -> None:
    hand.keys("Ctrl+K")
    hand.type("@city")
    qtbot.waitUntil(lambda: any("city" in title for title in titles(window)))
    wanted = titles(window)[0]
    hand.keys("Enter")
    assert window.views is not None
    state = window.views.history.state

    def is_current() -> bool:
        row = state.view.current_row()
        return row is not None and spoken_pointer(row.pointer) == wanted

    qtbot.waitUntil(is_current)


def test_commands_are_run_and_say_why_they_cannot(window: MainWindow, hand: Hand) -> None:
    hand.keys("Ctrl+Shift+P")
    assert palette_of(window).field.text() == ">"
    hand.type("colours dark")
    assert titles(window) == []
    palette_of(window).field.setText(">dark")
    assert titles(window) == ["Dark"]
    hand.keys("Enter")
    assert window.desk.appearance.scheme == "dark"

    said: list[str] = []
    window.desk.tasks.said.connect(said.append)
    window.desk.actions.enable(ActionId.ZOOM_IN, False, "It is as near as it can be.")
    hand.keys("Ctrl+Shift+P")
    hand.type("zoom in")
    row = rows_of(window)[0]
    assert (row.is_enabled, row.reason, row.keys) == (False, "It is as near as it can be.", "Ctrl +")
    hand.keys("Enter")
    assert palette_of(window).isVisible()
    assert said == ["It is as near as it can be."]
    hand.keys("Escape")


def test_ids_alone_are_listed_after_a_hash(window: MainWindow, hand: Hand, qtbot: QtBot) -> None:
    hand.keys("Ctrl+K")
    hand.type("#c-2002")
    qtbot.waitUntil(lambda: "c-20020" in titles(window))
    assert all(title.startswith("c-2002") for title in titles(window))


def test_escape_and_a_click_beside_it_close_it_and_the_focus_returns(
    window: MainWindow, hand: Hand, qtbot: QtBot
) -> None:
    hand.keys("/")
    before = QApplication.focusWidget()
    hand.keys("Ctrl+K")
    assert QApplication.focusWidget() is palette_of(window).field
    hand.keys("Escape")
    assert QApplication.focusWidget() is before
    hand.keys("Ctrl+K")
    QTest.mouseClick(palette_of(window), Qt.MouseButton.LeftButton, pos=window.rect().bottomLeft())
    assert not palette_of(window).isVisible()
    assert QApplication.focusWidget() is before


def test_keys_do_not_reach_what_lies_below(window: MainWindow, hand: Hand) -> None:
    ordinal = window.desk.cursor.ordinal
    hand.keys("Ctrl+K")
    for key in ("Tab", "J", "Left", "Home", "F6"):
        hand.keys(key)
    assert window.desk.cursor.ordinal == ordinal
    assert QApplication.focusWidget() is palette_of(window).field


def test_nothing_found_is_said(window: MainWindow, hand: Hand, qtbot: QtBot) -> None:
    hand.keys("Ctrl+K")
    hand.type("no such thing")
    qtbot.waitUntil(lambda: titles(window) == [])
    assert "Nothing with this text" in hand.find(QLabel, "palette.nothing").text()


def test_it_works_without_a_store(open_window: OpenWindow, hand: Hand) -> None:
    window = open_window()
    hand.keys("Ctrl+K")
    hand.type("about")
    assert titles(window) == ["About Auditor"]


@pytest.mark.parametrize(
    ("typed", "title", "wanted"),
    [
        ("", "Open", ()),
        ("op", "Open a store…", ((0, 2),)),
        ("store op", "Open a store…", ((0, 2), (7, 12))),
        ("op ope", "Open", ((0, 3),)),
        ("tore", "Open a store…", ((8, 12),)),
        ("or", "History or", ((8, 10),)),
        ("x", "Open", None),
        ("ß", "Straße", ((4, 5),)),
        ("a.c", "abc", None),
    ],
)
def test_where_a_text_matches(typed: str, title: str, wanted: object) -> None:
    assert match(typed, title) == wanted


def test_the_match_is_a_run_of_its_own() -> None:
    assert runs("Open a store", ((0, 2), (7, 12))) == [("Op", True), ("en a ", False), ("store", True)]
