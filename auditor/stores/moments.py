"""As of: which event of an aggregate was the last at a moment, and what is to be said of the events around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, func, literal, select, tuple_

from auditor.core.effective_time import effective_time
from auditor.core.events import RecordedEvent
from auditor.core.ports import ReportProgress
from auditor.core.text import tr
from auditor.stores.column_kinds import as_text
from auditor.stores.dialects.viewing import ReadCursor
from auditor.stores.event_links import position_of_id
from auditor.stores.event_marks import locate_event, ordinal_at, place_at
from auditor.stores.listing import bound, order_of
from auditor.stores.native_schema import RECORDED_COLUMNS, events
from auditor.stores.pages import EventMark
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query

_AT_ONCE: Final = 2000
LOWEST: Final = -(2**63)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The last event, in version order, whose time is at or before the moment that was asked for: `mark`, and its
    `time`, None before all of them. `following` is the time of the event behind it, None where there is none.

    `same_time` events have exactly the time of `mark`, itself included. `later` of the events up to it have a later
    time than was asked for: they stand before it, and its state has them. `without` events of the aggregate name no
    effective time, and count by the time of recording.
    """

    mark: EventMark
    time: str | None
    following: str | None
    same_time: int
    later: int
    without: int = 0


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where the event of an id stands."""

    aggregate_id: str
    mark: EventMark


class Moments:
    """Answers by one moment of the store."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def recorded(self, aggregate_id: str, moment: str) -> AsOf:
        """By the time of recording, `moment` in fixed-width UTC: max(version) where time ≤ moment, by the database.

        Raises: AggregateNotFound.
        """
        with self._reading.one_moment(), self._reading.transaction() as cursor:
            mark = locate_event(self._reading, aggregate_id, as_of=moment)
            if mark.timestamp is None:
                first = _first_time(cursor, aggregate_id, None)
                return AsOf(mark=mark, time=None, following=first, same_time=0, later=0)
            place = [literal(one) for one in place_at(self._reading, mark.position)]
            up_to_it = tuple_(*order_of(aggregate_id)) <= tuple_(*place)
            return AsOf(
                mark=mark,
                time=mark.timestamp,
                following=_first_time(cursor, aggregate_id, tuple_(*order_of(aggregate_id)) > tuple_(*place)),
                same_time=_count(cursor, aggregate_id, events.c.timestamp == bound(mark.timestamp)),
                later=_count(cursor, aggregate_id, (events.c.timestamp > bound(moment)) & up_to_it),
            )

    def effective(
        self,
        aggregate_id: str,
        moment: str,
        names: tuple[str, ...],
        *,
        length: int = 0,
        progress: ReportProgress | None = None,
    ) -> AsOf:
        """By the effective time to which `names` lead in the metadata; the time of recording where there is none.
        `length` is for progress alone. Cost: some 5 µs an event, since the metadata of all are read.

        Raises: StoreDamaged, Cancelled.
        """
        times: list[str] = []
        without = 0
        mark = EventMark(0, None, None, 0)
        for batch in self._metadata(aggregate_id):
            for event in batch:
                time = effective_time(event.metadata_text, names)
                without += time is None
                times.append(time or event.timestamp_utc)
                if times[-1] <= moment:
                    mark = EventMark(len(times), event.version, event.timestamp_utc, event.position)
            if progress is not None:
                progress(len(times), max(length, len(times)), tr("events"))
        found = mark.ordinal
        return AsOf(
            mark=mark,
            time=times[found - 1] if found else None,
            following=times[found] if found < len(times) else None,
            same_time=times.count(times[found - 1]) if found else 0,
            later=sum(time > moment for time in times[:found]),
            without=without,
        )

    def _metadata(self, aggregate_id: str) -> Iterator[list[RecordedEvent]]:
        columns = [literal("").label("data") if one.name == "data" else one for one in RECORDED_COLUMNS]
        order = order_of(aggregate_id)
        statement = (
            select(*columns)
            .where(
                events.c.aggregate_id == bound(aggregate_id),
                tuple_(*order) > tuple_(bindparam("version"), bindparam("position")),
            )
            .order_by(*order)
            .limit(bindparam("most"))
        )
        before_all = float("-inf") if self._reading.keeps_any_kind else LOWEST
        return self._reading.batches(
            Query(statement),
            {"version": before_all, "position": LOWEST},
            lambda row: {"version": row.version, "position": row.position},
            _AT_ONCE,
            None,
        )

    def of_event(self, event_id: str) -> EventPlace:
        """Raises: WrongRequest for an id that no event has."""
        with self._reading.one_moment(), self._reading.transaction() as cursor:
            position = position_of_id(self._reading, event_id)
            statement = select(events.c.aggregate_id, events.c.version, events.c.timestamp).where(
                events.c.position == position
            )
            found: list[list[Any]] = []
            Query(statement).fill(found, cursor, list)
            aggregate_id, version, timestamp = found[0]
            known = version if isinstance(version, int) else 0
            mark = EventMark(ordinal_at(cursor, position), known, as_text(timestamp), position)
            return EventPlace(as_text(aggregate_id), mark)


def _first_time(cursor: ReadCursor, aggregate_id: str, where: ColumnElement[bool] | None) -> str | None:
    statement = select(events.c.timestamp).where(events.c.aggregate_id == bound(aggregate_id))
    statement = statement if where is None else statement.where(where)
    found: list[list[Any]] = []
    Query(statement.order_by(*order_of(aggregate_id)).limit(1)).fill(found, cursor, list)
    return as_text(found[0][0]) if found else None


def _count(cursor: ReadCursor, aggregate_id: str, where: ColumnElement[bool]) -> int:
    statement = select(func.count()).where(events.c.aggregate_id == bound(aggregate_id), where)
    return int(Query(statement).run(cursor).fetchone()[0])
