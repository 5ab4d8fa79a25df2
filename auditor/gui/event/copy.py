"""Taking values out of the event that is shown."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

from auditor.core.text import tr
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.event.facts import Fact

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent


class EventCopying:
    """Copies of the current row; without one, of the event as a whole that is seen."""

    def __init__(
        self, desk: Desk, seen: "Callable[[], ReadEvent | None]", current: Callable[[], Fact | None]
    ) -> None:
        self._desk = desk
        self._seen = seen
        self._current = current

    def copyable(self) -> frozenset[Copied]:
        if self._seen() is None:
            return frozenset()
        fact = self._current()
        has_value = fact is not None and fact.value is not None
        return frozenset(Copied) if has_value else frozenset(Copied) - {Copied.PATH}

    def copy(self, what: Copied) -> None:
        read, fact = self._seen(), self._current()
        if read is None:
            return
        if fact is not None and (fact.kind == "group" or fact.value is None):
            fact = None
        if what is Copied.COMMAND:
            self._put(self.command(), tr("Command copied"))
        elif what is Copied.PATH and fact is not None:
            self._put(fact.pointer, tr("Path copied"))
        elif what is Copied.JSON:
            self._put(read.json if fact is None else fact.json(), tr("Copied as JSON"))
        else:
            self._put(read.result.event.data_text if fact is None else fact.exact(), tr("Value copied"))

    def copy_json(self) -> None:
        """The whole event."""
        if (read := self._seen()) is not None:
            self._put(read.json, tr("Copied as JSON"))

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
