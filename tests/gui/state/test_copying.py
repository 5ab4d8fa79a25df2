"""Copy goes where the focus is."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.state.panel import StatePanel

COPIES = (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_PATH, ActionId.COPY_COMMAND)


def test_copies_are_possible_only_where_there_is_something_to_copy(
    show: Callable[..., StatePanel], demo_store: Path, qtbot: QtBot
) -> None:
    panel = show(demo_store, "order-1003", 300)
    actions, window = panel._desk.actions, panel.window()
    panel.view.setFocus()
    assert all(actions[name].isEnabled() for name in COPIES)
    timeline = window.findChild(QLineEdit, "navigator.filter")
    assert timeline is not None
    timeline.setFocus()
    assert [actions[name].isEnabled() for name in COPIES] == [True, False, False, False]
    assert "Select a row" in actions[ActionId.COPY_PATH].toolTip()


def test_in_a_text_field_its_own_selection_is_copied(
    show: Callable[..., StatePanel], demo_store: Path, qtbot: QtBot
) -> None:
    panel = show(demo_store, "order-1003", 300)
    actions = panel._desk.actions
    actions[ActionId.FIND].trigger()
    field = panel.findChild(QLineEdit, "state.search.text")
    assert field is not None
    field.setText("some text")
    field.selectAll()
    actions[ActionId.COPY_VALUE].trigger()
    assert QGuiApplication.clipboard().text() == "some text"


def test_the_palette_leaves_the_copies_to_the_panel_below_it(
    show: Callable[..., StatePanel], demo_store: Path, qtbot: QtBot
) -> None:
    panel = show(demo_store, "order-1003", 300)
    actions = panel._desk.actions
    panel.view.setFocus()
    panel.view.select("/currency")
    actions[ActionId.PALETTE].trigger()
    qtbot.waitUntil(lambda: not panel.view.hasFocus())
    assert all(actions[name].isEnabled() for name in COPIES)
    actions[ActionId.COPY_PATH].trigger()
    assert QGuiApplication.clipboard().text() == "/currency"
