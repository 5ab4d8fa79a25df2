"""What the tests of the window's frame share."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.gui.main_window import MainWindow
from tests.helpers.guest_code import write_module
from tests.helpers.small_stores import write_store

Found = TypeVar("Found", bound=QWidget)

COUNTER = """
    class Thing:
        def __init__(self):
            self.made_by_this_class = 0

        def on_made(self, event):
            self.made_by_this_class += 1
"""


class Hand:
    """Does with a window what a user does, and finds what a user sees."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot

    def find(self, kind: type[Found], name: str) -> Found:
        """The visible widget of that object name, wherever it is; waits for it."""
        found: list[Found] = []

        def is_there() -> bool:
            tops = QApplication.topLevelWidgets()
            found[:] = [
                one
                for top in tops
                for one in ([top] if isinstance(top, kind) else []) + top.findChildren(kind)
                if one.objectName() == name and one.isVisible()
            ]
            return bool(found)

        self.qtbot.waitUntil(is_there)
        return found[-1]

    def is_gone(self, name: str) -> bool:
        tops = QApplication.topLevelWidgets()
        widgets = [one for top in tops for one in (top, *top.findChildren(QWidget))]
        return not any(one.objectName() == name and one.isVisible() for one in widgets)

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(QPushButton, name), Qt.MouseButton.LeftButton)

    def keys(self, keys: str) -> None:
        """On what has the focus, or the active window; `Ctrl+K` and the like."""
        sequence = [one for one in keys.split("+") if one] + ["+"] * keys.endswith("+")
        *held, last = sequence
        modifiers = Qt.KeyboardModifier.NoModifier
        for name in held:
            modifiers |= {
                "Ctrl": Qt.KeyboardModifier.ControlModifier,
                "Shift": Qt.KeyboardModifier.ShiftModifier,
                "Alt": Qt.KeyboardModifier.AltModifier,
            }[name]
        target = self._target()
        key = getattr(Qt.Key, f"Key_{ {'?': 'Question', '/': 'Slash', ',': 'Comma'}.get(last, last) }")
        QTest.keyClick(target, key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(self._target(), text)

    def _target(self) -> QWidget:
        """What has the focus; off screen no window becomes active by itself when a dialog is closed."""
        if QApplication.activeWindow() is None:
            window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
            window.activateWindow()
            self.qtbot.waitUntil(window.isActiveWindow)
        target = QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None
        return target


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    return Hand(qtbot)


@pytest.fixture
def open_window(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Callable[..., MainWindow]:
    """As `make_window`; the window is the active one, so that keys reach it."""

    def make(store: Path | None = None, **options: tuple[int, int]) -> MainWindow:
        window = make_window(store, **options)
        window.activateWindow()
        qtbot.waitUntil(
            lambda: QApplication.activeWindow() is not None
        )  # the window, or a question in front of it
        return window

    return make


@pytest.fixture
def shop_with_code(tmp_path: Path) -> Path:
    """A store whose workspace names a model that nobody trusts yet."""
    store = write_store(tmp_path / "s.db", {"a": [("Made", {"n": 1}), ("Made", {"n": 2})]})
    write_module(tmp_path, COUNTER, "shop")
    (tmp_path / "auditor.toml").write_text('[models.Thing]\npython = "shop:Thing"\n')
    return store
