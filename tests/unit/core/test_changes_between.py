"""What each event of a range changed, asked of all states in order."""

from typing import Any

from auditor.core.changes_between import ChangesBetween
from auditor.core.diff import ABSENT

STATES: list[Any] = [
    ABSENT,
    {"status": "new", "items": [{"sku": "a"}, {"sku": "b"}]},
    {"status": "new", "items": [{"sku": "a"}, {"sku": "b"}]},
    {"status": "paid", "items": [{"sku": "b", "n": 2}], "total": 3},
    {"status": "paid", "items": [{"sku": "b", "n": 2}], "total": 4},
]


def _answered(question: ChangesBetween) -> list[Any]:
    for ordinal, state in enumerate(STATES):
        question.see(ordinal, state)
    found: list[Any] = question.answer()["changes"]
    return found


def test_each_event_of_the_range_that_changed_something_is_told() -> None:
    assert _answered(ChangesBetween(1, 4)) == [
        [1, 2, [["added", "/status"], ["added", "/items"]]],
        [3, 4, [["changed", "/status"], ["removed", "/items/0"], ["added", "/items/0/n"]]],
        [4, 1, [["changed", "/total"]]],
    ]


def test_events_outside_of_the_range_are_not() -> None:
    assert _answered(ChangesBetween(2, 3, most=1)) == [[3, 4, [["changed", "/status"]]]]
    assert _answered(ChangesBetween(4, 4)) == [[4, 1, [["changed", "/total"]]]]


def test_in_the_midst_it_tells_what_it_has_seen() -> None:
    question = ChangesBetween(1, 4)
    for ordinal in range(3):
        question.see(ordinal, STATES[ordinal])
    assert [one[0] for one in question.answer()["changes"]] == [1]
