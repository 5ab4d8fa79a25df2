"""Native stores on any database, their rows written past the library: any positions, any values."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, insert, update

from auditor.stores.dialects import dialect_for
from auditor.stores.location import store_location
from auditor.stores.native_schema import events, store_info, streams
from auditor.stores.native_store import EventStore
from tests.helpers.native_files import STORE_ID, Row


def make_store_at(url: str, rows: Iterable[Row] = (), store_id: str = STORE_ID) -> str:
    """A closed store of these rows of `events`; `streams` has what belongs to them."""
    EventStore(url).close()
    dialect = dialect_for(store_location(url), 5.0)
    connection = dialect.connect()
    try:
        with dialect.writing(connection) as cursor:
            named = (
                update(store_info).where(store_info.c.name == bindparam("fact")).values(value=bindparam("to"))
            )
            cursor.execute(dialect.compiled(named, "to", "fact"), (store_id, "store_id"))
            write_rows_with(dialect, cursor, list(rows))
    finally:
        connection.close()
    return url


def write_rows_with(dialect: Any, cursor: Any, rows: list[Row]) -> None:
    """Rows of `events`, and the rows of `streams` that are new with them."""
    if not rows:
        return
    names = events.c.keys()
    cursor.executemany(
        dialect.compiled(insert(events).values({n: bindparam(n) for n in names}), *names), rows
    )
    first: dict[str, Row] = {}
    last: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row[2], row)
        last[row[2]] = row
    names = streams.c.keys()
    cursor.executemany(
        dialect.compiled(insert(streams).values({n: bindparam(n) for n in names}), *names),
        [(row[2], row[3], row[5], first[row[2]][6], row[6], row[0]) for row in last.values()],
    )
