"""Processes that append to the same aggregates and keep a journal of each call."""

import random
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from auditor.core.errors import StoreError
from auditor.core.events import DomainEvent, RecordedEvent
from auditor.eventsourcing import EventStore
from tests.helpers.history_checker import Batches, Call, Journal, findings, read_journals
from tests.helpers.new_events import new_events

SHARED = [f"order-{number}" for number in range(20)]


def append_recorded(
    url: str,
    journals: Path,
    name: str,
    *,
    attempts: int | None = None,
    busy_seconds: float = 60.0,
    while_the_server_is_away: bool = False,
) -> None:
    """So many calls, or calls without end: of one event, of several, and of several aggregates. Mostly the expected
    versions are those of a moment ago; now and then they are older, or ones that there never were."""
    chance = random.Random(name)
    with (
        EventStore(url, busy_seconds=busy_seconds) as store,
        Journal(store, journals / f"{name}.journal", name) as journal,
    ):
        known: dict[str, int] = {}
        for _ in count() if attempts is None else range(attempts):
            try:
                batches = some_batches(store, chance, known)
            except StoreError:
                if not while_the_server_is_away:
                    raise
                time.sleep(0.01)
                continue
            if journal.append(batches) == "ok":
                known.update({aggregate: version + len(new) for aggregate, (new, version) in batches.items()})


def some_batches(store: EventStore, chance: random.Random, known: dict[str, int]) -> Batches:
    """`known` is what the writer believes; it looks again in three of four calls."""
    aggregates = chance.sample(SHARED, chance.choices([1, 2, 4], [8, 1, 1])[0])
    if chance.random() < 0.75:
        known.update({one: head for one, (head, _) in store.stream_versions(aggregates).items()})
    batches: dict[str, tuple[list[DomainEvent], int]] = {}
    for aggregate in aggregates:
        version = known.get(aggregate, 0) + (chance.random() < 0.02)
        size = chance.choices([1, 2, 5], [6, 3, 1])[0]
        batches[aggregate] = ([*new_events(aggregate, version + 1, version + size)], version)
    return batches


def what_is_wrong(url: str, journals: Path) -> tuple[list[str], list[Call], list[RecordedEvent]]:
    """The checker's findings and those about `streams`, with the calls and the events that they stand on. Calls that
    ended with an error of another kind are no finding of the checker's."""
    calls = read_journals(sorted(journals.glob("*.journal")))
    with EventStore(url) as store:
        stored = list(store.read_all())
        wrong = [*findings(calls, stored), *streams_that_disagree(store, stored)]
    return wrong, calls, stored


def streams_that_disagree(store: EventStore, stored: list[RecordedEvent]) -> Iterator[str]:
    """Rows of `streams` that do not say what the events say."""
    due: dict[str, tuple[object, ...]] = {}
    for event in stored:
        first = due.get(event.aggregate_id, (event.timestamp_utc,))[0]
        about = (event.aggregate_type, event.version, event.timestamp_utc, event.position)
        due[event.aggregate_id] = (first, *about)
    rows = store._connection().execute(
        "SELECT aggregate_id, first_timestamp, aggregate_type, version, last_timestamp, last_position FROM streams"
    )
    found = {row[0]: tuple(row[1:]) for row in rows.fetchall()}
    for aggregate in sorted(due.keys() | found.keys()):
        if due.get(aggregate) != found.get(aggregate):
            yield f"{aggregate} is {found.get(aggregate)} in streams, its events say {due.get(aggregate)}"


def hold_the_lock(url: str, held: float, times: int) -> None:
    """As another program that writes for long: takes the store's write lock again and again."""
    chance = random.Random(held)
    with EventStore(url, busy_seconds=60) as store:
        for _ in range(times):
            with store._dialect.writing(store._connection()):
                time.sleep(held)
            time.sleep(held * chance.random())
