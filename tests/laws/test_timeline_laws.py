"""Scrubbing is replaying: whatever is asked in whatever order, each state is the one of a fresh replay."""

import json
from itertools import accumulate
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.core import exact_json
from auditor.core.class_model import model_from
from auditor.core.events import RecordedEvent
from auditor.core.state_model import MergeModel, ModelInfo, StateModel
from auditor.core.timeline import StateAt, Timeline
from tests.helpers.guest_code import stored

KEYS = st.sampled_from(["a", "b", "c", ""])
LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "x", "\ud800", "digits"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
PATCHES = st.dictionaries(KEYS, VALUES, max_size=3)
ASKED = st.lists(st.integers(0, 40), max_size=12)
SPACING = st.integers(1, 9)


class Ledger:
    """Mutates nested state, and fails now and then having changed something."""

    def __init__(self) -> None:
        self.entries: list[Any] = []
        self.by_key: dict[str, Any] = {}

    def on_put(self, event: Any) -> None:
        for key, value in event.items():
            self.by_key.setdefault(key, []).append(value)
            if value is None:
                raise ValueError(key)
        self.entries.append(event)

    def on_dropped(self, event: Any) -> None:
        for key in event:
            del self.by_key[key]


def reversing(state: Any, event: Any) -> Any:
    """Changes the state that it was given, and returns it or another."""
    state = [] if state is None else state
    state.append(event.data)
    state.reverse()
    return state if len(state) % 3 else {"was": state}["was"][:]


MODELS = st.sampled_from(["merge", "class", "function"])
EVENTS = st.lists(st.tuples(st.sampled_from(["Put", "Dropped", "Unheard"]), PATCHES), max_size=40)


def model(kind: str) -> StateModel:
    if kind == "merge":
        return MergeModel()
    return model_from(Ledger if kind == "class" else reversing, ModelInfo(kind, ""))


def recorded(events: list[tuple[str, Any]]) -> list[RecordedEvent]:
    return [stored(version, name, json.dumps(data)) for version, (name, data) in enumerate(events, 1)]


def fresh_replay(kind: str, events: list[RecordedEvent], ordinal: int) -> StateAt:
    timeline = Timeline(model(kind), "a", lambda _: None, every=1_000_000)
    timeline.extend(events[:ordinal])
    return timeline.state_at(ordinal)


@given(MODELS, EVENTS, ASKED, SPACING, st.integers(2, 6), st.integers(0, 40))
def test_every_state_is_that_of_a_fresh_replay(
    kind: str, events: list[tuple[str, Any]], asked: list[int], every: int, most: int, first_part: int
) -> None:
    history = recorded(events)
    timeline = Timeline(model(kind), "a", lambda _: None, every=every, most=most)
    timeline.extend(history[:first_part])
    for number, wanted in enumerate(asked):
        if number == len(asked) // 2:
            timeline.extend(history[first_part:])
            timeline.advance(timeline.length)
        ordinal = min(wanted, timeline.length)
        assert timeline.state_at(ordinal) == fresh_replay(kind, history, ordinal)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=20),
    st.lists(PATCHES, max_size=12),
    SPACING,
)
def test_two_timelines_of_one_merge_do_not_meet(
    asked: list[tuple[bool, int]], patches: list[Any], every: int
) -> None:
    shared = MergeModel()
    histories = [recorded([("Put", patch) for patch in order]) for order in (patches, patches[::-1])]
    timelines = [Timeline(shared, "a", lambda _: None, every=every) for _ in histories]
    for timeline, events in zip(timelines, histories, strict=True):
        timeline.extend(events)
    for second, wanted in asked:
        ordinal = min(wanted, len(patches))
        expected = fresh_replay("merge", histories[second], ordinal)
        assert timelines[second].state_at(ordinal) == expected


@given(
    MODELS,
    EVENTS,
    st.lists(st.one_of(st.integers(0, 40), st.sampled_from(["forward", "back", "prepare"])), max_size=20),
    SPACING,
    st.lists(st.integers(0, 1000), min_size=1, max_size=3),
)
def test_every_state_is_that_of_a_fresh_replay_under_any_budget(
    kind: str, events: list[tuple[str, Any]], moves: list[Any], every: int, budgets: list[int]
) -> None:
    """A budget may be smaller than a single state, and change while one looks."""
    history = recorded(events)
    timeline = Timeline(model(kind), "a", lambda _: None, every=every)
    timeline.keep_at_most(budgets[0])
    timeline.extend(history)
    timeline.advance(timeline.length)
    ordinal = timeline.length
    for number, move in enumerate(moves):
        if move == "prepare":
            timeline.prepare(ordinal)
        else:
            step = {"forward": ordinal + 1, "back": ordinal - 1}
            ordinal = min(max(step.get(move, move), 0), timeline.length)
        timeline.keep_at_most(budgets[number % len(budgets)])
        kept = [keyframe.size for keyframe in timeline._keyframes[1:]]
        assert sum(kept) <= budgets[number % len(budgets)]
        expected = fresh_replay(kind, history, ordinal)
        if number % 2:
            assert timeline.state_at(ordinal) == expected
        else:
            assert exact_json.dump(timeline.value_at(ordinal).value) == expected.state_text


def independent_merge(target: Any, patch: Any) -> Any:
    """RFC 7386 as its section 2 words it, written without looking at ours."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name in patch:
        if patch[name] is None:
            if name in result:
                del result[name]
        else:
            result[name] = independent_merge(result.get(name), patch[name])
    return result


@given(st.lists(PATCHES, max_size=12), SPACING)
def test_the_merge_is_an_independent_fold_of_json_merge_patches(patches: list[Any], every: int) -> None:
    timeline = Timeline(MergeModel(), "a", lambda _: None, every=every)
    timeline.extend(stored(version, "Any", json.dumps(patch)) for version, patch in enumerate(patches, 1))
    expected: list[Any] = list(accumulate(patches, independent_merge, initial={}))
    for ordinal in (*reversed(range(len(patches) + 1)), *range(len(patches) + 1)):
        assert exact_json.parse(timeline.state_at(ordinal).state_text) == expected[ordinal]
