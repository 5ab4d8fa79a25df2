"""Many commands in one transaction: an event source that collects, and a repository that keeps what it loaded."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from auditor.core.aggregate import AggregateRoot
from auditor.core.errors import ConcurrencyError
from auditor.core.events import DomainEvent, RecordedEvent, recorded
from auditor.core.repository import Repository
from auditor.stores.native_store import EventStore

Root = TypeVar("Root", bound=AggregateRoot)


class UnitOfWork:
    """The event source of repositories whose saves are to be stored together, in the order in which they came.

    Nothing is stored before `commit`; what is collected can be read already.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._pending: dict[str, tuple[list[RecordedEvent], int]] = {}
        self.collected = 0
        """How many events wait for `commit`."""
        self.last_event: DomainEvent | None = None
        """The event that was appended last: what a next one may name as its cause."""

    def get_events(
        self, aggregate_id: str, from_version: int = 1, to_version: int | None = None
    ) -> Iterator[RecordedEvent]:
        yield from self._store.get_events(aggregate_id, from_version, to_version)
        events, _ = self._pending.get(aggregate_id, ([], 0))
        for event in events:
            if from_version <= event.version and (to_version is None or event.version <= to_version):
                yield event

    def append(
        self, aggregate_id: str, events: Sequence[DomainEvent], expected_version: int
    ) -> list[RecordedEvent]:
        """The positions of the events returned say their order; the store gives the final ones.

        Raises: ConcurrencyError if this unit of work knows of another version; `commit` raises the others.
        """
        kept = self._pending.get(aggregate_id)
        if kept is None:
            kept = self._pending[aggregate_id] = ([], expected_version)
        elif kept[0][-1].version != expected_version:
            raise ConcurrencyError(expected_version, kept[0][-1].version)
        new = [recorded(event, self.collected + number) for number, event in enumerate(events, 1)]
        kept[0].extend(new)
        self.collected += len(new)
        self.last_event = events[-1]
        return new

    def commit(self) -> None:
        """Stores what was collected, all or nothing.

        Raises: as `EventStore.append_many`, and everything stays collected.
        """
        self._store.append_many(self._pending)
        self._pending, self.collected = {}, 0


class KeptAggregates(Repository[Root]):
    """A repository for one writer, that keeps the `most` recently used aggregates instead of loading them again."""

    def __init__(self, store: UnitOfWork, factory: Callable[[str], Root], most: int = 4_000) -> None:
        super().__init__(store, factory)
        self._most = most
        self._kept: dict[str, Root] = {}

    def get(self, aggregate_id: str) -> Root:
        aggregate = self._kept.pop(aggregate_id, None)
        if aggregate is None or aggregate.uncommitted_events:  # a command that failed half-way spoils it
            aggregate = super().get(aggregate_id)
        self._kept[aggregate_id] = aggregate
        return aggregate

    def save(self, aggregate: Root) -> Sequence[RecordedEvent]:
        stored = super().save(aggregate)
        self._kept[aggregate.id] = aggregate
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        return stored
