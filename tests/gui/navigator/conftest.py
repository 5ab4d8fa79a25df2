"""Stores that the navigator's tests look at, and the navigator of a real window."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from auditor.core.events import RecordedEvent
from auditor.gui.actions import Actions
from auditor.gui.current_store import CurrentStore
from auditor.gui.cursor import Cursor
from auditor.gui.following import Following
from auditor.gui.history_loader import HistoryLoader
from auditor.gui.main_window import MainWindow
from auditor.gui.navigator import Navigator
from auditor.gui.store_counts import StoreCounts
from auditor.stores.native_store import EventStore
from tests.helpers.new_events import new_event

AT_ONCE = 5_000
Shown = tuple[MainWindow, Navigator]


@pytest.fixture(scope="session")
def many_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100,000 aggregates of one event, in an order that is not that of their ids."""
    path = tmp_path_factory.mktemp("many") / "many.db"
    write_aggregates(path, many_ids(), "Thing")
    return path


def many_ids() -> list[str]:
    """In the order in which they were appended."""
    return [f"{number * 48_271 % 100_003:06}" for number in range(1, 100_001)]


def write_aggregates(path: Path, ids: Iterable[str], aggregate_type: str) -> None:
    """One event each, in that order."""
    wanted = list(ids)
    with EventStore(str(path)) as store:
        for start in range(0, len(wanted), AT_ONCE):
            store.append_many(
                {name: ([_raw(name, aggregate_type)], 0) for name in wanted[start : start + AT_ONCE]}
            )


def _raw(name: str, aggregate_type: str) -> RecordedEvent:
    event = new_event("x", 1)
    return RecordedEvent(
        0,
        str(event.event_id),
        name,
        aggregate_type,
        "Made",
        1,
        "2026-03-01T12:00:00.000000Z",
        None,
        "{}",
        "{}",
    )


def append(path: Path, name: str, version: int, aggregate_type: str = "Thing") -> None:
    """One more event, as another program writes it."""
    with EventStore(str(path)) as store:
        store.append(name, [new_event(name, version, aggregate_type=aggregate_type)], version - 1)


@pytest.fixture
def show(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Callable[..., Shown]:
    """Opens a store in a window and waits for its list."""

    def shown(store: Path, size: tuple[int, int] = (1440, 900)) -> Shown:
        window = make_window(store, size)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        assert window.views is not None
        navigator = window.views.history.navigator
        settled(qtbot, navigator)
        return window, navigator

    return shown


@pytest.fixture
def alone(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Iterator[Callable[[Path], Navigator]]:
    """A navigator of 2,600 pixels without the panels that follow it: what it chooses is read by nobody."""
    made: list[tuple[CurrentStore, QWidget]] = []

    def shown(store: Path) -> Navigator:
        desk = make_window().desk
        own = CurrentStore()
        counts, loader = StoreCounts(own), HistoryLoader(own, Cursor(), desk.event_types)
        cursor = Cursor()
        following = Following(
            own, cursor, loader, Actions(QWidget(), desk.appearance), counts, desk.tasks, QWidget()
        )
        host = QWidget()
        host.resize(400, 2600)
        navigator = Navigator(
            replace(desk, store=own, cursor=cursor, counts=counts, following=following), host
        )
        made.append((own, host))
        navigator.resize(navigator.width(), 2600)
        host.show()
        own.open(str(store))
        qtbot.waitUntil(lambda: own.is_open)
        settled(qtbot, navigator)
        return navigator

    yield shown
    for own, host in made:
        own.shut_down()
        host.close()
        host.deleteLater()


def settled(qtbot: QtBot, navigator: Navigator) -> None:
    """The list is there, or what stands in its place."""
    qtbot.waitUntil(
        lambda: not navigator.feed.is_reading and navigator.states.state != "loading", timeout=20_000
    )


def listed(navigator: Navigator) -> list[str]:
    """The ids that the list holds."""
    return [navigator.model.row(number).aggregate_id for number in range(navigator.model.rowCount())]


def seen(navigator: Navigator) -> list[str]:
    """The ids that are visible."""
    rows = range(navigator.list.first_seen, navigator.list.last_seen + 1)
    return [navigator.model.row(number).aggregate_id for number in rows]
