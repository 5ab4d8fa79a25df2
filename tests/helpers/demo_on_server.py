"""The demo's events in a store on a server."""

from pathlib import Path

from auditor.core.events import RecordedEvent
from auditor.jobs.models import DEMO_DOMAIN
from auditor.stores.native_store import EventStore


def moved(demo: Path, url: str, *, up_to: int | None = None) -> None:
    """Copies what the store there does not have yet, up to a position."""
    with EventStore(str(demo)) as source, EventStore(url, domain=DEMO_DOMAIN) as target:
        known = target.head() or 0
        streams: dict[str, list[RecordedEvent]] = {}
        for event in source.read_all():
            if event.position > known and (up_to is None or event.position <= up_to):
                streams.setdefault(event.aggregate_id, []).append(event)
        target.append_many({one: (events, events[0].version - 1) for one, events in streams.items()})
