"""`auditor project` as its users run it: what it says, what it leaves, how it ends, alone and beside others."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from auditor.stores.location import file_location
from auditor.stores.native_store import EventStore
from auditor.stores.read_model_file import default_path
from auditor.stores.read_model_target import ReadModelTarget
from auditor.stores.read_model_waiting import Waiter
from tests.helpers.command_line import answer, auditor, interrupt, processes_of_session, started
from tests.helpers.new_events import new_event
from tests.helpers.progress_lines import checked
from tests.helpers.rebuilding import tables_of
from tests.helpers.shop import MADE, Shop

NAME = "order_summaries"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.write(a=[MADE] * 3, b=[MADE, ("Noticed", {})])
    return shop


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    path = tmp_path / "orders.db"
    answer("demo", "--events", "2000", "--to", path)
    return path


def append(store: EventStore, aggregate_id: str, version: int, n: int = 1, event_type: str = "Made") -> int:
    event = new_event(
        aggregate_id, version, event_type=event_type, aggregate_type="Thing", data={"n": n, "seconds": 0.01}
    )
    return store.append(aggregate_id, [event], version - 1)[-1].position


def wait_for(path: Path, name: str, position: int) -> None:
    with Waiter(file_location(path), name, None) as waiter:
        assert waiter.wait_for(position, 30) >= position


@contextmanager
def follower(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    child = started(*arguments, "--follow")
    try:
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def ended(child: "subprocess.Popen[bytes]") -> tuple[int, str, str]:
    interrupt(child)
    out, err = child.communicate(timeout=30)
    assert processes_of_session(child.pid) == set()
    return child.returncode, out.decode(), err.decode()


# -- catching up -----------------------------------------------------------------------------------------------------


def test_from_nothing_then_from_where_it_was(shop: Shop) -> None:
    first = shop.project("--json")
    assert first.code == 0, first
    told = first.json
    assert told["model"].pop("sha256")
    seconds = told.pop("seconds")
    assert seconds > 0
    assert told == {
        "name": "things",
        "target": str(shop.read_model),
        "store_id": answer("info", shop.store)["store_id"],
        "from": 0,
        "position": 5,
        "head": 5,
        "events": 5,
        "rows": 2,
        "tables": {"things": 2},
        "unknown": {},
        "made": True,
        "caught_up": True,
        "stopped": False,
        "model": {"name": "Things", "kind": "projection", "module": "shop"},
    }
    with EventStore(str(shop.store)) as store:
        append(store, "a", 4, n=7)
        append(store, "c", 1, event_type="Unheard")
    second = shop.project()
    assert second.code == 0
    assert "position 5" in second.out
    assert "position 7 of 7" in second.out
    assert "Unheard (1)" in second.err
    assert tables_of(shop.read_model) == {"things": [("a", 7), ("b", 1)]}
    assert "nothing was to do" in shop.project().out
    third = answer(*shop.arguments_for("project"))
    assert (third["from"], third["position"], third["events"], third["made"]) == (7, 7, 0, False)
    row = answer("projections", shop.store)["projections"][0]
    assert (row["state"], row["checkpoint"], row["built_events"]) == ("up to date", 7, 5)
    assert {entry.name for entry in shop.folder.iterdir() if ".db" in entry.name} == {
        "s.db",
        "s.readmodels.db",
    }


def test_it_says_that_there_were_no_rows(shop: Shop) -> None:
    assert "no rows yet" in shop.project().out


def test_its_rows_are_those_of_a_rebuild(demo: Path) -> None:
    answer("project", demo, NAME)
    caught_up = tables_of(default_path(demo))
    answer("rebuild", demo, NAME)
    assert tables_of(default_path(demo)) == caught_up
    assert answer("project", demo, NAME)["events"] == 0


def test_its_lines_are_those_of_a_rebuild(shop: Shop) -> None:
    said = checked(shop.project("--progress", "ndjson").out)
    assert (said[0]["kind"], said[0]["began"], said[0]["made"], said[0]["head"]) == ("started", 0, True, 5)
    assert said[0]["targets"] == {"things": str(shop.read_model)}
    last = said[-1]
    assert (last["kind"], last["done"], last["total"], last["position"]) == ("finished", 5, 5, 5)
    assert last["tables"] == {"things": {"things": 2}}
    again = checked(shop.project("--progress", "ndjson").out)
    assert (again[0]["began"], again[0]["total"], again[-1]["kind"], again[-1]["position"]) == (
        5,
        0,
        "finished",
        5,
    )
    assert shop.project("--progress", "ndjson", "--json").code == 2


def test_untrusted_code_is_refused_as_for_a_rebuild(shop: Shop) -> None:
    refused = auditor("project", shop.store, "things")
    assert refused.code == 4
    assert len([line for line in refused.err.splitlines() if len(line) == 64]) == 1
    assert not shop.read_model.exists()


def test_what_is_not_there_is_wrong_usage(shop: Shop, tmp_path: Path) -> None:
    assert auditor("project", shop.store, "nothing").code == 2
    assert auditor("project", tmp_path / "absent.db", "things").code == 3
    (only,) = checked(auditor("project", shop.store, "nothing", "--progress", "ndjson").out)
    assert only["kind"] == "error"


def test_a_handler_that_fails_is_named_and_live_rows_stay_whole(shop: Shop) -> None:
    assert shop.project().code == 0
    with EventStore(str(shop.store)) as store:
        append(store, "a", 4, n=9)
        position = append(store, "a", 5, event_type="Failed")
    failed = shop.project("--progress", "ndjson")
    assert failed.code == 4
    last = checked(failed.out)[-1]
    assert (last["kind"], last["event"]["position"], last["handler"]) == (
        "error",
        position,
        "Things.on_failed",
    )
    assert f"position {position}" in failed.err
    assert tables_of(shop.read_model) == {"things": [("a", 1), ("b", 1)]}
    assert answer("rows", shop.store, "things")["position"] == 5


# -- what is refused -------------------------------------------------------------------------------------------------


def test_a_checkpoint_ahead_of_the_store_is_refused(shop: Shop) -> None:
    """B086: the store was restored from an older backup."""
    backup = shop.store.read_bytes()
    with EventStore(str(shop.store)) as store:
        for version in range(1, 11):
            append(store, "c", version)
    assert shop.project().code == 0
    shop.store.write_bytes(backup)
    before = shop.read_model.read_bytes()
    for more in ((), ("--follow",)):
        refused = shop.project(*more)
        assert refused.code == 4
        assert "checkpoint of things is 15, but the store ends at 5" in refused.err
        assert "auditor rebuild STORE things" in refused.err
    assert shop.read_model.read_bytes() == before
    assert shop.rebuild().code == 0
    assert answer(*shop.arguments_for("project"))["position"] == 5


def test_rows_of_another_store_or_other_code_are_refused(shop: Shop) -> None:
    assert shop.project().code == 0
    shop.write(a=[MADE] * 9)
    with closing(sqlite3.connect(shop.store)) as connection, connection:
        connection.execute("UPDATE store_info SET value = 'another' WHERE name = 'store_id'")
    assert "another store" in shop.project().err
    assert shop.rebuild().code == 0
    assert shop.project().code == 0
    with (shop.folder / "shop.py").open("a") as module:
        module.write("\n# edited\n")
    refused = shop.project()
    assert (refused.code, "other code" in refused.err) == (4, True)
    assert answer("rows", shop.store, "things")["position"] == 9


def test_while_a_rebuild_is_at_work_it_is_refused(shop: Shop) -> None:
    arguments = shop.arguments_for("project")
    with ReadModelTarget(shop.read_model):
        refused = auditor(*arguments)
    assert refused.code == 3
    assert "is writing to" in refused.err


# -- following -------------------------------------------------------------------------------------------------------


def test_a_follower_goes_on_until_ctrl_c_and_says_what_it_did(shop: Shop) -> None:
    with follower(*shop.arguments_for("project"), "--json") as child, EventStore(str(shop.store)) as store:
        wait_for(shop.read_model, "things", 5)
        for version in range(4, 9):
            position = append(store, "a", version, n=version)
            wait_for(shop.read_model, "things", position)
            assert ("a", version) in tables_of(shop.read_model)["things"]
        code, out, err = ended(child)
    assert code == 130
    told = json.loads(out)
    assert (told["from"], told["position"], told["events"], told["stopped"]) == (0, 10, 10, True)
    assert "caught up" in err
    assert "Ctrl-C" in err
    assert "true at position 10" in err
    assert "Traceback" not in err


def test_a_followers_lines_tell_when_it_has_caught_up_and_end_paused(shop: Shop) -> None:
    with follower(*shop.arguments_for("project"), "--progress", "ndjson") as child:
        wait_for(shop.read_model, "things", 5)
        with EventStore(str(shop.store)) as store:
            wait_for(shop.read_model, "things", append(store, "a", 4, n=4))
            wait_for(shop.read_model, "things", append(store, "z", 1, event_type="Unheard"))
        code, out, _ = ended(child)
    said = checked(out)
    assert code == 130
    assert [one["kind"] for one in said].count("started") == 1
    assert [one["position"] for one in said if one["kind"] == "caught-up"][-1] == 7
    assert [one for one in said if one["kind"] == "warning" and "Unheard" in one["message"]]
    assert (said[-1]["kind"], said[-1]["done"], said[-1]["total"]) == ("paused", 7, 7)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("end", [os.kill, os.killpg])
def test_a_follower_ends_between_two_batches_however_it_is_asked(
    shop: Shop, number: signal.Signals, end: Callable[[int, int], None]
) -> None:
    """SIGHUP: the terminal was closed."""
    with follower(*shop.arguments_for("project"), "--progress", "ndjson") as child:
        wait_for(shop.read_model, "things", 5)
        end(child.pid, number)
        out, _ = child.communicate(timeout=30)
    assert child.returncode == 130
    said = checked(out.decode())
    assert (said[-1]["kind"], said[-1]["done"], said[-1]["position"]) == ("paused", 5, 5)
    assert processes_of_session(child.pid) == set()


def test_an_idle_follower_keeps_quiet(shop: Shop) -> None:
    with follower(*shop.arguments_for("project"), "--progress", "ndjson") as child:
        wait_for(shop.read_model, "things", 5)
        time.sleep(1.5)  # of doing nothing
        said = checked(ended(child)[1])
    assert len(said) < 12


def test_a_follower_ends_at_the_event_that_fails(shop: Shop) -> None:
    with follower(*shop.arguments_for("project")) as child:
        wait_for(shop.read_model, "things", 5)
        with EventStore(str(shop.store)) as store:
            position = append(store, "a", 4, event_type="Failed")
        out, err = child.communicate(timeout=30)
    assert child.returncode == 4, (out, err)
    assert f"position {position}".encode() in err
    assert answer("rows", shop.store, "things")["position"] == 5


def test_a_follower_waits_for_a_rebuild_and_says_so(shop: Shop) -> None:
    arguments = shop.arguments_for("project")
    with ReadModelTarget(shop.read_model), follower(*arguments) as child:
        assert child.stderr
        assert b"is writing to" in (line := child.stderr.readline()), line
        interrupt(child)
        _, err = child.communicate(timeout=30)
        assert child.returncode == 130
        assert b"Stopped before anything was written" in err


def rows_at(path: Path) -> dict[str, Any]:
    return {row[0]: row[1] for row in tables_of(path)["things"]}


def test_two_followers_and_rebuilds_lose_and_repeat_nothing(shop: Shop) -> None:
    arguments = shop.arguments_for("project")
    swapped = position = 0
    with (
        follower(*arguments, "--json") as one,
        follower(*arguments, "--json") as other,
        EventStore(str(shop.store)) as store,
    ):
        for version in range(4, 28):
            position = append(store, "a", version, n=version)
            if version % 9 == 0:
                swapped += shop.rebuild().code == 0
            if version % 4 == 0:
                wait_for(shop.read_model, "things", position)
                assert rows_at(shop.read_model)["a"] == version
        wait_for(shop.read_model, "things", position)
        told = [json.loads(ended(child)[1]) for child in (one, other)]
    assert swapped > 0
    assert max(each["position"] for each in told) == position
    assert rows_at(shop.read_model) == {"a": 27, "b": 1}
    assert set(tables_of(shop.read_model)) == {"things"}
