"""Counts of a native store, exact, and what disagrees between its tables."""

from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.sql import ClauseElement

from auditor.core.text import tr
from auditor.stores.column_kinds import as_text
from auditor.stores.dialects.expressions import unindexed
from auditor.stores.dialects.viewing import ReadCursor
from auditor.stores.native_schema import events, streams
from auditor.stores.pages import StoreInfo
from auditor.stores.scanning import Query

_NEAR_THE_END: Final = 10_000


def count_store(cursor: ReadCursor) -> StoreInfo:
    """Reads an index of the events from end to end. Must run inside one read transaction."""
    stored, head = _one(cursor, select(func.count(), func.max(events.c.position)).select_from(events))
    listed, versions = _one(cursor, select(func.count(), func.sum(streams.c.version)).select_from(streams))
    if stored == (versions or 0):
        return StoreInfo(events=stored, aggregates=listed, types=_types_of_streams(cursor), head=head)
    counted = _one(cursor, select(func.count(events.c.aggregate_id.distinct())))[0]
    warning = tr(
        "The table of aggregates does not agree with the events: it lists {listed:,} aggregates with {versions} "
        "events, and the store has {stored:,} events of {counted:,} aggregates. Aggregates are counted from the "
        "events; lists of aggregates may lack some or show a wrong version.",
        listed=listed,
        versions=f"{versions:,}" if isinstance(versions, int) else str(versions),
        stored=stored,
        counted=counted,
    )
    return StoreInfo(
        events=stored, aggregates=counted, types=_types_of_events(cursor), head=head, warnings=[warning]
    )


def estimate_store(cursor: ReadCursor) -> StoreInfo:
    """A hint in no time: the last position stands for the number of events, which holes make smaller."""
    head = _one(cursor, select(func.max(events.c.position)))[0]
    listed = _one(cursor, select(func.count()).select_from(streams))[0]
    return StoreInfo(
        events=head or 0, aggregates=listed, types=_types_of_streams(cursor), head=head, estimated=True
    )


def count_beyond(cursor: ReadCursor, after: int) -> tuple[int | None, int]:
    """The last position, and the exact number of events with a higher position than `after`."""
    head = _one(cursor, select(func.max(events.c.position)))[0]
    if head is None or head <= after:
        return head, 0
    # From the position on the events themselves are read, whatever they hold; far from the end the smallest index
    # is less, though read whole.
    is_near = head - after <= _NEAR_THE_END
    position = events.c.position if is_near else unindexed(events.c.position)
    counted = select(func.count()).select_from(events)
    return head, _one(cursor, counted.where(position > after) if after else counted)[0]


def _one(cursor: ReadCursor, statement: ClauseElement) -> tuple[Any, ...]:
    row: tuple[Any, ...] = Query(statement).run(cursor).fetchone()
    return row


def _types_of_streams(cursor: ReadCursor) -> dict[str, int]:
    return _types(cursor, select(streams.c.aggregate_type, func.count()).group_by(streams.c.aggregate_type))


def _types_of_events(cursor: ReadCursor) -> dict[str, int]:
    counted = func.count(events.c.aggregate_id.distinct())
    return _types(cursor, select(events.c.aggregate_type, counted).group_by(events.c.aggregate_type))


def _types(cursor: ReadCursor, statement: ClauseElement) -> dict[str, int]:
    rows: list[tuple[object, int]] = []
    Query(statement).fill(rows, cursor, tuple)
    return dict(sorted((as_text(name), count) for name, count in rows))
