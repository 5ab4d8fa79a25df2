"""Aggregates are found and chosen by mouse and by keyboard, and the selection is where the cursor is."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.navigator import Navigator
from auditor.stores.native_store import EventStore
from tests.gui.navigator.conftest import Shown, listed, many_ids, seen, settled, write_aggregates
from tests.helpers.new_events import new_events


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Three orders and a customer, the last one changed stands first; order-2 has three versions."""
    return write(tmp_path / "shop.db", {"order-1": 1, "order-2": 3, "customer-1": 1, "order-3": 1})


def write(path: Path, lengths: Mapping[str, int]) -> Path:
    with EventStore(str(path)) as store:
        for name, length in lengths.items():
            kind = name.partition("-")[0].title()
            store.append(
                name, [replace(event, aggregate_type=kind) for event in new_events(name, 1, length)], 0
            )
    return path


def place_of(window: MainWindow) -> str | None:
    place = window.desk.cursor.place
    return None if place is None else place.aggregate_id


def footer(navigator: Navigator) -> str:
    label = navigator.findChild(QLabel, "navigator.footer")
    assert label is not None
    return label.text()


def click_row(navigator: Navigator, number: int) -> None:
    at = navigator.list.visualRect(navigator.model.index(number, 0)).center()
    QTest.mouseClick(navigator.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_nothing_is_chosen_until_a_user_does(show: Callable[..., Shown], shop: Path, qtbot: QtBot) -> None:
    window, navigator = show(shop)
    assert place_of(window) is None
    assert navigator.list.selected is None
    assert QApplication.focusWidget() is navigator.list
    assert listed(navigator) == ["order-3", "customer-1", "order-2", "order-1"]
    QTest.keyClick(navigator.list, Qt.Key.Key_Down)
    assert place_of(window) == "order-3"
    click_row(navigator, 2)
    assert place_of(window) == "order-2"
    qtbot.waitUntil(lambda: window.desk.cursor.ordinal == 3)


def test_a_single_aggregate_is_chosen_at_once(
    show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot
) -> None:
    window, navigator = show(write(tmp_path / "one.db", {"order-1": 2}))
    assert place_of(window) == "order-1"
    assert navigator.list.selected == 0
    assert footer(navigator) == "1 aggregate"


def test_types_have_counts_and_narrow_the_list(show: Callable[..., Shown], shop: Path, qtbot: QtBot) -> None:
    _, navigator = show(shop)
    types = navigator.types
    qtbot.waitUntil(lambda: types.model().rowCount() == 3)
    cells = [[types.model().index(row, column).data() for column in (0, 1)] for row in range(3)]
    assert cells == [["All types", "4"], ["Customer", "1"], ["Order", "3"]]
    QTest.keyClick(types, Qt.Key.Key_End)
    settled(qtbot, navigator)
    assert listed(navigator) == ["order-3", "order-2", "order-1"]
    assert footer(navigator) == "3 aggregates, newest first"


def test_the_order_is_chosen_and_remembered(show: Callable[..., Shown], shop: Path, qtbot: QtBot) -> None:
    window, navigator = show(shop)
    for name, wanted, words in (
        ("id", ["customer-1", "order-1", "order-2", "order-3"], "sorted by id"),
        ("last", ["order-3", "customer-1", "order-2", "order-1"], "newest first"),
    ):
        button = navigator.findChild(QPushButton, f"navigator.sort.{name}")
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        settled(qtbot, navigator)
        assert listed(navigator) == wanted
        assert footer(navigator) == f"4 aggregates, {words}"
        assert window.desk.settings.text("navigator/order", "") == name


def test_typing_in_the_list_filters_and_escape_clears(
    show: Callable[..., Shown], shop: Path, qtbot: QtBot
) -> None:
    _, navigator = show(shop)
    qtbot.waitUntil(lambda: footer(navigator) == "4 aggregates, newest first")
    QTest.keyClicks(navigator.list, "o")
    assert QApplication.focusWidget() is navigator.filter
    QTest.keyClicks(navigator.filter, "rder-2")
    settled(qtbot, navigator)
    assert listed(navigator) == ["order-2"]
    assert footer(navigator) == "filter “order-2”: 1 of 4"
    QTest.keyClick(navigator.filter, Qt.Key.Key_Escape)
    settled(qtbot, navigator)
    assert len(listed(navigator)) == 4


def test_letters_that_are_commands_elsewhere_begin_a_filter_too(
    show: Callable[..., Shown], shop: Path, qtbot: QtBot
) -> None:
    window, navigator = show(shop)
    for key in (Qt.Key.Key_F, Qt.Key.Key_J, Qt.Key.Key_0):
        navigator.list.setFocus()
        QTest.keyClick(window.windowHandle(), key)
        assert navigator.filter.text() == chr(key.value).lower()
        navigator.filter.clear()
    assert not window.desk.following.is_following


def test_a_slash_leads_to_the_filter(show: Callable[..., Shown], shop: Path) -> None:
    window, navigator = show(shop)
    window.desk.actions[ActionId.FILTER].trigger()
    assert QApplication.focusWidget() is navigator.filter


def test_a_filter_that_nothing_matches_can_be_cleared(
    show: Callable[..., Shown], shop: Path, qtbot: QtBot
) -> None:
    _, navigator = show(shop)
    QTest.keyClicks(navigator.filter, "zebra")
    settled(qtbot, navigator)
    qtbot.waitUntil(lambda: footer(navigator) == "filter “zebra”: 0 of 4")
    title = navigator.findChild(QLabel, "navigator.message.title")
    assert title is not None
    assert title.text() == "No id begins with “zebra”"
    clear = navigator.findChild(QPushButton, "navigator.message.verb0")
    assert clear is not None
    QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    settled(qtbot, navigator)
    assert navigator.filter.text() == ""
    assert len(listed(navigator)) == 4


def test_a_whole_id_leads_to_its_aggregate_whatever_type_is_chosen(
    show: Callable[..., Shown], shop: Path, qtbot: QtBot
) -> None:
    window, navigator = show(shop)
    qtbot.waitUntil(lambda: navigator.types.model().rowCount() == 3)
    navigator.types.choose("Customer")
    QTest.keyClicks(navigator.filter, " order-2 ")
    QTest.keyClick(navigator.filter, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: place_of(window) == "order-2")
    settled(qtbot, navigator)
    assert navigator.list.selected is None  # it is not one of those that are listed


def test_enter_with_several_matches_chooses_the_first_one(
    show: Callable[..., Shown], shop: Path, qtbot: QtBot
) -> None:
    window, navigator = show(shop)
    QTest.keyClicks(navigator.filter, "order-")
    settled(qtbot, navigator)
    QTest.keyClick(navigator.filter, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: place_of(window) == "order-3")


def test_a_filter_says_how_many_it_lets_through(
    show: Callable[..., Shown], many_store: Path, qtbot: QtBot
) -> None:
    _, navigator = show(many_store)
    QTest.keyClicks(navigator.filter, "01")
    settled(qtbot, navigator)
    matching = sum(name.startswith("01") for name in many_ids())
    qtbot.waitUntil(lambda: footer(navigator) == f"filter “01”: {matching:,} of 100,000")
    assert all(name.startswith("01") for name in listed(navigator))


def test_the_selection_goes_where_the_cursor_goes(
    show: Callable[..., Shown], many_store: Path, qtbot: QtBot
) -> None:
    window, navigator = show(many_store)
    cursor, ids = window.desk.cursor, many_ids()[::-1]
    near, far = ids[5], ids[70_000]
    for name in (near, far):
        cursor.go_to(Place(name, "Thing"))
        settled(qtbot, navigator)
        assert navigator.list.selected == navigator.model.number_of(name) is not None
        assert name in seen(navigator)
    window.desk.actions[ActionId.BACK].trigger()
    settled(qtbot, navigator)
    assert place_of(window) == near
    assert near in seen(navigator)
    QTest.keyClicks(navigator.filter, far[:3])
    settled(qtbot, navigator)
    assert navigator.list.selected is None
    assert place_of(window) == near


def test_a_jump_by_id_alone_brings_its_row_into_the_list(
    show: Callable[..., Shown], many_store: Path, qtbot: QtBot
) -> None:
    """The type of what was jumped to is known only when its history is read."""
    window, navigator = show(many_store)
    far = many_ids()[50_000]
    window.desk.cursor.go_to(Place(far, None))
    qtbot.waitUntil(lambda: navigator.model.number_of(far) is not None, timeout=20_000)
    settled(qtbot, navigator)
    assert navigator.list.selected == navigator.model.number_of(far)
    assert far in seen(navigator)


def test_a_jump_to_another_type_leaves_the_list_of_the_chosen_one(
    show: Callable[..., Shown], shop: Path, qtbot: QtBot
) -> None:
    window, navigator = show(shop)
    qtbot.waitUntil(lambda: navigator.types.model().rowCount() == 3)
    navigator.types.choose("Order")
    settled(qtbot, navigator)
    read: list[int] = []
    navigator.feed.began.connect(lambda: read.append(1))
    window.desk.cursor.go_to(Place("customer-1", None))
    qtbot.waitUntil(lambda: window.desk.cursor.history is not None)
    settled(qtbot, navigator)
    assert listed(navigator) == ["order-3", "order-2", "order-1"]
    assert navigator.list.selected is None
    assert read == []  # it stays as it was scrolled


def test_a_chosen_row_that_is_dropped_is_chosen_again_when_it_comes_back(
    show: Callable[..., Shown], many_store: Path, qtbot: QtBot
) -> None:
    window, navigator = show(many_store)
    click_row(navigator, 3)
    chosen = place_of(window)
    others: list[int] = []
    navigator.list.selectionModel().currentRowChanged.connect(lambda now, _: others.append(now.row()))
    bar = navigator.list.verticalScrollBar()
    while navigator.model.number_of(chosen or "") is not None:
        bar.setValue(bar.maximum())
        settled(qtbot, navigator)
    assert set(others) == {-1}
    assert [navigator.list.selected, place_of(window)] == [None, chosen]
    while navigator.model.number_of(chosen or "") is None:
        bar.setValue(0)
        settled(qtbot, navigator)
    assert navigator.list.selected == 3
    assert place_of(window) == chosen


def test_a_store_without_events_says_so(show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "empty.db"
    EventStore(str(path)).close()
    _, navigator = show(path)
    title = navigator.findChild(QLabel, "navigator.message.title")
    assert title is not None
    assert title.text() == "No events in this store"
    qtbot.waitUntil(lambda: footer(navigator) == "no aggregates")


def test_a_list_that_cannot_be_read_says_why_and_can_be_asked_for_again(
    show: Callable[..., Shown], shop: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    _, navigator = show(shop)
    kept = shop.rename(tmp_path / "away.db")
    QTest.keyClicks(navigator.filter, "o")
    settled(qtbot, navigator)
    assert navigator.states.state == "failed"
    kept.rename(shop)
    retry = navigator.findChild(QPushButton, "navigator.message.verb0")
    assert retry is not None
    QTest.mouseClick(retry, Qt.MouseButton.LeftButton)
    settled(qtbot, navigator)
    assert listed(navigator) == ["order-3", "order-2", "order-1"]


HOSTILE = (
    "a" * 400,
    "\u202egnp.exe",
    "שלום-1042",
    "tab\tnew\nline",
    "<b>bold</b>",
    "  blank ",
    "-dash",
    "漢" * 80,
)


def test_ids_of_any_kind_are_shown_visibly_and_can_be_chosen(
    show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "hostile.db"
    write_aggregates(path, HOSTILE, "Thing")
    window, navigator = show(path)
    for number in range(len(HOSTILE)):
        click_row(navigator, number)
        assert place_of(window) == HOSTILE[::-1][number]
        text = navigator.model.index(number, 0).data()
        assert text.isprintable()
        assert len(text) <= 2 * 200
    navigator.grab()


def test_a_narrow_window_has_the_navigator_over_the_view(
    show: Callable[..., Shown], shop: Path, qtbot: QtBot
) -> None:
    window, navigator = show(shop, (960, 640))
    view = navigator.parentWidget()
    assert isinstance(view, QWidget)
    assert navigator.isVisible()
    assert navigator.geometry().left() == 0
    click_row(navigator, 0)
    assert not navigator.isVisible()
    assert window.views is not None
    header = window.views.history.header
    assert header.geometry().left() == 0
    window.desk.actions[ActionId.NAVIGATOR].trigger()
    assert navigator.isVisible()
    assert QApplication.focusWidget() is navigator.list
    window.resize(1300, 800)
    qtbot.waitUntil(lambda: header.geometry().left() == navigator.width())


def test_its_width_can_be_dragged_and_is_remembered(show: Callable[..., Shown], shop: Path) -> None:
    window, navigator = show(shop)
    before = navigator.width()
    for by, wanted in ((60, before + 60), (500, 400), (-900, 216)):
        at = navigator.grip.rect().center()
        QTest.mousePress(navigator.grip, Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseMove(navigator.grip, at + at.__class__(by, 0))
        QTest.mouseRelease(navigator.grip, Qt.MouseButton.LeftButton, pos=at)
        assert navigator.width() == wanted
        assert window.desk.settings.number("navigator/width", 0) == wanted
    QTest.mouseDClick(navigator.grip, Qt.MouseButton.LeftButton)
    assert navigator.width() == before


def test_what_is_chosen_can_be_copied(show: Callable[..., Shown], shop: Path, qtbot: QtBot) -> None:
    window, navigator = show(shop)
    click_row(navigator, 2)
    copied = {}
    for name in (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_COMMAND):
        window.desk.actions[name].trigger()
        copied[name] = QApplication.clipboard().text()
    assert copied[ActionId.COPY_VALUE] == "order-2"
    assert json.loads(copied[ActionId.COPY_JSON])["version"] == 3
    assert copied[ActionId.COPY_COMMAND] == f"auditor timeline {shop} -- order-2"
