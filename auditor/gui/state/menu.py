"""The context menu of a field of the state."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.actions import Actions

_COPIES = (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_PATH, ActionId.COPY_COMMAND)


def show_field_menu(
    actions: Actions, parent: QWidget, at: QPoint, open_whole: Callable[[], object] | None
) -> None:
    """In the order that all menus have; `at` in coordinates of the screen. `open_whole` None: there is no row."""
    menu = QMenu(parent)
    menu.setObjectName("state.menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if open_whole is not None:
        menu.addAction(tr("Open"), open_whole)
    menu.addAction(actions[ActionId.OPEN_ALL_BELOW])
    menu.addSeparator()
    if open_whole is not None:
        menu.addAction(actions[ActionId.GO_TO_SETTER])
        menu.addAction(actions[ActionId.BLAME])
        menu.addAction(actions[ActionId.WHEN_THIS])
        menu.addSeparator()
    for name in _COPIES:
        menu.addAction(actions[name])
    menu.popup(at)
