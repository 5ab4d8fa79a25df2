"""A reader that remembers where it was sees every event that is ever committed, once and in order.

PostgreSQL draws a number when a row is inserted and shows the row when its transaction commits, so that a higher number
may be seen before a lower one. The first test shows what that does to a reader; the store must not let it happen.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from auditor.core.errors import StoreBusy
from auditor.eventsourcing import EventStore
from tests.helpers import budget
from tests.helpers.history_checker import findings, read_journals
from tests.helpers.many_processes import start
from tests.helpers.new_events import new_event
from tests.helpers.steady_readers import (
    append_the_end,
    by_asking_again,
    by_subscription,
    read_to_the_end,
    seen_by,
    write_slowly,
)

READERS = {"subscription": by_subscription, "asking": by_asking_again, "another": by_subscription}
WRITERS = [f"writer-{number}" for number in range(8)]


class NaiveReader:
    """Remembers the last position it saw, as most do."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection, self._last = connection, 0
        self.seen: list[str] = []

    def catch_up(self) -> None:
        rows = self._connection.execute(
            "SELECT position, name FROM log WHERE position > %s ORDER BY position", (self._last,)
        )
        for position, name in rows.fetchall():
            self._last = position
            self.seen.append(name)


def test_the_loss(postgres_url: str) -> None:
    """Numbers from a sequence, and no lock: what commits late is lost to the reader for ever."""
    with ExitStack() as connections:
        one, two, three, reading = (
            connections.enter_context(psycopg.connect(postgres_url, autocommit=True)) for _ in range(4)
        )
        one.execute("CREATE TABLE log (position bigserial PRIMARY KEY, name text)")
        reader = NaiveReader(reading)
        for connection, name in ((one, "open for long"), (two, "rolled back"), (three, "quick")):
            connection.execute("BEGIN")
            connection.execute("INSERT INTO log (name) VALUES (%s)", (name,))
        three.execute("COMMIT")
        two.execute("ROLLBACK")
        reader.catch_up()
        assert reader.seen == ["quick"]

        one.execute("COMMIT")
        reader.catch_up()
        three.execute("INSERT INTO log (name) VALUES ('later')")
        reader.catch_up()

        everything = [name for (name,) in reading.execute("SELECT name FROM log ORDER BY position")]
        assert everything == ["open for long", "quick", "later"]
        assert reader.seen == ["quick", "later"]


@pytest.fixture
def two_writers(store_url: str) -> Iterator[tuple[EventStore, EventStore]]:
    with EventStore(store_url) as slow, EventStore(store_url, busy_seconds=0.05) as quick:
        yield slow, quick


@pytest.mark.parametrize("commits", [True, False], ids=["committed late", "rolled back"])
def test_an_open_append_keeps_others_from_overtaking(
    two_writers: tuple[EventStore, EventStore], monkeypatch: pytest.MonkeyPatch, commits: bool
) -> None:
    """The same interleaving: while one append has its positions and is not committed, no other gets any."""
    slow, quick = two_writers
    quick.append("first", [new_event("first", 1)], 0)
    reader = quick.subscribe(poll_seconds=0.001)
    assert next(reader).aggregate_id == "first"
    write_streams = slow._appender._write_streams

    def with_a_rival(cursor: Any, *about: Any) -> None:
        write_streams(cursor, *about)
        with pytest.raises(StoreBusy):  # not overtaken, and told so without a conflict
            quick.append("quick", [new_event("quick", 1)], 0)
        assert [event.aggregate_id for event in quick.read_all()] == ["first"]
        if not commits:
            raise RuntimeError("rolled back")

    monkeypatch.setattr(slow._appender, "_write_streams", with_a_rival)
    if commits:
        slow.append("late", [new_event("late", 1)], 0)
    else:
        with pytest.raises(RuntimeError, match="rolled back"):
            slow.append("late", [new_event("late", 1)], 0)
    quick.append("quick", [new_event("quick", 1)], 0)

    due = ["late", "quick"] if commits else ["quick"]
    assert [next(reader).aggregate_id for _ in due] == due
    assert [event.aggregate_id for event in quick.read_all()] == ["first", *due]


def test_readers_beside_eight_slow_writers_miss_nothing(store_url: str, tmp_path: Path) -> None:
    """Pauses with positions drawn, rollbacks, and SIGKILL of a writer now and then."""

    def kill_one(chance: random.Random, writers: list[Any]) -> None:
        if chance.random() < 0.3:
            chance.choice(writers).kill()

    assert wrong_beside_readers(store_url, tmp_path, kill_one) == []


def test_readers_miss_nothing_while_the_server_ends_connections(postgres_url: str, tmp_path: Path) -> None:
    """Those of the writers in the midst of a transaction or a commit, and those of the readers too."""

    def end_a_connection(chance: random.Random, writers: list[Any]) -> None:
        ended.append(
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
            ).fetchone()
        )

    ended: list[Any] = []
    with psycopg.connect(postgres_url, autocommit=True) as server:
        assert wrong_beside_readers(postgres_url, tmp_path, end_a_connection) == []
    assert (True,) in ended


def wrong_beside_readers(
    url: str, folder: Path, disturb: Callable[[random.Random, list[Any]], None]
) -> list[str]:
    """What the checker says of the writers, and the names of readers that saw other events than there are."""
    attempts = budget.count(25, "appends of each writer beside readers")
    chance = random.Random(7)
    EventStore(url).close()
    readers = [start(read_to_the_end, url, folder / f"{name}.seen", how) for name, how in READERS.items()]
    writers = [start(write_slowly, url, folder, name, attempts, 0.006) for name in WRITERS]
    try:
        while any(writer.is_alive() for writer in writers):
            time.sleep(0.12 * chance.random())
            disturb(chance, writers)
        for writer in writers:
            writer.join()
        everything = append_the_end(url)
        for reader in readers:
            reader.join(60)
    finally:
        for process in (*writers, *readers):
            process.kill()
            process.join()
    assert [reader.exitcode for reader in readers] == [0] * len(readers)
    wrong = [name for name in READERS if seen_by(folder / f"{name}.seen") != everything]
    return [*wrong, *wrong_in_the_store(url, folder)]


def wrong_in_the_store(url: str, journals: Path) -> list[str]:
    calls = read_journals(journals.glob("*.journal"))
    assert {"ok", "failed"} <= {call.outcome for call in calls}
    assert any("ChangedItsMind" in call.error for call in calls)
    with EventStore(url) as store:
        stored = [*store.read_all()]
    the_end = stored[-1].event_id_text
    return [finding for finding in findings(calls, stored) if the_end not in finding]
