"""import, rebuild and demo as child processes: ndjson, exit codes, and what Ctrl-C leaves."""

import json
import shlex
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command_line import answer, auditor, interrupt, processes_of_session, started

KINDS = {"started", "progress", "warning", "error", "paused", "finished"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "orders.db"
    made = answer("demo", "--events", "3000", "--to", path)
    assert (made["path"], made["events"], made["reused"]) == (str(path), 3000, False)
    assert [entry.name for entry in path.parent.iterdir()] == ["orders.db"]
    return path


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_ndjson_is_what_the_contract_says(demo: Path) -> None:
    ended = auditor("rebuild", demo, "order_summaries", "--progress", "ndjson")
    assert (ended.code, ended.err) == (0, "")
    said = lines_of(ended.out)
    assert {one["kind"] for one in said} <= KINDS
    assert all({"done", "total", "position", "rows", "seconds"} <= one.keys() for one in said)
    assert said[0]["kind"] == "started"
    assert (said[-1]["kind"], said[-1]["done"], said[-1]["total"]) == ("finished", 3000, 3000)
    done = [one["done"] for one in said]
    assert done == sorted(done)


def test_a_rebuild_answers_with_tables_or_one_document(demo: Path) -> None:
    text = auditor("rebuild", demo, "order_summaries", "--swap")
    assert text.code == 0
    assert "order_summaries" in text.out
    document = answer("rebuild", demo, "order_summaries")
    (one,) = document["projections"]
    assert (one["name"], one["position"], one["events"]) == ("order_summaries", 3000, 3000)
    assert one["tables"]["order_summaries"] == answer("info", demo)["types"]["Order"]


def test_a_rebuild_that_cannot_begin_says_so_in_its_last_line(demo: Path, tmp_path: Path) -> None:
    for store, name, code in ((demo, "nothing", 2), (tmp_path / "absent.db", "order_summaries", 3)):
        ended = auditor("rebuild", store, name, "--progress", "ndjson")
        assert ended.code == code
        assert lines_of(ended.out)[-1]["kind"] == "error"
        assert "Error:" in ended.err
    assert auditor("rebuild", demo, "order_summaries", "--json", "--progress", "ndjson").code == 2
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_a_rebuild_and_all_it_started(demo: Path) -> None:
    big = demo.parent / "big.db"
    if not big.exists():
        answer("demo", "--events", "30000", "--to", big)
    child = started("rebuild", big, "order_summaries", "--progress", "ndjson")
    assert child.stdout
    assert child.stderr
    first = json.loads(child.stdout.readline())
    assert first["kind"] == "started"
    interrupt(child)
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130
    assert json.loads(out.splitlines()[-1])["kind"] == "paused"
    assert b"Traceback" not in err
    assert processes_of_session(child.pid) == set()


def test_ctrl_c_ends_a_state_and_its_worker(tmp_path: Path, demo: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import time\nclass Order:\n    def apply(self, event):\n        time.sleep(0.05)\n"
    )
    workspace = tmp_path / "auditor.toml"
    workspace.write_text('[guest]\ntimeout_seconds = 600\n[models.Order]\npython = "slow:Order"\n')
    order = answer("aggregates", demo, "--type", "Order", "--limit", "100")["aggregates"]
    longest = max(order, key=lambda row: row["events"])["aggregate_id"]
    arguments = ("state", str(demo), longest, "--workspace", str(workspace))
    refusal = auditor(*arguments)
    (sha256,) = [line for line in refusal.err.splitlines() if len(line) == 64]
    child = started(*arguments, "--trust-code", sha256)
    until = time.monotonic() + 30
    while len(processes_of_session(child.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.02)  # the worker is on its way
    interrupt(child)
    asked = time.monotonic()
    out, err = child.communicate(timeout=30)
    assert (child.returncode, out) == (130, b"")
    assert time.monotonic() - asked < 10
    assert b"Traceback" not in err
    assert processes_of_session(child.pid) == set()


def test_an_import_tells_what_it_did_and_conflicts_are_findings(tmp_path: Path, demo: Path) -> None:
    event = {
        "event_id": "0190a000-0000-7000-8000-000000000001",
        "aggregate_id": "a",
        "aggregate_type": "T",
        "event_type": "Began",
        "version": 1,
        "timestamp": "2026-03-01T12:00:00Z",
        "data": {"n": 1},
        "metadata": {"correlation_id": "c"},
    }
    log, store = tmp_path / "log.ndjson", tmp_path / "new.db"
    log.write_text(json.dumps(event) + "\n")
    assert auditor("import", store, log).code == 3
    assert not store.exists()
    first = answer("import", store, log, "--create")
    assert (first["stored"], first["known"], first["created"]) == (1, 0, True)
    assert answer("import", store, log)["known"] == 1
    log.write_text(json.dumps({**event, "data": {"n": 2}}) + "\n")
    assert auditor("import", store, log).code == 1
    aside = auditor("import", store, log, "--continue-on-error", "--json")
    assert (aside.code, aside.json["conflicts"], aside.json["set_aside"]["lines"]) == (1, 1, 1)
    log.write_text("no json\n")
    assert auditor("import", store, log).code == 1
    assert auditor("import", store, tmp_path / "absent.ndjson").code == 2


# -- the demo --------------------------------------------------------------------------------------------------------


def test_the_demo_is_reused_where_nobody_said_where(auditor_home: Path) -> None:
    first, second = (answer("demo", "--events", "300") for _ in range(2))
    assert (first["reused"], second["reused"]) == (False, True)
    assert first["path"] == second["path"]
    assert Path(first["path"]).is_relative_to(auditor_home)


def test_an_existing_file_is_never_written_over(demo: Path) -> None:
    before = demo.read_bytes()
    assert auditor("demo", "--to", demo).code == 2
    assert demo.read_bytes() == before


def test_the_tour_reads_well_in_80_columns_and_its_commands_work(tmp_path: Path) -> None:
    place = tmp_path / "it's a shop.db"
    ended = auditor("demo", "--events", "3000", "--terminal", "--to", place, cwd=tmp_path)
    assert ended.code == 0, ended
    assert ended.err == ""
    prose, _, commands = ended.out.partition("\n4  ")
    assert "\x1b" not in ended.out
    assert [line for line in prose.splitlines() if len(line) > 80 and str(place) not in line] == []
    for said in ("Order", "PriceCorrected", "unit_price", "version", "reason", "order_summaries"):
        assert said in prose
    assert "3,000 of 3,000 events" in prose
    typed = [line for line in commands.splitlines() if "auditor " in line]
    assert len(typed) == 7
    for line in typed:
        assert str(place) in shlex.split(line)
        done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, check=False)  # noqa: S602 - as typed
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout


def test_a_store_too_short_for_a_story_is_told_so_and_no_number_is_left_out(tmp_path: Path) -> None:
    ended = auditor("demo", "--events", "9", "--terminal", "--to", tmp_path / "small.db")
    assert ended.code == 0, ended
    assert [line[:3] for line in ended.out.splitlines() if line[:1].isdigit()][1:] == ["1  ", "2  ", "3  "]
    assert "no corrected price" in ended.out


WAITING = """
from pathlib import Path
from auditor.eventsourcing import Projection, Table
class Waiting(Projection):
    name = "waiting"
    tables = (Table(name="waiting", columns={"id": "text"}),)
    def on_order_created(self, event, envelope):
        Path(__file__).with_name("has begun").touch()
        while True: pass
"""


@pytest.mark.parametrize("form", ["--json", "--progress=plain"])
def test_ctrl_c_says_what_holds_now_and_names_no_position_that_was_not_reached(
    demo: Path, tmp_path: Path, form: str
) -> None:
    (tmp_path / "waiting.py").write_text(WAITING)
    workspace = tmp_path / "auditor.toml"
    workspace.write_text(
        f'[store]\nurl = "{demo}"\n[guest]\ntimeout_seconds = 600\ncpu_seconds = 600\n'
        '[projections.waiting]\npython = "waiting:Waiting"\ntarget = "waiting.db"\n'
    )
    arguments = ("rebuild", str(workspace), "waiting")
    (sha256,) = [line for line in auditor(*arguments).err.splitlines() if len(line) == 64]
    child = started(*arguments, form, "--trust-code", sha256)
    while not (tmp_path / "has begun").exists():
        assert child.poll() is None
        time.sleep(0.01)
    interrupt(child)
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130
    assert b"Stopped b" in err
    if form == "--json":
        said = json.loads(out)
        assert (said["paused"], said["position"]) == (True, None)
        assert said["stopped"] in err.decode()
