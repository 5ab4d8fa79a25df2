"""Aggregates in and out of an event store."""

from collections.abc import Callable
from typing import Generic, TypeVar

from .aggregate import AggregateRoot
from .errors import AggregateNotFound
from .ports import EventSource
from .text import tr

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

        Raises: AggregateNotFound, also for an aggregate of another type.
        """
        aggregate = self.new(aggregate_id)
        events = iter(self._store.get_events(aggregate_id))
        first = next(events, None)
        if first is None:
            raise AggregateNotFound(aggregate_id)
        if first.aggregate_type != aggregate.type_name():
            raise AggregateNotFound(
                aggregate_id, tr("The id belongs to a {type}.", type=first.aggregate_type)
            )
        aggregate.load_from_history((first,))
        aggregate.load_from_history(events)
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
