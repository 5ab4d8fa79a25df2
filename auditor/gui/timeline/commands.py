"""The timeline's commands: what they do, and why one cannot be used now."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.player import Player
from auditor.gui.timeline.view_window import ZOOM_STEP, ViewWindow

a = ActionId
BACK = (a.FIRST, a.PREVIOUS, a.BACK_100, a.PREVIOUS_EVENT)
ON = (a.LAST, a.NEXT, a.FORWARD_100, a.NEXT_EVENT)


class TimelineCommands(QObject):
    """Connects the actions that move A or the window in time."""

    def __init__(
        self, desk: Desk, model: TimelineModel, player: Player, ask_version: Callable[[], None]
    ) -> None:
        super().__init__(player)
        self._desk = desk
        self._model = model
        self._player = player
        self._told: dict[ActionId, str] = {}
        step, actions = desk.cursor.step, desk.actions
        slots: dict[ActionId, Callable[[], object]] = {
            a.FIRST: partial(model.go, 1),
            a.LAST: self._go_to_last,
            a.PREVIOUS: partial(step, -1),
            a.NEXT: partial(step, 1),
            a.PREVIOUS_EVENT: partial(step, -1),
            a.NEXT_EVENT: partial(step, 1),
            a.BACK_100: partial(step, -100),
            a.FORWARD_100: partial(step, 100),
            a.PREVIOUS_OF_TYPE: partial(self._go_to_same_type, -1),
            a.NEXT_OF_TYPE: partial(self._go_to_same_type, 1),
            a.FASTER: partial(player.change_speed, 1),
            a.SLOWER: partial(player.change_speed, -1),
            a.ZOOM_IN: partial(self._zoom, ZOOM_STEP),
            a.ZOOM_OUT: partial(self._zoom, 1 / ZOOM_STEP),
            a.ZOOM_FIT: lambda: model.set_window(ViewWindow.whole(model.places.extent)),
            a.GO_TO_VERSION: ask_version,
        }
        for name, slot in slots.items():
            actions.on(name, slot)
        actions.on_switch(a.PLAY, player.set_playing)
        for signal in (model.history_changed, model.moved, model.window_changed, player.changed):
            signal.connect(self.tell)
        desk.cursor.aggregate_changed.connect(self._on_aggregate_changed)
        self.tell()

    def tell(self) -> None:
        """Enables what can be used now, and says of the rest why not."""
        history, ordinal, window = self._model.history, self._model.ordinal, self._model.window
        if history is None or self._desk.cursor.history is None or not history.length:
            for name in (*BACK, *ON, a.PREVIOUS_OF_TYPE, a.NEXT_OF_TYPE, a.PLAY, a.FASTER, a.SLOWER):
                self._set(name, tr("No aggregate is selected."))
            for name in (a.ZOOM_IN, a.ZOOM_OUT, a.ZOOM_FIT, a.GO_TO_VERSION):
                self._set(name, tr("No aggregate is selected."))
            return
        for name in BACK:
            self._set(name, "" if ordinal > 1 else tr("This is the first event."))
        for name in ON:
            self._set(name, "" if ordinal < history.length else tr("This is the last event."))
        for name, further in ((a.PREVIOUS_OF_TYPE, -1), (a.NEXT_OF_TYPE, 1)):
            there = self._of_same_type(further) is not None
            self._set(name, "" if there else tr("There is no further event of this type."))
        self._set(a.PLAY, "" if history.length > 1 else tr("There is only one event."))
        self._set(a.GO_TO_VERSION, "")
        self._set(a.FASTER, "" if self._player.can_be_faster else tr("It cannot play faster."))
        self._set(a.SLOWER, "" if self._player.can_be_slower else tr("It cannot play slower."))
        self._set(
            a.ZOOM_IN, tr("The lanes are zoomed in as far as they can be.") if window.is_smallest else ""
        )
        for name in (a.ZOOM_OUT, a.ZOOM_FIT):
            self._set(name, tr("The whole history is shown.") if window.is_whole else "")

    def _set(self, name: ActionId, reason: str) -> None:
        if self._told.get(name) != reason:
            self._told[name] = reason
            self._desk.actions.enable(name, not reason, reason)

    def _of_same_type(self, step: int) -> int | None:
        """By what is sorted already: this is asked at each step of a drag."""
        history, ordinal = self._model.history, self._model.ordinal
        if history is None or not 0 < ordinal <= history.length:
            return None
        ordinals = self._model.by_type[int(history.type_of[ordinal - 1])]
        at = int(ordinals.searchsorted(ordinal)) + step
        return int(ordinals[at]) if 0 <= at < len(ordinals) else None

    def _go_to_same_type(self, step: int) -> None:
        ordinal = self._of_same_type(step)
        if ordinal is not None:
            self._model.go(ordinal)

    def _go_to_last(self) -> None:
        if self._model.history is not None:
            self._model.go(self._model.history.length)

    def _zoom(self, factor: float) -> None:
        """Around A, if it can be seen."""
        window, place = self._model.window, self._model.places.of(self._model.ordinal)
        self._model.set_window(window.zoomed(factor, place if window.contains(place) else None))

    def _on_aggregate_changed(self) -> None:
        self._player.set_playing(False)
        self.tell()
