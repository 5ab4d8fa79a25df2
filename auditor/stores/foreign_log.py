"""A write-ahead log beside a store that is not its own: of another store, or of another time.

SQLite takes any whole log beside a file for the file's own and lays its pages over the file's: another store's history
would be shown under this one's name, or the two mixed. Salts and checksums do not tell; what was recorded does.
"""

import sqlite3
from typing import Final

from sqlalchemy import bindparam, literal_column, select

from auditor.core.errors import StoreError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.gate import Gate
from auditor.stores.native_schema import events, store_info
from auditor.stores.readonly import OPENING_SECONDS, ReadOnlyFile, in_memory
from auditor.stores.scanning import Query
from auditor.stores.sqlite_errors import primary_code
from auditor.stores.write_ahead import wal_is_used

_ID: Final = Query(
    select(store_info.c.value, literal_column("0")).where(store_info.c.name == literal_column("'store_id'"))
)
_FIRST: Final = Query(select(events.c.event_id, events.c.position).order_by(events.c.position).limit(1))
_LAST: Final = Query(select(events.c.event_id, events.c.position).order_by(events.c.position.desc()).limit(1))
_AT: Final = Query(
    select(events.c.event_id, events.c.position).where(events.c.position == bindparam("position"))
)

Fact = tuple[str, int]


def refuse_foreign_log(file: ReadOnlyFile) -> None:
    """Looks whether id, first and last event of the file alone are still there with the log laid over it.

    History is never changed, so with its own log they are. Costs reading some megabytes, where there is a log.
    Raises: StoreError, also where a file made to keep programs busy takes longer than it may; Cancelled.
    """
    location, log = file.location, file.location.beside("-wal")
    if not wal_is_used(log):
        return
    main = file.main_file()
    alone = main.first_pages()
    with file.gate.within(OPENING_SECONDS), file.translated():
        # In this order: what a program checkpoints meanwhile must not be missed in the older view.
        known = [_fact(alone, query, file.gate) for query in (_ID, _FIRST, _LAST)]
    with file.gate.within(OPENING_SECONDS), file.translated(), file.reading() as cursor:
        now = [_ID.run(cursor).fetchone()]
        now += [_AT.run(cursor, position=fact[1]).fetchone() if fact else None for fact in known[1:]]
    differs = any(fact and fact != found for fact, found in zip(known, now, strict=True))
    if (main.refuses_logs() or differs) and wal_is_used(
        log
    ):  # still: its writer may have closed the store just now
        raise StoreError(
            tr(
                "The file {wal} beside {path} does not belong to it, and SQLite would show what stands in it as this "
                "store's events.",
                wal=display(log.name),
                path=location.name,
            ),
            tr("Move it to its own store, or copy the store's file alone to another folder and open that."),
        )


def _fact(database: bytes, query: Query, gate: Gate) -> Fact | None:
    """The answer's row; None where the file alone has none or its first pages do not tell."""
    try:
        with in_memory(database, gate) as cursor:
            row: Fact | None = query.run(cursor).fetchone()
    except sqlite3.Error as error:
        if primary_code(error) == sqlite3.SQLITE_INTERRUPT:
            raise
        return None
    return row
