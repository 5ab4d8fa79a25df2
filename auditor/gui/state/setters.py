"""Which event set which field, in words: what the tree shows and says in its last column."""

from typing import Any

from auditor.core.outline import OutlineRow
from auditor.gui.desk import Desk
from auditor.gui.state.set_by import SetByReader
from auditor.gui.state.setter_words import column_title, setter_tip, setter_words, spoken_setter


class Setters:
    """Between what was found out and what is shown of it; empty texts where it is not known yet."""

    def __init__(self, desk: Desk, reader: SetByReader) -> None:
        self._desk = desk
        self._reader = reader

    def ordinal(self, row: OutlineRow) -> int | None:
        """Of the event; 0: no event set it, None: not known yet."""
        return self._reader.setter(row)

    def text(self, row: OutlineRow) -> str:
        history, ordinal = self._desk.cursor.history, self.ordinal(row)
        if history is None or not ordinal:
            return ""
        words = setter_words(history, ordinal, self._desk.clock)
        return f"{words.version} {words.name} {words.time}"

    def spoken(self, row: OutlineRow) -> str:
        history, ordinal = self._desk.cursor.history, self.ordinal(row)
        if history is None or ordinal is None or row.kind == "more":
            return ""
        return spoken_setter(history, ordinal, self._desk.clock)

    def tip(self, row: OutlineRow) -> str:
        history, ordinal = self._desk.cursor.history, self.ordinal(row)
        if history is None or ordinal is None or row.kind == "more":
            return ""
        return setter_tip(history, ordinal, self._desk.clock, seen_from=self._reader.seen_from(row) or 0)

    def document(self, row: OutlineRow) -> dict[str, Any] | None:
        """As JSON has it; None where it is not known or there is none."""
        history, ordinal = self._desk.cursor.history, self.ordinal(row)
        if history is None or not ordinal:
            return None
        return {
            "version": history.version(ordinal),
            "event_type": history.event_type(ordinal),
            "timestamp": history.time(ordinal),
            "user_id": history.user(ordinal),
        }

    def title(self, *, with_time: bool) -> str:
        return column_title(self._desk.clock, with_time=with_time)
