"""The bars and lists about what is not as it should be, in the real window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.truth.bars import TruthBars

WAIT = 40_000


class Shown:
    """A window on thing `t-1`, folded."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.desk, self._qtbot = window, window.desk, qtbot
        found = window.findChild(TruthBars)
        assert found is not None
        self.bars = found
        found.repeat.quiet.setInterval(0)

    def until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT)

    def bar(self, name: str) -> QWidget | None:
        """The bar of that name, if it is shown."""
        bar = self.window.findChild(QWidget, name)
        return bar if bar is not None and bar.isVisible() else None

    def said(self, name: str) -> str:
        """Title and sentence of a bar that is shown."""
        parts = [self.window.findChild(QLabel, f"{name}.{part}") for part in ("title", "line")]
        return "\n".join(part.text() for part in parts if part is not None and part.isVisible())

    def press(self, name: str) -> None:
        button = self.window.findChild(QPushButton, name)
        assert button is not None
        assert button.isEnabled()
        button.click()


@pytest.fixture
def show(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Callable[[Path], Shown]:
    def shown(path: Path) -> Shown:
        window = make_window(path)
        window.activateWindow()
        window.desk.cursor.go_to(Place("t-1", None))
        seen = Shown(window, qtbot)
        seen.until(lambda: window.desk.loader.fold is not None)
        return seen

    return shown


def dialog(name: str) -> QWidget | None:
    """The dialog of that name, if it is shown."""
    found = (one for one in QApplication.topLevelWidgets() if one.objectName() == name and one.isVisible())
    return next(found, None)
