"""The ids of events whose positions are known."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import literal, select

from auditor.stores.column_kinds import as_text
from auditor.stores.native_schema import events
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query

_AT_ONCE: Final = 400  # parameters of one statement; SQLite allows 999 where it is old


def ids_at(reading: Reading, positions: Sequence[int]) -> list[str]:
    """In the order of `positions`. Cost: an index look-up each. Raises: StoreDamaged, Cancelled."""
    found: dict[int, str] = {}
    with reading.one_moment():
        for start in range(0, len(positions), _AT_ONCE):
            statement = select(events.c.position, events.c.event_id).where(
                events.c.position.in_([literal(one) for one in positions[start : start + _AT_ONCE]])
            )
            with reading.transaction() as cursor:
                rows = Query(statement).run(cursor).fetchall()
            found.update((int(position), as_text(event_id)) for position, event_id in rows)
    return [found[position] for position in positions]
