"""Events as one is led to them: their columns without the payload, and which ones of their aggregates they are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, func, literal_column, select

from auditor.core.events import RecordedEvent
from auditor.stores.column_kinds import as_text
from auditor.stores.event_marks import ordinal_at
from auditor.stores.listing import bound
from auditor.stores.native_schema import RECORDED_COLUMNS, events
from auditor.stores.pages import EventLink
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query

AT_ONCE: Final = 400
"""Values that one statement names: databases bound their number."""

_NO_TEXT: Final[ColumnElement[str]] = literal_column("''")
_INSTEAD: Final = {"data": _NO_TEXT, "metadata": func.coalesce(events.c.causation_id, _NO_TEXT)}

LINK_COLUMNS: Final = tuple(
    _INSTEAD[column.name].label(column.name) if column.name in _INSTEAD else column
    for column in RECORDED_COLUMNS
)
"""Those of a `RecordedEvent`; in the place of its metadata stands the id of its cause, empty where it names none."""

Part = TypeVar("Part")


def parts(values: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """As many at once as one statement may name."""
    for begin in range(0, len(values), AT_ONCE):
        yield values[begin : begin + AT_ONCE]


def links_to(reading: Reading, rows: Sequence[RecordedEvent]) -> list[EventLink]:
    """In the same order. Counts the events of each aggregate that is met, once, through an index."""
    whole = _without_holes(reading, {row.aggregate_id for row in rows})
    with reading.transaction() as cursor:
        return [
            EventLink(
                event_id=row.event_id_text,
                aggregate_id=row.aggregate_id,
                aggregate_type=row.aggregate_type,
                event_type=row.event_type,
                version=row.version,
                ordinal=row.version if row.aggregate_id in whole else ordinal_at(cursor, row.position),
                position=row.position,
                timestamp=row.timestamp_utc,
            )
            for row in rows
        ]


def _without_holes(reading: Reading, aggregate_ids: Iterable[str]) -> set[str]:
    """Those whose versions count 1, 2, 3 …: there a version is an ordinal."""
    version, found = events.c.version, list[tuple[Any, ...]]()
    for some in parts(sorted(aggregate_ids)):
        statement = (
            select(
                events.c.aggregate_id,
                func.count(version),
                func.min(version),
                func.max(version),
                func.sum(version),
            )
            .where(events.c.aggregate_id.in_([bound(one) for one in some]))
            .group_by(events.c.aggregate_id)
        )
        with reading.transaction() as cursor:
            Query(statement).fill(found, cursor, tuple)
    return {
        as_text(aggregate_id)
        for aggregate_id, count, first, last, total in found
        if first == 1 and last == count and total == count * (count + 1) // 2
    }
