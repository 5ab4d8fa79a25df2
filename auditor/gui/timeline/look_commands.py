"""The timeline's commands on how it is looked at: axis, lanes, the selected range."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.timeline.model import AxisKind, TimelineModel

a = ActionId


class LookCommands(QObject):
    """Connects them, and says of each why it cannot be used now."""

    def __init__(
        self, desk: Desk, model: TimelineModel, ask_lanes: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        actions = desk.actions
        actions.on_switch(a.TIME_AXIS, self._set_by_time)
        actions.on_switch(a.COMPRESS_GAPS, lambda on: model.set_axis(model.axis, compresses=on))
        slots: dict[ActionId, Callable[[], object]] = {
            a.LANES: ask_lanes,
            a.SHOW_ALL_LANES: lambda: model.choose_lanes(model.choice.all_shown()),
            a.SELECT_RANGE: self._select_range,
            a.ZOOM_RANGE: self._zoom_to_range,
            a.CLEAR_MARKS: self._clear,
        }
        for name, slot in slots.items():
            actions.on(name, slot, enabled=False)
        for signal in (
            model.history_changed,
            model.lanes_changed,
            model.axis_changed,
            model.range_changed,
            desk.cursor.other_changed,
            desk.cursor.aggregate_changed,
            desk.highlight.changed,
        ):
            signal.connect(self.tell)
        self.tell()

    def tell(self) -> None:
        model, cursor = self._model, self._desk.cursor
        by_time = model.axis is AxisKind.TIME
        self._desk.actions[a.TIME_AXIS].setChecked(by_time)
        self._desk.actions[a.COMPRESS_GAPS].setChecked(model.compresses)
        nothing = "" if cursor.history is not None and model.length else tr("No aggregate is selected.")
        unset = tr("Set B first, or select a range.")
        marked = model.range is not None or not self._desk.highlight.is_empty
        for name, reason in (
            (a.TIME_AXIS, ""),
            (a.COMPRESS_GAPS, "" if by_time else tr("The axis is by version: it has no gaps.")),
            (a.LANES, nothing),
            (a.SHOW_ALL_LANES, nothing or ("" if model.hidden[0] else tr("All lanes are shown."))),
            (a.SELECT_RANGE, nothing or ("" if cursor.other is not None else tr("Set B first."))),
            (a.ZOOM_RANGE, nothing or ("" if self._wanted_range() is not None else unset)),
            (a.CLEAR_MARKS, nothing or ("" if marked else tr("Nothing is selected or highlighted."))),
        ):
            self._desk.actions.enable(name, not reason, reason)

    def _set_by_time(self, by_time: bool) -> None:
        axis = AxisKind.TIME if by_time else AxisKind.VERSION
        self._model.set_axis(axis, compresses=self._model.compresses)

    def _wanted_range(self) -> tuple[int, int] | None:
        """The selected range, or from A to B."""
        if self._model.range is not None:
            return self._model.range
        other = self._desk.cursor.other
        if other is None:
            return None
        low, high = sorted((max(other, 1), max(self._model.ordinal, 1)))
        return low, high

    def _select_range(self) -> None:
        other = self._desk.cursor.other
        if other is not None:
            self._model.set_range(max(other, 1), max(self._model.ordinal, 1))

    def _zoom_to_range(self) -> None:
        wanted = self._wanted_range()
        if wanted is not None:
            self._model.show_events(*wanted)

    def _clear(self) -> None:
        """The range first; then what stands out."""
        if self._model.range is not None:
            self._model.clear_range()
        else:
            self._desk.highlight.clear()
