"""From one event to those that it is linked to."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.desk import Desk
from auditor.gui.event.link_facts import missing_cause

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent
    from auditor.stores.pages import EventLink


class EventLeading(QObject):
    """The commands that go to the cause and to the first effect; Back leads here again."""

    def __init__(
        self, desk: Desk, seen: "Callable[[], ReadEvent | None]", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._seen = seen
        desk.actions.on(ActionId.GO_TO_CAUSE, self._go_to_cause, enabled=False)
        desk.actions.on(ActionId.GO_TO_EFFECT, self._go_to_effect, enabled=False)

    def follow(self, link: "EventLink") -> None:
        self._desk.cursor.go_to(Place(link.aggregate_id, link.aggregate_type, link.ordinal))

    def _go_to_cause(self) -> None:
        read = self._seen()
        if read is not None and read.result.cause is not None:
            self.follow(read.result.cause)

    def _go_to_effect(self) -> None:
        read = self._seen()
        if read is not None and read.result.effects:
            self.follow(read.result.effects[0])

    def enable(self) -> None:
        """Another event is seen, or none."""
        read, enable = self._seen(), self._desk.actions.enable
        if read is None:
            for name in (ActionId.GO_TO_CAUSE, ActionId.GO_TO_EFFECT):
                enable(name, False, tr("No event is shown."))
            return
        result = read.result
        why = missing_cause(result) if result.cause_missing else tr("This event names no cause.")
        enable(ActionId.GO_TO_CAUSE, result.cause is not None, why)
        enable(
            ActionId.GO_TO_EFFECT,
            bool(result.effects),
            tr("No event of this store names this one as its cause."),
        )
