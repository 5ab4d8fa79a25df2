"""A patch made of what differs leads from one document to the other; one canonical text means one value."""

from typing import Any

from hypothesis import given

from auditor.core import exact_json
from auditor.core.canonical_json import canonical
from auditor.core.diff import changes
from auditor.core.patch import apply_patch, patch_of
from tests.helpers.json_values import json_texts


@given(json_texts(), json_texts())
def test_a_patch_of_the_changes_leads_from_one_to_the_other(one: str, other: str) -> None:
    before, after = exact_json.parse(one), exact_json.parse(other)

    patch = patch_of(changes(before, after))

    assert exact_json.same(apply_patch(before, patch), after)
    assert exact_json.dump(before) == exact_json.dump(exact_json.parse(one))
    # as it travels: the patch is JSON itself
    assert exact_json.same(apply_patch(before, exact_json.parse(exact_json.dump(patch))), after)


@given(json_texts(), json_texts())
def test_equal_canonical_texts_mean_the_same_value(one: str, other: str) -> None:
    before, after = exact_json.parse(one), exact_json.parse(other)

    assert (canonical(before) == canonical(after)) == exact_json.same(before, after)
    assert exact_json.same(exact_json.parse(canonical(before)), before)
    assert canonical(turned(before)) == canonical(before)
    assert canonical(exact_json.parse(canonical(before))) == canonical(before)


def turned(value: Any) -> Any:
    """The same value with its keys in another order."""
    if isinstance(value, dict):
        return {key: turned(item) for key, item in reversed(value.items())}
    return [turned(item) for item in value] if isinstance(value, list) else value
