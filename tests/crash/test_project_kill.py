"""A projection that is killed at any moment while it follows a growing store: rows and checkpoint agree, and whoever
goes on ends like an uninterrupted rebuild."""

import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from auditor.stores.location import file_location
from auditor.stores.native_store import EventStore
from auditor.stores.read_model_file import recover
from auditor.stores.read_model_waiting import Waiter
from tests.helpers import budget
from tests.helpers.command_line import answer, processes_of_session, started
from tests.helpers.new_events import new_event
from tests.helpers.rebuilding import tables_of
from tests.helpers.shop import Shop

AGGREGATES = [f"thing-{number}" for number in range(20)]
AT_FIRST = 6000


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    with EventStore(str(shop.store)) as store:
        for _ in range(AT_FIRST // 1000):
            append(store, 50)
    return shop


def append(store: EventStore, each: int) -> None:
    """So many events of every aggregate, in turn; `n` is the version."""
    before = {name: version for name, (version, _) in store.stream_versions(AGGREGATES).items()}
    batch = {}
    for name in AGGREGATES:
        first = before.get(name, 0)
        made = [
            new_event(name, first + at, event_type="Made", aggregate_type="Thing", data={"n": first + at})
            for at in range(1, each + 1)
        ]
        batch[name] = (made, first)
    store.append_many(batch)


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """A store to which somebody appends without end."""
    enough = threading.Event()

    def write() -> None:
        with EventStore(str(path), busy_seconds=60) as store:
            while not enough.wait(0.01):
                append(store, 3)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        enough.set()
        writer.join()


def kill(child: "subprocess.Popen[bytes]") -> None:
    pid = child.pid
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while processes_of_session(pid) and time.monotonic() < until:
        time.sleep(0.01)  # its worker notices that the pipe is closed
    assert processes_of_session(pid) == set()


def position_now(shop: Shop) -> int:
    with Waiter(file_location(shop.read_model), "things", None) as waiter:
        return waiter.position()


def check(shop: Shop) -> int:
    """The rows are those of the events up to the checkpoint. Returns it."""
    if not shop.read_model.exists():
        return 0
    recover(shop.read_model)
    with closing(sqlite3.connect(shop.read_model)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = connection.execute(
            "SELECT position, events FROM auditor_checkpoints WHERE stage = 'live'"
        ).fetchone()
        rows = dict(connection.execute("SELECT id, n FROM things").fetchall()) if found else {}
    if found is None:
        assert "things" not in tables_of(shop.read_model)
        return 0
    position, seen = found
    with EventStore(str(shop.store)) as store:
        events = [event for event in store.read_all() if event.position <= position]
    assert seen == len(events)
    assert rows == {event.aggregate_id: event.version for event in events}
    return int(position)


def test_killed_at_any_moment_rows_and_checkpoint_agree(shop: Shop) -> None:
    chance, positions = random.Random(f"project kill {budget.MINUTES}"), [0]
    arguments = shop.arguments_for("project")
    with growing(shop.store):
        for _ in range(budget.count(10, "kills of a follower")):
            child = started(*arguments, "--follow", "--progress", "ndjson")
            assert child.stdout
            assert child.stderr
            assert b"started" in child.stdout.readline()
            before = position_now(shop)
            time.sleep(chance.random() * 0.6)  # not for luck: the moment of the kill is what is drawn
            kill(child)
            child.stdout.close()
            child.stderr.close()
            child.wait()
            positions.append(check(shop))
            assert positions[-1] >= before
    assert positions == sorted(positions)
    assert len(set(positions)) > 3
    caught_up = answer(*arguments)
    assert caught_up["from"] == positions[-1]
    assert check(shop) == caught_up["position"] == caught_up["head"]
    live = tables_of(shop.read_model)
    assert shop.rebuild().code == 0
    assert tables_of(shop.read_model) == live
    assert {entry.name for entry in shop.folder.iterdir() if entry.name.startswith("s.")} == {
        shop.store.name,
        shop.read_model.name,
    }
