"""`state` with --field, --find and --changes: tables, JSON, and what they say of an incomplete state."""

from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command_line import answer, auditor
from tests.helpers.small_stores import write_store

FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Began", {"name": "Lamp", "price": 150, "tags": {"a/b": ["red", "\u202egnp"]}}),
    ("Changed", {"price": 175, "name": None, "long": "x" * 1000}),
    ("Changed", {"price": 175}),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("parts") / "things.db", {"one": FACTS})


def test_a_field_is_part_of_the_state(store: Path) -> None:
    state = answer("state", store, "one", "--version", "2")
    found = answer("state", store, "one", "--version", "2", "--field", "/tags/a~1b")
    assert (found["pointer"], found["value"]) == ("/tags/a~1b", state["state"]["tags"]["a/b"])
    assert {**found, "state": None} == {
        **state,
        "state": None,
        "pointer": "/tags/a~1b",
        "value": found["value"],
    }
    assert answer("state", store, "one", "--field", "")["value"] == answer("state", store, "one")["state"]


def test_a_field_for_people_is_readable_and_nothing_in_it_is_hidden(store: Path) -> None:
    ended = auditor("state", store, "one", "--field", "/tags")
    assert ended.code == 0
    assert ended.out.endswith('{\n  "a/b": [\n    "red",\n    "‹U+202E›gnp"\n  ]\n}\n')


def test_a_field_that_is_not_there_is_wrong_usage(store: Path) -> None:
    ended = auditor("state", store, "one", "--field", "/tags/nope", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "/tags has no member 'nope'" in ended.error["message"]


def test_where_a_text_stands(store: Path) -> None:
    found = answer("state", store, "one", "--find", "RED")
    assert (found["pointers"], found["total"], found["more"]) == (["/tags/a~1b/0"], 1, False)
    ended = auditor("state", store, "one", "--version", "1", "--find", "a")
    assert ended.out.split("\n\n")[1] == "/name\n/tags\n/tags/a~1b\n"
    assert auditor("state", store, "one", "--find", "nowhere").out.endswith("No field matches.\n")
    assert auditor("state", store, "one", "--find", "").code == 2


def test_what_an_event_changed(store: Path) -> None:
    found = answer("state", store, "one", "--version", "2", "--changes")
    assert found["changes"] == [
        {"path": "/name", "kind": "removed", "before": "Lamp"},
        {"path": "/price", "kind": "changed", "before": 150, "after": 175},
        {"path": "/long", "kind": "added", "after": "x" * 1000},
    ]
    assert (found["total"], found["more"], found["version"]) == (3, False, 2)
    assert answer("state", store, "one", "--changes")["changes"] == []
    assert answer("state", store, "one", "--version", "1", "--changes")["total"] == 3
    assert answer("state", store, "one", "--version", "0", "--changes")["total"] == 0


def test_changes_for_people_have_signs_and_long_values_are_cut(store: Path) -> None:
    table = auditor("state", store, "one", "--version", "2", "--changes").out.split("\n\n")[1].splitlines()
    assert [line.split()[0] for line in table[1:]] == ["-", "~", "+"]
    assert table[2].split() == ["~", "/price", "150", "175"]
    assert table[3].endswith("… (+802)")
    assert auditor("state", store, "one", "--changes").out.endswith("Nothing has changed.\n")


def test_only_one_part_can_be_asked_for(store: Path) -> None:
    assert auditor("state", store, "one", "--changes", "--find", "x").code == 2


def test_what_is_missing_is_said_beside_a_part_too(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "class Thing:\n    def on_began(self, event): self.name = event.name\n"
        "    def on_changed(self, event): raise ValueError('no')\n"
    )
    (tmp_path / "auditor.toml").write_text('[models.Thing]\npython = "shop:Thing"\n')
    store = write_store(tmp_path / "things.db", {"one": FACTS})
    refusal = auditor("state", store, "one")
    trust = ("--trust-code", next(line for line in refusal.err.splitlines() if len(line) == 64))
    for part in (("--field", "/name"), ("--find", "lamp"), ("--changes",)):
        ended = auditor("state", store, "one", *part, *trust, "--json")
        assert (ended.code, ended.json["complete"], len(ended.json["unapplied"])) == (0, False, 2)
        assert "incomplete from version 2" in ended.err
