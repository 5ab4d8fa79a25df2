"""Reading an open store: short transactions, batches, and damage told with the last good row."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy.sql import ClauseElement

from auditor.core.errors import StoreDamaged
from auditor.core.events import RecordedEvent
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.column_kinds import EVENT_KINDS, Kinds, Row, as_text
from auditor.stores.pages import AggregateRow
from auditor.stores.readonly import ReadOnlyFile
from auditor.stores.scanning import Query, damaged_after
from auditor.stores.sqlite_errors import is_damage, why

_MOST_NOTES: Final = 100


class Reading:
    """What every answer of a reader passes through: the stop wish, the file's identity, errors a user can read."""

    def __init__(self, file: ReadOnlyFile) -> None:
        self._file = file
        self._notes = 0

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Cursor]:
        self._file.gate.token.raise_if_cancelled()
        self._file.check_unchanged()
        with self._file.translated(), self._file.reading() as cursor:
            yield cursor

    def page(
        self,
        rows: list[Row],
        statement: ClauseElement,
        kinds: Kinds,
        limit: int,
        key: Callable[[Row], list[Any]],
    ) -> tuple[list[Any] | None, list[str]]:
        """Fills `rows` with up to `limit` rows of a statement that asks for one more.

        Returns the `key` of the last row where there are more, and what is to be said of values of a wrong kind.
        Raises: StoreDamaged naming the last good row, never a part of the answer.
        """
        notes: list[str] = []
        damage = self._fill(rows, Query(statement), kinds, {}, None)
        more = len(rows) > limit
        del rows[limit:]
        place = key(rows[-1]) if more else None
        damage = self._mend(rows, kinds, notes, None) or damage
        if damage:
            raise damage
        return place, notes

    def batches(
        self,
        query: Query,
        start: dict[str, Any],
        after: Callable[[RecordedEvent], dict[str, Any]],
        batch: int,
        left: int | None,
        place: str | None = None,
    ) -> Iterator[list[RecordedEvent]]:
        """Answers of `query`, each going on `after` the last row of the one before, until one is short.

        `place` names what was good before `start`, for a message of damage.

        Raises: StoreDamaged when all good rows are handed over.
        """
        values = start
        while left is None or left > 0:
            most = batch if left is None else min(batch, left)
            rows: list[RecordedEvent] = []
            damage = self._fill(rows, query, EVENT_KINDS, {**values, "most": most}, place)
            got = len(rows)
            if rows:
                values = after(rows[-1])  # before it is mended: the database compares what it has
                notes: list[str] = []
                damage = self._mend(rows, EVENT_KINDS, notes, place) or damage
                self.note(notes)
            if rows:
                place = _place(rows[-1])
                left = None if left is None else left - got
                yield rows
                del rows
            if damage:
                raise damage
            if got < most:
                return

    def _fill(
        self, rows: list[Row], query: Query, kinds: Kinds, values: Mapping[str, Any], place: str | None
    ) -> StoreDamaged | None:
        """Appends the answer to `rows`, up to damage, which is returned; `place` names the last row before."""
        with self.transaction() as cursor:
            try:
                query.fill(rows, cursor, kinds.make, **values)
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                return self._damage(why(error), rows, place)
        return None

    def _mend(
        self, rows: list[Row], kinds: Kinds, notes: list[str], place: str | None
    ) -> StoreDamaged | None:
        reason = kinds.mend(rows, notes)
        return self._damage(reason, rows, place) if reason else None

    def _damage(self, reason: str, rows: list[Row], place: str | None) -> StoreDamaged:
        return damaged_after(reason, self._file.location.name, _place(rows[-1]) if rows else place)

    def note(self, notes: list[str]) -> None:
        """Adds to the store's warnings, up to a limit, then that there are more."""
        room = _MOST_NOTES - self._notes
        self._file.warnings += notes[: max(room, 0)]
        if self._notes <= _MOST_NOTES < self._notes + len(notes):
            self._file.warnings.append(tr("There are more values of a wrong kind; they are not listed."))
        self._notes += len(notes)


def _place(row: AggregateRow | RecordedEvent) -> str:
    """How a message names a row that was still good."""
    if isinstance(row, AggregateRow):
        return tr("aggregate {id}", id=display(as_text(row.aggregate_id)))
    return tr(
        "position {position} (version {version} of {id})",
        position=row.position,
        version=row.version,
        id=display(as_text(row.aggregate_id)),
    )
