"""What is told of events whose positions are known: ids, types, times and users, without their data."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, select

from auditor.stores.column_kinds import as_text
from auditor.stores.dialects.expressions import user_in
from auditor.stores.native_schema import events
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query

_AT_ONCE: Final = 400  # parameters of one statement; SQLite allows 999 where it is old
_DENSE: Final = 3  # rows that may be read for one that is wanted: that costs less than to look each one up


class EventFacts(NamedTuple):
    """The time is fixed-width UTC. None: nobody is named."""

    event_id: str
    event_type: str
    timestamp: str
    user_id: str | None


_facts: Final = select(
    events.c.position,
    events.c.event_id,
    events.c.event_type,
    events.c.timestamp,
    user_in(events.c.metadata),
)
_NAMES: Final = [f"place_{number}" for number in range(_AT_ONCE)]
_of_some: Final = Query(_facts.where(events.c.position.in_([bindparam(name) for name in _NAMES])))
_of_range: Final = Query(
    _facts.where(events.c.position >= bindparam("first"), events.c.position <= bindparam("last"))
)


def facts_at(reading: Reading, positions: Sequence[int]) -> list[EventFacts]:
    """In the order of `positions`, at each of which an event stands. Cost: an index look-up each at most.

    Raises: StoreDamaged, Cancelled.
    """
    found: dict[int, EventFacts] = {}
    with reading.one_moment():
        for start in range(0, len(positions), _AT_ONCE):
            some = positions[start : start + _AT_ONCE]
            with reading.transaction() as cursor:
                rows = _rows(cursor, some)
            wanted = None if len(rows) == len(some) else set(some)
            for place, event_id, event_type, timestamp, user_id in rows:
                if wanted is None or place in wanted:
                    user = user_id if user_id is None else _text(user_id)
                    found[place] = EventFacts(_text(event_id), _text(event_type), _text(timestamp), user)
    return [found[position] for position in positions]


def _rows(cursor: Any, positions: Sequence[int]) -> Any:
    first, last = min(positions), max(positions)
    if last - first < _DENSE * len(positions):
        return _of_range.run(cursor, first=first, last=last).fetchall()
    padded = [*positions, *[last] * (_AT_ONCE - len(positions))]
    return _of_some.run(cursor, **dict(zip(_NAMES, padded, strict=True))).fetchall()


def _text(value: Any) -> str:
    return value if type(value) is str else as_text(value)
