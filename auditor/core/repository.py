"""Aggregates in and out of an event store."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from .aggregate import AggregateRoot, place_of, put_at
from .errors import AuditorError
from .events import RecordedEvent
from .ports import EventSource
from .snapshot import SnapshotPolicy
from .snapshots import SnapshotRepository, replayed
from .state_text import safe_error
from .text import tr

Root = TypeVar("Root", bound=AggregateRoot)


class Repository(Generic[Root]):
    """Loads aggregates by replaying their events and saves what they applied since.

    The version that an aggregate had when it was loaded is what `save` expects in the store. With `snapshots` an
    aggregate is loaded from its snapshot and the events after it, and `policy` says after which saves one is taken.
    """

    def __init__(
        self,
        store: EventSource,
        factory: Callable[[str], Root],
        *,
        snapshots: "SnapshotRepository | None" = None,
        policy: SnapshotPolicy = SnapshotPolicy(),  # noqa: B008 - it cannot be changed
    ) -> None:
        self._store = store
        self._factory = factory
        self._snapshots = snapshots
        self._policy = policy

    def get(self, aggregate_id: str) -> Root:
        """Cost: all events of the aggregate, or those after its snapshot.

        Raises: AggregateNotFound, also for an aggregate of another type.
        """
        if self._snapshots is not None:
            return self._snapshots.load(aggregate_id, self._factory)
        return replayed(self._store, aggregate_id, self._factory)

    def new(self, aggregate_id: str) -> Root:
        """An aggregate without events, not looked up in the store."""
        return self._factory(aggregate_id)

    def save(self, aggregate: Root) -> Sequence[RecordedEvent]:
        """Appends the uncommitted events and returns them as stored, the last one's position being what a read model
        must reach to show them; none where there is nothing to append. Then a snapshot may be due: one that cannot be
        taken is a warning, and the events are stored all the same.

        Raises: ConcurrencyError, and the aggregate keeps its uncommitted events; StoreBusy.
        """
        events = aggregate.uncommitted_events
        if not events:
            return ()
        recorded = self._store.append(aggregate.id, events, events[0].version - 1)
        aggregate.clear_uncommitted_events()
        if self._snapshots is not None:
            self._take_snapshot(aggregate, self._snapshots)
        return recorded

    def _take_snapshot(self, aggregate: Root, snapshots: SnapshotRepository) -> None:
        place = place_of(aggregate)
        if not self._policy.is_due(aggregate.type_name(), place.version - place.snapshot_version):
            return
        try:
            snapshots.save(aggregate)
        except Exception as error:  # noqa: BLE001 - whatever it is, the events are stored
            put_at(
                aggregate, place._replace(snapshot_version=place.version)
            )  # tried again when the next one is due
            why = error.message if isinstance(error, AuditorError) else safe_error(error)
            snapshots.tell(tr("No snapshot of {id!r} was taken: {why}", id=aggregate.id, why=why))
