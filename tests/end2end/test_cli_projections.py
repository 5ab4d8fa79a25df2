"""`auditor projections` and `auditor rows`: how read models stand, without running anybody's code."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from auditor.stores.native_store import EventStore
from tests.helpers.command_line import answer, auditor, interrupt, started
from tests.helpers.shop import MADE, Shop
from tests.helpers.small_stores import events_of


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def standing(shop: Shop) -> dict[str, Any]:
    (row,) = answer("projections", shop.store)["projections"]
    assert isinstance(row, dict)
    return row


def append(shop: Shop, aggregate_id: str, count: int) -> None:
    with EventStore(f"sqlite:///{shop.store}") as store:
        store.append(aggregate_id, events_of(aggregate_id, [MADE] * count), 0)


def test_from_never_run_to_up_to_date_and_behind(shop: Shop) -> None:
    shop.write(a=[MADE] * 3, b=[MADE])
    before = standing(shop)
    assert (before["state"], before["lag"], before["tables"], before["checkpoint"]) == (
        "never run",
        4,
        {},
        None,
    )
    assert (before["trusted"], before["built_at"], before["problem"]) == (False, None, None)
    assert before["target"] == str(shop.read_model)
    assert shop.rebuild().code == 0
    built = standing(shop)
    assert (built["state"], built["lag"], built["checkpoint"], built["tables"]) == (
        "up to date",
        0,
        4,
        {"things": 2},
    )
    assert (built["built_events"], built["built_rows"], built["trusted"]) == (4, 2, True)
    assert built["built_sha256"] == built["sha256"] == before["sha256"]
    assert built["built_at"].endswith("Z")
    assert built["built_seconds"] > 0
    append(shop, "c", 5)
    behind = standing(shop)
    assert (behind["state"], behind["lag"], behind["checkpoint"], behind["head"]) == ("behind", 5, 4, 9)
    assert behind["built_at"] == built["built_at"]
    shown = auditor("projections", shop.store)
    assert shown.code == 0
    assert "behind" in shown.out
    assert "things" in shown.out


@pytest.mark.parametrize("many", [3, 12_000])
def test_the_lag_counts_events_and_not_positions(shop: Shop, many: int) -> None:
    shop.write(a=[MADE])
    assert shop.rebuild().code == 0
    append(shop, "b", many)
    with closing(sqlite3.connect(shop.store)) as connection, connection:
        connection.execute("DELETE FROM events WHERE position = 3")
    assert standing(shop)["lag"] == many - 1


def test_changed_code_is_told_without_running_it(shop: Shop) -> None:
    shop.write(a=[MADE])
    (shop.folder / "shop.py").write_text(f"import beside\n{(shop.folder / 'shop.py').read_text()}")
    (shop.folder / "beside.py").write_text("")
    assert shop.rebuild().code == 0
    assert standing(shop)["state"] == "up to date"
    (shop.folder / "beside.py").write_text(
        "from pathlib import Path\nPath(__file__).with_name('ran').touch()\n"
    )
    changed = standing(shop)
    assert (changed["state"], changed["trusted"], changed["lag"]) == ("code changed", False, 0)
    assert changed["sha256"] != changed["built_sha256"]
    assert "not trusted" in auditor("projections", shop.store).err
    assert answer("rows", shop.store, "things")["rows"] == [{"id": "a", "n": 1}]
    assert not (shop.folder / "ran").exists()


def test_a_read_model_of_an_earlier_version_tells_what_it_can(shop: Shop) -> None:
    shop.write(a=[MADE])
    assert shop.rebuild().code == 0
    with closing(sqlite3.connect(shop.read_model)) as connection, connection:
        connection.executescript("DROP TABLE auditor_builds; PRAGMA user_version = 1;")
    row = standing(shop)
    assert (row["state"], row["built_at"], row["built_seconds"], row["built_sha256"]) == (
        "up to date",
        None,
        None,
        None,
    )
    (shop.folder / "shop.py").write_text((shop.folder / "shop.py").read_text() + "\n# changed\n")
    assert standing(shop)["state"] == "code changed"


def test_rows_of_another_store_and_of_one_that_was_put_back(shop: Shop) -> None:
    shop.write(a=[MADE] * 3)
    earlier = shop.store.read_bytes()
    append(shop, "b", 4)
    assert shop.rebuild().code == 0
    shop.store.write_bytes(earlier)
    back = standing(shop)
    assert (back["state"], back["lag"], back["checkpoint"], back["head"]) == ("other store", None, 7, 3)
    assert "put back" in back["problem"]
    shop.write(a=[MADE])
    other = standing(shop)
    assert (other["state"], other["lag"], other["tables"]) == ("other store", None, {"things": 2})
    found = auditor("rows", shop.store, "things", "--json")
    assert "another store" in found.err
    assert found.json["built_from"] != found.json["store_id"]


def test_a_target_that_is_none_is_told_in_its_row(shop: Shop) -> None:
    shop.write(a=[MADE])
    shop.read_model.write_text("not a database " * 99)
    row = standing(shop)
    assert (row["state"], row["lag"]) == ("unreadable", None)
    assert "no SQLite database" in row["problem"]
    assert auditor("rows", shop.store, "things").code == 3


def test_rows_come_page_by_page_with_their_position(shop: Shop) -> None:
    shop.write(**{f"k{number}": [MADE] for number in range(7)})
    refused = auditor("rows", shop.store, "things")
    assert (refused.code, "no rows of things yet" in refused.err) == (3, True)
    assert shop.rebuild().code == 0
    seen, after = [], None
    while True:
        page = answer("rows", shop.store, "things", "--limit", "3", *(("--after", after) if after else ()))
        assert (page["position"], page["head"], page["table"], page["tables"]) == (7, 7, "things", ["things"])
        seen += [row["id"] for row in page["rows"]]
        after = page["after"]
        assert page["more"] == (after is not None)
        if after is None:
            break
    assert seen == [f"k{number}" for number in range(7)]
    shown = auditor("rows", shop.store, "things", "--limit", "2")
    assert "true at position 7 of 7" in shown.out
    assert "--after" in shown.out
    assert auditor("rows", shop.store, "things", "--table", "sqlite_schema").code == 2
    assert auditor("rows", shop.store, "others").code == 2
    assert auditor("rows", shop.store, "things", "--after", "abc").code == 2


def test_while_a_rebuild_runs_the_old_rows_are_shown(shop: Shop) -> None:
    shop.write(old=[MADE])
    arguments = shop.arguments
    assert auditor(*arguments).code == 0
    shop.write(new=[MADE] * 3 + [("Slept", {"seconds": 0.05})] * 600)
    child = started(*arguments, "--progress", "ndjson")
    assert child.stdout
    while True:
        line = json.loads(child.stdout.readline())
        if line["kind"] == "progress" and line["done"] > 0:
            break
    assert answer("rows", shop.store, "things")["rows"] == [{"id": "old", "n": 1}]
    row = standing(shop)
    assert row["tables"] == {"things": 1}
    assert (row["unfinished"] > 0, row["at_work"]) == (True, True)
    assert "is at work" in auditor("projections", shop.store).err
    interrupt(child)
    child.communicate(timeout=30)
    assert child.returncode == 130
    row = standing(shop)
    assert (row["unfinished"] > 0, row["at_work"]) == (True, False)
    assert "was stopped" in auditor("projections", shop.store).err


def test_without_projections_that_is_said(shop: Shop) -> None:
    shop.write(a=[MADE])
    (shop.folder / "auditor.toml").unlink()
    assert answer("projections", shop.store)["projections"] == []
    assert "No projection is known" in auditor("projections", shop.store).out
