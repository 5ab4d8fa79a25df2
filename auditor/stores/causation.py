"""Events found by what links them: causes by their id, effects by the id of their cause, all of one correlation."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from auditor.core.causation import NamedCause
from auditor.core.events import RecordedEvent
from auditor.stores.column_kinds import EVENT_KINDS, as_text
from auditor.stores.event_links import position_of_event, position_of_id
from auditor.stores.link_rows import LINK_COLUMNS, links_to, parts
from auditor.stores.listing import bound
from auditor.stores.native_schema import events
from auditor.stores.pages import EventLink
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query

_NO_LIMIT: Final = 2**31


class EventLinks:
    """A `LinkSource` for `core.causation`. Every question goes through an index; no payload is read."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def find(
        self,
        *,
        aggregate_id: str | None = None,
        ordinal: int | None = None,
        version: int | None = None,
        event_id: str | None = None,
    ) -> tuple[NamedCause[EventLink], str | None]:
        """The event that is meant, as `StoreReader.event` says it, and its correlation.

        Raises: AggregateNotFound; WrongRequest for one that is not there; StoreDamaged.
        """
        if event_id is not None:
            position = position_of_id(self._reading, event_id)
        else:
            position = position_of_event(self._reading, aggregate_id or "", ordinal, version)
        event = self._named(events.c.position == position)[0]
        with self._reading.transaction() as cursor:
            found: list[tuple[object]] = []
            statement = select(events.c.correlation_id).where(events.c.position == position)
            Query(statement).fill(found, cursor, tuple)
        return event, None if found[0][0] is None else as_text(found[0][0])

    def by_id(self, event_id: str) -> NamedCause[EventLink] | None:
        found = self._named(events.c.event_id == bound(event_id))
        return found[0] if found else None

    def count_effects(self, event_ids: Sequence[str], after: int | None = None) -> dict[str, int]:
        found: list[tuple[Any, int]] = []
        for some in parts(event_ids):
            statement = (
                select(events.c.causation_id, func.count())
                .where(events.c.causation_id.in_([bound(one) for one in some]), *_beyond(after))
                .group_by(events.c.causation_id)
            )
            with self._reading.transaction() as cursor:
                Query(statement).fill(found, cursor, tuple)
        return {as_text(event_id): count for event_id, count in found}

    def effects(
        self, wanted: Mapping[str, int], counts: Mapping[str, int], after: int | None = None
    ) -> dict[str, list[EventLink]]:
        rows: list[RecordedEvent] = []
        for some in parts([one for one, most in wanted.items() if most >= counts[one]]):
            among = events.c.causation_id.in_([bound(one) for one in some])
            rows += self._rows((among, *_beyond(after)), _NO_LIMIT)
        for event_id, most in wanted.items():
            if most < counts[event_id]:
                rows += self._rows((events.c.causation_id == bound(event_id), *_beyond(after)), most)
        found: dict[str, list[EventLink]] = {}
        for row, link in zip(rows, links_to(self._reading, rows), strict=True):
            found.setdefault(row.metadata_text, []).append(link)
        return found

    def correlated(
        self, correlation_id: str, most: int, after: int | None = None
    ) -> tuple[list[EventLink], int]:
        """The first events of that correlation beyond a position, and how many there are beyond it."""
        conditions = (events.c.correlation_id == bound(correlation_id), *_beyond(after))
        with self._reading.transaction() as cursor:
            counted = select(func.count()).select_from(events).where(*conditions)
            count = int(Query(counted).run(cursor).fetchone()[0])
        return links_to(self._reading, self._rows(conditions, most)), count

    def _named(self, condition: ColumnElement[bool]) -> list[NamedCause[EventLink]]:
        rows = self._rows((condition,), 1)
        links = links_to(self._reading, rows)
        return [NamedCause(link, row.metadata_text or None) for row, link in zip(rows, links, strict=True)]

    def _rows(self, conditions: Sequence[ColumnElement[bool]], most: int) -> list[RecordedEvent]:
        rows: list[RecordedEvent] = []
        statement = select(*LINK_COLUMNS).where(*conditions).order_by(events.c.position).limit(most)
        self._reading.note(self._reading.page(rows, statement, EVENT_KINDS, most).notes)
        return rows


def _beyond(after: int | None) -> tuple[ColumnElement[bool], ...]:
    return () if after is None else (events.c.position > after,)
