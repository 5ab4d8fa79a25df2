"""Pages of aggregates: by id or by their last event, in both directions, whole or filtered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_

from auditor.core.errors import WrongRequest
from auditor.core.text import tr
from auditor.stores.column_kinds import AGGREGATE_KINDS
from auditor.stores.dialects.expressions import unindexed
from auditor.stores.listing import (
    AGGREGATE_COLUMNS,
    begins_with,
    bound,
    place_token,
    stored_integer,
    token_place,
)
from auditor.stores.native_schema import events, streams
from auditor.stores.pages import AggregateOrder, AggregatePage, AggregateRow, NewEvents
from auditor.stores.reading import Filled, Reading
from auditor.stores.scanning import Query

# No index has aggregates by their last event. So many rows are sorted in some milliseconds …
_FEW: Final = 5_000
# … and where there are more, the newest ones are mostly found among so many events.
_WALKED: Final = 50_000

_LISTINGS: Final[dict[AggregateOrder, tuple[str, tuple[type | UnionType, ...]]]] = {
    "id": ("aggregates", (str | bytes,)),
    "last": ("aggregates by last event", (int | float | str | bytes, str | bytes)),
}
"""The name that a token has of its listing, and the kinds of its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateFilter:
    """`by_code_points`: whether the database orders text so (UTF-8 does)."""

    aggregate_type: str | None
    prefix: str | None
    by_code_points: bool

    def conditions(
        self, *, by_index: bool = True, from_start: bool = True, to_end: bool = True
    ) -> Iterator[ColumnElement[bool]]:
        """Not `by_index`: written so that rows are looked up in another way. The other two as `begins_with` has."""
        types: ColumnElement[str] = streams.c.aggregate_type
        ids: ColumnElement[str] = streams.c.aggregate_id
        if not by_index:
            types, ids = unindexed(types), unindexed(ids)
        if self.aggregate_type is not None:
            yield types == bound(self.aggregate_type)
        if self.prefix:
            yield begins_with(ids, self.prefix, self.by_code_points, from_start=from_start, to_end=to_end)


def aggregates_page(
    reading: Reading,
    wanted: AggregateFilter,
    *,
    order: AggregateOrder,
    limit: int,
    after: str | None,
    before: str | None,
) -> AggregatePage:
    """The page beyond `after`, the one that ends at `before` (the last one if that is empty), or the first.

    By last event, an aggregate that was appended to since the page before stands further in front. An aggregate whose
    row names another position than that of its last event may be missing there.
    Raises: WrongRequest; StoreDamaged naming the last good row, never a short page.
    """
    if after is not None and before is not None:
        raise WrongRequest(
            tr("A page is either after a place or before one."), tr("Leave one of the two away.")
        )
    forward = before is None
    token = after if forward else before
    listing, kinds = _LISTINGS[order]
    place = token_place(listing, token, *kinds, typed=not reading.keeps_any_kind) if token else None
    rows: list[AggregateRow] = []
    with reading.one_moment():
        if order == "id":
            filled = reading.page(rows, _by_id(wanted, place, forward, limit), AGGREGATE_KINDS, limit, _id_of)
        else:
            filled = _fill_by_last(reading, rows, wanted, place, forward, limit)
    reading.note(filled.notes)
    first, last = filled.first, filled.last
    if not forward:
        rows.reverse()
        first, last = last, first
    return AggregatePage(
        rows,
        filled.more if forward else bool(last and place),
        place_token(listing, last) if last and (filled.more if forward else place) else None,
        place_token(listing, first) if first and (place if forward else filled.more) else None,
    )


def place_of(order: AggregateOrder, row: AggregateRow) -> str:
    """The token of a row: what `after` and `before` take."""
    return place_token(_LISTINGS[order][0], _id_of(row) if order == "id" else _last_of(row))


def newer_than(reading: Reading, after: int, most: int) -> NewEvents:
    """What is beyond the position `after`; at most so many aggregates. Cost: that of the newer events."""
    rows: list[AggregateRow] = []
    beyond = events.c.position > stored_integer(after)
    with reading.one_moment():
        with reading.transaction() as cursor:
            head = Query(select(func.max(events.c.position))).run(cursor).fetchone()[0]
            # Without a condition the entries of the smallest index are counted.
            counted = select(func.count()).select_from(events)
            count = Query(counted if after <= 0 else counted.where(beyond)).run(cursor).fetchone()[0]
        walked = _walk(True, beyond).limit(most + 1)
        filled = reading.page(rows, walked, AGGREGATE_KINDS, most)
    reading.note(filled.notes)
    return NewEvents(head, count, rows, filled.more)


