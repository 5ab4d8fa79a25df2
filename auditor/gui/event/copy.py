"""Taking values out of the event that is shown."""

import shlex
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.event.fact import Fact
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent
    from auditor.gui.event.text_parts import TextParts
    from auditor.jobs.copy_event import CopiedEvent, Form

COPIED = Lane("copied event")
_FORMS: "dict[ActionId, Form]" = {
    ActionId.COPY_EVENT_JSON: "json",
    ActionId.COPY_EVENT_PYTHON: "python",
    ActionId.COPY_EVENT_TEST: "pytest",
}


class EventCopying(QObject):
    """Copies of the current row; without one, of the event as a whole that is seen.

    `failed` with the error, when something could not be copied.
    """

    failed = Signal(object)

    def __init__(
        self,
        desk: Desk,
        seen: "Callable[[], ReadEvent | None]",
        current: Callable[[], Fact | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._seen = seen
        self._current = current
        for name, form in _FORMS.items():
            desk.actions.on(name, partial(self.copy_event, form), enabled=False)

    def copyable(self) -> frozenset[Copied]:
        if self._seen() is None:
            return frozenset()
        fact = self._fact()
        return frozenset(Copied) if fact is not None and fact.pointer else frozenset(Copied) - {Copied.PATH}

    def enable(self) -> None:
        """What can be copied of the event as a whole has changed."""
        for name in _FORMS:
            self._desk.actions.enable(name, self._seen() is not None, tr("No event is shown."))

    def copy(self, what: Copied) -> None:
        read, fact = self._seen(), self._fact()
        if read is None:
            return
        if what is Copied.COMMAND:
            self._put(self.command(), tr("Command copied"))
        elif what is Copied.PATH and fact is not None:
            self._put(fact.pointer, tr("Path copied"))
        elif what is Copied.JSON and fact is None:
            self.copy_json()
        elif what is Copied.JSON and fact is not None:
            self._put(fact.json(), tr("Copied as JSON"))
        else:
            self._put(read.result.event.data_text if fact is None else fact.exact(), tr("Value copied"))

    def _fact(self) -> Fact | None:
        """The current row, if it has a value."""
        fact = self._current()
        return None if fact is None or fact.value is None else fact

    def copy_event(self, form: "Form") -> None:
        """The event alone as the program prints it too: `auditor event … --as`."""
        read = self._seen()
        if read is None:
            return
        from auditor.jobs import copy_event

        event = read.result.event
        request = copy_event.CopyEventRequest(
            origin=self._desk.store.origin,
            aggregate_id=event.aggregate_id,
            aggregate_type=event.aggregate_type,
            ordinal=read.result.ordinal,
            form=form,
            model=self._desk.cursor.model if form == "pytest" else None,
        )
        self._desk.store.ask(COPIED, copy_event.run, request, done=self._on_copied, failed=self.failed.emit)

    def _on_copied(self, copied: "CopiedEvent") -> None:
        said = {
            "json": tr("Event copied as JSON"),
            "python": tr("Event copied as a DomainEvent"),
            "pytest": tr("Event copied as a test"),
        }
        self._put(copied.text, " ".join([said[copied.form], *copied.notes]))

    def copy_json(self) -> None:
        """The whole event in the form in which it is seen."""
        read = self._seen()
        if read is None:
            return
        if read.upcast is None:
            self.copy_event("json")
            return
        from auditor.gui.event import reading

        def done(parts: "TextParts") -> None:
            self._put(parts.text, tr("Copied as JSON"))

        self._desk.store.ask(COPIED, reading.read_json, read, done=done)

    def copy_stored_data(self) -> None:
        if (read := self._seen()) is not None:
            self._put(read.result.event.data_text, tr("Data copied as stored"))

    def copy_stored_metadata(self) -> None:
        if (read := self._seen()) is not None:
            self._put(read.result.event.metadata_text, tr("Metadata copied as stored"))

    def command(self) -> str:
        """`auditor event STORE ID VERSION`, as a shell takes it, for the form that is seen."""
        read = self._seen()
        if read is None:
            return ""
        event = read.result.event
        words = ["auditor", "event", self._desk.store.location, event.aggregate_id, str(event.version)]
        if read.upcast is not None:
            model = self._desk.cursor.model
            words += ["--upcast", *([] if model is None else ["--model", model])]
        return shlex.join(words)

    def _put(self, text: str, said: str) -> None:
        put_on_clipboard(text)
        self._desk.tasks.say(said)
