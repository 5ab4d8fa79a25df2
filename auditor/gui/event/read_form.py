"""Whether the event is looked at as it is stored, or as the model reads it: a row below the panel's header."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.parts.segmented import Segmented

AS_STORED, AS_READ = range(2)


class ReadForm(QWidget):
    """There only for events whose type the model's upcasters know; what was chosen holds for all of these.

    `changed` when the event at A is to be asked for in the other form.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._types: frozenset[str] = frozenset()
        self._event_type: str | None = None
        self.is_as_read = False
        """What the user chose, whether it can be had for this event or not."""
        self.setObjectName("event.form-row")
        self.setProperty("surface", "content")
        self.setProperty("hairline", "below")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.switch = Segmented(
            "event.form", (tr("As stored"), tr("As the model reads it")), tr("Data of the event")
        )
        self.switch.setProperty("tight", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.switch.chosen.connect(lambda chosen: self._choose(as_read=chosen == AS_READ))
        desk.actions.on_switch(ActionId.EVENT_AS_READ, lambda on: self._choose(as_read=on), enabled=False)
        desk.loader.folded.connect(self._on_folded)
        desk.cursor.aggregate_changed.connect(self._on_aggregate_changed)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self._arrange()

    def wants_upcast(self, event_type: str | None) -> bool:
        """Whether an event of this type is to be asked for as the model reads it."""
        return self.is_as_read and event_type in self._types

    def set_event(self, event_type: str | None) -> None:
        """Of what is shown below; None where there is no event, or its text as stored is what is looked at."""
        self._event_type = event_type
        self._arrange()

    def _choose(self, *, as_read: bool) -> None:
        self.is_as_read = as_read
        self._arrange()
        self.changed.emit()

    def _on_folded(self) -> None:
        fold = self._desk.loader.fold
        self._types = fold.upcast_types if fold is not None else frozenset()
        self._arrange()
        self.changed.emit()

    def _on_aggregate_changed(self) -> None:
        self._types = frozenset()  # of another type of aggregates, until its model is there
        self._arrange()

    def _arrange(self) -> None:
        can = self._event_type in self._types
        self.setVisible(can)
        self.switch.set_index(AS_READ if self.is_as_read else AS_STORED)
        action = self._desk.actions[ActionId.EVENT_AS_READ]
        action.setChecked(self.is_as_read)
        why = tr("The model has no upcasters for events of this type.")
        self._desk.actions.enable(ActionId.EVENT_AS_READ, can, why)

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(self._desk.appearance.sizes(36) + 1)
