"""Blame is a comparison of consecutive states: for each field, whatever the model, and whatever the lists."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.core import exact_json
from auditor.core.blame import Changes, Removed
from auditor.core.diff import ABSENT
from auditor.core.event_log import EventLog
from auditor.core.events import RecordedEvent
from auditor.core.fields import fields_of
from auditor.core.logical_path import from_wire, logical_path, to_wire
from auditor.core.trace import Trace
from tests.helpers.neighbours import neighbours
from tests.laws.test_timeline_laws import EVENTS, MODELS, fresh_replay, model, recorded

MISSING = object()


# -- the oracle: a field is followed and compared here without anything of the program -------------------------------


def tokens(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def id_field(items: list[Any]) -> str | None:
    if not items or not all(isinstance(item, dict) for item in items):
        return None
    wanted = ["id", "uuid", "guid", "key", "sku", "code"]
    wanted += [name for name in items[0] if name.endswith(("_id", "Id", "_key", "_no", "_uuid", "_number"))]
    for name in wanted:
        values = [json.dumps(item[name]) for item in items if type(item.get(name)) in (str, int)]
        if len(set(values)) == len(items):
            return name
    return None


def follower(state: Any, pointer: str) -> Callable[[Any], Any]:
    """Finds in any state what the pointer names in this one."""
    steps: list[Callable[[Any], Any]] = []
    for token in tokens(pointer):
        if isinstance(state, dict):
            steps.append(_member(dict, token))
            state = state[token]
            continue
        field, place = id_field(state), int(token)
        if field is None:
            steps.append(_member(list, place))
        else:
            steps.append(_item_with(field, state[place][field]))
        state = state[place]

    def find(value: Any) -> Any:
        for step in steps:
            try:
                value = step(value)
            except LookupError:
                return MISSING
        return value

    return find


def _member(kind: type, key: Any) -> Callable[[Any], Any]:
    def step(value: Any) -> Any:
        if type(value) is not kind:
            raise KeyError(key)
        return value[key]  # type: ignore[index] # a list or a dict

    return step


def _item_with(field: str, wanted: Any) -> Callable[[Any], Any]:
    def step(value: Any) -> Any:
        if type(value) is not list:
            raise KeyError(wanted)
        alike = [
            item
            for item in value
            if isinstance(item, dict) and type(item.get(field)) is type(wanted) and item[field] == wanted
        ]
        return alike[0]

    return step


def plain(value: Any) -> Any:
    """Equal only to what is the same JSON."""
    if value is MISSING or value is ABSENT:
        return "nothing"
    if isinstance(value, dict):
        return {"object": sorted((key, repr(plain(item))) for key, item in value.items())}
    if isinstance(value, list):
        return {"list": [plain(item) for item in value]}
    return (type(value).__name__, repr(value))


def set_at(find: Callable[[Any], Any], states: list[Any]) -> list[int]:
    found = [plain(find(state)) for state in states]
    return [at for at in range(1, len(states)) if found[at] != found[at - 1]]


# -- the laws --------------------------------------------------------------------------------------------------------


@st.composite
def lives(draw: st.DrawFn) -> list[Any]:
    """States one after the other, each mostly made of the one before, sharing its parts or not."""
    first, second = draw(neighbours())
    states = [first, second]
    for _ in range(draw(st.integers(0, 6))):
        choice = draw(st.integers(0, 3))
        if choice == 0:
            states.append(draw(st.sampled_from(states)))  # something comes back
        elif choice == 1:
            states.append(exact_json.parse(exact_json.dump(states[-1])))  # the same, and no object of it is
        else:
            states.append(draw(neighbours())[1])
    return states


@given(lives(), st.data())
def test_of_any_field_it_is_a_comparison_of_consecutive_states(
    states: list[Any], data: st.DataObject
) -> None:
    named_in = data.draw(st.sampled_from(states))
    pointers = ["", *fields_of(named_in)]
    most = data.draw(st.sampled_from([None, 1, 2]))
    question = Changes([logical_path(named_in, pointer).path for pointer in pointers], values=True, most=most)
    for ordinal, state in enumerate([ABSENT, *states]):
        question.see(ordinal, state)
    answer = question.answer()
    for pointer, ordinals, values in zip(pointers, answer["ordinals"], answer["values"], strict=True):
        find = follower(named_in, pointer)
        assert ordinals == set_at(find, [MISSING, *states]), pointer
        texts = [text for text, _ in values]
        expected = [find(states[ordinal - 1]) for ordinal in ordinals[-(most or len(ordinals) or 1) :]]
        assert texts == [None if one is MISSING else exact_json.dump(one) for one in expected]


@given(lives())
def test_a_removed_field_is_known_by_the_event_that_took_it_away(states: list[Any]) -> None:
    question = Removed()
    for ordinal, state in enumerate([ABSENT, *states]):
        question.see(ordinal, state)
    last = states[-1]
    there = set(fields_of(last))
    for pointer, ordinal in question.answer()["removed"]:
        before, after = states[ordinal - 2], states[ordinal - 1]
        find = follower(before, pointer)
        assert find(before) is not MISSING
        assert find(after) is MISSING
        assert find(last) is MISSING
    for key in {key for state in states if isinstance(state, dict) for key in state}:
        pointer = f"/{key.replace('~', '~0').replace('/', '~1')}"
        changes = set_at(follower({key: 1}, pointer), [MISSING, *states])
        is_told = dict(question.answer()["removed"]).get(pointer)
        if isinstance(last, dict) and pointer not in there and isinstance(states[changes[-1] - 1], dict):
            assert is_told == changes[-1]


def values_of(kind: str, history: list[RecordedEvent]) -> list[Any]:
    """The states that are shown, each of a fresh replay."""
    texts = [fresh_replay(kind, history, ordinal).state_text for ordinal in range(1, len(history) + 1)]
    return [exact_json.parse(text) for text in texts]


@given(MODELS, EVENTS, st.data())
def test_a_trace_sees_the_states_that_are_shown(
    kind: str, events: list[tuple[str, Any]], data: st.DataObject
) -> None:
    history = recorded(events)
    states = values_of(kind, history)
    if not states:
        return
    named_in = data.draw(st.sampled_from(states))
    pointers = data.draw(st.lists(st.sampled_from(["", *fields_of(named_in)]), min_size=1, unique=True))
    wire = [to_wire(logical_path(named_in, pointer).path) for pointer in pointers]
    question = Changes([from_wire(json.loads(json.dumps(path))) for path in wire])
    log = EventLog()
    trace = Trace(model(kind), "a", question, lambda _: None)
    done = 0
    for cut in sorted(
        data.draw(st.lists(st.integers(0, len(history)), max_size=4))
    ):  # events come while it runs
        log.extend(history[done:cut])
        done = max(done, cut)
        trace.advance(log, data.draw(st.integers(0, done)), data.draw(st.sampled_from([None, 0.0])))
    log.extend(history[done:])
    while trace.done < len(history):
        trace.advance(log, len(history), 0.0)
    for pointer, ordinals in zip(pointers, question.answer()["ordinals"], strict=True):
        assert ordinals == set_at(follower(named_in, pointer), [MISSING, *states]), pointer
