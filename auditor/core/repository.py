"""Aggregates in and out of an event store."""

from collections.abc import Callable
from typing import Generic, TypeVar

from .aggregate import AggregateRoot
from .errors import AggregateNotFound
from .ports import EventSource

Root = TypeVar("Root", bound=AggregateRoot)


class Repository(Generic[Root]):
    """Loads aggregates by replaying their events and saves what they applied since.

    The version that an aggregate had when it was loaded is what `save` expects in the store.
    """

    def __init__(self, store: EventSource, factory: Callable[[str], Root]) -> None:
        self._store = store
        self._factory = factory

    def get(self, aggregate_id: str) -> Root:
        """Cost: all events of the aggregate.

        Raises: AggregateNotFound.
        """
        aggregate = self.new(aggregate_id)
        aggregate.load_from_history(self._store.get_events(aggregate_id))
        if aggregate.version == 0:
            raise AggregateNotFound(aggregate_id)
        return aggregate

    def new(self, aggregate_id: str) -> Root:
        """An aggregate without events, not looked up in the store."""
        return self._factory(aggregate_id)

    def save(self, aggregate: Root) -> None:
        """Appends the uncommitted events; without any it does nothing.

        Raises: ConcurrencyError, and the aggregate keeps its uncommitted events; StoreBusy.
        """
        events = aggregate.uncommitted_events
        if events:
            self._store.append(aggregate.id, events, events[0].version - 1)
            aggregate.clear_uncommitted_events()
