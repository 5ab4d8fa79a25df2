"""Orders for tests: histories as `RecordedEvent`s, a store in memory, rows of the projection."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from auditor.core.aggregate import AggregateRoot, Stamp
from auditor.core.errors import ConcurrencyError
from auditor.core.events import DomainEvent, RecordedEvent, recorded
from auditor.core.projection import Projector, Rows, TableChanges
from auditor.core.state_text import public_attributes
from auditor.demo.events import Item
from auditor.demo.projections import LINES, SUMMARIES, OrderSummaries

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BLANKET = Item("SKU-1", "Wool blanket", 2, 5990)
LAMP = Item("SKU-2", "Desk lamp", 1, 8990)


def ticking_stamp(user_id: str = "a.koster") -> Stamp:
    """Every event a minute later, with the next id."""
    minutes, ids = count(), count(1)
    return Stamp(
        now=lambda: BEGIN + timedelta(minutes=next(minutes)),
        new_id=lambda: UUID(int=next(ids)),
        user_id=user_id,
    )


def state(aggregate: AggregateRoot) -> dict[str, Any]:
    return public_attributes(aggregate)


class MemoryStore:
    """An event source that keeps what it stores as columns, as a database would."""

    def __init__(self) -> None:
        self.stored: list[RecordedEvent] = []

    def get_events(
        self, aggregate_id: str, from_version: int = 1, to_version: int | None = None
    ) -> Iterator[RecordedEvent]:
        last = len(self.stored) if to_version is None else to_version
        for event in self.stored:
            if event.aggregate_id == aggregate_id and from_version <= event.version <= last:
                yield event

    def append(
        self, aggregate_id: str, events: Sequence[DomainEvent], expected_version: int
    ) -> list[RecordedEvent]:
        actual = len(list(self.get_events(aggregate_id)))
        if actual != expected_version:
            raise ConcurrencyError(expected_version, actual)
        new = [recorded(event, len(self.stored) + number) for number, event in enumerate(events, 1)]
        self.stored += new
        return new


class ProjectedOrders:
    """`OrderSummaries` with tables in memory. Each call of `project` is one batch."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[tuple[Any, ...], list[Any]]] = {SUMMARIES.name: {}, LINES.name: {}}

    def project(self, events: Iterable[RecordedEvent]) -> None:
        rows = Rows((SUMMARIES, LINES), lambda table, key: self.tables[table].get(key), empty=False)
        projector = Projector(OrderSummaries(), rows)
        for event in events:
            projector.apply(event)
        for name, changes in rows.take_changes().items():
            self._write(name, changes)

    def _write(self, name: str, changes: TableChanges) -> None:
        table = SUMMARIES if name == SUMMARIES.name else LINES
        at = [list(table.columns).index(column) for column in table.key]
        for key in changes.delete:
            self.tables[name].pop(tuple(key), None)
        for row in changes.put:
            self.tables[name][tuple(row[place] for place in at)] = row

    def summary(self, order_id: str) -> dict[str, Any]:
        return dict(zip(SUMMARIES.columns, self.tables[SUMMARIES.name][order_id,], strict=True))
