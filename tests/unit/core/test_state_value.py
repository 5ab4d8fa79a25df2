"""The JSON value of a user's object, or of some of its members, is the one of its text."""

import enum
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.state_text import public_attribute, public_attributes, state_text
from auditor.core.state_value import value_of


class Colour(enum.Enum):
    RED = "red"


class Plain:
    shared: list[int] = [1]  # noqa: RUF012 - what a handler may change
    ignores = {"X"}  # noqa: RUF012 - what the library reads

    def __init__(self) -> None:
        self.total = 1.5
        self.big = 10**1000
        self.name = "ü\ud800"
        self.half = ["\ud83d\ude00"]
        self.odd = float("nan")
        self.when = datetime(2026, 1, 2, tzinfo=UTC)
        self.colour = Colour.RED
        self.price = Decimal("1.50")
        self._hidden = 1

    @property
    def computed(self) -> int:
        return 7


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self) -> None:
        self.a = 1


class SlottedBelow(Slotted):
    more: dict[str, int] = {"x": 1}  # noqa: RUF012 - as above

    def __init__(self) -> None:
        super().__init__()
        self.c = [2]


class Stating:
    def __init__(self, state: Any) -> None:
        self._state = state

    def to_state(self) -> Any:
        return self._state


class Raising:
    def to_state(self) -> Any:
        raise ValueError("no")


@dataclass
class Nested:
    inner: list[Any] = field(default_factory=lambda: [Plain(), {"x": (1, 2)}, {3, 1}])


STATES = [
    Plain(),
    Slotted(),
    SlottedBelow(),
    Stating({"a": 1.0, "b": {"c": [True, None]}}),
    Stating({1: "a", "b": 2}),
    Stating({1: "a", "1": 2}),
    Stating([1, 2.5]),
    Stating(3),
    Raising(),
    Nested(),
    None,
    [1, "a"],
    "text",
    Colour.RED,
    {"a": -0.0, "\ud83d\ude00": 1},
]


def text_value(state: Any) -> Any:
    return exact_json.parse(state_text(state))


@pytest.mark.parametrize("state", STATES, ids=range(len(STATES)))
def test_the_whole_is_what_the_text_says(state: Any) -> None:
    value = value_of(state, None, None)
    assert exact_json.same(value, text_value(state))
    again = value_of(state, None, value)
    assert again is value or type(value) not in (dict, list)


@pytest.mark.parametrize("state", STATES, ids=range(len(STATES)))
def test_a_member_is_what_the_text_says(state: Any) -> None:
    whole = text_value(state)
    names = [*whole, "none"] if type(whole) is dict else ["none"]
    for name in names:
        part = value_of(state, [name], None)
        if type(whole) is dict:
            assert exact_json.same(part.get(name), whole.get(name)), name
        else:
            assert exact_json.same(part, whole)


@pytest.mark.parametrize("thing", [Plain(), Slotted(), SlottedBelow(), Nested()], ids=range(4))
def test_an_attribute_is_the_one_among_all(thing: Any) -> None:
    every = public_attributes(thing)
    for name in {*every, *dir(thing), "none"}:
        assert repr(public_attribute(thing, name, "missing")) == repr(every.get(name, "missing")), name


def test_only_the_members_that_are_asked_for_are_looked_at() -> None:
    state = Plain()
    assert set(value_of(state, ["total"], None)) == {"total"}


def test_equal_parts_are_the_earlier_ones() -> None:
    first = value_of({"a": {"x": [1, {"y": 1}]}, "b": [1], "c": 1.0}, None, None)
    second = value_of({"a": {"x": [1, {"y": 1}]}, "b": [True], "c": 1.0}, None, first)
    assert second["a"] is first["a"]
    assert second["c"] is first["c"]
    assert second["b"] == [True]
    assert second["b"] is not first["b"]
    third = value_of({"a": {"x": [1]}, "b": [True]}, None, second)
    assert third["b"] is second["b"]
    assert third["a"] == {"x": [1]}


def test_members_stand_in_the_order_of_the_state() -> None:
    """They are shown in it."""
    first = value_of({"a": 1, "b": {"x": 1, "y": 2}}, None, None)
    assert [*value_of({"b": {"x": 1, "y": 2}, "a": 1}, None, first)] == ["b", "a"]
    turned = value_of({"a": 1, "b": {"y": 2, "x": 1}}, None, first)
    assert [*turned["b"]] == ["y", "x"]
    assert value_of({"a": 1, "b": {"x": 1, "y": 2}}, None, first) is first
