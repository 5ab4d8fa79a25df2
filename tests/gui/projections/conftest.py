"""Stores with projections, and the Projections view of a real window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from auditor.gui.main_window import MainWindow
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.view import ProjectionsView
from tests.helpers.sessions import open_session
from tests.helpers.shop import Shop

PATIENCE_MS = 30_000
LEFT = Qt.MouseButton.LeftButton


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen says so for each dialog."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


class Shown:
    """The view as a user sees it."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot

    @property
    def view(self) -> ProjectionsView:
        assert self.window.views is not None
        return self.window.views.projections

    def run(self, name: str) -> RebuildRun:
        return self.view.rebuilds.runs[name]

    def until(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def text(self, name: str) -> str:
        label = self.window.findChild(QLabel, name)
        assert label is not None, name
        return label.text()

    def button(self, name: str) -> QPushButton:
        button = self.window.findChild(QPushButton, name)
        assert button is not None, name
        return button

    def click(self, name: str) -> None:
        button = self.button(name)
        assert button.isVisible(), name
        assert button.isEnabled(), name
        QTest.mouseClick(button, LEFT)

    def press(self, key: Qt.Key) -> None:
        """Where the focus is."""
        focused = self.window.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)

    def cells(self, name: str) -> dict[str, str]:
        """What stands in a projection's row, by the captions."""
        model = self.view.model
        row = model.number_of(name)
        assert row is not None, name
        titles = [str(model.headerData(at, Qt.Orientation.Horizontal)) for at in range(model.columnCount())]
        return {title: model.cell(row, at).text for at, title in enumerate(titles)}

    def until_listed(self) -> None:
        self.until(lambda: self.view.states.state == "content" and not self.view.is_reading)

    def until_over(self, name: str) -> None:
        self.until(lambda: not self.view.rebuilds.is_busy and self.run(name).is_over)
        self.until_listed()


@pytest.fixture
def show(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Callable[..., Shown]:
    """Opens a store in a window and goes to its projections."""

    def shown(store: Path, size: tuple[int, int] = (1440, 900)) -> Shown:
        window = make_window(store, size)
        window.activateWindow()
        found = Shown(window, qtbot)
        button = window.findChild(QToolButton, "toolbar.view-projections")
        assert button is not None
        QTest.mouseClick(button, LEFT)
        found.until(lambda: found.view.states.state not in ("loading",) and found.view.isVisible())
        return found

    return shown


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Its code is trusted once it has a store: see `trust`."""
    return Shop(tmp_path)


def trust(shop: Shop) -> None:
    """What the user would say after they have read the files."""
    with open_session(shop.store) as session:
        question = session.workspace_code.question()
        assert question is not None
        session.workspace_code.trust(question.sha256)
