"""The menus, filled from the action table."""

from PySide6.QtWidgets import QMenuBar

from auditor.core.text import tr
from auditor.gui.action_table import Menu
from auditor.gui.desk import Desk


def fill_menus(bar: QMenuBar, desk: Desk) -> None:
    """Adds every action to its menu, in the table's order."""
    titles = {
        Menu.FILE: tr("&File"),
        Menu.EDIT: tr("&Edit"),
        Menu.VIEW: tr("&View"),
        Menu.GO: tr("&Go"),
        Menu.STORE: tr("&Store"),
        Menu.HELP: tr("&Help"),
    }
    for name, title in titles.items():
        menu = bar.addMenu(title)
        menu.setObjectName(f"menu.{name}")
        menu.setToolTipsVisible(True)
        for spec in desk.actions.specs:
            if spec.menu is not name:
                continue
            if spec.group and menu.actions():
                menu.addSeparator()
            menu.addAction(desk.actions[spec.id])
