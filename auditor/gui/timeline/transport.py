"""The five buttons under the gutter, and how fast it plays."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.timeline.player import USUAL_SPEED, Player

STEPS = (ActionId.FIRST, ActionId.PREVIOUS, ActionId.PLAY, ActionId.NEXT, ActionId.LAST)


class TransportButton(QToolButton):
    """Space presses the button that has the focus, though elsewhere in the timeline it plays."""

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        ):
            event.accept()
            return True
        return super().event(event)


class Transport(QWidget):
    """First, previous, play, next, last. The speed is written where it is not the usual one, or while it plays."""

    def __init__(self, desk: Desk, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._player = player
        self.setObjectName("timeline.transport")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(1)
        self._buttons: list[QToolButton] = []
        for name in STEPS:
            button = TransportButton(self)
            button.setObjectName(f"timeline.{name}")
            button.setDefaultAction(desk.actions[name])
            button.setAccessibleName(desk.actions[name].text())
            row.addWidget(button)
            self._buttons.append(button)
        self._speed = QLabel()
        self._speed.setObjectName("timeline.speed")
        self._speed.setProperty("type", "caption")
        row.addWidget(self._speed, 1)
        player.changed.connect(self._on_player_changed)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self._on_player_changed()

    def _on_player_changed(self) -> None:
        player, play = self._player, self._desk.actions[ActionId.PLAY]
        self._speed.setText(
            tr("{speed}/s", speed=player.speed) if player.is_playing or player.speed != USUAL_SPEED else ""
        )
        self._speed.setAccessibleName(tr("{speed} versions a second", speed=player.speed))
        self._speed.setToolTip(self._speed.accessibleName())
        play.setChecked(player.is_playing)
        play.setText(tr("Pause") if player.is_playing else tr("Play"))
        play.setIcon(self._desk.appearance.icon("pause" if player.is_playing else "play"))
        for button in self._buttons:
            button.setAccessibleName(button.defaultAction().text())

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        for button in self._buttons:
            button.setIconSize(QSize(sizes.icon, sizes.icon))
        self._on_player_changed()
