"""A patch made of what differs leads from one document to the other; one canonical text means one value."""

from typing import Any

from hypothesis import example, given

from auditor.core import exact_json
from auditor.core.canonical_json import canonical
from auditor.core.diff import ABSENT, changes
from auditor.core.patch import apply_patch, patch_of
from auditor.core.patch_between import patch_between
from tests.helpers.json_values import json_texts
from tests.helpers.neighbours import neighbours, states


@given(json_texts(), json_texts())
def test_a_patch_of_the_changes_leads_from_one_to_the_other(one: str, other: str) -> None:
    before, after = exact_json.parse(one), exact_json.parse(other)

    patch = patch_of(changes(before, after))

    assert exact_json.same(apply_patch(before, patch), after)
    assert exact_json.dump(before) == exact_json.dump(exact_json.parse(one))
    # as it travels: the patch is JSON itself
    assert exact_json.same(apply_patch(before, exact_json.parse(exact_json.dump(patch))), after)


@given(neighbours())
@example((["x", "y", "y", "z"], ["x", "y", "z"]))
@example(([1, [2, 3], 4], [True, [2], 4, 5]))
@example(({"a": [1, 2, 3], "b": [1]}, {"b": []}))
def test_the_patch_between_two_states_leads_from_one_to_the_other(pair: tuple[Any, Any]) -> None:
    a, b = pair
    as_it_travels = exact_json.parse(exact_json.dump(patch_between(a, b)))

    assert exact_json.same(apply_patch(a, as_it_travels), b)
    assert (as_it_travels == []) == exact_json.same(a, b)


@given(states)
def test_before_the_first_event_the_state_is_null_to_a_patch(state: Any) -> None:
    assert exact_json.same(apply_patch(None, patch_between(ABSENT, state)), state)
    assert apply_patch(state, patch_between(state, ABSENT)) is None


def test_an_item_put_into_a_long_list_or_taken_out_is_one_operation() -> None:
    long = [{"n": at} for at in range(10_000)]
    longer = [*long[:10], {"new": True}, *(dict(one) for one in long[10:])]

    assert patch_between(long, longer) == [{"op": "add", "path": "/10", "value": {"new": True}}]
    assert patch_between(longer, long) == [{"op": "remove", "path": "/10"}]


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
