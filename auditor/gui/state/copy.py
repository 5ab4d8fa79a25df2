"""Taking values out of the state: exactly as stored, as JSON, the path, and the command that shows the same."""

import shlex
from collections.abc import Callable

from auditor.core.outline import OutlineRow
from auditor.core.text import tr
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.state.field_viewer import FIELD, WholeField, read_whole
from auditor.gui.state.reader import StateReader


class StateCopying:
    """Copies of the current row of what is shown; without a row, of the state as a whole."""

    def __init__(self, desk: Desk, reader: StateReader, current: Callable[[], OutlineRow | None]) -> None:
        self._desk = desk
        self._reader = reader
        self._current = current

    def copyable(self) -> frozenset[Copied]:
        """Everything as soon as a state is shown."""
        return frozenset(Copied) if self._reader.shown is not None else frozenset()

    def copy(self, what: Copied) -> None:
        """The exact value is asked for: rows hold no more than can be painted."""
        row = self._current()
        pointer = row.pointer if row is not None else ""
        if what is Copied.PATH:
            self._put(what, pointer)
        elif what is Copied.COMMAND:
            self._put(what, self.command(pointer))
        else:
            self.read(row, lambda whole: self._put(what, whole.exact if what is Copied.VALUE else whole.json))

    def read(self, row: OutlineRow | None, use: Callable[[WholeField], None]) -> None:
        """The whole value of a row that is shown; of a removed one, what it was. None: the whole state."""
        shown, history = self._reader.shown, self._desk.cursor.history
        if shown is None or history is None:
            return
        from auditor.jobs import show_field

        is_gone = row is not None and row.sign == "removed"
        request = show_field.ShowFieldRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            ordinal=shown.against if is_gone else shown.ordinal,
            model=self._desk.cursor.model,
            pointer=row.pointer if row is not None else "",
        )
        self._desk.store.ask(
            FIELD, read_whole, request, done=use, failed=lambda error: self._desk.tasks.say(str(error))
        )

    def command(self, pointer: str) -> str:
        """`auditor state STORE ID --version N --field POINTER`, as a shell takes it."""
        shown, place = self._reader.shown, self._desk.cursor.place
        if shown is None or place is None:
            return ""
        words = ["auditor", "state", self._desk.store.location, place.aggregate_id]
        if shown.version is not None:
            words += ["--version", str(shown.version)]
        if self._desk.cursor.model is not None:
            words += ["--model", self._desk.cursor.model]
        if self._desk.store.workspace is not None:
            words += ["--workspace", str(self._desk.store.workspace)]
        if pointer:
            words += ["--field", pointer]
        return shlex.join(words)

    def _put(self, what: Copied, text: str) -> None:
        put_on_clipboard(text)
        said = {
            Copied.VALUE: tr("Value copied"),
            Copied.JSON: tr("Copied as JSON"),
            Copied.PATH: tr("Path copied"),
            Copied.COMMAND: tr("Command copied"),
        }
        self._desk.tasks.say(said[what])