def _id_of(row: AggregateRow) -> list[Any]:
    return [row.aggregate_id]


def _last_of(row: AggregateRow) -> list[Any]:
    return [row.last_position, row.aggregate_id]


def _by_id(wanted: AggregateFilter, place: Sequence[Any] | None, forward: bool, limit: int) -> Select[Any]:
    column = streams.c.aggregate_id
    statement = select(*AGGREGATE_COLUMNS)
    if place is None:
        statement = statement.where(*wanted.conditions())
    elif forward:
        statement = statement.where(column > bound(place[0]), *wanted.conditions(from_start=False))
    else:
        statement = statement.where(column < bound(place[0]), *wanted.conditions(to_end=False))
    return statement.order_by(column if forward else column.desc()).limit(limit + 1)


def _fill_by_last(
    reading: Reading,
    rows: list[AggregateRow],
    wanted: AggregateFilter,
    place: Sequence[Any] | None,
    forward: bool,
    limit: int,
) -> Filled:
    if count_matching(reading, wanted, _FEW) is None:
        span = _span(reading, place, forward)
        filled = reading.page(rows, _near(wanted, span, forward, limit), AGGREGATE_KINDS, limit, _last_of)
        if filled.more or span.reaches_end:
            return filled
        rows.clear()
    return reading.page(rows, _sorted(wanted, place, forward, limit), AGGREGATE_KINDS, limit, _last_of)


def count_matching(reading: Reading, wanted: AggregateFilter, most: int) -> int | None:
    """How many aggregates the filter lets through, None if they are more than `most`."""
    some = select(literal(1)).select_from(streams).where(*wanted.conditions()).limit(most + 1).subquery()
    with reading.transaction() as cursor:
        found = int(Query(select(func.count()).select_from(some)).run(cursor).fetchone()[0])
    return found if found <= most else None


class _Span(NamedTuple):
    """Positions from `first` to `last`; whether there are no events beyond, in the direction that is read."""

    first: int
    last: int
    reaches_end: bool


def _span(reading: Reading, place: Sequence[Any] | None, forward: bool) -> _Span:
    with reading.transaction() as cursor:
        head = int(Query(select(func.max(events.c.position))).run(cursor).fetchone()[0] or 0)
    start = head + 1 if forward else 0
    if place is not None and isinstance(place[0], int):
        start = place[0]
    if forward:
        return _Span(stored_integer(start - _WALKED), stored_integer(start - 1), start <= _WALKED)
    return _Span(stored_integer(start + 1), stored_integer(start + _WALKED), start + _WALKED >= head)


def _near(wanted: AggregateFilter, span: _Span, forward: bool, limit: int) -> Select[Any]:
    """The rows whose last event is one of the span's."""
    within = events.c.position.between(span.first, span.last)
    return _walk(forward, within, *wanted.conditions(by_index=False)).limit(limit + 1)


def _walk(newest_first: bool, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Aggregates whose last event is among those events, found by walking these."""
    position = events.c.position
    return (
        select(*AGGREGATE_COLUMNS)
        .select_from(events)
        .where(
            streams.c.aggregate_id == events.c.aggregate_id,
            unindexed(streams.c.last_position) == position,
            *conditions,
        )
        .order_by(position.desc() if newest_first else position)
    )


def _sorted(wanted: AggregateFilter, place: Sequence[Any] | None, forward: bool, limit: int) -> Select[Any]:
    """Reads all rows of the filter; the database keeps no more than the page while it sorts."""
    order = streams.c.last_position, streams.c.aggregate_id
    statement = select(*AGGREGATE_COLUMNS).where(*wanted.conditions())
    if place is not None:
        here, there = tuple_(*order), tuple_(literal(place[0]), bound(place[1]))
        statement = statement.where(here < there if forward else here > there)
    directed = [column.desc() for column in order] if forward else order
    return statement.order_by(*directed).limit(limit + 1)
