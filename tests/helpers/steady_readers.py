"""Readers that run while others write, and write down what they saw; writers that are slow within a transaction."""

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from auditor.core.errors import StoreError
from auditor.core.events import RecordedEvent
from auditor.eventsourcing import EventStore
from tests.helpers.history_checker import Journal
from tests.helpers.new_events import new_event
from tests.helpers.recorded_writers import some_batches

THE_END = "the end"
Seen = list[tuple[int, str]]
"""Positions and ids of events, in the order in which a reader got them."""
Follow = Callable[[EventStore, str | None], Iterator[RecordedEvent]]


def by_subscription(store: EventStore, after: str | None) -> Iterator[RecordedEvent]:
    return store.subscribe(after, poll_seconds=0.001)


def by_asking_again(store: EventStore, after: str | None) -> Iterator[RecordedEvent]:
    while True:
        for event in store.read_all(after):
            after = store.cursor_after(event)
            yield event


def read_to_the_end(url: str, seen_in: Path, follow: Follow) -> None:
    """Reads until the event that ends it all. A lost connection is taken up again after the last event seen."""
    seen: Seen = []
    with EventStore(url, busy_seconds=60) as store:
        after: str | None = None
        ended = False
        while not ended:
            try:
                for event in follow(store, after):
                    seen.append((event.position, event.event_id_text))
                    after = store.cursor_after(event)
                    ended = event.aggregate_id == THE_END
                    if ended:
                        break
            except StoreError:
                continue
    seen_in.write_text(json.dumps(seen), encoding="utf-8")


def append_the_end(url: str) -> Seen:
    """All there is, the end included."""
    with EventStore(url, busy_seconds=60) as store:
        store.append(THE_END, [new_event(THE_END, 1)], 0)
        return [(event.position, event.event_id_text) for event in store.read_all()]


def seen_by(path: Path) -> Seen:
    return [(position, event_id) for position, event_id in json.loads(path.read_text(encoding="utf-8"))]


class ChangedItsMind(Exception):
    """Why a writer rolls back."""


def write_slowly(url: str, journals: Path, name: str, attempts: int, longest: float) -> None:
    """Appends with a pause before each commit, when the positions are drawn; each tenth is rolled back instead. Goes
    on when the connection is lost."""
    chance = random.Random(name)
    with (
        EventStore(url, busy_seconds=60) as store,
        Journal(store, journals / f"{name}.journal", name) as journal,
    ):
        _slow_down(store, chance, longest)
        for _ in range(attempts):
            try:
                batches = some_batches(store, chance, {})
            except StoreError:
                continue
            journal.append(batches)
            time.sleep(longest * chance.random())


def _slow_down(store: EventStore, chance: random.Random, longest: float) -> None:
    dialect: Any = store._dialect
    writing = dialect.writing

    @contextmanager
    def slowly(connection: Any) -> Iterator[Any]:
        with writing(connection) as cursor:
            yield cursor
            time.sleep(longest * chance.random())
            if chance.random() < 0.1:
                raise ChangedItsMind

    dialect.writing = slowly
