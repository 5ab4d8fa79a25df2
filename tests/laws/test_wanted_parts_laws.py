"""Along the wanted paths the part of a user's object leads to the same as the whole of it."""

import enum
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from auditor.core import exact_json
from auditor.core.diff import ABSENT
from auditor.core.fields import fields_of
from auditor.core.logical_path import logical_path, resolve
from auditor.core.state_value import value_of
from auditor.core.wanted_parts import wanted_by


class Colour(enum.Enum):
    RED = "red"
    ONE = 1


class Line:
    """An object with attributes, as a user's class has them."""

    shared: dict[str, int] = {"x": 1}  # noqa: RUF012 - what a handler may change

    def __init__(self, members: dict[str, Any]) -> None:
        self.__dict__.update(members)


class Bag(dict[str, Any]):
    """A mapping with attributes beside its members."""


def bag(members: dict[str, Any]) -> Bag:
    made = Bag(members)
    made.__dict__.update(a=1, b={"a": 2})
    return made


NAMES = st.sampled_from(["id", "sku", "a", "b", "", "$repr", "1", "_c", "ü", "\ud83d", "\ude00", "true"])
IDS = st.sampled_from(
    [1, 2, True, "1", "p", "ü", "\ud83d\ude00", "😀", UUID(int=1), Decimal(1), 1.0, None, Colour.RED]
)
LEAVES = st.one_of(
    IDS, st.sampled_from([0, -0.0, 10**1001, float("nan"), b"x", object, Colour.ONE, "\ud83d", "\ude00"])
)
NAMED = st.one_of(NAMES, st.sampled_from([1, True, None, Colour.RED, (1, 2), 1.0]))


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    members = st.dictionaries(NAMES, inner, max_size=4)
    items = st.tuples(st.sampled_from(["id", "sku"]), IDS, members, st.booleans()).map(
        lambda one: (Line if one[3] else dict)({one[0]: one[1], **one[2]})
    )
    return st.one_of(
        members,
        st.dictionaries(NAMED, inner, max_size=3),
        members.map(Line),
        members.map(bag),
        members.map(lambda found: SimpleNamespace(**{key: value for key, value in found.items() if key})),
        st.lists(inner, max_size=3),
        st.lists(items, max_size=4),
        st.lists(items, max_size=3).map(tuple),
        st.tuples(inner, inner),
    )


STATES = st.recursive(LEAVES, nested, max_leaves=12)
ROOTS = st.one_of(
    STATES, st.dictionaries(NAMES, STATES, max_size=4).map(Line), st.dictionaries(NAMES, STATES, max_size=4)
)


@given(ROOTS, ROOTS, st.data())
def test_a_part_leads_to_what_the_whole_leads_to(state: Any, named_in: Any, data: st.DataObject) -> None:
    whole = value_of(state, None, ABSENT)
    named = data.draw(st.sampled_from([whole, value_of(named_in, None, ABSENT)]))
    pointers = list(fields_of(named))
    if not pointers:
        return
    chosen = data.draw(st.lists(st.sampled_from(pointers), min_size=1, max_size=4, unique=True))
    paths = [logical_path(named, pointer).path for pointer in chosen]
    wanted = wanted_by(paths)
    previous = data.draw(st.sampled_from([ABSENT, whole, value_of(named_in, wanted, ABSENT)]))
    part = value_of(state, wanted, previous)
    for path in paths:
        assert exact_json.same(resolve(part, path), resolve(whole, path)), path


def test_only_what_is_wanted_is_looked_at() -> None:
    class Heavy(dict[str, int]):
        def items(self) -> Any:
            raise AssertionError("it was looked at")

    state = Line(
        {"a": {"b": Line({"c": 1, "d": Heavy()})}, "e": Heavy(), "f": [{"id": 1, "x": Heavy(), "y": 2}]}
    )
    named = {"a": {"b": {"c": 1}}, "f": [{"id": 1, "y": 2}]}
    paths = [logical_path(named, pointer).path for pointer in ("/a/b/c", "/f/0/y")]
    assert value_of(state, wanted_by(paths), ABSENT) == {"a": {"b": {"c": 1}}, "f": [{"id": 1, "y": 2}]}


def test_nothing_is_left_out_for_a_path_that_ends_at_the_root_or_counts() -> None:
    assert wanted_by([()]) is None
    assert wanted_by([("a", "b"), ()]) is None
    assert wanted_by([(0,)]) is None
    wanted = wanted_by([("a", 0, "b"), ("a", "c")])
    assert wanted == {"a": None}


def test_names_that_are_one_in_json_are_one_here() -> None:
    state = {"\ud83d\ude00": 1, "😀": 2}
    assert value_of({"a": state}, wanted_by([("a", "😀")]), ABSENT) == value_of({"a": state}, None, ABSENT)
    backwards = dict(reversed(state.items()))
    assert value_of({"a": backwards}, wanted_by([("a", "😀")]), ABSENT) == value_of(
        {"a": backwards}, None, ABSENT
    )
