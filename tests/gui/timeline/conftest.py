"""A timeline on histories that no store has to hold."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from auditor.gui.app import make_appearance
from auditor.gui.cursor import Place
from auditor.gui.desk import Desk, furnished_desk
from auditor.gui.history import History
from auditor.gui.settings import Settings
from auditor.gui.timeline.lanes import Lanes, lanes_of, ordinals_by_type
from auditor.gui.timeline.panel import TimelinePanel
from auditor.gui.timeline.places import by_version, versions_extent
from auditor.gui.timeline.view_window import ViewWindow
from auditor.stores.pages import AggregateRow

BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
MakeHistory = Callable[..., History]
MakePanel = Callable[..., TimelinePanel]


def versions_window(length: int, start: float, end: float) -> ViewWindow:
    return ViewWindow(versions_extent(length), start, end)


def whole_of(length: int) -> ViewWindow:
    return ViewWindow.whole(versions_extent(length))


def all_lanes(history: History) -> Lanes:
    """Each type's, by version."""
    return lanes_of(ordinals_by_type(history), range(len(history.types)), by_version(history.length))


def events_in_view(panel: TimelinePanel) -> int:
    first, last = panel.model.in_view
    return last - first + 1


@pytest.fixture
def make_history() -> MakeHistory:
    """Histories of so many events; types get rarer, `kinds` gives the number of types."""

    def make(length: int, kinds: int = 9, *, seed: int = 1, first_version: int = 1) -> History:
        chance = np.random.default_rng(seed)
        wanted = np.minimum(chance.geometric(0.45, length) - 1, kinds - 1)
        order = list(dict.fromkeys(wanted.tolist()))
        lookup = np.zeros(kinds, dtype=np.int64)
        lookup[order] = np.arange(len(order))
        times = [f"{BEGIN + timedelta(minutes=7 * n):%Y-%m-%dT%H:%M:%S}.000000Z" for n in range(length)]
        return History(
            aggregate=AggregateRow(f"o-{length}", "Order", first_version + length - 1, length, times[-1]),
            versions=np.arange(first_version, first_version + length),
            positions=np.arange(10, 10 + length),
            times=times,
            types=tuple(f"Kind{one}Happened" for one in order),
            type_of=lookup[wanted],
            users=("anna",),
            user_of=np.zeros(length, dtype=np.int64),
            sizes=np.full(length, 10),
        )

    return make


@pytest.fixture
def make_panel(qapp: QApplication, qtbot: QtBot) -> Iterator[MakePanel]:
    """A shown timeline; its window's desk has no store open. `size` is the panel's."""
    appearance = make_appearance(qapp, Settings())
    desks: list[Desk] = []

    def make(history: History | None = None, size: tuple[int, int] = (1175, 352)) -> TimelinePanel:
        window = QMainWindow()
        desk = furnished_desk(window, appearance, Settings())
        desks.append(desk)
        panel = TimelinePanel(desk)
        window.setMinimumSize(600, 300)
        window.setCentralWidget(panel)
        window.resize(*size)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        if history is not None:
            show_history(panel, history)
        return panel

    yield make
    for desk in desks:
        desk.store.shut_down()
    appearance.deleteLater()


@pytest.fixture
def show() -> Callable[..., None]:
    """Shows a history in a panel, as if it had just been read."""
    return show_history


def show_history(panel: TimelinePanel, history: History, ordinal: int | None = None) -> None:
    cursor = panel._desk.cursor
    cursor.go_to(Place(history.aggregate.aggregate_id, "Order", ordinal))
    cursor.set_history(history)
    panel.lanes.draw_now()
