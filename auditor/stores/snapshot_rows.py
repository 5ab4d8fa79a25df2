"""The snapshots that a viewed store keeps: read, never used in place of events."""

from functools import partial
from typing import Any, Final

from sqlalchemy import select

from auditor.core.snapshot import Snapshot
from auditor.stores.column_kinds import as_text
from auditor.stores.dialects.viewing import Relations
from auditor.stores.listing import bound
from auditor.stores.native_schema import snapshots
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query

_as_snapshot: Final = partial(tuple.__new__, Snapshot)
_NUMBERS: Final = ("version", "schema_version", "position")


def keeps_snapshots(relations: Relations) -> bool:
    """Whether the store has the table; those of an older schema version do not."""
    return frozenset(snapshots.columns.keys()) <= relations.tables.get(snapshots.name, frozenset())


class StoredSnapshots:
    """At most one an aggregate, the newest. `there`: whether the store can have any."""

    def __init__(self, reading: Reading, *, there: bool) -> None:
        self._reading = reading
        self._there = there

    def aggregate_ids(self, *, limit: int, after: str | None = None) -> list[str]:
        """Of the aggregates that have one, the first `limit` behind `after`, in the order of their ids."""
        statement = select(snapshots.c.aggregate_id).order_by(snapshots.c.aggregate_id).limit(limit)
        if after is not None:
            statement = statement.where(snapshots.c.aggregate_id > bound(after))
        return [as_text(aggregate_id) for (aggregate_id,) in self._rows(statement, tuple)]

    def of(self, aggregate_id: str) -> Snapshot | None:
        """Values of a wrong kind are read as no number, or as text: the checksum does not fit them."""
        statement = select(snapshots).where(snapshots.c.aggregate_id == bound(aggregate_id))
        rows = self._rows(statement, _as_snapshot)
        return _mended(rows[0]) if rows else None

    def _rows(self, statement: Any, make: Any) -> list[Any]:
        rows: list[Any] = []
        if self._there:
            with self._reading.transaction() as cursor:
                Query(statement).fill(rows, cursor, make)
        return rows


def _mended(row: Snapshot) -> Snapshot:
    values = row._asdict()
    for name, value in values.items():
        kind = int if name in _NUMBERS else str
        if type(value) is not kind:
            values[name] = 0 if kind is int else as_text(value)
    return Snapshot(**values)
