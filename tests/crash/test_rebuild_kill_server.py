"""A rebuild into a PostgreSQL schema that is killed, or whose server is, at any moment: the live tables are whole and
the next run ends like an uninterrupted one."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest

from auditor.core.errors import StoreBusy
from auditor.stores.location import store_location
from auditor.stores.read_model_place import place_beside
from auditor.stores.read_model_reader import ReadModelReader
from auditor.stores.read_model_target import ReadModelTarget
from tests.helpers import budget
from tests.helpers.command_line import answer, auditor, processes_of_session, started
from tests.helpers.demo_on_server import moved
from tests.helpers.postgres_server import PostgresServer, as_text, new_database, running_server
from tests.helpers.read_model_places import tables_on_server
from tests.helpers.rebuilding import Tables

EVENTS = 2500
NAME = "order_summaries"
SCHEMA = "public_readmodels"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One of these tests alone, since they kill it."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="module")
def store(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    demo, url = tmp_path_factory.mktemp("shop") / "orders.db", as_text(new_database(server.url))
    answer("demo", "--events", str(EVENTS), "--to", demo)
    moved(demo, url)
    return url


@pytest.fixture
def old_and_new(store: str) -> tuple[Tables, Tables]:
    """The live tables now, which say that they are old, and what a rebuild makes of them."""
    answer("rebuild", store, NAME)
    new = tables_on_server(store, SCHEMA)
    make_old(store)
    return tables_on_server(store, SCHEMA), new


def make_old(store: str) -> None:
    with psycopg.connect(store) as connection:
        connection.execute("UPDATE public_readmodels.order_summaries SET status = 'old'")


def live_tables(store: str) -> Tables:
    """As a reader of ours finds them."""
    with ReadModelReader(place_beside(store_location(store)), NAME) as reader:
        assert reader.checkpoint().position == EVENTS
    found = tables_on_server(store, SCHEMA)
    return {name: rows for name, rows in found.items() if not name.endswith("__shadow")}


def begun(store: str) -> "subprocess.Popen[bytes]":
    child = started("rebuild", store, NAME, "--progress", "ndjson")
    assert child.stdout
    assert json.loads(child.stdout.readline())["kind"] == "started"
    return child


def ended(child: "subprocess.Popen[bytes]") -> int:
    """Its exit code; nothing that it started is left."""
    assert child.stdout
    assert child.stderr
    child.stdout.close()
    child.stderr.close()
    code = child.wait()
    until = time.monotonic() + 5
    while processes_of_session(child.pid) and time.monotonic() < until:
        time.sleep(0.01)  # its worker notices that the pipe is closed
    assert processes_of_session(child.pid) == set()
    return code


def seconds_of_a_rebuild(store: str) -> float:
    """From its first word to its end: the time in which a kill can meet it at work."""
    child = begun(store)
    began = time.monotonic()
    child.communicate()
    return time.monotonic() - began


def test_killed_at_any_moment_the_live_tables_are_whole(
    store: str, old_and_new: tuple[Tables, Tables]
) -> None:
    old, new = old_and_new
    chance, hits, unfinished = random.Random(f"rebuild kill on a server {budget.MINUTES}"), 0, 0
    longest = seconds_of_a_rebuild(store)
    make_old(store)
    for _ in range(budget.count(8, "kills of a rebuild on a server")):
        child = begun(store)
        time.sleep(chance.random() * longest)  # not for luck: the moment of the kill is what is drawn
        os.kill(child.pid, signal.SIGKILL)
        hits += ended(child) == -signal.SIGKILL
        found = live_tables(store)
        assert found in (old, new)
        unfinished += any(name.endswith("__shadow") for name in tables_on_server(store, SCHEMA))
        if found == new:
            make_old(store)
    assert hits > 0
    assert unfinished > 0
    ReadModelTarget(place_beside(store_location(store))).close()  # the lock of the last one is gone
    answer("rebuild", store, NAME)
    assert tables_on_server(store, SCHEMA) == new


def test_a_server_that_crashes_leaves_the_live_tables_whole(
    server: PostgresServer, store: str, old_and_new: tuple[Tables, Tables]
) -> None:
    old, new = old_and_new
    chance = random.Random(f"server kill {budget.MINUTES}")
    longest, codes = seconds_of_a_rebuild(store), set()
    make_old(store)
    for _ in range(budget.count(4, "crashes of a server in a rebuild")):
        child = begun(store)
        time.sleep(chance.random() * longest * 0.8)
        server.restart("immediate")
        codes.add(ended(child))
        found = live_tables(store)
        assert found in (old, new)
        if found == new:
            make_old(store)
    assert 3 in codes
    assert codes <= {0, 3}
    done = auditor("rebuild", store, NAME, "--json")
    assert done.code == 0, done
    assert tables_on_server(store, SCHEMA) == new


def test_a_rebuild_that_is_halted_keeps_the_others_out_and_is_named(store: str) -> None:
    answer("rebuild", store, NAME)
    child = begun(store)
    place = place_beside(store_location(store))
    try:
        assert child.stdout
        while json.loads(child.stdout.readline()).get("target") is None:
            pass
        os.kill(child.pid, signal.SIGSTOP)
        with pytest.raises(StoreBusy, match=f"that of {NAME}"):
            ReadModelTarget(place)
        (row,) = answer("projections", store)["projections"]
        assert row["at_work"] is True
    finally:
        os.kill(child.pid, signal.SIGKILL)
        ended(child)
    ReadModelTarget(place).close()
    (row,) = answer("projections", store)["projections"]
    assert row["at_work"] is False
