"""Laws of exact JSON, of differences and of the merge, over documents of all shapes."""

import copy
import json
from typing import Any

from hypothesis import given

from auditor.core import exact_json
from auditor.core.diff import Change, changes
from auditor.core.state_model import merge
from tests.helpers.json_values import json_objects, json_texts


@given(json_texts())
def test_what_was_read_is_written_with_the_same_digits(text: str) -> None:
    value = exact_json.parse(text)
    written = exact_json.dump(value)

    assert exact_json.same(exact_json.parse(written), value)
    assert exact_json.dump(exact_json.parse(written)) == written
    # the standard reader gives no digits back, but agrees on all else
    assert _numbers_as_text(written) == _numbers_as_text(text)


def _numbers_as_text(text: str) -> Any:
    number = "number {}".format
    return json.loads(text, parse_int=number, parse_float=number)


@given(json_texts())
def test_indented_and_noted_are_the_same_value(text: str) -> None:
    value, twice = exact_json.parse_noting(text)

    assert twice == []
    assert exact_json.same(value, exact_json.parse(text))
    assert exact_json.same(exact_json.parse(exact_json.dump(value, indent=2)), value)


@given(json_texts(), json_texts())
def test_changes_lead_from_one_to_the_other(one: str, other: str) -> None:
    before, after = exact_json.parse(one), exact_json.parse(other)

    found = list(changes(before, after))

    assert exact_json.same(applied(before, found), after)
    assert (found == []) == exact_json.same(before, after)
    assert len({change.path for change in found}) == len(found)


@given(json_texts())
def test_nothing_differs_from_itself(text: str) -> None:
    assert list(changes(exact_json.parse(text), exact_json.parse(text))) == []


def applied(value: Any, found: list[Change]) -> Any:
    """The changes carried out by their pointers; the ends of lists go last first."""
    document = {"": copy.deepcopy(value)}
    removals = [change for change in found if change.kind == "removed"]
    for change in [one for one in found if one.kind != "removed"] + removals[::-1]:
        parent, key = _place(document, change.path)
        if change.kind == "removed":
            assert exact_json.same(parent[key], change.before)
            del parent[key]
        elif isinstance(parent, list) and key == len(parent):
            parent.append(change.after)
        else:
            parent[key] = change.after
    return document[""]


def _place(document: dict[str, Any], path: str) -> tuple[Any, Any]:
    """RFC 6901, section 4."""
    *parents, last = [""] + [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]
    here: Any = document
    for part in parents:
        here = here[_key(here, part)]
    return here, _key(here, last)


def _key(container: Any, part: str) -> Any:
    return int(part) if isinstance(container, list) else part


@given(json_objects() | json_texts(), json_objects() | json_texts())
def test_merge_is_the_one_of_the_rfc_and_leaves_its_sources_alone(target: str, patch: str) -> None:
    one, other = exact_json.parse(target), exact_json.parse(patch)

    merged = merge(one, other)

    assert exact_json.same(
        merged, merge_as_the_rfc_writes_it(exact_json.parse(target), exact_json.parse(patch))
    )
    assert exact_json.dump(one) == exact_json.dump(exact_json.parse(target))
    assert exact_json.dump(other) == exact_json.dump(exact_json.parse(patch))


def merge_as_the_rfc_writes_it(target: Any, patch: Any) -> Any:
    """RFC 7386, section 2, word by word."""
    if isinstance(patch, dict):
        if not isinstance(target, dict):
            target = {}
        for name, value in patch.items():
            if value is None:
                if name in target:
                    del target[name]
            else:
                target[name] = merge_as_the_rfc_writes_it(target.get(name), value)
        return target
    return patch
