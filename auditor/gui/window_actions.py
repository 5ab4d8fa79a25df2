"""What the window's own commands do: appearance, times, way back, panels, closing."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.appearance import SCHEMES

if TYPE_CHECKING:
    from auditor.gui.main_window import MainWindow

QUITTING = "auditor-is-quitting"
"""The program's property: true while all windows are being closed, not only the one that is asked."""
_THEMES = (ActionId.THEME_SYSTEM, ActionId.THEME_LIGHT, ActionId.THEME_DARK)


class WindowActions(QObject):
    """Connects the actions that belong to no panel. `guards` are asked before the window closes: one that says False
    keeps it open."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.desk
        self.guards: list[Callable[[], bool]] = [self._may_leave]
        self._connect_appearance()
        self._connect_way()
        actions, a = self._desk.actions, ActionId
        actions.on(a.CLOSE_STORE, self._desk.store.leave, enabled=False)
        actions.on(a.QUIT, self._quit)
        actions.on(a.NEXT_PANEL, lambda: self._go_round(1))
        actions.on(a.PREVIOUS_PANEL, lambda: self._go_round(-1))
        self._desk.store.opened.connect(self._on_store_changed)
        self._desk.store.closed.connect(self._on_store_changed)
        self._on_store_changed()

    def may_close(self) -> bool:
        return all(guard() for guard in self.guards)

    def _may_leave(self) -> bool:
        """Who is asked while the program quits, and agrees, goes on with quitting."""
        program = QApplication.instance()
        quits = program is not None and program.property(QUITTING)
        return self._desk.store.may_leave(self._quit if quits else self._window.close, closes=True)

    def _quit(self) -> None:
        program = QApplication.instance()
        assert program is not None  # noqa: S101 - it has a window
        program.setProperty(QUITTING, True)
        QApplication.closeAllWindows()  # none of them waits for an answer
        program.setProperty(QUITTING, False)

    def _connect_appearance(self) -> None:
        desk, actions, a = self._desk, self._desk.actions, ActionId
        for name, scheme in zip(_THEMES, SCHEMES, strict=True):
            actions.on(name, partial(self._set_appearance, scheme=scheme))
        actions.on(a.TEXT_LARGER, lambda: self._step_text(1))
        actions.on(a.TEXT_SMALLER, lambda: self._step_text(-1))
        actions.on(a.TEXT_USUAL, lambda: self._step_text(0))
        actions.on_switch(a.SYSTEM_FONT, lambda on: self._set_appearance(system_font=on))
        actions.on_switch(a.LOCAL_TIMES, desk.clock.set_local)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        desk.clock.set_local(desk.settings.flag("times/local", usual=False))
        desk.clock.changed.connect(lambda: desk.settings.set("times/local", desk.clock.is_local))

    def _set_appearance(self, *, scheme: str | None = None, system_font: bool | None = None) -> None:
        self._desk.appearance.set(scheme=scheme, system_font=system_font)
        self._remember_appearance()

    def _step_text(self, steps: int) -> None:
        self._desk.appearance.larger(steps)
        self._remember_appearance()

    def _remember_appearance(self) -> None:
        appearance, settings = self._desk.appearance, self._desk.settings
        settings.set("look/scheme", appearance.scheme)
        settings.set("look/text_size", appearance.sizes.body)
        settings.set("look/system_font", appearance.uses_system_font)
        settings.flush()

    def _on_appearance_changed(self) -> None:
        appearance, actions = self._desk.appearance, self._desk.actions
        actions[_THEMES[SCHEMES.index(appearance.scheme)]].setChecked(True)
        actions[ActionId.SYSTEM_FONT].setChecked(appearance.uses_system_font)

    def _connect_way(self) -> None:
        cursor, actions = self._desk.cursor, self._desk.actions
        actions.on(ActionId.BACK, cursor.back)
        actions.on(ActionId.FORWARD, cursor.forward)
        cursor.way_changed.connect(self._on_way_changed)
        self._on_way_changed()

    def _on_way_changed(self) -> None:
        cursor, actions = self._desk.cursor, self._desk.actions
        actions.enable(ActionId.BACK, cursor.can_go_back)
        actions.enable(ActionId.FORWARD, cursor.can_go_forward)

    def _on_store_changed(self) -> None:
        shown = self._desk.store.is_open
        self._desk.actions.enable(ActionId.CLOSE_STORE, shown)

    def _go_round(self, step: int) -> None:
        views = self._window.views
        if views is None or not self._desk.store.is_open:
            return
        panels = [
            panel
            for panel in (self._window.tool_bar, *views.panels, self._window.status)
            if panel.isVisible()
        ]
        focused = QApplication.focusWidget()
        at = next((n for n, panel in enumerate(panels) if _holds(panel, focused)), -1 if step > 0 else 0)
        for number in range(1, len(panels) + 1):
            if _focus_first(panels[(at + number * step) % len(panels)]):
                return


def _holds(panel: QWidget, focused: QWidget | None) -> bool:
    return focused is not None and (panel is focused or panel.isAncestorOf(focused))


def _focus_first(panel: QWidget) -> bool:
    """Gives the focus to the panel, or to what Tab would reach first in it; to buttons only where there is nothing
    else: those of a header stand before what the panel is there for."""
    stops = [
        widget
        for widget in (panel, *panel.findChildren(QWidget))
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(panel.window())
        and widget.isEnabled()
        and widget.focusProxy() is None
    ]
    first = next((widget for widget in stops if not isinstance(widget, QAbstractButton)), None)
    if first is None and stops:
        first = stops[0]
    if first is not None:
        first.setFocus(Qt.FocusReason.TabFocusReason)
    return first is not None
