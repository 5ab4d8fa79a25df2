"""What leads from a field to the event that set it: a thin ring on the timeline, a click, a command."""

from dataclasses import replace

from PySide6.QtCore import QObject

from auditor.core.outline import OutlineRow
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.state.set_by import SetByReader
from auditor.gui.state.setters import Setters
from auditor.gui.state.tree_view import StateView


class SetterLinks(QObject):
    """Follows the current row. In other modes than *State* the ring is others'."""

    def __init__(
        self,
        desk: Desk,
        view: StateView,
        reader: SetByReader,
        setters: Setters,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._view = view
        self._setters = setters
        self._has_ring = False
        view.row_chosen.connect(self.refresh)
        view.setter_entered.connect(self.go_to)
        reader.found.connect(self.refresh)
        desk.looking.mode_changed.connect(self.refresh)
        desk.actions.on(ActionId.GO_TO_SETTER, self._go_to_current, enabled=False)

    def refresh(self) -> None:
        """Another row is the current one, or more is known of it."""
        row = self._view.current_row()
        setter = self._setters.ordinal(row) if row is not None else 0
        self._desk.actions.enable(
            ActionId.GO_TO_SETTER,
            bool(setter),
            tr("Select a field first.") if row is None else tr("Which event set it is not known yet."),
        )
        if self._desk.looking.mode is not Mode.STATE:
            self._has_ring = False
        elif setter or self._has_ring:
            self._has_ring = bool(setter)
            self._desk.highlight.set_ring(setter or None)

    def go_to(self, row: OutlineRow) -> None:
        """A moves to the event that set the field of that row; the way back is remembered."""
        place, setter = self._desk.cursor.place, self._setters.ordinal(row)
        if place is not None and setter:
            self._desk.cursor.go_to(replace(place, ordinal=setter, other=None))

    def _go_to_current(self) -> None:
        row = self._view.current_row()
        if row is not None:
            self.go_to(row)
