"""What the events of one append must be, whatever they are stored in."""

from collections.abc import Sequence
from typing import Union

from .events import DomainEvent, RecordedEvent

NewEvent = Union[DomainEvent, RecordedEvent]


def require_next(aggregate_id: str, events: Sequence[NewEvent], expected_version: int) -> None:
    """Raises: ValueError for no events, another aggregate's event, several aggregate types, and versions that are not
    expected + 1 … n."""
    if not events:
        raise ValueError(f"there are no events to append to {aggregate_id!r}")
    if expected_version < 0:
        raise ValueError(f"an expected version counts from 0, and this is {expected_version}")
    aggregate_type = events[0].aggregate_type
    for version, event in enumerate(events, expected_version + 1):
        if event.aggregate_id != aggregate_id:
            raise ValueError(f"an event of {event.aggregate_id!r} cannot be appended to {aggregate_id!r}")
        if event.version != version:
            raise ValueError(
                f"the events of {aggregate_id!r} must have the versions from {expected_version + 1} on "
                f"without a hole: {version} was due, and the event has {event.version}"
            )
        if event.aggregate_type != aggregate_type:
            raise ValueError(
                f"{aggregate_id!r} cannot be a {aggregate_type} and a {event.aggregate_type} at once"
            )
