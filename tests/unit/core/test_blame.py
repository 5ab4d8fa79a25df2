"""Cases of blame that chance seldom makes."""

from typing import Any

import pytest

from auditor.core.blame import Changes, Removed
from auditor.core.diff import ABSENT
from auditor.core.exact_json import Digits
from auditor.core.logical_path import Item, LogicalPath


def set_at(path: LogicalPath, *states: Any) -> list[int]:
    question = Changes([path])
    for ordinal, state in enumerate([ABSENT, *states]):
        question.see(ordinal, state)
    ordinals: list[int] = question.answer()["ordinals"][0]
    return ordinals


@pytest.mark.parametrize(
    "values",
    [(1, True), (0, False), (1, Digits("1.0")), ({}, []), (None, ABSENT)],
    ids=["1-true", "0-false", "1-1.0", "{}-[]", "null-absent"],
)
def test_values_that_python_takes_for_equal_are_two(values: tuple[Any, Any]) -> None:
    one, other = ({} if value is ABSENT else {"a": value} for value in values)
    assert set_at(("a",), one, other, one) == [1, 2, 3]
    assert set_at((), {"x": one}, {"x": other}) == [1, 2]


def test_of_two_items_with_one_id_the_first_is_followed() -> None:
    path = ("lines", Item("sku", "A"), "n")
    two = {"lines": [{"sku": "A", "n": 1}, {"sku": "A", "n": 2}]}
    turned = {"lines": two["lines"][::-1]}
    assert set_at(path, {"lines": [{"sku": "A", "n": 1}]}, two, turned) == [1, 3]


def test_an_id_that_is_a_number_is_not_the_same_in_letters() -> None:
    path = ("lines", Item("id", 1), "n")
    assert set_at(
        path, {"lines": [{"id": "1", "n": 1}, {"id": 1, "n": 2}]}, {"lines": [{"id": "1", "n": 3}]}
    ) == [1, 2]
    assert set_at(path, {"lines": [{"id": "1", "n": 1}]}, {"lines": [{"id": "1", "n": 3}]}) == []


def test_an_item_that_comes_back_has_one_history() -> None:
    path = ("lines", Item("sku", "A"))
    there = {"lines": [{"sku": "B"}, {"sku": "A", "n": 1}]}
    gone: dict[str, Any] = {"lines": [{"sku": "B"}]}
    assert set_at(path, there, gone, there, {"lines": "none"}, there) == [1, 2, 3, 4, 5]


def test_members_in_another_order_are_no_change() -> None:
    assert set_at((), {"a": 1, "b": 2}, {"b": 2, "a": 1}) == [1]


def test_what_was_removed_and_came_back_is_not_told() -> None:
    question = Removed()
    states = [{"a": {"b": 1, "c": 2}}, {"a": {"c": 2}}, {}, {"a": {"b": 1}}, {"a": {"b": 1}, "d": [1, 2]}]
    for ordinal, state in enumerate([ABSENT, *states, {"a": {"b": 1}, "d": [1]}]):
        question.see(ordinal, state)
    assert ["/d/1", 6] in [list(one) for one in question.answer()["removed"]]
    assert "/a" not in dict(question.answer()["removed"])
