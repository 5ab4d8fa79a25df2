"""An event store that is gone with the test."""

import threading
from collections.abc import Iterator, Mapping, Sequence

from auditor.core.append_check import NewEvent, require_next
from auditor.core.cursors import cursor_place, cursor_token
from auditor.core.errors import ConcurrencyError, DuplicateEvent, WrongRequest
from auditor.core.events import RecordedEvent, recorded
from auditor.core.snapshot import Snapshot
from auditor.core.text import tr

_LISTING = "events in memory"


class MemoryStore:
    """Holds events as `EventStore` does, and refuses what that refuses, with the same errors.

    Events are kept as their columns: what comes out has been through JSON. Threads may share one.
    """

    def __init__(self) -> None:
        self._events: list[RecordedEvent] = []
        self._streams: dict[str, list[RecordedEvent]] = {}
        self._ids: set[str] = set()
        self._turn = threading.Lock()
        self.snapshots = MemorySnapshots(self)

    def append(
        self, aggregate_id: str, events: Sequence[NewEvent], expected_version: int
    ) -> list[RecordedEvent]:
        """Raises: as `EventStore.append`."""
        return self.append_many({aggregate_id: (events, expected_version)})

    def append_many(self, batches: Mapping[str, tuple[Sequence[NewEvent], int]]) -> list[RecordedEvent]:
        """All or nothing, in the order of positions. Raises: as `EventStore.append_many`."""
        hinted = [hinted for part in batches.items() for hinted in _hinted(*part)]
        new = [event for _, event in sorted(hinted, key=lambda one: one[0])]
        with self._turn:
            for aggregate_id, (events, expected_version) in batches.items():
                self._require_version(aggregate_id, events[0].aggregate_type, expected_version)
            self._require_new_ids(new)
            stored = [event._replace(position=len(self._events) + n) for n, event in enumerate(new, 1)]
            for event in stored:
                self._streams.setdefault(event.aggregate_id, []).append(event)
            self._ids.update(event.event_id_text for event in stored)
            self._events += stored
        return stored

    def get_events(
        self, aggregate_id: str, from_version: int = 1, to_version: int | None = None
    ) -> Iterator[RecordedEvent]:
        """The events of an aggregate in the order of versions, both ends included; none for an unknown one."""
        stream = self._streams.get(aggregate_id, [])
        for event in stream:  # sees what is appended meanwhile, as a store read in batches does
            if event.version >= from_version:
                if to_version is not None and event.version > to_version:
                    return
                yield event

    def read_all(self, after: str | None = None) -> Iterator[RecordedEvent]:
        """All events in the order of positions. Raises: WrongRequest for a text that is no token."""
        at = 0 if after is None else self._place(after)
        while at < len(self._events):
            yield self._events[at]
            at += 1

    def cursor_after(self, event: RecordedEvent) -> str:
        """The token with which `read_all` goes on after this event."""
        return cursor_token(_LISTING, [event.position])

    def head(self) -> int | None:
        """The position of the last event; None where there is none."""
        return len(self._events) or None

    def version_of(self, aggregate_id: str) -> int:
        """Of an aggregate that is not there: 0."""
        return len(self._streams.get(aggregate_id, ()))

    def _require_version(self, aggregate_id: str, aggregate_type: str, expected_version: int) -> None:
        stream = self._streams.get(aggregate_id)
        if stream and stream[0].aggregate_type != aggregate_type:
            raise ValueError(
                f"{aggregate_id!r} is a {stream[0].aggregate_type} in this store and cannot be a {aggregate_type}"
            )
        actual = self.version_of(aggregate_id)
        if actual != expected_version:
            raise ConcurrencyError(expected_version, actual, aggregate_id)

    def _require_new_ids(self, events: Sequence[RecordedEvent]) -> None:
        seen: set[str] = set()
        for event in events:
            if event.event_id_text in self._ids | seen:
                raise DuplicateEvent(
                    tr("An event with the id {id} is in the store already.", id=event.event_id_text),
                    tr("Nothing was stored. Give every event an id of its own."),
                )
            seen.add(event.event_id_text)

    def _place(self, token: str) -> int:
        place = cursor_place(_LISTING, token)
        if len(place) != 1 or type(place[0]) is not int:
            raise WrongRequest(tr("{token!r} is no place in this store.", token=token))
        return int(place[0])


def _hinted(aggregate_id: str, batch: tuple[Sequence[NewEvent], int]) -> Iterator[tuple[int, RecordedEvent]]:
    """With where each stands among the events of one call: recorded ones say it, new ones follow those before."""
    events, expected_version = batch
    require_next(aggregate_id, events, expected_version)
    hint = 0
    for event in events:
        if isinstance(event, RecordedEvent):
            if event.position < hint:
                raise ValueError(f"the positions of {aggregate_id!r} fall at version {event.version}")
            hint = event.position
            yield hint, event
        else:
            yield hint, recorded(event, hint)


class MemorySnapshots:
    """The snapshots of a store in memory: one an aggregate."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._kept: dict[str, Snapshot] = {}

    def write(self, snapshot: Snapshot) -> bool:
        """False where a newer one is kept that is not beyond the aggregate's last event."""
        kept = self._kept.get(snapshot.aggregate_id)
        if kept and snapshot.version < kept.version <= self._store.version_of(snapshot.aggregate_id):
            return False
        self._kept[snapshot.aggregate_id] = snapshot
        return True

    def read(self, aggregate_id: str) -> Snapshot | None:
        return self._kept.get(aggregate_id)

    def aggregate_ids(self) -> Iterator[str]:
        return iter(sorted(self._kept))
