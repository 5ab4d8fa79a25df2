"""Taking an event out of the list of those between two states."""

import shlex
from collections.abc import Callable

from auditor.core import exact_json
from auditor.core.text import tr
from auditor.gui.compare.between_rows import BetweenRow
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk


class BetweenCopying:
    """Copies of the current row: its version, what is known of it as JSON, or the command that shows the event."""

    def __init__(self, desk: Desk, current: Callable[[], BetweenRow | None]) -> None:
        self._desk = desk
        self._current = current

    def copyable(self) -> frozenset[Copied]:
        if self._current() is None:
            return frozenset()
        return frozenset({Copied.VALUE, Copied.JSON, Copied.COMMAND})

    def copy(self, what: Copied) -> None:
        row, history = self._current(), self._desk.cursor.history
        if row is None or history is None:
            return
        version = history.version(row.last)
        if what is Copied.VALUE:
            self._put(str(version), tr("Version copied"))
        elif what is Copied.JSON:
            document = {
                "versions": [history.version(row.first), version],
                "event_type": row.event_type or None,
                "changed": row.text,
            }
            self._put(exact_json.dump(document, indent=2), tr("Copied as JSON"))
        else:
            words = [
                "auditor",
                "event",
                self._desk.store.location,
                history.aggregate.aggregate_id,
                str(version),
            ]
            self._put(shlex.join(words), tr("Command copied"))

    def _put(self, text: str, said: str) -> None:
        put_on_clipboard(text)
        self._desk.tasks.say(said)
