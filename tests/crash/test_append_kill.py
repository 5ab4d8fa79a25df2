"""SIGKILL at random points of appends: whole calls only, no hole, streams agree, the next opening works."""

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from auditor.core.events import DomainEvent
from auditor.eventsourcing import EventStore
from tests.helpers import budget
from tests.helpers.killing import moments, run_and_kill
from tests.helpers.new_events import new_event

KILLS_OF_ONE_STORE = 4


def test_a_killed_append_leaves_whole_calls(tmp_path: Path) -> None:
    kills = budget.count(40, "kills of an append")
    for number, (after, delay) in enumerate(moments(kills, seed=7, most=15, longest=0.02)):
        path = tmp_path / f"{number // KILLS_OF_ONE_STORE}.db"
        done = run_and_kill(append_without_end, path, number, after=after, delay=delay)
        calls = [call for call in stored_calls(path) if call.startswith(f"{number}-")]
        assert done <= len(calls) <= done + 1
        assert_whole(path)


def test_a_store_killed_while_it_was_made_is_opened_by_the_next(tmp_path: Path) -> None:
    kills = budget.count(20, "kills of a store's making")
    for number in range(kills):
        path = tmp_path / f"{number}.db"
        run_and_kill(make_stores, path, after=1, delay=0.02 * number / kills)
        for made in sorted(tmp_path.glob(f"{number}.db*[0-9b]")):
            with EventStore(str(made)) as store:
                store.append("x", [new_event("x", 1)], 0)
            assert_whole(made)


def append_without_end(done: Callable[[], None], path: Path, number: int) -> None:
    """Calls of random kinds. Every event bears the name of its call and how many events the call has."""
    chance = random.Random(number)
    padding = "x" * chance.choice([10, 300, 6000])
    call = 0
    with EventStore(str(path)) as store:
        while True:
            call += 1
            sizes = sizes_of_call(chance, f"{number}-{call}")
            heads = store.stream_versions(sizes)
            about = {"call": f"{number}-{call}", "events": sum(sizes.values()), "padding": padding}
            store.append_many(
                {
                    aggregate_id: (events_after(head, aggregate_id, size, about), head)
                    for aggregate_id, size in sizes.items()
                    for head in [heads.get(aggregate_id, (0, ""))[0]]
                }
            )
            done()


def sizes_of_call(chance: random.Random, name: str) -> dict[str, int]:
    if chance.random() < 0.4:
        return {"shared": chance.choice([1, 1, 7, 120])}
    sizes = {f"{name}-{n}": chance.choice([1, 3, 20]) for n in range(chance.choice([2, 10]))}
    return {**sizes, "shared": 2} if chance.random() < 0.5 else sizes


def events_after(head: int, aggregate_id: str, size: int, about: dict[str, object]) -> list[DomainEvent]:
    return [new_event(aggregate_id, version, data=about) for version in range(head + 1, head + size + 1)]


def make_stores(done: Callable[[], None], path: Path) -> None:
    done()
    for number in range(100):
        EventStore(str(path.with_name(f"{path.name}-{number}"))).close()
    time.sleep(60)


def stored_calls(path: Path) -> set[str]:
    """The names of all calls of which an event is stored; each is there whole."""
    found: Counter[str] = Counter()
    sizes: dict[str, int] = {}
    with EventStore(str(path)) as store:
        for event in store.read_all():
            data = event.data
            found[data["call"]] += 1
            sizes[data["call"]] = data["events"]
    assert found == sizes
    return set(found)


def assert_whole(path: Path) -> None:
    assert [one.name for one in path.parent.glob(f"{path.name}-[wsj]*")] == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT max(position) - count(*) FROM events").fetchone() == (0,)
        assert connection.execute(DISAGREEMENT).fetchall() == []


DISAGREEMENT = """
WITH counted AS (
  SELECT aggregate_id, min(aggregate_type) AS aggregate_type, max(version) AS version, max(position) AS position,
         count(*) AS events, count(DISTINCT aggregate_type) AS types
  FROM events GROUP BY aggregate_id
)
SELECT aggregate_id FROM streams WHERE aggregate_id NOT IN (SELECT aggregate_id FROM events)
UNION ALL
SELECT aggregate_id FROM counted LEFT JOIN streams USING (aggregate_id)
WHERE counted.version IS NOT streams.version OR counted.events IS NOT streams.version OR types <> 1
   OR counted.position IS NOT streams.last_position OR counted.aggregate_type IS NOT streams.aggregate_type
   OR first_timestamp IS NOT (SELECT timestamp FROM events AS one WHERE one.aggregate_id = streams.aggregate_id
                              AND one.version = 1)
   OR last_timestamp IS NOT (SELECT timestamp FROM events AS one WHERE one.aggregate_id = streams.aggregate_id
                             AND one.version = streams.version)
"""
"""Aggregates whose row in `streams` does not say what their events say."""
