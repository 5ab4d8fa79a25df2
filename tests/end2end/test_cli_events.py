"""timeline, event, aggregates in other orders and events --follow as child processes."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from auditor.stores.native_store import EventStore
from tests.helpers.command_line import PROGRAM, answer, auditor, environment, interrupt, started
from tests.helpers.new_events import new_event
from tests.helpers.random_stores import write_rows
from tests.helpers.small_stores import write_store


def facts(count: int) -> list[tuple[str, dict[str, Any]]]:
    return [("Began" if number == 1 else "WentOn", {"n": number}) for number in range(1, count + 1)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return write_store(tmp_path / "things.db", {"one": facts(3), "two": facts(5), "-x": facts(1)})


def linked(position: int, aggregate_id: str, cause: str | None, data: str = "{}") -> tuple[Any, ...]:
    time = "2026-04-01T00:00:00.000000Z"
    metadata = json.dumps({"correlation_id": "c", "causation_id": cause})
    kind = ("Order", "Shipped", 1)
    return (position, f"e-{position}", aggregate_id, *kind, time, None, data, metadata, "c", cause)


# -- timeline ----------------------------------------------------------------------------------------------------


def test_a_timeline_counts_and_has_its_columns(store: Path) -> None:
    columns = answer("timeline", store, "two", "--after", "3")
    assert {
        "aggregate_id": "two",
        "aggregate_type": "Thing",
        "first_ordinal": 4,
        "events": 2,
        "versions": [4, 5],
        "positions": [7, 8],
        "timestamps": ["2026-03-01T12:04:00.000000Z", "2026-03-01T12:05:00.000000Z"],
        "types": ["WentOn"],
        "type_of": [0, 0],
        "users": ["ada"],
        "user_of": [0, 0],
        "sizes": [7, 7],
        "head": 9,
    }.items() <= columns.items()
    shown = auditor("timeline", store, "two")
    assert shown.code == 0
    for line in ("versions   1 to 5", "first      2026-03-01 12:01:00Z", "WentOn       4", "ada        5"):
        assert line in shown.out
    assert "events     0" in auditor("timeline", store, "two", "--after", "9").out
    assert auditor("timeline", store, "nobody").code == 2
    assert auditor("timeline", store).code == 2


def test_somebody_of_an_odd_name_is_counted_apart_from_nobody(tmp_path: Path) -> None:
    users = [None, "(nobody is named)", "(nobody is named)", " x", "“ x”"]
    rows = [
        (
            *linked(at, "a", None)[:5],
            at,
            *linked(at, "a", None)[6:9],
            json.dumps({"user_id": user}),
            "c",
            None,
        )
        for at, user in enumerate(users, start=1)
    ]
    path = write_rows(tmp_path / "users.db", rows)
    counts = [line.split()[-1] for line in auditor("timeline", path, "a").out.splitlines()[-4:]]
    assert counts == ["2", "1", "1", "1"]


# -- event -------------------------------------------------------------------------------------------------------


def test_an_event_is_shown_whole_by_version_and_by_id(store: Path) -> None:
    event = answer("event", store, "two", "2")
    assert {
        "version": 2,
        "ordinal": 2,
        "position": 5,
        "data": {"n": 2},
        "user": "ada",
    }.items() <= event.items()
    assert (event["schema_version"], event["correlated"], event["cause"], event["effects"]) == (
        1,
        9,
        None,
        [],
    )
    assert answer("event", store, "--id", event["event_id"]) == event
    assert answer("event", store, "--id-json", '"two"', "2") == event
    assert auditor("event", store, "--json", "--", "-x", "1").json["aggregate_id"] == "-x"
    shown = auditor("event", store, "two", "2").out
    assert '"n": 2' in shown
    assert event["event_id"] in shown


@pytest.mark.parametrize(
    "wrong",
    [
        ["two"],
        ["two", "9"],
        ["two", "0"],
        ["two", "x"],
        ["two", "2", "--id", "e"],
        ["--id", "nothing"],
        [],
        ["nobody", "1"],
    ],
)
def test_an_event_that_is_not_there_is_exit_2(store: Path, wrong: list[str]) -> None:
    ended = auditor("event", store, *wrong, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.error["hint"]


def test_links_are_said_and_what_is_missing_too(tmp_path: Path) -> None:
    rows = [
        linked(1, "a", None),
        linked(2, "b", "e-1", '{"n": 1, "n": 2}'),
        *(linked(position, f"c{position}", "e-2") for position in range(3, 110)),
        linked(110, "d", "gone"),
    ]
    path = write_rows(tmp_path / "linked.db", rows)
    middle = answer("event", path, "b", "1")
    assert middle["cause"] == {
        "event_id": "e-1",
        "aggregate_id": "a",
        "aggregate_type": "Order",
        "event_type": "Shipped",
        "version": 1,
        "ordinal": 1,
        "position": 1,
        "timestamp": "2026-04-01T00:00:00.000000Z",
    }
    assert (len(middle["effects"]), middle["more_effects"], middle["correlated"]) == (100, 7, 110)
    assert middle["data_text"] == '{"n": 1, "n": 2}'
    shown = auditor("event", path, "b", "1")
    assert "cause        Shipped, version 1 of a, position 1 (e-1)" in shown.out
    assert "and 7 more" in shown.out
    assert '{"n": 1, "n": 2}' in shown.out
    assert "keys that stand twice: n" in shown.err
    assert answer("event", path, "d", "1")["cause_missing"] is True
    assert "gone: no event of this store has that id" in auditor("event", path, "d", "1").out


# -- aggregates --------------------------------------------------------------------------------------------------


def test_aggregates_by_their_last_event_and_backwards(store: Path) -> None:
    first = answer("aggregates", store, "--sort", "last", "--limit", "2")
    assert [row["aggregate_id"] for row in first["aggregates"]] == ["-x", "two"]
    assert first["before"] is None
    second = answer("aggregates", store, "--sort", "last", "--limit", "2", "--after", first["after"])
    assert [row["aggregate_id"] for row in second["aggregates"]] == ["one"]
    assert (
        answer("aggregates", store, "--sort", "last", "--limit", "2", "--before", second["before"]) == first
    )
    shown = auditor("aggregates", store, "--sort", "last", "--limit", "2", "--after", first["after"]).out
    assert f"Page in front: --before {second['before']}" in shown
    assert auditor("aggregates", store, "--before", second["before"]).code == 2
    assert auditor("aggregates", store, "--after", "a", "--before", "b").code == 2


# -- events --until, events --follow -----------------------------------------------------------------------------


def test_until_leaves_its_own_moment_out(store: Path) -> None:
    moment = "2026-03-01T12:03:00Z"
    before = answer("events", store, "two", "--until", moment)["events"]
    since = answer("events", store, "two", "--since", moment)["events"]
    assert [event["version"] for event in before] == [1, 2]
    assert [event["version"] for event in since] == [3, 4, 5]


def append(path: Path, first: int, last: int, aggregate_id: str = "new") -> None:
    with EventStore(f"sqlite:///{path}") as store:
        appended = [
            new_event(aggregate_id, version, aggregate_type="Thing") for version in range(first, last + 1)
        ]
        store.append(aggregate_id, appended, first - 1)


@contextmanager
def following(*arguments: str | Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Gets Ctrl-C at the end of the block, unless it has ended by itself."""
    child = started("events", *arguments, "--follow")
    assert child.stdout
    assert child.stderr
    try:
        yield child
        if child.poll() is None:
            interrupt(child)
    finally:
        if child.poll() is None and sys.exc_info()[0] is not None:
            child.kill()
        child.stdout.read()
        child.stderr.read()
        child.stdout.close()
        child.stderr.close()
        child.wait(20)


