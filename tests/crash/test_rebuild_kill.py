"""A rebuild that is killed, or whose disk is full, at any moment: the live tables are whole and the next run ends
like an uninterrupted one."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from auditor.stores.location import file_location
from auditor.stores.read_model_file import default_path, recover
from auditor.stores.read_model_reader import ReadModelReader
from tests.helpers import budget
from tests.helpers.command_line import PROGRAM, answer, environment, processes_of_session, started
from tests.helpers.rebuilding import Tables, tables_of

EVENTS = 4000
NAME = "order_summaries"
LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "orders.db"
    answer("demo", "--events", str(EVENTS), "--to", path)
    return path


@pytest.fixture
def old_and_new(store: Path) -> tuple[Tables, Tables]:
    """The live tables now, which say that they are old, and what a rebuild makes of them."""
    path = default_path(store)
    path.unlink(missing_ok=True)
    answer("rebuild", store, NAME)
    new = tables_of(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE order_summaries SET status = 'old'")
    return tables_of(path), new


def live_tables(path: Path) -> Tables:
    """As a reader of ours finds them, who first undoes what was left half written."""
    recover(path)
    with ReadModelReader(file_location(path), NAME) as reader:
        assert reader.checkpoint().position == EVENTS
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return {name: rows for name, rows in tables_of(path).items() if not name.endswith("__shadow")}


def killed_after(store: Path, seconds: float) -> bool:
    """Whether it was still running when it was killed, so long after its first word."""
    child = started("rebuild", store, NAME, "--progress", "ndjson")
    assert child.stdout
    assert child.stderr
    assert json.loads(child.stdout.readline())["kind"] == "started"
    time.sleep(seconds)  # not for luck: the moment of the kill is what is drawn
    os.kill(child.pid, signal.SIGKILL)
    was_running = child.wait() == -signal.SIGKILL
    until = time.monotonic() + 5
    while processes_of_session(child.pid) and time.monotonic() < until:
        time.sleep(0.01)  # its worker notices that the pipe is closed
    assert processes_of_session(child.pid) == set()
    child.stdout.close()
    child.stderr.close()
    return was_running


def seconds_of_a_rebuild(store: Path) -> float:
    """From its first word to its end: the time in which a kill can meet it at work."""
    child = started("rebuild", store, NAME, "--progress", "ndjson")
    assert child.stdout
    child.stdout.readline()
    began = time.monotonic()
    child.communicate()
    return time.monotonic() - began


def test_killed_at_any_moment_the_live_tables_are_whole(
    store: Path, old_and_new: tuple[Tables, Tables]
) -> None:
    old, new = old_and_new
    path, chance, hits, unfinished = (
        default_path(store),
        random.Random(f"rebuild kill {budget.MINUTES}"),
        0,
        0,
    )
    longest = seconds_of_a_rebuild(store)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE order_summaries SET status = 'old'")
    for _ in range(budget.count(14, "kills of a rebuild")):
        hits += killed_after(store, chance.random() * longest)
        found = live_tables(path)
        assert found in (old, new)
        unfinished += any(name.endswith("__shadow") for name in tables_of(path))
        if found == new:
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute("UPDATE order_summaries SET status = 'old'")
    assert hits > 0
    assert unfinished > 0
    answer("rebuild", store, NAME)
    assert tables_of(path) == new
    assert {entry.name for entry in store.parent.iterdir()} == {store.name, path.name}


def test_an_unfinished_run_is_told_by_the_next(store: Path, old_and_new: tuple[Tables, Tables]) -> None:
    path = default_path(store)
    for tenth in range(1, 100):
        killed_after(store, tenth / 100)
        live_tables(path)
        if any(name.endswith("__shadow") for name in tables_of(path)):
            break
    done = subprocess.run(
        [*PROGRAM, "rebuild", store, NAME], capture_output=True, env=environment(), text=True, check=True
    )
    assert "starts afresh" in done.stderr
    assert tables_of(path) == old_and_new[1]


@pytest.mark.skipif(sys.platform == "win32", reason="files are not limited in size there")
def test_without_room_the_live_tables_stay_and_with_room_it_ends_well(
    store: Path, old_and_new: tuple[Tables, Tables]
) -> None:
    old, new = old_and_new
    path, ends = default_path(store), set()
    first = path.stat().st_size
    steps = budget.count(10, "sizes of a disk")
    for step in range(steps + 1):
        limit = 16384 + (2 * first) * step // steps
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(limit), *PROGRAM[1:], "rebuild", store, NAME],
            capture_output=True,
            env=environment(),
            text=True,
            check=False,
        )
        ends.add(done.returncode)
        assert done.returncode in (0, 3), done
        assert live_tables(path) == (new if done.returncode == 0 else old), done
        assert {entry.name for entry in store.parent.iterdir()} == {store.name, path.name}
        if done.returncode == 3:
            assert "Traceback" not in done.stderr
            assert path.name in done.stderr
    assert ends == {0, 3}
