"""Random users: nothing that they do may raise, warn, show an older state after a newer one, or leave something
running."""

import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from auditor.demo import CorrectPrice, OrderCommandHandler
from auditor.eventsourcing import EventStore
from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.settings import Settings
from tests.gui.acceptance.driving import User
from tests.gui.acceptance.monkey import Monkey
from tests.gui.acceptance.painted_states import PaintedStates
from tests.helpers import budget

ACTIONS = 200
# 20 where there are 40 minutes or more
USERS = budget.count(6 if budget.MINUTES >= 40 else 3, "random users")
RESTS_EVERY = 20
TOLD = 25
"""So many of the last actions are printed."""


class _Nowhere(QObject):
    """Where addresses lead that the window opens in other programs."""

    @Slot(QUrl)
    def visit(self, _address: QUrl) -> None:
        """Nothing is opened."""


@pytest.fixture
def no_other_programs(qapp: QApplication) -> Iterator[None]:
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    nowhere = _Nowhere()
    for scheme in ("file", "http", "https"):
        QDesktopServices.setUrlHandler(scheme, nowhere, "visit")  # type: ignore[arg-type] # only a str works
    yield
    for scheme in ("file", "http", "https"):
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.fixture
def opened_before(demo_store: Path, tmp_path: Path) -> Path:
    """A small demo store that the window knows as a recent one."""
    path = Path(shutil.copy(demo_store, tmp_path / "orders.db"))
    settings = Settings()
    settings.remember(str(path), path.name, "2026-03-01T12:00:00.000000Z")
    settings.flush()
    return path


def writer(store: Path) -> Callable[[], object]:
    """Corrects a price of the long order, each time to another."""
    prices = count(1000)

    def append() -> object:
        with EventStore(str(store)) as opened:
            return OrderCommandHandler(opened).handle(
                CorrectPrice("order-1003", "SKU-4185", next(prices), "as agreed")
            )

    return append


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", range(USERS))
def test_a_random_user_breaks_nothing(
    seed: int, opened_before: Path, no_other_programs: None, user_of: Callable[..., User]
) -> None:
    user = user_of(opened_before)
    painted = PaintedStates(user.window)
    painted.watch()
    crashes: list[object] = []
    user.desk.store.crashed.connect(crashes.append)
    raised: list[object] = []
    hook, sys.unraisablehook = sys.unraisablehook, raised.append
    monkey = Monkey(user.window, writer(opened_before), seed)
    try:
        for number in range(1, ACTIONS + 1):
            monkey.act()
            QTest.qWait(monkey.random.choice((0, 0, 1, 5, 20)))
            assert not crashes
            assert not painted.wrong
            if number % RESTS_EVERY == 0:
                settled(user)
        settled(user)
        still_works(user)
        assert not raised
        assert painted.painted > 0
        assert not painted.wrong
    finally:
        sys.unraisablehook = hook
        print(f"seed {seed}, the last of {len(monkey.done)} actions:", *monkey.done[-TOLD:], sep="\n  ")
        print("crashes", crashes, "wrong", painted.wrong[:3], "versions", user.versions())


def still_works(user: User) -> None:
    """What anybody would do next: open the store, look at an aggregate."""
    if not user.desk.store.is_open:
        user.desk.actions[ActionId.RECENT_1].trigger()
        user.until_open()
    user.desk.actions[ActionId.VIEW_HISTORY].trigger()
    user.window.resize(1440, 900)
    user.desk.cursor.go_to(Place("order-1003", None, 77))
    settled(user)
    assert set(user.versions().values()) == {77}


def settled(user: User) -> None:
    """What floats or asks is closed and playing stopped; then every place names the same version."""
    for _ in range(20):
        front: QWidget | None = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if front is None:
            break
        QTest.keyClick(front, Qt.Key.Key_Escape)
        QTest.qWait(1)
    assert QApplication.activeModalWidget() is None
    play = user.desk.actions[ActionId.PLAY]
    if play.isChecked():
        play.trigger()
    user.rest()
