"""The window's commands as Qt actions, made from the one table."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId, ActionSpec, Scope, action_table
from auditor.gui.appearance import Appearance


class Actions(QObject):
    """Menus, toolbar, keys, palette and the keys overlay come from here.

    An action that nobody has connected stays disabled; one that cannot be used now says why in its tool tip.
    """

    def __init__(self, window: QWidget, appearance: Appearance) -> None:
        super().__init__(window)
        self._window = window
        self._appearance = appearance
        self.specs: tuple[ActionSpec, ...] = action_table()
        self._actions: dict[ActionId, QAction] = {}
        self._standing: dict[ActionId, tuple[bool, str, str]] = {}
        choices: dict[str, QActionGroup] = {}
        for spec in self.specs:
            self._actions[spec.id] = self._make(spec, choices)
        appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def _make(self, spec: ActionSpec, choices: dict[str, QActionGroup]) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(f"action.{spec.id}")
        action.setCheckable(spec.checkable)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setEnabled(False)
        if spec.scope is Scope.WINDOW:
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            self._window.addAction(action)
        else:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if spec.choice:
            choices.setdefault(spec.choice, QActionGroup(self)).addAction(action)
        return action

    def __getitem__(self, name: ActionId) -> QAction:
        return self._actions[name]

    def on(self, name: ActionId, slot: Callable[[], object], *, enabled: bool = True) -> QAction:
        """What happens when it is chosen. For checkable ones see `on_switch`."""
        action = self._actions[name]
        action.triggered.connect(lambda _checked=False: slot())
        self.enable(name, enabled)
        return action

    def on_switch(self, name: ActionId, slot: Callable[[bool], object], *, enabled: bool = True) -> QAction:
        """What happens when the user switches it; setting it by program calls nobody."""
        action = self._actions[name]
        action.triggered.connect(slot)
        self.enable(name, enabled)
        return action

    def enable(self, name: ActionId, enabled: bool, reason: str = "") -> None:
        """`reason` says why it cannot be used now. Costs nothing where nothing changes: it is told at every step."""
        action = self._actions[name]
        standing = (enabled, reason, action.text())
        if self._standing.get(name) == standing:
            return
        self._standing[name] = standing
        action.setEnabled(enabled)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        hint = f"{action.text().rstrip('…')} ({keys})" if keys else action.text().rstrip("…")
        action.setToolTip(hint if enabled or not reason else f"{hint}\n{reason}")
        action.setWhatsThis("" if enabled else reason or tr("Not possible now."))

    def adopt(self, scope: Scope, panel: QWidget) -> None:
        """The keys of that scope work while something in the panel has the focus."""
        panel.addActions([self._actions[spec.id] for spec in self.specs if spec.scope is scope])

    def _on_appearance_changed(self) -> None:
        for spec in self.specs:
            if spec.icon:
                self._actions[spec.id].setIcon(self._appearance.icon(spec.icon))
