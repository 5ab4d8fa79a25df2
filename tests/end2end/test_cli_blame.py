"""`auditor blame` on the demo, on odd names, and on what real logs say of their fields."""

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.jobs import show_blame
from auditor.jobs.origin import origin_of_process
from auditor.tasks.context import TaskContext
from tests.helpers.command_line import answer, auditor
from tests.helpers.real_data import read_json
from tests.helpers.sessions import open_session
from tests.helpers.small_stores import write_store

ODD = {"": 1, "a/b": 2, "~": 3, "$ref": 4, "__proto__": 5, "a.b": 6, "\U0001f600": 7, "\u202e": 8}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    facts: list[tuple[str, Any]] = [
        ("Made", {"status": "new", "total": 1, "lines": [{"sku": "A", "n": 1}, {"sku": "B", "n": 1}]}),
        ("Noted", {"status": "new"}),
        ("Changed", {"total": True, "lines": [{"sku": "B", "n": 1}, {"sku": "A", "n": 2}]}),
        ("Changed", {"total": 1.0, "note": {"by": "x"}}),
        ("Cleared", {"total": None, "note": None}),
        ("Changed", {"total": 2, "odd": ODD}),
    ]
    return write_store(tmp_path_factory.mktemp("blame") / "s.db", {"t-1": facts})


def blamed(store: Path, *words: str) -> list[tuple[int, Any]]:
    found = answer("blame", store, "t-1", *words)["changes"]
    return [(one["version"], "removed" if one.get("removed") else one["value"]) for one in found]


def test_every_value_is_told_with_its_event(store: Path) -> None:
    assert blamed(store, "/status") == [(1, "new")]  # set again to what it was
    values = blamed(store, "/total")
    assert [json.dumps(value) for _, value in values] == ["1", "true", "1.0", '"removed"', "2"]
    assert [version for version, _ in values] == [1, 3, 4, 5, 6]
    whole = answer("blame", store, "t-1", "/status")
    assert whole["path"] == "/status"
    assert whole["model"]["kind"] == "merge"
    (change,) = whole["changes"]
    listed = answer("events", store, "t-1")["events"][0]
    assert change == {
        "ordinal": 1,
        "version": 1,
        "event_id": listed["event_id"],
        "event_type": "Made",
        "timestamp": listed["timestamp"],
        "user_id": listed["metadata"].get("user_id"),
        "value": "new",
    }


def test_an_item_is_followed_by_its_id(store: Path) -> None:
    assert blamed(store, "/lines/0/n") == [(1, 1)]  # B, which was the second one
    assert blamed(store, "/lines/1/n") == [(1, 1), (3, 2)]
    done = auditor("blame", store, "t-1", "/lines/1/n")
    assert "lines[sku=A].n" in done.out
    assert "/lines, matched by sku" in done.out


def test_it_ends_with_the_version_that_is_asked_for(store: Path) -> None:
    assert blamed(store, "/total", "--version", "3") == [(1, 1), (3, True)]


def test_a_field_that_is_no_more_is_known_by_what_it_was(store: Path) -> None:
    assert blamed(store, "/note/by") == [(4, "x"), (5, "removed")]
    done = auditor("blame", store, "t-1", "/never")
    assert done.code == 2
    assert "/never" in done.err


@pytest.mark.parametrize("name", list(ODD), ids=range(len(ODD)))
def test_odd_names_are_hit_exactly(store: Path, name: str) -> None:
    pointer = f"/odd/{name.replace('~', '~0').replace('/', '~1')}"
    assert blamed(store, pointer) == [(6, ODD[name])]


def test_without_a_field_the_last_change_of_each_is_told(store: Path) -> None:
    fields = answer("blame", store, "t-1")["fields"]
    assert {
        pointer: one["version"] for pointer, one in fields.items() if not pointer.startswith("/odd/")
    } == {
        "/status": 1,
        "/lines": 3,
        "/lines/0": 1,
        "/lines/0/sku": 1,
        "/lines/0/n": 1,
        "/lines/1": 3,
        "/lines/1/sku": 1,
        "/lines/1/n": 3,
        "/total": 6,
        "/odd": 6,
        "/note": 5,
    }
    assert fields["/note"]["removed"] is True
    assert fields["/lines/1"]["value"] == {"sku": "A", "n": 2}
    state = answer("state", store, "t-1")["state"]
    assert fields["/odd"]["value"] == state["odd"]


def test_before_the_first_event_there_is_no_field(store: Path) -> None:
    assert answer("blame", store, "t-1", "--version", "0")["fields"] == {}


def test_values_beyond_what_is_kept_are_said_with_their_length(tmp_path: Path) -> None:
    facts: list[tuple[str, Any]] = [("Made", {"text": str(number) * 9_000_000}) for number in range(5)]
    large = write_store(tmp_path / "large.db", {"t-1": facts})
    changes = answer("blame", large, "t-1", "/text")["changes"]
    assert [one.get("value_left_out") for one in changes] == [9_000_002] * 2 + [None] * 3
    assert changes[-1]["value"] == "4" * 9_000_000


@pytest.fixture(scope="module", params=["receipt", "orders"])
def log(
    request: pytest.FixtureRequest, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    name: str = request.param
    path = tmp_path_factory.mktemp(name) / f"{name}.db"
    done = auditor("import", path, real_data / name / f"{name}.ndjson.gz", "--create")
    assert done.code == 0, done
    return name, path


def test_real_logs_say_of_their_fields_what_brute_force_says(log: tuple[str, Path]) -> None:
    name, path = log
    compared = 0
    with open_session(path) as session:
        for aggregate_id, known in read_json(f"{name}/folds.json")["aggregates"].items():
            for member, told in known["fields"].items():
                request = show_blame.BlameRequest(
                    origin=origin_of_process("test"),
                    aggregate_id=aggregate_id,
                    pointer=f"/{member}",
                    model="merge",
                )
                found = show_blame.run(session, request, TaskContext())
                ordinals, expected = list(found.ordinals), told["changed"]
                assert len(ordinals) == expected["count"], (aggregate_id, member)
                assert ordinals[: len(expected["first"])] == expected["first"]
                assert ordinals[-len(expected["last"]) :] == expected["last"]
                last = found.changes[-1]
                state = known["state_at"].get(str(known["events"]))
                if state is not None and member in state:
                    assert exact_json.parse(last.text or "") == exact_json.parse(json.dumps(state[member]))
                compared += 1
    assert compared > 10
