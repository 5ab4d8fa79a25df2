"""Reading an open store: short transactions, batches, and damage told with the last good row."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy.sql import ClauseElement

from auditor.core.errors import StoreError
from auditor.core.events import PayloadRow, RecordedEvent
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.column_kinds import EVENT_KINDS, Kinds, Row, as_text, named
from auditor.stores.dialects.viewing import PlaceLost, ReadCursor, ViewedStore
from auditor.stores.pages import AggregateRow, TimelineRow
from auditor.stores.scanning import Query, damaged_after

_MOST_NOTES: Final = 100


class Filled(NamedTuple):
    """What a page is besides its rows: the keys of the first and the last one as stored, None without rows; whether
    there are more; what is to be said of values of a wrong kind."""

    first: list[Any] | None
    last: list[Any] | None
    more: bool
    notes: list[str]


class Reading:
    """What every answer of a reader passes through: the stop wish, the store's identity, errors a user can read."""

    def __init__(self, store: ViewedStore) -> None:
        self.keeps_any_kind = store.keeps_any_kind
        self._store = store
        self._notes = 0
        self._shared = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[ReadCursor]:
        self._store.gate.token.raise_if_cancelled()
        self._store.check_unchanged()
        shared: ReadCursor | None = getattr(self._shared, "cursor", None)
        with self._store.translated():
            if shared is not None:
                yield shared
                return
            with self._store.reading() as cursor:
                yield cursor

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """All transactions of this thread within the block are one: their answers belong together. Keep it short."""
        with self.transaction() as cursor:
            before = getattr(self._shared, "cursor", None)
            self._shared.cursor = cursor
            try:
                yield
            finally:
                self._shared.cursor = before

    def page(
        self,
        rows: list[Row],
        statement: ClauseElement,
        kinds: Kinds,
        limit: int,
        key: Callable[[Row], list[Any]] = list,
    ) -> Filled:
        """Fills `rows`, which are empty, with up to `limit` rows of a statement that asks for one more.

        Raises: StoreDamaged naming the last good row, never a part of the answer.
        """
        notes: list[str] = []
        damage = self._fill(rows, Query(statement), kinds, {}, None)
        more = len(rows) > limit
        del rows[limit:]
        first, last = (key(rows[0]), key(rows[-1])) if rows else (None, None)
        damage = self._mend(rows, kinds, notes, None) or damage
        if damage:
            raise damage
        return Filled(first, last, more, notes)

    def batches(
        self,
        query: Query,
        start: dict[str, Any],
        after: Callable[[Row], dict[str, Any]],
        batch: int,
        left: int | None,
        place: str | None = None,
        kinds: Kinds = EVENT_KINDS,
    ) -> Iterator[list[Row]]:
        """Answers of `query`, each going on `after` the last row of the one before, until one is short.

        `place` names what was good before `start`, for a message of damage.

        Raises: StoreDamaged when all good rows are handed over.
        """
        values = start
        while left is None or left > 0:
            most = batch if left is None else min(batch, left)
            rows: list[Row] = []
            damage = self._fill(rows, query, kinds, {**values, "most": most}, place)
            got = len(rows)
            if rows:
                values = after(rows[-1])  # before it is mended: the database compares what it has
                notes: list[str] = []
                damage = self._mend(rows, kinds, notes, place) or damage
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
    ) -> StoreError | None:
        """Appends the answer to `rows`, up to where reading ends in the midst: the error that says so is returned;
        `place` names the last row before."""
        try:
            with self.transaction() as cursor:
                try:
                    query.fill(rows, cursor, kinds.make, **values)
                except self._store.driver_error as error:
                    reason = self._store.damage(error)
                    if reason is None:
                        raise
                    return self._damage(reason, rows, place)
        except PlaceLost as lost:
            if place is None:
                raise
            return lost.after(place)
        return None

    def _mend(self, rows: list[Row], kinds: Kinds, notes: list[str], place: str | None) -> StoreError | None:
        if not self.keeps_any_kind:
            return None
        reason = kinds.mend(rows, notes)
        return self._damage(reason, rows, place) if reason else None

    def _damage(self, reason: str, rows: list[Row], place: str | None) -> StoreError:
        return damaged_after(reason, self._store.location.name, _place(rows[-1]) if rows else place)

    def note(self, notes: list[str]) -> None:
        """Adds to the store's warnings, up to a limit, then that there are more."""
        room = _MOST_NOTES - self._notes
        self._store.warnings += notes[: max(room, 0)]
        if self._notes <= _MOST_NOTES < self._notes + len(notes):
            self._store.warnings.append(tr("There are more values of a wrong kind; they are not listed."))
        self._notes += len(notes)


def _place(row: AggregateRow | RecordedEvent | PayloadRow | TimelineRow) -> str:
    """How a message names a row that was still good."""
    row = named(row)
    if isinstance(row, AggregateRow):
        return tr("aggregate {id}", id=display(as_text(row.aggregate_id)))
    if isinstance(row, TimelineRow | PayloadRow):
        return tr("position {position} (version {version})", position=row.position, version=row.version)
    return tr(
        "position {position} (version {version} of {id})",
        position=row.position,
        version=row.version,
        id=display(as_text(row.aggregate_id)),
    )
