"""Events read for less than a page of them: only what folds, only what is told of them, or one alone."""

from collections.abc import Iterator, Sequence

from auditor.core.events import PayloadColumns, RecordedEvent
from auditor.stores.aggregate_history import event_at, payloads_of
from auditor.stores.event_facts import EventFacts, facts_at
from auditor.stores.reading import Reading


class EventParts:
    """Of a store that is open."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def payloads(
        self, aggregate_id: str, *, up_to: int, batch: int = 1000, after: int | None = None
    ) -> Iterator[PayloadColumns]:
        """As `StoreReader.aggregate_events`, with nothing but what a fold of payloads needs."""
        return payloads_of(self._reading, aggregate_id, up_to=up_to, batch=batch, after=after)

    def facts(self, positions: Sequence[int]) -> list[EventFacts]:
        """What is told of the events at these positions, which are there. Raises: StoreDamaged, Cancelled."""
        return facts_at(self._reading, positions)

    def event(self, position: int) -> RecordedEvent:
        """One event alone. Raises: WrongRequest for a position without one, StoreDamaged."""
        return event_at(self._reading, position)
