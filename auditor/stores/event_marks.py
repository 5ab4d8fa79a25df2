"""Places in an aggregate's history: from version, time, position or ordinal to the event, and back to its ordinal."""

from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select, tuple_

from auditor.core.errors import AggregateNotFound, WrongRequest
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.column_kinds import as_text
from auditor.stores.dialects.viewing import ReadCursor
from auditor.stores.listing import bound, order_of, stored_integer
from auditor.stores.native_schema import events
from auditor.stores.pages import EventMark
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query

_BEFORE_FIRST: Final = EventMark(0, None, None, 0)

_one = events.alias("one")
_ORDINAL: Final = Query(
    select(func.count())
    .select_from(_one, events)
    .where(
        _one.c.position == bindparam("position"),
        events.c.aggregate_id == _one.c.aggregate_id,
        events.c.version
        <= _one.c.version,  # says less than the next line, and finds its way through an index
        tuple_(events.c.version, events.c.position) <= tuple_(_one.c.version, _one.c.position),
    )
)


def locate_event(
    reading: Reading,
    aggregate_id: str,
    *,
    version: int | None = None,
    as_of: str | None = None,
    position: int | None = None,
) -> EventMark:
    """The aggregate's last event that the one given condition allows; without any, its last event.

    `as_of` (fixed-width UTC) and `position` include their own moment and may lie before the first event.
    Raises: AggregateNotFound; WrongRequest for a version that is not there, naming the range.
    """
    statement = _marks(aggregate_id)
    if version is not None:
        statement = statement.where(events.c.version == stored_integer(version))
    if as_of is not None:
        statement = statement.where(events.c.timestamp <= as_of)
    if position is not None:
        statement = statement.where(events.c.position <= stored_integer(position))
    statement = statement.order_by(*(column.desc() for column in order_of(aggregate_id))).limit(1)
    with reading.transaction() as cursor:
        found = _mark(cursor, statement)
        if found is not None:
            return found
        first, last = _versions(cursor, aggregate_id)
    if version is not None and version != 0:
        raise WrongRequest(
            tr("{id} has no version {version}.", id=display(aggregate_id), version=version),
            tr("Its versions go from {first} to {last}.", first=first, last=last),
        )
    return _BEFORE_FIRST


def position_at(reading: Reading, aggregate_id: str, ordinal: int) -> int | None:
    """Where the aggregate's event with that ordinal, from 1, stands; None where it has fewer.

    Counts through an index, some 50 ns an event, and reads no other row.
    """
    order = order_of(aggregate_id)
    statement = (
        select(events.c.position)
        .where(events.c.aggregate_id == bound(aggregate_id))
        .order_by(*order)
        .limit(1)
        .offset(stored_integer(ordinal - 1))
    )
    with reading.transaction() as cursor:
        found = Query(statement).run(cursor).fetchone()
    return None if found is None else int(found[0])


def place_at(reading: Reading, position: int) -> list[Any]:
    """Version and position of the event at that position as stored: what a wrong version is read as, the database does
    not compare with. Raises: IndexError where there is none."""
    found: list[list[Any]] = []
    statement = select(events.c.version, events.c.position).where(events.c.position == position)
    with reading.transaction() as cursor:
        Query(statement).fill(found, cursor, list)
    return found[0]


def ordinal_at(cursor: ReadCursor, position: int) -> int:
    """Which one of its aggregate the event at that position is. Counts through an index."""
    return int(_ORDINAL.run(cursor, position=position).fetchone()[0])


def ids_hint() -> str:
    return tr("`auditor aggregates STORE` lists them. Ids are compared letter by letter.")


def _marks(aggregate_id: str) -> Select[tuple[int, str, int]]:
    return select(events.c.version, events.c.timestamp, events.c.position).where(
        events.c.aggregate_id == bound(aggregate_id)
    )


def _mark(cursor: ReadCursor, statement: Select[tuple[int, str, int]]) -> EventMark | None:
    found: list[tuple[int, str, int]] = []
    Query(statement).fill(found, cursor, tuple)
    if not found:
        return None
    version, timestamp, position = found[0]
    known = version if isinstance(version, int) else 0
    return EventMark(ordinal_at(cursor, position), known, as_text(timestamp), position)


def _versions(cursor: ReadCursor, aggregate_id: str) -> tuple[int, int]:
    statement = select(func.min(events.c.version), func.max(events.c.version)).where(
        events.c.aggregate_id == bound(aggregate_id)
    )
    first, last = Query(statement).run(cursor).fetchone()
    if first is None:
        raise AggregateNotFound(aggregate_id, ids_hint())
    return first, last
