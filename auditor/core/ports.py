"""What the rules need from outside, declared by the side that needs it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from .events import DomainEvent, RecordedEvent


class StopToken(Protocol):
    """Says whether the asker still wants the answer. Asked between batches."""

    @property
    def cancelled(self) -> bool: ...

    def raise_if_cancelled(self) -> None:
        """Raises: Cancelled."""


class EventSource(Protocol):
    """The part of an event store that a repository stands on."""

    def get_events(
        self, aggregate_id: str, from_version: int = 1, to_version: int | None = None
    ) -> Iterator[RecordedEvent]: ...

    def append(
        self, aggregate_id: str, events: Sequence[DomainEvent], expected_version: int
    ) -> Sequence[RecordedEvent]:
        """Raises: ConcurrencyError."""


class NeverStopped:
    """The token of work that nobody can cancel."""

    cancelled = False

    def raise_if_cancelled(self) -> None:
        """Never raises."""


ReportProgress = Callable[[int, "int | None", str], None]
"""Called with done, total (None where it is not known) and the unit as a plural noun, as translated."""

Json = Any
"""A JSON value as `exact_json.parse` gives it."""
