"""The row under the menus: way back, store, views, palette, settings."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.palette_button import PaletteButton

NARROW = 1100
LONGEST_NAME = 32


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
        self._is_narrow = False
        self._views = [self._view(name) for name in (ActionId.VIEW_HISTORY, ActionId.VIEW_PROJECTIONS)]
        self.store_button = self._with_text(ActionId.STORE_DETAILS)
        self._navigator = self._button(ActionId.NAVIGATOR)
        self._palette = self._with_text(ActionId.PALETTE, PaletteButton(desk.appearance, self))
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
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self._on_store_changed()

    def set_narrow(self, is_narrow: bool) -> None:
        """Below 1100 pixels only the current view keeps its text, and the navigator has a button."""
        self._is_narrow = is_narrow
        self._arrange()

    def _arrange(self) -> None:
        shown = self._desk.store.is_open
        style = Qt.ToolButtonStyle
        for button in self._views:
            only_icon = self._is_narrow and not button.isChecked()
            button.setToolButtonStyle(
                style.ToolButtonIconOnly if only_icon else style.ToolButtonTextBesideIcon
            )
            button.setVisible(shown)
        self._navigator.setVisible(self._is_narrow and shown)

    def _button(self, name: ActionId, made: QToolButton | None = None) -> QToolButton:
        button = made or QToolButton(self)
        button.setObjectName(f"toolbar.{name}")
        action = self._desk.actions[name]
        button.setDefaultAction(action)
        button.setAccessibleName(action.text())
        return button

    def _with_text(self, name: ActionId, made: QToolButton | None = None) -> QToolButton:
        button = self._button(name, made)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        _set_text(self._desk.actions[name], button.text())
        return button

    def _view(self, name: ActionId) -> QToolButton:
        button = self._with_text(name)
        button.setProperty("view", True)
        button.toggled.connect(self._arrange)
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
        self._arrange()
        self.store_button.setVisible(store.is_open)
        if store.is_open:
            name = store.name
            _set_text(self._desk.actions[ActionId.STORE_DETAILS], tr("{name}, read-only", name=_short(name)))
            said = tr("{name}, read-only: store details", name=name)
            self.store_button.setAccessibleName(" ".join([said, *map(display, self._warnings())]))
        self._mark_store()

    def _warnings(self) -> list[str]:
        """What a reader of the store's answers must know: the details say it."""
        store = self._desk.store
        return list(store.session.reader.warnings) if store.is_open else []

    def _mark_store(self) -> None:
        icon = self._desk.appearance.icon
        self._desk.actions[ActionId.STORE_DETAILS].setIcon(
            icon("warning", "chg") if self._warnings() else icon("lock")
        )

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        self.setFixedHeight(sizes(42))
        self._settings.setIcon(self._desk.appearance.icon("settings"))
        for button in self.findChildren(QToolButton):
            button.setIconSize(QSize(sizes.icon, sizes.icon))
        self._mark_store()


def _short(name: str) -> str:
    """A long name would make the window wider than it may be; the details have all of it."""
    return (
        name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME // 2]}…{name[-LONGEST_NAME // 2 + 1 :]}"
    )


def _set_text(action: QAction, text: str) -> None:
    """What its buttons say; menus keep the command's own text. Qt puts text and icon too close together."""
    action.setIconText(f" {text}")
