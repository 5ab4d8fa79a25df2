"""JSON Patch: the peers' suites, and what they do not ask."""

from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.diff import changes
from auditor.core.patch import CannotPatch, apply_patch, patch_of
from tests.helpers.real_data import FOLDER

NOT_OURS = {
    "duplicate ops": "a parser keeps the last of two equal keys, so that the operation has one `op` when it comes here"
}
"""By comment: cases of the suites that claim something else, and why."""


def outcome(case: dict[str, Any]) -> Any:
    try:
        return apply_patch(case["doc"], case["patch"])
    except CannotPatch as error:
        return error


def as_claimed(case: dict[str, Any]) -> bool:
    text = exact_json.dump(case["doc"])
    found = outcome(case)
    unharmed = exact_json.dump(case["doc"]) == text
    if "error" in case:
        return unharmed and isinstance(found, CannotPatch)
    return unharmed and exact_json.same(found, case.get("expected", case["doc"]))


@pytest.mark.parametrize(("name", "least"), [("spec_tests.json", 17), ("tests.json", 70)])
def test_the_peers_suite(name: str, least: int, real_data: Path) -> None:
    cases = [
        case
        for case in exact_json.parse((FOLDER / "json-patch-tests" / name).read_text(encoding="utf-8"))
        if "patch" in case and case.get("comment") not in NOT_OURS
    ]
    assert len(cases) >= least
    assert [case for case in cases if not as_claimed(case)] == []


@pytest.mark.parametrize(
    ("patch", "why"),
    [
        ([{"op": "remove", "path": ""}], "whole document"),
        ([{"op": "move", "from": "/a", "path": "/a/b"}], "inside"),
        ([{"op": "add", "path": "a", "value": 1}], "no pointer"),
        ([{"op": "add", "path": "/a~2", "value": 1}], "no pointer"),
        ([{"op": "add", "path": 7, "value": 1}], "no pointer"),
        ([{"op": [], "path": ""}], "no operation"),
        ([{"op": "test", "path": "/list/-", "value": 1}], "no /list/-"),
        ([{"op": "replace", "path": "/a/b/c", "value": 1}], "no /a/b/c"),
        ([{"op": "add", "path": "/list/01", "value": 1}], "no place"),
        ([7], "no object"),
        ({"op": "add"}, "list of operations"),
        ([{"op": "test", "path": "/n", "value": 1}, {"op": "remove", "path": "/x"}], "operation 2"),
    ],
)
def test_what_does_not_fit_is_refused(patch: Any, why: str) -> None:
    document = {"a": {"b": 1}, "list": [1, 2], "n": 1}
    with pytest.raises(CannotPatch, match=why):
        apply_patch(document, patch)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("1", "1.0", True),
        ("100", "1e2", True),
        ("1", "true", False),
        ("0", "false", False),
        ('"1"', "1", False),
        ("1e9999999999999999999999", "1", False),
        ("null", "[]", False),
        ('{"a":[1.50],"b":2}', '{"b":2.0,"a":[1.5]}', True),
        ("[1]", "[1,2]", False),
    ],
)
def test_a_test_compares_as_the_rfc_says(one: str, other: str, equal: bool) -> None:
    patch = [{"op": "test", "path": "", "value": exact_json.parse(other)}]
    assert isinstance(outcome({"doc": exact_json.parse(one), "patch": patch}), CannotPatch) is not equal


def test_what_was_copied_or_put_in_is_changed_at_one_place_only() -> None:
    value: dict[str, Any] = {"n": [1]}
    patch = [
        {"op": "add", "path": "/a", "value": value},
        {"op": "add", "path": "/a/n/-", "value": 2},
        {"op": "copy", "from": "/a", "path": "/b"},
        {"op": "add", "path": "/b/n/-", "value": 3},
        {"op": "remove", "path": "/a/n/0"},
    ]
    assert apply_patch({}, patch) == {"a": {"n": [2]}, "b": {"n": [1, 2, 3]}}
    assert value == {"n": [1]}


def test_the_end_of_a_list_is_removed_from_behind() -> None:
    before, after = {"a": [1, 2, 3, {"x": 1}], "b": 1}, {"a": [1], "c": 1}
    patch = patch_of(changes(before, after))
    assert [operation["path"] for operation in patch] == ["/b", "/a/3", "/a/2", "/a/1", "/c"]
    assert apply_patch(before, patch) == after
