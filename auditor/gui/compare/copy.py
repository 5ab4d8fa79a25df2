"""Taking a comparison out of the window: a value, a row as JSON, its path, the patch, and the command that says it."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from auditor.core.compared_rows import ComparedRow
from auditor.core.text import tr
from auditor.gui.compare.reader import CompareReader
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.state.field_viewer import COPIED, WholeField, read_whole
from auditor.tasks.context import TaskContext
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.asked_state import DatedAnswer
    from auditor.jobs.session import Session
    from auditor.jobs.show_field import ShowFieldRequest

PATCH = Lane("patch")


class _BothFields(NamedTuple):
    """What is asked for to write a row as JSON; None for the state that has no such field."""

    path: str
    kind: str
    a: "ShowFieldRequest | None"
    b: "ShowFieldRequest | None"


def _read_both(session: "Session", fields: _BothFields, context: TaskContext) -> str:
    """The row as the command line writes a change."""
    from auditor.core import exact_json
    from auditor.jobs import show_field

    document = {"path": fields.path, "kind": fields.kind}
    for name, request in (("before", fields.a), ("after", fields.b)):
        if request is not None:
            document[name] = exact_json.parse(show_field.run(session, request, context).text)
    return exact_json.dump(document, indent=2)


class CompareCopying:
    """Copies of the current row. Its value is the one in the right column, of what was removed that in the left."""

    def __init__(self, desk: Desk, reader: CompareReader, current: Callable[[], ComparedRow | None]) -> None:
        self._desk = desk
        self._reader = reader
        self._current = current

    def copyable(self) -> frozenset[Copied]:
        """Without a row, only the command."""
        if self._reader.shown is None:
            return frozenset()
        row = self._current()
        return frozenset(Copied) if row is not None and row.kind == "field" else frozenset({Copied.COMMAND})

    def copy(self, what: Copied) -> None:
        row = self._current()
        if what is Copied.COMMAND:
            self._put(self.command(), tr("Command copied"))
        elif row is None:
            return
        elif what is Copied.PATH:
            self._put(row.pointer, tr("Path copied"))
        elif what is Copied.VALUE:
            self.read(row, lambda whole: self._put(whole.exact, tr("Value copied")))
        else:
            self._copy_row(row)

    def read(self, row: ComparedRow, use: Callable[[WholeField], None], lane: Lane = COPIED) -> None:
        """The whole value of a row that is seen: rows hold no more than can be painted."""
        request = self._field(row, in_b=row.b is not None)
        if request is not None:
            self._desk.store.ask(
                lane, read_whole, request, done=use, failed=lambda error: self._desk.tasks.say(str(error))
            )

    def copy_patch(self) -> None:
        """The JSON Patch that makes the right state of the left one."""
        which, shown = self._reader.which, self._reader.shown
        if which is None or shown is None:
            return
        from auditor.jobs import make_patch

        request = make_patch.MakePatchRequest(**self._reader.asked(which))
        self._desk.store.ask(
            PATCH,
            make_patch.run,
            request,
            done=lambda result: self._put(result.text, tr("Patch copied")),
            failed=lambda error: self._desk.tasks.say(str(error)),
        )

    def command(self) -> str:
        """`auditor diff STORE ID A B`, as a shell takes it."""
        shown = self._reader.shown
        if shown is None:
            return ""
        desk = self._desk
        versions = [str(one.version if one.version is not None else 0) for one in (shown.a, shown.b)]
        words = ["auditor", "diff", desk.store.location, shown.a.aggregate_id, *versions]
        if not shown.is_of_one:
            words += ["--with", shown.b.aggregate_id]
        if desk.cursor.model is not None:
            words += ["--model", desk.cursor.model]
        if desk.store.workspace is not None:
            words += ["--workspace", str(desk.store.workspace)]
        return shlex.join(words)

    def _copy_row(self, row: ComparedRow) -> None:
        fields = _BothFields(
            row.pointer, row.sign or "unchanged", self._field(row, in_b=False), self._field(row, in_b=True)
        )
        self._desk.store.ask(
            COPIED,
            _read_both,
            fields,
            done=lambda text: self._put(text, tr("Copied as JSON")),
            failed=lambda error: self._desk.tasks.say(str(error)),
        )

    def _field(self, row: ComparedRow, *, in_b: bool) -> "ShowFieldRequest | None":
        shown = self._reader.shown
        if shown is None or (row.b if in_b else row.a) is None:
            return None
        from auditor.jobs import show_field

        state: DatedAnswer = shown.b if in_b else shown.a
        return show_field.ShowFieldRequest(
            origin=self._desk.store.origin,
            aggregate_id=state.aggregate_id,
            aggregate_type=state.aggregate_type,
            ordinal=state.ordinal,
            model=self._desk.cursor.model,
            pointer=row.pointer if in_b else row.pointer_a or "",
        )

    def _put(self, text: str, said: str) -> None:
        put_on_clipboard(text)
        self._desk.tasks.say(said)
