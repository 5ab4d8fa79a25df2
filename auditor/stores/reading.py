"""Reading an open store: short transactions, batches, and damage told with the last good row."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

from auditor.core.errors import StoreDamaged
from auditor.core.events import RecordedEvent
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.pages import AggregateRow
from auditor.stores.readonly import ReadOnlyFile
from auditor.stores.scanning import Make, Query, as_event, as_text, damaged_after, well_typed
from auditor.stores.sqlite_errors import is_damage

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

    def fill(
        self,
        rows: list[Any],
        query: Query,
        make: Make,
        values: Mapping[str, Any] = MappingProxyType({}),
        place: str | None = None,
    ) -> None:
        """Appends the answer to `rows`; `place` names the last row that was read before."""
        with self.transaction() as cursor:
            try:
                query.fill(rows, cursor, make, **values)
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                last = _place(rows[-1]) if rows else place
                raise damaged_after(error, self._file.location.name, last) from error

    def batches(
        self,
        query: Query,
        start: dict[str, Any],
        after: Callable[[RecordedEvent], dict[str, Any]],
        batch: int,
        left: int | None,
    ) -> Iterator[list[RecordedEvent]]:
        values, place = start, None
        while left is None or left > 0:
            most = batch if left is None else min(batch, left)
            rows: list[RecordedEvent] = []
            damage = None
            try:
                self.fill(rows, query, as_event, {**values, "most": most}, place)
            except StoreDamaged as error:
                damage = error
            if rows:
                # Before values of a wrong kind are replaced: the database compares those that it has.
                values, place = after(rows[-1]), _place(rows[-1])
                self._note(well_typed(rows))
                got = len(rows)
                left = None if left is None else left - got
                yield rows
                del rows
            else:
                got = 0
            if damage is not None:
                raise damage
            if got < most:
                return

    def _note(self, notes: list[str]) -> None:
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
