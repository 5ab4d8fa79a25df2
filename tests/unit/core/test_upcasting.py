from collections.abc import Callable
from typing import Any

import pytest

from auditor.core.errors import ModelError
from auditor.core.upcasting import Upcast, Upcaster, UpcasterChain

Data = dict[str, Any]


def adding(**more: Any) -> Callable[[Data], Data]:
    return lambda data: {**data, **more}


def test_steps_follow_each_other_from_the_version_an_event_has() -> None:
    chain = UpcasterChain([Upcaster("A", 2, adding(two=True)), Upcaster("A", 1, adding(one=True))])
    assert chain.upcast("A", 1, {}) == Upcast("A", 3, {"one": True, "two": True})
    assert chain.upcast("A", 2, {}) == Upcast("A", 3, {"two": True})
    assert chain.upcast("A", 3, {"x": 1}) == Upcast("A", 3, {"x": 1})
    assert chain.upcast("B", 1, {"x": 1}) == Upcast("B", 1, {"x": 1})


def test_a_step_may_rename_and_the_new_name_goes_on() -> None:
    chain = UpcasterChain([Upcaster("Old", 1, adding(a=1), to_type="New"), Upcaster("New", 2, adding(b=2))])
    assert chain.upcast("Old", 1, {}) == Upcast("New", 3, {"a": 1, "b": 2})
    assert chain.upcast("New", 2, {}) == Upcast("New", 3, {"b": 2})


def test_only_types_with_steps_are_handled() -> None:
    chain = UpcasterChain([Upcaster("Old", 1, adding(), to_type="New")])
    assert (chain.handles("Old"), chain.handles("New"), UpcasterChain().handles("Old")) == (
        True,
        False,
        False,
    )


def test_a_version_before_the_first_step_is_refused_and_not_passed_as_the_newest() -> None:
    chain = UpcasterChain([Upcaster("A", 2, adding())])
    with pytest.raises(ModelError, match="A version 1"):
        chain.upcast("A", 1, {})


def step(event_type: str, version: int, to_type: str | None = None) -> Upcaster:
    return Upcaster(event_type, version, adding(), to_type)


WRONG = {
    "two steps from one version": ([step("A", 1), step("A", 1, "B")], "Two upcasters"),
    "hole": ([step("A", 1), step("A", 3)], "A version 2"),
    "hole after a rename": ([step("A", 1, "B"), step("B", 3)], "B version 2"),
    "renamed into itself": ([step("A", 1, "A")], "circle"),
    "circle of two": ([step("A", 1, "B"), step("B", 2, "A")], "circle"),
    "circle by a later step": ([step("A", 1, "B"), step("B", 2), step("B", 3, "A")], "circle"),
    "circle of three": ([step("A", 1, "B"), step("B", 2, "C"), step("C", 3, "A")], "circle"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_chain_is_refused_when_it_is_made(what: str) -> None:
    steps, sentence = WRONG[what]
    for order in (steps, steps[::-1]):
        with pytest.raises(ModelError, match=sentence):
            UpcasterChain(order)
