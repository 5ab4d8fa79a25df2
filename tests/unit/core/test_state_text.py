"""The state of any object as JSON text."""

import json
from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from auditor.core.state_text import safe_error, safe_repr, state_text


class Colour(Enum):
    RED = "red"


@dataclass
class Point:
    x: int
    y: float


class Slotted:
    __slots__ = ("_hidden", "shown", "unset")

    def __init__(self) -> None:
        self.shown, self._hidden = 1, 2


@dataclass
class Private:
    x: int
    _y: int


class OneSlot:
    __slots__ = "name"

    def __init__(self) -> None:
        self.name = 1


class Rude:
    def __repr__(self) -> str:
        raise RuntimeError


class Plain:
    def __init__(self) -> None:
        self.a = 1
        self._b = 2


class Telling(Plain):
    def to_state(self) -> Any:
        return {"told": self._b}


class Called(Plain):
    def __call__(self) -> None: ...


class Refusing(Plain):
    def to_state(self) -> Any:
        raise SystemExit("no")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ([1, True, 1.5, "é"], '[1,true,1.5,"é"]'),
        (2**70, str(2**70)),
        (float("inf"), '{"$repr":"inf"}'),
        ({1: "a", None: "b", (1, 2): "c", 1.5: "d"}, '{"1":"a","null":"b","[1, 2]":"c","1.5":"d"}'),
        ({3, 1, 2}, "[1,2,3]"),
        (frozenset({"b", "a"}), '["a","b"]'),
        ((1, [2]), "[1,[2]]"),
        (datetime(2026, 1, 1, tzinfo=UTC), '"2026-01-01T00:00:00+00:00"'),
        (date(2026, 1, 1), '"2026-01-01"'),
        (Decimal("1.50"), '"1.50"'),
        (timedelta(seconds=90), '"0:01:30"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (b"\x00\xff", '"AP8="'),
        (Colour.RED, '"red"'),
        (Point(1, 2.5), '{"x":1,"y":2.5}'),
        (Slotted(), '{"shown":1}'),
        (Fraction(1, 2), '{"$repr":"Fraction(1, 2)"}'),
        (Private(1, 2), '{"x":1}'),
        (Plain(), '{"a":1}'),
        (Telling(), '{"told":2}'),
        ({"inner": Plain()}, '{"inner":{"a":1}}'),
        (Rude(), "{}"),
        ([Rude(), print], '[{"$repr":"<Rude whose repr raises>"},{"$repr":"<built-in function print>"}]'),
        (Rude, '{"$repr":"<class \'tests.unit.core.test_state_text.Rude\'>"}'),
        (OneSlot(), '{"name":1}'),
        (Called(), '{"a":1}'),
        ([deque([1])], '[{"$repr":"deque([1])"}]'),
        ("\ud800", '"\\ud800"'),
        (Refusing(), '{"$repr":"the state cannot be shown: SystemExit: no"}'),
    ],
)
def test_every_value_has_a_text(value: Any, text: str) -> None:
    assert state_text(value) == text
    json.loads(state_text(value))


def test_a_circle_ends() -> None:
    circle = Plain()
    circle.a = circle  # type: ignore[assignment]
    assert "nested deeper than 200 levels" in state_text(circle)


def test_addresses_are_left_out() -> None:
    assert safe_repr(object()) == "<object object>"


def test_nothing_that_the_users_code_raises_comes_through() -> None:
    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise KeyboardInterrupt

    assert safe_error(Unspeakable()) == "Unspeakable: its text cannot be made: __str__ raises"
    assert safe_error(KeyError("x")) == "KeyError: 'x'"
    assert safe_error(ValueError()) == "ValueError"
    assert safe_repr(Rude()) == "<Rude whose repr raises>"


def test_keys_that_would_be_one_in_json_are_shown_as_they_are() -> None:
    assert json.loads(state_text({"of": {1: "a", "1": "b"}})) == {"of": {"$repr": "{1: 'a', '1': 'b'}"}}
