"""The row under the menus: way back, store, views, palette, settings."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk

NARROW = 1100


class ToolBar(QWidget):
    """Buttons of the action table; the store's name leads to its details."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("toolbar")
        self.setProperty("surface", "side")
        self.setProperty("hairline", "below")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(4)
        self._views = [self._view(name) for name in (ActionId.VIEW_HISTORY, ActionId.VIEW_PROJECTIONS)]
        self.store_button = self._button(ActionId.STORE_DETAILS)
        self.store_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._navigator = self._button(ActionId.NAVIGATOR)
        self._palette = self._button(ActionId.PALETTE)
        self._palette.setProperty("finder", True)
        self._palette.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for widget in (
            self._navigator,
            self._button(ActionId.BACK),
            self._button(ActionId.FORWARD),
            self.store_button,
            *self._views,
        ):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._palette)
        row.addWidget(self._settings_button())
        desk.store.opened.connect(self._on_store_changed)
        desk.store.closed.connect(self._on_store_changed)
        desk.store.opening_changed.connect(self._on_store_changed)
        desk.actions[ActionId.STORE_DETAILS].changed.connect(self._name_store)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self._on_store_changed()

    def set_narrow(self, is_narrow: bool) -> None:
        """Below 1100 pixels only the current view keeps its text."""
        for button in self._views:
            only_icon = is_narrow and not button.isChecked()
            button.setToolButtonStyle(
                Qt.ToolButtonStyle.ToolButtonIconOnly
                if only_icon
                else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            )
        self._navigator.setVisible(is_narrow and self._desk.store.is_open)

    def _button(self, name: ActionId) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"toolbar.{name}")
        action = self._desk.actions[name]
        button.setDefaultAction(action)
        button.setAccessibleName(action.text())
        return button

    def _view(self, name: ActionId) -> QToolButton:
        button = self._button(name)
        button.setProperty("view", True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def _settings_button(self) -> QToolButton:
        a = ActionId
        menu = QMenu(self)
        for group in (
            (a.THEME_SYSTEM, a.THEME_LIGHT, a.THEME_DARK),
            (a.TEXT_LARGER, a.TEXT_SMALLER, a.TEXT_USUAL, a.SYSTEM_FONT),
            (a.LOCAL_TIMES,),
        ):
            menu.addActions([self._desk.actions[name] for name in group])
            menu.addSeparator()
        self._settings = QToolButton(self)
        self._settings.setObjectName("toolbar.settings")
        self._settings.setAccessibleName(tr("Settings"))
        self._settings.setToolTip(tr("Settings"))
        self._settings.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._settings.setMenu(menu)
        return self._settings

    def _on_store_changed(self) -> None:
        store = self._desk.store
        shown = store.is_open
        for button in self._views:
            button.setVisible(shown)
        self.store_button.setVisible(shown)
        self._name_store()

    def _name_store(self) -> None:
        """Also whenever the action behind it has changed, which writes its own text on the button."""
        store = self._desk.store
        shown = store.is_open
        if shown:
            name = store.name
            self.store_button.setText(" " + tr("{name}, read-only", name=name))
            self.store_button.setAccessibleName(tr("{name}, read-only: store details", name=name))

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        self.setFixedHeight(sizes(42))
        self._palette.setMinimumWidth(sizes(230))
        self._settings.setIcon(self._desk.appearance.icon("settings"))
        for button in self.findChildren(QToolButton):
            button.setIconSize(QSize(sizes.icon, sizes.icon))
