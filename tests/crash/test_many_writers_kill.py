"""SIGKILL of writers, and a crash of their server, in the midst of appends: the checker of histories finds nothing."""

import random
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from auditor.eventsourcing import EventStore
from tests.helpers import budget
from tests.helpers.history_checker import Call
from tests.helpers.many_processes import start
from tests.helpers.new_events import new_event
from tests.helpers.postgres_server import PostgresServer, as_text, drop_database, new_database
from tests.helpers.recorded_writers import append_recorded, what_is_wrong

WRITERS = 4


def test_killed_writers_leave_whole_calls(store_url: str, tmp_path: Path) -> None:
    chance, rounds = random.Random(11), budget.count(12, "rounds of killed writers")
    EventStore(store_url).close()
    for number in range(rounds):
        writers = [
            start(append_without_end, store_url, tmp_path, f"{number}-{writer}") for writer in range(WRITERS)
        ]
        await_calls(tmp_path, f"{number}-*.journal", WRITERS)
        for writer in chance.sample(writers, WRITERS):
            time.sleep(chance.uniform(0, 0.03))
            writer.kill()
            writer.join()
        with EventStore(store_url) as store:  # the next one finds the store as it should be
            store.append(f"after {number}", [new_event(f"after {number}", 1)], 0)

    wrong, calls, _ = wrong_but_for_ours(store_url, tmp_path)
    assert wrong == []
    outcomes = [call.outcome for call in calls]
    assert outcomes.count("unknown") > rounds / 2  # killed in the midst of a call
    assert outcomes.count("ok") > rounds
    assert [call.error for call in calls if call.outcome == "failed"] == []


def append_without_end(url: str, journals: Path, name: str) -> None:
    append_recorded(url, journals, name)


def await_calls(journals: Path, pattern: str, writers: int) -> None:
    """Until each writer has begun a call."""
    for _ in count():
        found = [path for path in journals.glob(pattern) if path.stat().st_size]
        if len(found) >= writers:
            return
        time.sleep(0.001)


def wrong_but_for_ours(url: str, journals: Path) -> tuple[list[str], list[Call], int]:
    """The events of the next one are in no journal."""
    wrong, calls, stored = what_is_wrong(url, journals)
    ours = {event.event_id_text for event in stored if event.aggregate_id.startswith("after ")}
    return [finding for finding in wrong if not any(one in finding for one in ours)], calls, len(stored)


@pytest.fixture
def crashing_server(postgres_server: PostgresServer) -> Iterator[tuple[PostgresServer, str]]:
    """Our own server, and a database there. It runs without fsync: what it has given to the system outlives a crash
    of the server, which is what is tried here; a power loss is not."""
    url = new_database(postgres_server.url)
    yield postgres_server, as_text(url)
    drop_database(url)


def test_a_server_that_crashes_keeps_what_it_acknowledged(
    crashing_server: tuple[PostgresServer, str], tmp_path: Path
) -> None:
    server, url = crashing_server
    chance, crashes = random.Random(13), budget.count(4, "crashes of a server")
    EventStore(url).close()
    writers = [start(append_through_crashes, url, tmp_path, f"{writer}") for writer in range(WRITERS)]
    try:
        await_calls(tmp_path, "*.journal", WRITERS)  # who is still opening the store may find no server
        for _ in range(crashes):
            before = acknowledged(tmp_path)
            while acknowledged(tmp_path) < before + 20:
                assert all(writer.is_alive() for writer in writers)
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.02))
            server.restart("immediate")
    finally:
        for writer in writers:
            writer.kill()
            writer.join()

    wrong, calls, _ = what_is_wrong(url, tmp_path)
    assert wrong == []
    assert sum(call.outcome == "ok" for call in calls) > 20 * crashes
    assert {call.outcome for call in calls} & {"failed", "unknown"}
    assert all(call.error.startswith("StoreError") for call in calls if call.outcome == "failed")


def append_through_crashes(url: str, journals: Path, name: str) -> None:
    append_recorded(url, journals, name, while_the_server_is_away=True)


def acknowledged(journals: Path) -> int:
    return sum(path.read_bytes().count(b'"outcome": "ok"') for path in journals.glob("*.journal"))
