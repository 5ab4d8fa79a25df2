"""New events are noticed, taken in when asked, and taken in again and again while the store is followed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from auditor.gui import following
from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.stores.native_store import EventStore
from tests.gui.navigator.conftest import Shown, append, listed, many_ids, seen, settled, write_aggregates

CHECKOUT = Path(__file__).parents[3]
WRITER = """
import sys, time
from pathlib import Path
from tests.gui.navigator.conftest import append
path, stop = Path(sys.argv[1]), Path(sys.argv[2])
version = 1
while not stop.exists():
    version += 1
    append(path, "b", version)
    append(path, f"new-{version}", 1)
    time.sleep(0.05)
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.db"
    write_aggregates(path, ["a", "b", "c"], "Thing")
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks and follows every 20 ms."""
    monkeypatch.setattr(following, "LOOKED_EVERY_MS", 20)
    monkeypatch.setattr(following, "FOLLOWED_EVERY_MS", 20)


@pytest.fixture
def writer(small: Path, tmp_path: Path) -> Iterator[None]:
    """Another process that appends to `small` as long as the test runs."""
    stop = tmp_path / "stop"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen([sys.executable, "-c", WRITER, str(small), str(stop)], env=environment) as process:
        yield
        stop.touch()
        assert process.wait(30) == 0


def facts(window: MainWindow) -> str:
    label = window.findChild(QLabel, "status.facts")
    assert label is not None
    return label.text()


def notice(window: MainWindow) -> str:
    label = window.findChild(QLabel, "status.notice")
    assert label is not None
    return label.text() if label.isVisible() else ""


def refresh(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.desk.actions[ActionId.REFRESH].isEnabled())
    with qtbot.waitSignal(window.desk.following.grown, timeout=10_000):
        window.desk.actions[ActionId.REFRESH].trigger()


def test_refresh_takes_in_what_came_and_counts_it(
    show: Callable[..., Shown], small: Path, qtbot: QtBot
) -> None:
    window, navigator = show(small)
    qtbot.waitUntil(lambda: facts(window) == "3 events · head 3")
    append(small, "a", 2)
    append(small, "d", 1, "Other")
    refresh(window, qtbot)
    assert listed(navigator) == ["d", "a", "c", "b"]
    assert [navigator.model.row(number).version for number in range(4)] == [1, 2, 1, 1]
    assert facts(window) == "5 events · head 5"
    qtbot.waitUntil(lambda: navigator.types.model().rowCount() == 3)
    assert window.desk.counts.types == {"Other": 1, "Thing": 3}


def test_refresh_says_when_there_is_nothing(show: Callable[..., Shown], small: Path, qtbot: QtBot) -> None:
    window, _ = show(small)
    qtbot.waitUntil(lambda: window.desk.actions[ActionId.REFRESH].isEnabled())
    with qtbot.waitSignal(window.desk.tasks.said) as said:
        window.desk.actions[ActionId.REFRESH].trigger()
    assert said.args == ["No newer events"]


def test_by_id_new_aggregates_stand_where_the_order_has_them(
    show: Callable[..., Shown], small: Path, qtbot: QtBot
) -> None:
    window, navigator = show(small)
    button = navigator.findChild(QPushButton, "navigator.sort.id")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settled(qtbot, navigator)
    for name in ("bb", "0", "z"):
        append(small, name, 1)
    append(small, "b", 2)
    refresh(window, qtbot)
    assert listed(navigator) == ["0", "a", "b", "bb", "c", "z"]
    assert navigator.model.row(2).version == 2


def test_only_what_the_filter_lets_through_comes_in(
    show: Callable[..., Shown], small: Path, qtbot: QtBot
) -> None:
    window, navigator = show(small)
    QTest.keyClicks(navigator.filter, "a")
    settled(qtbot, navigator)
    append(small, "a-2", 1)
    append(small, "b", 2)
    refresh(window, qtbot)
    assert listed(navigator) == ["a-2", "a"]


@pytest.mark.parametrize("at_end", [True, False])
def test_the_slider_stays_unless_it_was_at_the_end(
    at_end: bool, show: Callable[..., Shown], small: Path, qtbot: QtBot
) -> None:
    for version in (2, 3):
        append(small, "b", version)
    window, navigator = show(small)
    cursor = window.desk.cursor
    cursor.go_to(Place("b", "Thing", None if at_end else 2))
    qtbot.waitUntil(lambda: cursor.ordinal == (3 if at_end else 2))
    append(small, "b", 4)
    refresh(window, qtbot)
    qtbot.waitUntil(lambda: cursor.history is not None and cursor.history.length == 4)
    assert cursor.ordinal == (4 if at_end else 2)
    assert navigator.list.selected == navigator.model.number_of("b") == 0


def test_what_is_looked_at_keeps_its_place(show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "long.db"
    ids = many_ids()[:1000]
    write_aggregates(path, ids, "Thing")
    window, navigator = show(path)
    window.desk.cursor.go_to(Place(ids[700], "Thing"))
    settled(qtbot, navigator)
    before, at = seen(navigator), navigator.list.verticalScrollBar().value()
    for number in range(50):
        append(path, f"new-{number}", 1)
    append(path, before[1], 2)
    append(path, ids[0], 2)
    refresh(window, qtbot)
    gone = {before[1]}
    assert [name for name in seen(navigator) if name in before] == [n for n in before if n not in gone]
    assert navigator.list.verticalScrollBar().value() != at
    assert navigator.list.selected == navigator.model.number_of(ids[700])


def test_an_aggregate_that_came_to_the_front_meanwhile_stands_once(
    show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "long.db"
    ids = many_ids()[:3000]
    write_aggregates(path, ids, "Thing")
    window, navigator = show(path)
    bar = navigator.list.verticalScrollBar()
    while ids[-1] in listed(navigator):
        bar.setValue(bar.maximum())
        settled(qtbot, navigator)
    moved = listed(navigator)[300]
    append(path, moved, 2)
    while moved not in listed(navigator)[:1]:
        bar.setValue(0)
        settled(qtbot, navigator)
    assert listed(navigator)[:3] == [moved, *ids[:-3:-1]]
    assert len(set(listed(navigator))) == navigator.model.rowCount()
    assert window.desk.cursor.place is None


def test_newer_events_are_noticed_and_nothing_moves(
    show: Callable[..., Shown], small: Path, quick: None, qtbot: QtBot
) -> None:
    window, navigator = show(small)
    append(small, "a", 2)
    append(small, "a", 3)
    qtbot.waitUntil(lambda: notice(window) == "2 newer events")
    assert listed(navigator) == ["c", "b", "a"]
    button = window.findChild(QPushButton, "status.notice.verb")
    assert button is not None
    assert button.text() == "Show"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: notice(window) == "")
    assert listed(navigator) == ["a", "c", "b"]
    assert facts(window) == "5 events · head 5"


def test_a_live_writer_is_followed(
    show: Callable[..., Shown], small: Path, quick: None, writer: None, qtbot: QtBot
) -> None:
    window, navigator = show(small)
    cursor = window.desk.cursor
    cursor.go_to(Place("b", "Thing"))
    qtbot.waitUntil(lambda: window.desk.actions[ActionId.FOLLOW].isEnabled())
    window.desk.actions[ActionId.FOLLOW].trigger()
    qtbot.waitUntil(lambda: cursor.history is not None and cursor.history.length > 8, timeout=20_000)
    history = cursor.history
    assert history is not None
    qtbot.waitUntil(lambda: cursor.ordinal >= history.length)
    assert len(set(listed(navigator))) == navigator.model.rowCount() >= 8
    stop = window.findChild(QPushButton, "status.notice.verb")
    assert stop is not None
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert not window.desk.following.is_following
    assert not window.desk.actions[ActionId.FOLLOW].isChecked()


def test_another_file_in_its_place_is_told_and_ends_the_following(
    show: Callable[..., Shown], small: Path, tmp_path: Path, quick: None, qtbot: QtBot
) -> None:
    window, _ = show(small)
    other = tmp_path / "other.db"
    write_aggregates(other, ["x"], "Thing")
    qtbot.waitUntil(lambda: window.desk.actions[ActionId.FOLLOW].isEnabled())
    window.desk.actions[ActionId.FOLLOW].trigger()
    other.replace(small)
    assert notice(window) == "Following"
    qtbot.waitUntil(lambda: notice(window) not in ("", "Following"))
    assert not window.desk.actions[ActionId.FOLLOW].isChecked()
    button = window.findChild(QPushButton, "status.notice.verb")
    assert button is not None
    assert button.text() == "Open the store again"
    with qtbot.waitSignal(window.desk.store.opened):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: facts(window) == "1 event · head 1")
    assert notice(window) == ""


def test_more_than_can_be_listed_at_once_is_taken_in_too(
    show: Callable[..., Shown], small: Path, qtbot: QtBot
) -> None:
    window, navigator = show(small)
    write_aggregates(small, many_ids()[:10_500], "Thing")
    refresh(window, qtbot)
    settled(qtbot, navigator)
    assert listed(navigator) == many_ids()[:10_500][::-1][:200]
    qtbot.waitUntil(lambda: facts(window) == "10,503 events · head 10,503")


def test_an_empty_store_fills(show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "empty.db"
    EventStore(str(path)).close()
    window, navigator = show(path)
    append(path, "a", 1)
    refresh(window, qtbot)
    assert listed(navigator) == ["a"]
    assert navigator.states.state == "content"
