"""`auditor rebuild` with a workspace's projection: what it says, how it fails, and what it leaves."""

import json
from pathlib import Path

import pytest

from tests.helpers.command_line import auditor, interrupt, processes_of_session, started
from tests.helpers.rebuilding import tables_of
from tests.helpers.shop import MADE, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_untrusted_code_makes_no_rows_and_no_file(shop: Shop) -> None:
    shop.write(a=[MADE])
    ended = auditor("rebuild", shop.store, "things")
    assert ended.code == 4
    assert not shop.read_model.exists()


def test_the_lines_tell_of_everything(shop: Shop) -> None:
    shop.write(a=[MADE] * 30, b=[("Noticed", {}), ("Unheard", {}), ("Unheard", {})])
    ended = shop.rebuild("--progress", "ndjson")
    assert ended.code == 0, ended
    said = shop.said(ended)
    assert said[0]["kind"] == "started"
    assert (said[0]["done"], said[0]["total"], said[0]["head"], said[0]["projections"]) == (
        0,
        33,
        33,
        ["things"],
    )
    assert said[1]["kind"] == "progress"
    (warning,) = [one for one in said if one["kind"] == "warning"]
    assert "Unheard (2)" in warning["message"]
    assert "Unheard (2)" in ended.err
    last = said[-1]
    assert (last["kind"], last["done"], last["total"], last["position"]) == ("finished", 33, 33, 33)
    assert last["tables"] == {"things": {"things": 1}}
    for counted in ("done", "rows", "seconds"):
        values = [one[counted] for one in said]
        assert values == sorted(values)
    assert tables_of(shop.read_model) == {"things": [("a", 1)]}
    assert {entry.name for entry in shop.folder.iterdir()} == {
        "s.db",
        "shop.py",
        "auditor.toml",
        "s.readmodels.db",
    }


def test_progress_is_told_also_while_one_event_takes_long(shop: Shop) -> None:
    shop.write(a=[MADE, ("Slept", {"seconds": 1.5}), MADE])
    said = shop.said(shop.rebuild("--progress", "ndjson"))
    times = [one["seconds"] for one in said if one["kind"] == "progress"]
    assert len(times) >= 5
    assert said[-1]["kind"] == "finished"


@pytest.mark.parametrize(("fact", "error"), [("Failed", "not today"), ("Looped", "3 s")])
def test_an_event_that_fails_is_shown_and_the_live_rows_stay(shop: Shop, fact: str, error: str) -> None:
    shop.write(a=[MADE], b=[MADE])
    assert shop.rebuild().code == 0
    shop.write(a=[MADE], c=[MADE, (fact, {"why": "so"}), MADE])
    ended = shop.rebuild("--progress", "ndjson")
    assert ended.code == 4, ended
    last = shop.said(ended)[-1]
    assert last["kind"] == "error"
    assert error in last["error"]
    event = last["event"]
    assert (event["position"], event["aggregate_id"], event["version"], event["event_type"]) == (
        3,
        "c",
        2,
        fact,
    )
    assert event["data_text"] == '{"why":"so"}'
    assert "position 3" in ended.err
    assert '{"why":"so"}' in ended.err
    assert "\x1b" not in ended.err
    if fact == "Failed":
        assert last["handler"] == "Things.on_failed"
        assert "shop.py" in ended.err
        assert "raise ValueError" in "".join(last["traceback"])
    rows = tables_of(shop.read_model)
    assert rows["things"] == [("a", 1), ("b", 1)]


def test_an_unknown_projection_is_wrong_usage_and_the_others_are_named(shop: Shop) -> None:
    shop.write(a=[MADE])
    ended = auditor("rebuild", shop.store, "nothing", "--progress", "ndjson")
    assert ended.code == 2
    assert "things" in ended.err
    assert shop.said(ended)[-1]["kind"] == "error"


def test_an_empty_store_makes_an_empty_table(shop: Shop) -> None:
    shop.write()
    ended = shop.rebuild("--progress", "ndjson")
    assert ended.code == 0, ended
    last = shop.said(ended)[-1]
    assert (last["kind"], last["done"], last["total"]) == ("finished", 0, 0)
    assert tables_of(shop.read_model) == {"things": []}
    assert shop.rebuild().code == 0


def test_a_second_rebuild_is_refused_and_ctrl_c_ends_the_first(shop: Shop) -> None:
    shop.write(a=[MADE] * 3 + [("Slept", {"seconds": 0.05})] * 600)
    child = started(*shop.arguments, "--progress", "ndjson")
    assert child.stdout
    while True:
        line = json.loads(child.stdout.readline())
        if line["kind"] == "progress" and line["done"] > 0:
            break
    second = shop.rebuild("--progress", "ndjson")
    assert second.code == 3
    assert "Another rebuild" in second.err
    assert shop.said(second)[-1]["kind"] == "error"
    interrupt(child)
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130
    last = json.loads(out.splitlines()[-1])
    assert last["kind"] == "paused"
    assert 0 < last["done"] < last["total"]
    assert "next rebuild" in last["hint"]
    assert b"Traceback" not in err
    assert processes_of_session(child.pid) == set()
    assert "things" not in tables_of(shop.read_model)


def test_a_target_that_is_the_store_is_refused(shop: Shop) -> None:
    shop.write(a=[MADE])
    workspace = shop.folder / "auditor.toml"
    workspace.write_text(workspace.read_text() + 'target = "s.db"\n')
    before = shop.store.read_bytes()
    ended = shop.rebuild()
    assert ended.code == 3
    assert "the store itself" in ended.err
    assert shop.store.read_bytes() == before


def test_a_named_target_is_where_the_rows_go(shop: Shop) -> None:
    shop.write(a=[MADE])
    workspace = shop.folder / "auditor.toml"
    workspace.write_text(workspace.read_text() + 'target = "elsewhere.db"\n')
    assert shop.rebuild().code == 0
    assert tables_of(shop.folder / "elsewhere.db") == {"things": [("a", 1)]}
    assert not shop.read_model.exists()
