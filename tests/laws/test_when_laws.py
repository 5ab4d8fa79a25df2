"""The ranges at which a condition held are those that looking at every state by itself finds."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.core import exact_json
from auditor.core.condition import Condition, Moment
from auditor.core.condition_text import became, path_text
from auditor.core.diff import ABSENT
from auditor.core.event_column import EventColumn, packed_column
from auditor.core.fields import field_at
from auditor.core.state_model import merge
from auditor.core.when import When
from tests.helpers.json_values import json_objects

EXPRESSIONS = [
    "a = 1",
    "a > 1 or b contains 'x'",
    "not exists a",
    "a changed",
    "b grew or a shrank",
    'changed by "ada"',
    'a changed by "ada" and event = "Set"',
    'user != "bob" and event != "Set"',
    "missing user",
    "length(b) >= 1 and not b changed",
]
patches = st.dictionaries(
    st.sampled_from("ab"), st.sampled_from([None, 1, 2, True, "x", "xy", [1], [], {"c": 1}]), max_size=2
)
happenings = st.lists(
    st.tuples(st.sampled_from(["Set", "Kept"]), st.sampled_from([None, "ada", "bob"]), patches), max_size=9
)


def column(values: list[Any]) -> dict[str, Any]:
    known = list(dict.fromkeys(values))
    return packed_column(known, [known.index(value) for value in values])


def ranges(holding: list[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for ordinal in holding:
        if found and found[-1][1] == ordinal - 1:
            found[-1][1] = ordinal
        else:
            found.append([ordinal, ordinal])
    return found


@given(st.sampled_from(EXPRESSIONS), happenings)
def test_every_state_is_looked_at(expression: str, happened: list[tuple[str, Any, Any]]) -> None:
    types, users, data = zip(*happened, strict=True) if happened else ((), (), ())
    question = When({"expression": expression, "types": column([*types]), "users": column([*users])})
    state: Any = {}
    states: list[Any] = [ABSENT]
    question.see(0, ABSENT)
    for ordinal, patch in enumerate(data, 1):
        state = merge(state, exact_json.parse(json.dumps(patch)))
        states.append(state)
        shown = (
            state if question.members is None else {k: v for k, v in state.items() if k in question.members}
        )
        question.see(ordinal, shown)
    holding = [
        ordinal
        for ordinal, (event_type, user, _) in enumerate(happened, 1)
        if Condition(expression).holds(Moment(states[ordinal - 1], states[ordinal], event_type, user))
    ]
    assert question.answer() == {"ranges": ranges(holding)}


@given(st.lists(st.none() | st.text(), unique=True, max_size=400), st.lists(st.integers(0, 400)))
def test_a_column_comes_back_as_it_was(values: list[str | None], chosen: list[int]) -> None:
    wanted = [values[number % len(values)] for number in chosen] if values else []
    column_of = EventColumn(packed_column(values, [values.index(value) for value in wanted]))
    assert [column_of.at(ordinal) for ordinal in range(1, len(wanted) + 1)] == wanted


def fields(value: Any, pointer: str = "") -> list[str]:
    found = [pointer] if pointer else []
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in members:
        found += fields(item, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    return found


def as_one_reads_it(value: Any) -> bool:
    """Names that are numbers may be taken for places where a name beside them needs quotes."""
    if isinstance(value, dict):
        return all(not key.isdigit() and as_one_reads_it(item) for key, item in value.items())
    return not isinstance(value, list) or all(map(as_one_reads_it, value))


@given(json_objects().map(exact_json.parse))
def test_a_field_that_is_shown_can_be_asked_for(state: Any) -> None:
    for pointer in fields(state):
        value = field_at(state, pointer)
        expression = became(pointer, value)
        if as_one_reads_it(state):
            assert Condition(expression).holds(Moment(ABSENT, state)), expression
        assert Condition(f"exists {path_text(pointer)}").members == frozenset(
            {pointer.split("/")[1].replace("~1", "/").replace("~0", "~")}
        )


def test_fields_are_written_as_one_would_write_them() -> None:
    assert became("/total", exact_json.parse("184.20")) == "total = 184.20"
    assert became("/customer/na-me", "x") == 'customer.na-me = "x"'
    assert became("/items/0/price", None) == "/items/0/price = null"
    assert became("/a~1b/~0", True) == "/a~1b/~0 = true"
    assert became("/event/user", 1) == '"event".user = 1'
    assert became("/x y/0/z", 1) == '"x y"[0]."z" = 1'
    assert became("/items", []) == "items changed"
