"""`diff`: two versions against each other, the patch, the events responsible, and two aggregates."""

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.patch import apply_patch
from auditor.stores.native_store import EventStore
from tests.helpers.command_line import answer, auditor
from tests.helpers.small_stores import events_of

FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Began", {"name": "Lamp", "price": 150, "items": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}]}),
    ("Priced", {"price": 160}),
    ("Priced", {"price": 175, "name": None}),
    ("Noted", {"note": "x" * 1000}),
    ("Changed", {"items": [{"sku": "b", "n": 2}, {"sku": "c", "n": 5}]}),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("diff") / "things.db"
    with EventStore(f"sqlite:///{path}") as made:
        for name, facts, kind in (
            ("one", FACTS, "Thing"),
            ("two", FACTS[:2], "Thing"),
            ("odd", FACTS, "Odd"),
        ):
            made.append(name, events_of(name, facts, kind), 0)
    return path


def test_each_change_names_the_event_that_set_it_last(store: Path) -> None:
    found = answer("diff", store, "one", "1", "5")

    assert [(one["path"], one["kind"], one["version"]) for one in found["changes"]] == [
        ("/name", "removed", 3),
        ("/price", "changed", 3),
        ("/items/0", "removed", 5),
        ("/items/1", "added", 5),
        ("/note", "added", 4),
    ]
    assert found["changes"][1] == {
        "path": "/price",
        "kind": "changed",
        "before": 150,
        "after": 175,
        "version": 3,
    }
    assert found["changes"][3]["after"] == {"sku": "c", "n": 5}
    assert found["matched"] == [{"path": "/items", "by": "sku"}]
    assert (found["aggregate_id"], found["a"]["version"], found["b"]["version"]) == ("one", 1, 5)
    assert [one["version"] for one in found["events"]] == [2, 3, 4, 5]
    assert {name: found["events"][0][name] for name in ("ordinal", "event_type", "user_id")} == {
        "ordinal": 2,
        "event_type": "Priced",
        "user_id": "ada",
    }


@pytest.mark.parametrize(("a", "b"), [(0, 5), (1, 5), (2, 2), (5, 1), (4, 0), (3, 4)])
def test_the_patch_makes_b_of_a(store: Path, a: int, b: int) -> None:
    found = answer("diff", store, "one", str(a), str(b))
    states = [answer("state", store, "one", "--version", str(version))["state"] for version in (a, b)]

    assert exact_json.same(apply_patch(states[0], found["patch"]), states[1])
    assert [one["version"] for one in found["events"]] == list(range(min(a, b) + 1, max(a, b) + 1))
    printed = auditor("diff", store, "one", str(a), str(b), "--patch")
    assert (json.loads(printed.out), printed.code) == (found["patch"], 0)


def test_backwards_the_same_events_are_responsible(store: Path) -> None:
    there = answer("diff", store, "one", "1", "5")["changes"]
    back = answer("diff", store, "one", "5", "1")["changes"]

    assert {(one["path"], one["version"]) for one in there} == {(one["path"], one["version"]) for one in back}
    assert [one["after"] for one in back if one["path"] == "/price"] == [150]


def test_a_difference_is_a_finding_where_the_exit_code_is_asked_for(store: Path) -> None:
    assert auditor("diff", store, "one", "1", "2").code == 0
    assert auditor("diff", store, "one", "1", "2", "--exit-code").code == 1
    assert auditor("diff", store, "one", "2", "2", "--exit-code").code == 0


def test_another_aggregate_of_the_type_can_be_at_b(store: Path) -> None:
    found = answer("diff", store, "one", "2", "2", "--with", "two")
    assert (found["patch"], found["changes"], found["events"]) == ([], [], [])
    assert (found["a"]["aggregate_id"], found["b"]["aggregate_id"]) == ("one", "two")
    other = answer("diff", store, "one", "5", "1", "--with", "two")
    assert [(one["path"], one["version"]) for one in other["changes"]][:2] == [
        ("/name", None),
        ("/price", None),
    ]
    refused = auditor("diff", store, "one", "5", "1", "--with", "odd", "--json")
    assert refused.code == 2
    assert "of the type Odd" in refused.error["message"]


def test_for_people_it_is_a_table_with_the_events_below(store: Path) -> None:
    facts, changes, events = auditor("diff", store, "one", "1", "5").out.split("\n\n", 2)

    assert "version 1" in facts.splitlines()[0]
    assert "version 5" in facts.splitlines()[1]
    lines = changes.splitlines()
    assert lines[0].split() == ["field", "at", "A", "at", "B", "set", "by"]
    assert [line.split()[0] for line in lines[1:]] == ["-", "~", "-", "+", "+"]
    assert lines[2].split() == ["~", "/price", "150", "175", "3", "Priced", "2", "events"]
    assert "… (+942)" in lines[5]
    assert "2 added, 2 removed, 1 changed.\n/items: items matched by sku" in events
    assert "4 events in between" in events
    assert auditor("diff", store, "one", "2", "2").out.endswith("No difference.\n")


def test_what_cannot_be_compared_is_said(store: Path) -> None:
    for wrong, said in (
        (("one", "1"), "Two versions are needed"),
        (("one", "1", "x"), "are not two versions"),
        (("one", "1", "6"), "6"),
        (("nobody", "1", "2"), "nobody"),
    ):
        ended = auditor("diff", store, *wrong, "--json")
        assert (ended.code, ended.out) == (2, ""), wrong
        assert said in ended.error["message"]


def test_an_id_that_cannot_be_typed_is_taken_as_json(store: Path) -> None:
    found = answer("diff", store, "1", "2", "--id-json", '"one"')
    assert [one["path"] for one in found["changes"]] == ["/price"]
