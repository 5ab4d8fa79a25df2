"""The list holds a part of all aggregates, and whoever walks through it meets each of them once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from auditor.gui.navigator import Navigator
from auditor.gui.navigator_model import MOST_ROWS
from tests.gui.navigator.conftest import Shown, listed, many_ids, seen, settled


class Walk:
    """Looks at the list after each step: what is visible goes on where it stopped, without a hole or a double."""

    def __init__(self, qtbot: QtBot, navigator: Navigator, expected: list[str], far: int) -> None:
        self._qtbot = qtbot
        self._navigator = navigator
        self._place = {name: number for number, name in enumerate(expected)}
        self._expected = expected
        self._far = min(far, len(expected))
        self._met: set[str] = set()
        self._at = range(0)
        self.most_held = 0
        navigator.model.changed.connect(self._look_at_rows)
        self._look_at_rows()

    def _look_at_rows(self) -> None:
        held = listed(self._navigator)
        self.most_held = max(self.most_held, len(held))
        first = self._place[held[0]]
        assert held == self._expected[first : first + len(held)]

    def look(self) -> None:
        settled(self._qtbot, self._navigator)
        visible = seen(self._navigator)
        at = range(self._place[visible[0]], self._place[visible[-1]] + 1)
        assert visible == self._expected[at.start : at.stop]
        if self._met:
            assert at.start <= self._at.stop
            assert at.stop >= self._at.start
        self._at = at
        self._met.update(visible)

    @property
    def is_far(self) -> bool:
        return self._at.stop >= self._far

    @property
    def is_at_start(self) -> bool:
        return self._at.start == 0

    def not_met(self) -> list[str]:
        """Since this was asked last."""
        missing, self._met = [name for name in self._expected[: self._far] if name not in self._met], set()
        return missing


def turn_wheel(navigator: Navigator, notches: int) -> None:
    viewport = navigator.list.viewport()
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle,
        viewport.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


@pytest.mark.parametrize(("order", "far"), [("id", 100_000), ("last", 20_000)])
def test_all_aggregates_are_met_down_by_key_and_up_by_wheel(
    order: str, far: int, alone: Callable[[Path], Navigator], many_store: Path, qtbot: QtBot
) -> None:
    navigator = alone(many_store)
    button = navigator.findChild(QPushButton, f"navigator.sort.{order}")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settled(qtbot, navigator)
    ids = many_ids()
    walk = Walk(qtbot, navigator, sorted(ids) if order == "id" else ids[::-1], far)
    walk.look()
    while not walk.is_far:
        QTest.keyClick(navigator.list, Qt.Key.Key_PageDown)
        walk.look()
    assert walk.not_met() == []
    walk.look()
    while not walk.is_at_start:
        turn_wheel(navigator, 500)
        walk.look()
    assert walk.not_met() == []
    assert 200 < walk.most_held <= MOST_ROWS


def test_home_and_end_lead_to_the_ends(show: Callable[..., Shown], many_store: Path, qtbot: QtBot) -> None:
    window, navigator = show(many_store)
    ids = many_ids()
    for key, wanted in ((Qt.Key.Key_End, ids[0]), (Qt.Key.Key_Home, ids[-1])):
        QTest.keyClick(navigator.list, key)
        settled(qtbot, navigator)
        place = window.desk.cursor.place
        assert place is not None
        assert place.aggregate_id == wanted
        assert navigator.list.selected == (navigator.model.rowCount() - 1 if key == Qt.Key.Key_End else 0)
        assert wanted in seen(navigator)
