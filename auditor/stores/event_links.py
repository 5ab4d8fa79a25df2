"""One event, and the events that it is linked to: what caused it, and what it caused."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select

from auditor.core.errors import WrongRequest
from auditor.core.events import RecordedEvent
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.column_kinds import EVENT_KINDS, as_text
from auditor.stores.dialects.viewing import ReadCursor
from auditor.stores.event_marks import locate_event, ordinal_at, position_at
from auditor.stores.link_rows import LINK_COLUMNS as _LINK_COLUMNS
from auditor.stores.link_rows import links_to
from auditor.stores.listing import bound
from auditor.stores.native_schema import RECORDED_COLUMNS, events
from auditor.stores.pages import EventLink, LinkedEvent
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query

MOST_EFFECTS: Final = 100


def position_of_event(reading: Reading, aggregate_id: str, ordinal: int | None, version: int | None) -> int:
    """Raises: AggregateNotFound; WrongRequest for one that is not there, naming what is."""
    if version == 0 or (ordinal is not None and ordinal < 1):
        raise WrongRequest(tr("Before the first event there is none."), tr("Events count from 1."))
    if ordinal is None:
        return locate_event(reading, aggregate_id, version=version).position
    position = position_at(reading, aggregate_id, ordinal)
    if position is None:
        last = locate_event(reading, aggregate_id)
        raise WrongRequest(
            tr("{id} has no event number {ordinal}.", id=display(aggregate_id), ordinal=ordinal),
            tr("It has {count} events.", count=last.ordinal),
        )
    return position


def position_of_id(reading: Reading, event_id: str) -> int:
    """Raises: WrongRequest for an id that no event has."""
    with reading.transaction() as cursor:
        statement = select(events.c.position).where(events.c.event_id == bound(event_id))
        found = Query(statement).run(cursor).fetchone()
    if found is None:
        raise WrongRequest(
            tr("No event of this store has the id {id}.", id=display(event_id, longest=80)),
            tr("Ids of events are compared letter by letter; `auditor events STORE --json` shows them."),
        )
    return int(found[0])


def linked_event(reading: Reading, position: int, ordinal: int | None = None) -> LinkedEvent:
    """The event at that position, which is there; `ordinal` where it is known. All by indexes. Raises: StoreDamaged."""
    rows: list[RecordedEvent] = []
    filled = reading.page(rows, _events(RECORDED_COLUMNS, events.c.position == position, 1), EVENT_KINDS, 1)
    assert filled.first is not None  # noqa: S101 - found in the same transaction
    event = rows[0]
    with reading.transaction() as cursor:
        correlation_id, causation_id = _links(cursor, position)
        ordinal = ordinal_at(cursor, position) if ordinal is None else ordinal
        correlated = _count(cursor, events.c.correlation_id, correlation_id) if correlation_id else 0
    effects, more_effects = _effects(reading, as_text(filled.first[1]))
    return LinkedEvent(
        event=event,
        ordinal=ordinal,
        correlation_id=correlation_id,
        causation_id=causation_id,
        cause=_cause(reading, causation_id),
        effects=effects,
        more_effects=more_effects,
        correlated=correlated,
        notes=filled.notes,
    )


def _events(columns: tuple[Any, ...], condition: ColumnElement[bool], limit: int) -> Select[Any]:
    return select(*columns).where(condition).order_by(events.c.position).limit(limit)


def _links(cursor: ReadCursor, position: int) -> tuple[str | None, str | None]:
    found: list[tuple[object, object]] = []
    statement = select(events.c.correlation_id, events.c.causation_id).where(events.c.position == position)
    Query(statement).fill(found, cursor, tuple)
    correlation_id, causation_id = (None if one is None else as_text(one) for one in found[0])
    return correlation_id, causation_id


def _count(cursor: ReadCursor, column: ColumnElement[Any], value: str) -> int:
    counted = select(func.count()).select_from(events).where(column == bound(value))
    return int(Query(counted).run(cursor).fetchone()[0])


def _cause(reading: Reading, causation_id: str | None) -> EventLink | None:
    if causation_id is None:
        return None
    found = _linked(reading, events.c.event_id == bound(causation_id), 1)[0]
    return found[0] if found else None


def _effects(reading: Reading, event_id: str) -> tuple[tuple[EventLink, ...], int]:
    found, more = _linked(reading, events.c.causation_id == bound(event_id), MOST_EFFECTS)
    if not more:
        return found, 0
    with reading.transaction() as cursor:
        return found, _count(cursor, events.c.causation_id, event_id) - len(found)


def _linked(
    reading: Reading, condition: ColumnElement[bool], most: int
) -> tuple[tuple[EventLink, ...], bool]:
    rows: list[RecordedEvent] = []
    filled = reading.page(rows, _events(_LINK_COLUMNS, condition, most + 1), EVENT_KINDS, most)
    return tuple(links_to(reading, rows)), filled.more
