"""What `auditor rebuild --progress ndjson` says, field by field, and how it ends when it is told to."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.core.rebuild import MORE_BY_KIND, OF_A_FAILED_EVENT, ON_EVERY_LINE
from tests.helpers.command_line import answer, auditor, environment, processes_of_session, started
from tests.helpers.progress_lines import checked
from tests.helpers.rebuilding import tables_of
from tests.helpers.shop import MADE, Shop

TWICE = """
[projections.twice]
python = "shop:Twice"
target = "twice.db"
"""
TWICE_CODE = """
class Twice:
    name = "twice"
    tables = (
        {"name": "first", "columns": {"id": "text"}},
        {"name": "second", "columns": {"id": "text"}},
    )
    ignores = {"Noticed", "Unheard", "Slept"}
    def on_made(self, event, envelope):
        self.rows.put("first", {"id": envelope.aggregate_id})
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_window_finds_all_that_it_draws(shop: Shop) -> None:
    shop.write(a=[MADE] * 3, b=[MADE, ("Noticed", {}), ("Unheard", {})])
    with (shop.folder / "shop.py").open("a") as module:
        module.write(TWICE_CODE)
    with (shop.folder / "auditor.toml").open("a") as workspace:
        workspace.write(TWICE)
    ended = shop.rebuild("twice", "--progress", "ndjson")
    assert ended.code == 0, ended
    said = checked(ended.out)
    store_id = answer("info", shop.store)["store_id"]
    assert said[0] == {
        "kind": "started",
        "projection": None,
        "done": 0,
        "total": 12,
        "position": None,
        "rows": 0,
        "seconds": said[0]["seconds"],
        "store_id": store_id,
        "head": 6,
        "projections": ["things", "twice"],
        "targets": {"things": str(shop.read_model), "twice": str(shop.folder / "twice.db")},
    }
    opened = [(one["projection"], one["target"], one["tables"]) for one in said if "target" in one]
    assert opened == [
        ("things", str(shop.read_model), ["things"]),
        ("twice", str(shop.folder / "twice.db"), ["first", "second"]),
    ]
    for name, done in (("things", 6), ("twice", 12)):
        last = [one for one in said if one["projection"] == name and one["kind"] == "progress"][-1]
        assert (last["position"], last["done"]) == (6, done)
    (warning,) = [one for one in said if one["kind"] == "warning"]
    assert (warning["projection"], "Unheard (1)" in warning["message"]) == ("things", True)
    last = said[-1]
    assert (last["kind"], last["done"], last["total"], last["rows"], last["store_id"]) == (
        "finished",
        12,
        12,
        4,
        store_id,
    )
    assert last["tables"] == {"things": {"things": 2}, "twice": {"first": 2, "second": 0}}


@pytest.mark.parametrize("length", [10, 300_000])
def test_a_failed_event_is_told_with_all_its_facts(shop: Shop, length: int) -> None:
    shop.write(a=[MADE], b=[MADE, ("Failed", {"why": "x" * length})])
    ended = shop.rebuild("--progress", "ndjson")
    assert ended.code == 4
    last = checked(ended.out)[-1]
    assert set(last) - set(ON_EVERY_LINE) == MORE_BY_KIND["error"]
    event = last["event"]
    assert tuple(event) == OF_A_FAILED_EVENT
    payload = json.dumps({"why": "x" * length}, separators=(",", ":"))
    assert (event["data_text"], event["data_length"]) == (payload[:100_000], len(payload))
    assert (event["position"], event["version"], event["aggregate_type"]) == (3, 2, "Thing")
    assert (last["handler"], last["error"]) == ("Things.on_failed", "ValueError: \x1b[31mnot today")
    assert "shop.py" in last["traceback"][-1]
    assert (last["projection"], last["total"]) == ("things", 3)


def test_a_run_that_cannot_begin_has_one_line(shop: Shop) -> None:
    shop.write(a=[MADE])
    (only,) = checked(auditor("rebuild", shop.store, "nothing", "--progress", "ndjson").out)
    assert (only["kind"], only["total"], only["projection"]) == ("error", 0, None)
    assert "things" in only["hint"]


@pytest.fixture
def at_work(shop: Shop) -> Iterator["subprocess.Popen[bytes]"]:
    """A rebuild of live rows in the midst of its batches."""
    shop.write(old=[MADE])
    arguments = shop.arguments
    assert auditor(*arguments).code == 0
    shop.write(new=[MADE] * 3 + [("Slept", {"seconds": 0.05})] * 600)
    with started(*arguments, "--progress", "ndjson") as child:
        assert child.stdout
        while True:
            line = json.loads(child.stdout.readline())
            if line["kind"] == "progress" and line["done"] > 0:
                break
        yield child


@pytest.mark.parametrize("whole_group", [False, True], ids=["the rebuild", "its whole group"])
def test_sigterm_stops_it_between_two_batches(
    shop: Shop, at_work: "subprocess.Popen[bytes]", whole_group: bool
) -> None:
    if whole_group:
        os.killpg(at_work.pid, signal.SIGTERM)
    else:
        at_work.terminate()
    out, err = at_work.communicate(timeout=30)
    assert at_work.returncode == 130, err
    last = checked(out.decode())[-1]
    assert last["kind"] == "paused"
    assert 0 < last["done"] < last["total"]
    assert b"Traceback" not in err
    assert processes_of_session(at_work.pid) == set()
    assert {entry.name for entry in shop.folder.iterdir()} == {
        "s.db",
        "shop.py",
        "auditor.toml",
        "s.readmodels.db",
    }
    assert tables_of(shop.read_model)["things"] == [("old", 1)]
    assert answer("projections", shop.store)["projections"][0]["unfinished"] == last["position"]


def test_a_kill_leaves_rows_that_the_next_reader_and_rebuild_find(
    shop: Shop, at_work: "subprocess.Popen[bytes]"
) -> None:
    at_work.kill()
    at_work.communicate(timeout=30)
    assert answer("rows", shop.store, "things")["rows"] == [{"id": "old", "n": 1}]
    shop.write(new=[MADE])
    ended = auditor("rebuild", shop.store, "things")
    assert ended.code == 0
    assert "starts afresh" in ended.err
    assert answer("rows", shop.store, "things")["rows"] == [{"id": "new", "n": 1}]
    assert {entry.name for entry in shop.folder.iterdir()} == {
        "s.db",
        "shop.py",
        "auditor.toml",
        "s.readmodels.db",
    }


def test_the_tours_rebuild_takes_no_module_from_where_the_user_stands(tmp_path: Path) -> None:
    for name in ("auditor", "sqlalchemy", "orjson", "json", "secrets"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} of the folder was run')\n")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "auditor", "demo", "--events", "300", "--terminal"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "of the folder was run" not in done.stdout + done.stderr
    assert "300 of 300 events" in done.stdout
    assert shlex.join([sys.executable, "-P", "-m", "auditor", "info"]) in done.stdout
