"""The one module that writes snapshots."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import bindparam, delete, func, literal_column, select

from auditor.core.snapshot import Snapshot
from auditor.stores.dialects import Dialect
from auditor.stores.native_schema import snapshots, streams

_IDS_AT_ONCE = 1000

Ask = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]
"""Runs one statement with values by place, in a transaction of its own, and gives its rows."""

_as_snapshot = partial(tuple.__new__, Snapshot)


class NativeSnapshots:
    """The snapshots of a native store: one an aggregate. What is wrong with one is for its reader to find."""

    def __init__(self, dialect: Dialect, ask: Ask) -> None:
        self._ask = ask
        mine = snapshots.c.aggregate_id == bindparam("id")
        self._write = dialect.compiled(
            dialect.replacing(snapshots, lambda new: new.version >= snapshots.c.version).returning(
                snapshots.c.version
            ),
            *snapshots.c.keys(),
        )
        last_version = select(streams.c.version).where(streams.c.aggregate_id == bindparam("stream"))
        self._delete_beyond = dialect.compiled(
            delete(snapshots)
            .where(
                mine, snapshots.c.version > func.coalesce(last_version.scalar_subquery(), literal_column("0"))
            )
            .returning(snapshots.c.version),
            *("id", "stream"),
        )
        self._read = dialect.compiled(select(snapshots).where(mine), "id")
        page = (
            select(snapshots.c.aggregate_id)
            .order_by(snapshots.c.aggregate_id)
            .limit(literal_column(str(_IDS_AT_ONCE)))
            .offset(literal_column("0"))  # else SQLAlchemy adds one as a parameter
        )
        self._first_ids = dialect.compiled(page)
        self._next_ids = dialect.compiled(page.where(snapshots.c.aggregate_id > bindparam("after")), "after")

    def write(self, snapshot: Snapshot) -> bool:
        if self._ask(self._write, snapshot):
            return True
        # One beyond the last event is no newer one: it is of a history that this store does not have, and would bar
        # the way for ever. Not part of the statement above, which may see a newer row than its subqueries do.
        aggregate_id = snapshot.aggregate_id
        beyond = self._ask(self._delete_beyond, (aggregate_id, aggregate_id))
        return bool(beyond and self._ask(self._write, snapshot))

    def read(self, aggregate_id: str) -> Snapshot | None:
        rows = self._ask(self._read, (aggregate_id,))
        return _as_snapshot(rows[0]) if rows else None

    def aggregate_ids(self) -> Iterator[str]:
        rows = self._ask(self._first_ids, ())
        while rows:
            yield from (aggregate_id for (aggregate_id,) in rows)
            rows = self._ask(self._next_ids, rows[-1])
