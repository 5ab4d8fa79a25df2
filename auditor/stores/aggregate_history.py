"""The events of one aggregate in version order, whole or as far as they are needed."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import bindparam, select, tuple_

from auditor.core.errors import WrongRequest
from auditor.core.events import PayloadColumns, PayloadRow, RecordedEvent
from auditor.core.text import tr
from auditor.stores.column_kinds import EVENT_KINDS, PAYLOAD_KINDS
from auditor.stores.event_marks import place_at
from auditor.stores.listing import bound, order_of, stored_integer
from auditor.stores.native_schema import RECORDED_COLUMNS, events
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query

_LOWEST: Final = -(2**63)
_COLUMNS: Final = tuple(map(itemgetter, range(len(PayloadColumns._fields))))
_PAYLOAD_COLUMNS: Final = (events.c.position, events.c.version, events.c.event_type, events.c.data)


def events_of(
    reading: Reading, aggregate_id: str, *, up_to: int, batch: int, after: int | None
) -> Iterator[list[RecordedEvent]]:
    """The first `up_to` events, or those behind the position `after`."""
    query, start = _rows_of(reading, aggregate_id, RECORDED_COLUMNS, after)
    return reading.batches(
        query, start, lambda row: {"version": row.version, "position": row.position}, batch, up_to
    )


def payloads_of(
    reading: Reading, aggregate_id: str, *, up_to: int, batch: int, after: int | None
) -> Iterator[PayloadColumns]:
    """Likewise, without the columns that nothing is folded from: a third of the work."""
    query, start = _rows_of(reading, aggregate_id, _PAYLOAD_COLUMNS, after)
    batches: Iterator[list[PayloadRow]] = reading.batches(
        query, start, lambda row: {"version": row[1], "position": row[0]}, batch, up_to, kinds=PAYLOAD_KINDS
    )
    for rows in batches:
        yield PayloadColumns(*(list(map(column, rows)) for column in _COLUMNS))


def _rows_of(
    reading: Reading, aggregate_id: str, columns: tuple[Any, ...], after: int | None
) -> tuple[Query, dict[str, Any]]:
    order = order_of(aggregate_id)
    # Versions may be of any kind where the database keeps any.
    before_all = [float("-inf") if reading.keeps_any_kind else _LOWEST, _LOWEST]
    start = before_all if after is None else place_at(reading, after)
    statement = (
        select(*columns)
        .where(
            events.c.aggregate_id == bound(aggregate_id),
            tuple_(*order) > tuple_(bindparam("version"), bindparam("position")),
        )
        .order_by(*order)
        .limit(bindparam("most"))
    )
    return Query(statement), dict(zip(("version", "position"), start, strict=True))


def event_at(reading: Reading, position: int) -> RecordedEvent:
    """The event that stands there. Raises: WrongRequest, StoreDamaged."""
    statement = select(*RECORDED_COLUMNS).where(events.c.position == stored_integer(position)).limit(2)
    rows: list[RecordedEvent] = []
    reading.page(rows, statement, EVENT_KINDS, 1)
    if not rows:
        raise WrongRequest(tr("No event stands at position {position}.", position=position))
    return rows[0]
