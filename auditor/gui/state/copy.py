"""Taking values out of the state: exactly as stored, as JSON, the path, and the command that shows the same."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

from auditor.core import exact_json
from auditor.core.outline import OutlineRow
from auditor.core.text import tr
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.state.field_viewer import COPIED, WholeField, read_whole
from auditor.gui.state.setters import Setters
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.show_outline import OutlineResult


class StateCopying:
    """Copies of the current row of what is seen; without a row, of the state as a whole. Of a removed field, what it
    was in the version before."""

    def __init__(
        self,
        desk: Desk,
        seen: "Callable[[], OutlineResult | None]",
        current: Callable[[], OutlineRow | None],
        setters: Setters,
    ) -> None:
        self._setters = setters
        self._desk = desk
        self._seen = seen
        self._current = current

    def copyable(self) -> frozenset[Copied]:
        """Everything as soon as a state is seen."""
        return frozenset(Copied) if self._seen() is not None else frozenset()

    def copy(self, what: Copied) -> None:
        """The exact value is asked for: rows hold no more than can be painted."""
        row = self._current()
        pointer = row.pointer if row is not None else ""
        if what is Copied.PATH:
            self._put(what, pointer)
        elif what is Copied.COMMAND:
            self._put(what, self.command(row))
        elif what is Copied.JSON and row is not None and row.kind != "more":
            self.read(row, lambda whole: self._put(what, self.document(row, whole)))
        else:
            self.read(row, lambda whole: self._put(what, whole.exact if what is Copied.VALUE else whole.json))

    def document(self, row: OutlineRow, whole: WholeField) -> str:
        """The row as JSON: where it stands, at which version, its value, and the event that set it where that is
        known."""
        setter = self._setters.document(row)
        members = {
            "pointer": exact_json.dump(row.pointer),
            "version": exact_json.dump(self.version_of(row)),
            "value": whole.json.replace("\n", "\n  "),
        }
        if setter is not None:
            members["set_by"] = exact_json.dump(setter, indent=2).replace("\n", "\n  ")
        lines = [f'  "{name}": {text}' for name, text in members.items()]
        return "{\n" + ",\n".join(lines) + "\n}"

    def read(self, row: OutlineRow | None, use: Callable[[WholeField], None], lane: Lane = COPIED) -> None:
        """The whole value of a row that is seen. None: the whole state."""
        ordinal, history = self._ordinal_of(row), self._desk.cursor.history
        if ordinal is None or history is None:
            return
        from auditor.jobs import show_field

        request = show_field.ShowFieldRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            ordinal=ordinal,
            model=self._desk.cursor.model,
            pointer=row.pointer if row is not None else "",
        )
        self._desk.store.ask(
            lane, read_whole, request, done=use, failed=lambda error: self._desk.tasks.say(str(error))
        )

    def version_of(self, row: OutlineRow | None) -> int | None:
        """The version at which the state has that row."""
        ordinal, history = self._ordinal_of(row), self._desk.cursor.history
        return None if ordinal is None or history is None else history.version(ordinal)

    def _ordinal_of(self, row: OutlineRow | None) -> int | None:
        seen = self._seen()
        if seen is None:
            return None
        return seen.against if row is not None and row.sign == "removed" else seen.ordinal

    def command(self, row: OutlineRow | None) -> str:
        """`auditor state STORE ID --version N --field POINTER`, as a shell takes it."""
        version, place = self.version_of(row), self._desk.cursor.place
        if place is None:
            return ""
        words = ["auditor", "state", self._desk.store.location, place.aggregate_id]
        if version is not None:
            words += ["--version", str(version)]
        if self._desk.cursor.model is not None:
            words += ["--model", self._desk.cursor.model]
        if self._desk.store.workspace is not None:
            words += ["--workspace", str(self._desk.store.workspace)]
        if row is not None and row.pointer:
            words += ["--field", row.pointer]
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
