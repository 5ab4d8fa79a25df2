"""Taking the values of a field out of the window."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

from auditor.core import exact_json
from auditor.core.text import tr
from auditor.gui.blame import words
from auditor.gui.blame.value_rows import CHANGE, VALUE, ValueRows
from auditor.gui.blame.whole_value import WHOLE_COPIED, read_whole_value
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.state.field_viewer import WholeField

if TYPE_CHECKING:
    from auditor.jobs.show_blame import BlameResult, FieldChange


class BlameCopying:
    """Copies of the current value; the command and the path are those of the field."""

    def __init__(
        self,
        desk: Desk,
        rows: ValueRows,
        result: "Callable[[], BlameResult | None]",
        asked: Callable[[], tuple[str, int]],
        current: Callable[[], int],
    ) -> None:
        self._desk = desk
        self._rows = rows
        self._result = result
        self._asked = asked
        self._current = current

    def copyable(self) -> frozenset[Copied]:
        if self._result() is None:
            return frozenset()
        change = self._change()
        if change is None:
            return frozenset((Copied.PATH, Copied.COMMAND))
        return frozenset(Copied) - {Copied.VALUE} if change.is_removal else frozenset(Copied)

    def copy(self, what: Copied) -> None:
        change = self._change()
        if what is Copied.PATH:
            self._put(self._asked()[0], tr("Path copied"))
        elif what is Copied.COMMAND:
            self._put(self.command(), tr("Command copied"))
        elif change is not None and change.cut:
            self._copy_whole(what, change)
        elif change is not None and what is Copied.JSON:
            self._put(self.document(change, change.text), tr("Copied as JSON"))
        elif change is not None and change.text is not None:
            is_text = words.kind_of_text(change.text) == "string"
            self._put(words.text_of(change.text) if is_text else change.text, tr("Value copied"))

    def copy_table(self) -> None:
        """All values, one a line, with tabs between the columns, as they are seen."""
        rows = self._rows
        names = ["value", "change", "version", "event_type", "user_id", "timestamp"]
        lines = ["\t".join(names)]
        for row, change in enumerate(rows.changes):
            value = "" if change.is_removal else rows.text(row, VALUE)
            difference = tr("removed") if change.is_removal else rows.text(row, CHANGE)
            cells = [value, difference, str(change.version), change.event_type]
            cells += [change.user_id or "", change.timestamp]
            lines.append("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in cells))
        self._put("\n".join(lines) + "\n", tr("Copied as table"))

    def command(self) -> str:
        """`auditor blame STORE ID POINTER`, as a shell takes it, at the version at which the pointer names the
        field."""
        place, history = self._desk.cursor.place, self._desk.cursor.history
        pointer, ordinal = self._asked()
        if place is None or history is None:
            return ""
        words_ = ["auditor", "blame", self._desk.store.location, place.aggregate_id, pointer]
        version = history.version(ordinal)
        if version is not None and ordinal < history.length:
            words_ += ["--version", str(version)]
        if self._desk.cursor.model is not None:
            words_ += ["--model", self._desk.cursor.model]
        if self._desk.store.workspace is not None:
            words_ += ["--workspace", str(self._desk.store.workspace)]
        return shlex.join(words_)

    def document(self, change: "FieldChange", text: str | None) -> str:
        """One value with the event that set it; a removed one has no `value`."""
        members = {"pointer": exact_json.dump(self._asked()[0])}
        if text is not None:
            members["value"] = text.replace("\n", "\n  ")
        members |= {
            "version": exact_json.dump(change.version),
            "event_type": exact_json.dump(change.event_type),
            "timestamp": exact_json.dump(change.timestamp),
            "user_id": exact_json.dump(change.user_id),
        }
        lines = [f'  "{name}": {member}' for name, member in members.items()]
        return "{\n" + ",\n".join(lines) + "\n}"

    def _copy_whole(self, what: Copied, change: "FieldChange") -> None:
        def use(whole: WholeField) -> None:
            if what is Copied.JSON:
                json = whole.json if whole.kind != "string" else exact_json.dump(whole.exact)
                self._put(self.document(change, json), tr("Copied as JSON"))
            else:
                self._put(whole.exact, tr("Value copied"))

        result = self._result()
        if result is not None:
            read_whole_value(self._desk, result, self._asked(), change.ordinal, use, WHOLE_COPIED)

    def _change(self) -> "FieldChange | None":
        row = self._current()
        return self._rows.changes[row] if 0 <= row < len(self._rows.changes) else None

    def _put(self, text: str, said: str) -> None:
        put_on_clipboard(text)
        self._desk.tasks.say(said)