def test_events_are_followed_as_another_process_appends_them(store: Path) -> None:
    token = answer("events", store, "--limit", "8")["after"]
    with following(store, "--json", "--after", token) as child:
        assert child.stdout
        assert json.loads(child.stdout.readline())["aggregate_id"] == "-x"  # it looks at the store now
        for first in (1, 3):
            append(store, first, first + 1)
            lines = [json.loads(child.stdout.readline()) for _ in range(2)]
            assert [(line["aggregate_id"], line["version"]) for line in lines] == [
                ("new", first),
                ("new", first + 1),
            ]
            assert lines[0]["data"] == {"number": first}
    assert child.returncode == 130


def test_following_shows_what_matches_and_ends_after_so_many(store: Path) -> None:
    token = answer("events", store, "two", "--limit", "4")["after"]
    with following(store, "two", "--limit", "2", "--after", token) as child:
        assert child.stdout
        assert b" 5  WentOn  ada" in child.stdout.readline()
        append(store, 1, 2, "other")
        append(store, 6, 7, "two")
        assert b" 6  ItemAdded  ada" in child.stdout.readline()
        assert child.wait(20) == 0
        assert child.stdout.readline() == b""


def test_without_a_place_following_begins_at_the_end(store: Path) -> None:
    with following(store, "--json", "--limit", "1") as child:
        assert child.stdout
        version = 1
        while child.poll() is None and version < 200:  # until it has seen one
            append(store, version, version)
            version += 1
        line = json.loads(child.stdout.readline())
        assert line["aggregate_id"] == "new"
        assert child.wait(20) == 0


def test_following_is_ended_where_the_store_loses_events(store: Path) -> None:
    token = answer("events", store, "--limit", "8")["after"]
    with following(store, "--json", "--after", token) as child:
        assert child.stdout
        assert child.stderr
        child.stdout.readline()
        with sqlite3.connect(store) as connection:
            connection.execute("DELETE FROM events WHERE position > 4")
        connection.close()
        error = child.stderr.read().decode()
        assert child.wait(20) == 3
        assert "has lost events while it was open" in error


def test_an_unknown_aggregate_is_not_followed(store: Path) -> None:
    assert auditor("events", store, "nobody", "--follow").code == 2


def test_a_terminated_follower_leaves_no_message_of_a_bug(store: Path) -> None:
    token = answer("events", store, "--limit", "8")["after"]
    with following(store, "--json", "--after", token) as child:
        assert child.stdout
        assert child.stderr
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        assert b"bug of ours" not in child.stderr.read()
        assert child.wait(20) == 130


# -- stdout ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to write to")
@pytest.mark.parametrize("arguments", [["events", "--json"], ["aggregates"], ["--help"]])
def test_a_full_disk_behind_stdout_is_said(store: Path, arguments: list[str]) -> None:
    whole = arguments if arguments == ["--help"] else [arguments[0], str(store), *arguments[1:]]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *whole], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )
        silent = subprocess.run([*PROGRAM, *whole], stdout=full, stderr=full, env=environment(), check=False)
    said = done.stderr.decode()
    assert done.returncode == 2
    assert "could not be written to its end: No space left on device" in said
    assert "bug of ours" not in said
    assert "Traceback" not in said
    assert silent.returncode == 2
