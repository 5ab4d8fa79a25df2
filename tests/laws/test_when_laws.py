"""The ranges at which a condition held are those that looking at every state by itself finds."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.core import exact_json
from auditor.core.condition import Condition, Moment
from auditor.core.condition_text import became, path_text
from auditor.core.diff import ABSENT
from auditor.core.events import RecordedEvent
from auditor.core.fields import field_at
from auditor.core.state_model import merge
from auditor.core.when import When, user_of
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
    st.tuples(st.sampled_from(["Set", "Kept"]), st.sampled_from([None, "ada", "bob", 7]), patches), max_size=9
)


def event(ordinal: int, event_type: str, user: Any, data: Any) -> RecordedEvent:
    metadata = {} if user is None else {"userId" if ordinal % 2 else "user_id": user}
    texts = (json.dumps(data), json.dumps(metadata))
    return RecordedEvent(ordinal, f"e{ordinal}", "one", "T", event_type, ordinal, "t", None, *texts)


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
    question = When(expression)
    state: Any = {}
    states: list[Any] = [ABSENT]
    question.see(0, ABSENT)
    for ordinal, (event_type, user, patch) in enumerate(happened, 1):
        state = merge(state, exact_json.parse(json.dumps(patch)))
        states.append(state)
        if question.wants_events:
            question.see_event(event(ordinal, event_type, user, patch))
        shown = (
            state if question.members is None else {k: v for k, v in state.items() if k in question.members}
        )
        question.see(ordinal, shown)
    holding = [
        ordinal
        for ordinal, (event_type, user, _) in enumerate(happened, 1)
        if Condition(expression).holds(
            Moment(states[ordinal - 1], states[ordinal], event_type, None if user is None else str(user))
        )
    ]
    assert question.answer() == {"ranges": ranges(holding)}


def test_users_as_metadata_say_them() -> None:
    def named(metadata: str) -> str | None:
        return user_of(event(1, "Set", None, {})._replace(metadata_text=metadata))

    assert named('{"user_id": "ada", "userId": "bob"}') == "ada"
    assert named('{"userId": "bob"}') == "bob"
    assert named('{"user_id": 1.50}') == "1.50"
    assert named('{"user_id": null}') is None
    assert named("[]") is None
    assert named("{") is None


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
