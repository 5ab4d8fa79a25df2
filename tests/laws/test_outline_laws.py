"""An outline says what the two values say: opened wholly it is the value, its signs are those of a slow comparison."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.core import exact_json
from auditor.core.diff import ABSENT, changes, nothing_like, pointer
from auditor.core.outline import Outline, OutlineRow, outline
from auditor.core.state_model import MergeModel
from auditor.core.timeline import Timeline
from tests.helpers.json_values import json_texts
from tests.laws.test_timeline_laws import EVENTS, MODELS, SPACING, model, recorded

EVERYTHING = 10**9
TEXTS = json_texts()
# Few and alike, so that two of them often differ in one small thing.
ALIKE = st.recursive(
    st.sampled_from(["1", "true", "1.0", "0", "false", "null", '"1"', "[]", "{}"]).map(exact_json.parse),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def two_values(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two values that have much in common, or nothing; now and then the same object is a part of both."""
    how = draw(st.sampled_from(["alike", "merged", "any"]))
    if how != "merged":
        values = ALIKE if how == "alike" else TEXTS.map(exact_json.parse)
        return draw(values), draw(values)
    merge = MergeModel()
    after: Any = {"a": draw(TEXTS.map(exact_json.parse)), "b": draw(ALIKE)}
    before, _ = merge.to_value(after)
    for patch in draw(st.lists(st.dictionaries(st.sampled_from("abc"), ALIKE, max_size=3), max_size=3)):
        after = merge.apply_payload(after, ("Any", exact_json.dump(patch)))
    return before, after


def containers(value: Any, path: str = "") -> dict[str, int]:
    """The pointers of all containers in a value."""
    if not isinstance(value, (dict, list)):
        return {}
    found = {path: EVERYTHING}
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        found |= containers(item, pointer(path, str(key)))
    return found


def opened(value: Any, before: Any) -> Outline:
    return outline(value, before, containers(before) | containers(value), longest=EVERYTHING)


def read_back(rows: list[OutlineRow], at: int, depth: int, kind: str) -> tuple[Any, int]:
    """The container whose members begin at row `at`, without what was removed, and the row behind it."""
    members: dict[str, Any] = {}
    while at < len(rows) and rows[at].depth == depth:
        row, at = rows[at], at + 1
        if row.kind in ("object", "array"):
            value, at = read_back(rows, at, depth + 1, row.kind)
            assert row.length == (len(value) if row.sign != "removed" else row.length)
        else:
            value = row.text if row.kind == "string" else exact_json.parse(row.text)
            assert row.length == len(row.text)
        if row.sign != "removed":
            members[row.key] = value
    return (members if kind == "object" else list(members.values())), at


@given(two_values())
def test_an_outline_that_is_wholly_open_is_the_value(values: tuple[Any, Any]) -> None:
    before, after = values
    rows = opened(after, before).rows
    if isinstance(after, (dict, list)):
        found, at = read_back(rows, 0, 0, "object" if isinstance(after, dict) else "array")
        assert at == len(rows)
    else:
        (row,) = rows
        found = row.text if row.kind == "string" else exact_json.parse(row.text)
    assert exact_json.same(found, after)
    assert exact_json.dump(found) == exact_json.dump(after), "the order of members too"


def slow_signs(before: Any, after: Any, path: str, found: dict[str, str]) -> bool:
    """The sign of each field of either value, by its pointer; returns whether anything below differs."""
    if type(before) is not type(after) or not isinstance(after, (dict, list)):
        return not exact_json.same(before, after)
    was = before if isinstance(before, dict) else dict(enumerate(before))
    now = after if isinstance(after, dict) else dict(enumerate(after))
    differs = False
    for key in [*now, *(key for key in was if key not in now)]:
        there = pointer(path, str(key))
        if key not in was or key not in now:
            sign = "added" if key not in was else "removed"
            every_one(now.get(key, was.get(key)), sign, there, found)
        elif not slow_signs(was[key], now[key], there, found):
            sign = ""
        elif type(was[key]) is type(now[key]) and isinstance(now[key], (dict, list)):
            sign = "inside"
        else:
            sign = "changed"
            every_one(now[key], "added", there, found)
        found[there] = sign
        differs |= bool(sign)
    return differs


def every_one(value: Any, sign: str, path: str, found: dict[str, str]) -> None:
    """The container at `path` is new or gone as a whole, and so is what is in it."""
    for there in leaves_and_containers(value, path):
        found[there] = sign


def leaves_and_containers(value: Any, path: str) -> list[str]:
    found = [path]
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            found += leaves_and_containers(item, pointer(path, str(key)))
    return found


@given(two_values())
def test_the_signs_are_those_of_a_slow_comparison(values: tuple[Any, Any]) -> None:
    before, after = values
    expected: dict[str, str] = {}
    if type(before) is type(after) and isinstance(after, (dict, list)):
        slow_signs(before, after, "", expected)
        assert {row.pointer: row.sign for row in opened(after, before).rows} == expected
    for row in opened(after, before).rows:
        assert (row.before_kind is not None) == (row.sign == "changed")


@given(two_values())
def test_the_counts_are_those_of_the_flat_changes(values: tuple[Any, Any]) -> None:
    before, after = values
    kinds = [change.kind for change in changes(before, after)]
    for shown in (opened(after, before), outline(after, before, {"": 1})):
        assert shown[1:] == (kinds.count("added"), kinds.count("removed"), kinds.count("changed"))


@given(two_values(), st.integers(1, 3))
def test_what_is_not_shown_is_counted(values: tuple[Any, Any], most: int) -> None:
    before, after = values
    whole = opened(after, before).rows
    part = outline(
        after, before, dict.fromkeys(containers(before) | containers(after), most), longest=EVERYTHING
    ).rows
    by_pointer = {row.pointer: row for row in whole}
    for row in part:
        if row.kind != "more":
            assert row == by_pointer[row.pointer]
            continue
        above = [
            one for one in whole if one.depth == row.depth and one.pointer.rpartition("/")[0] == row.pointer
        ]
        assert row.length == len(above) - most
        hidden = {one.sign for one in above[most:]} - {""}
        assert bool(row.sign) == bool(hidden)


@given(MODELS, EVENTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8), SPACING)
def test_an_outline_at_any_ordinal_in_any_order_is_that_of_fresh_replays(
    kind: str, events: list[tuple[str, Any]], asked: list[tuple[int, int]], every: int
) -> None:
    history = recorded(events)
    timeline = Timeline(model(kind), "a", lambda _: None, every=every, most=4)
    timeline.extend(history)
    for wanted in asked:
        against, ordinal = sorted(min(one, len(history)) for one in wanted)
        before = timeline.value_at(against).value
        after = timeline.value_at(ordinal).value
        fresh = [Timeline(model(kind), "a", lambda _: None) for _ in range(2)]
        for one, number in zip(fresh, (against, ordinal), strict=True):
            one.extend(history[:number])
        expected = [exact_json.parse(one.state_at(one.length).state_text) for one in fresh]
        assert exact_json.dump(before) == exact_json.dump(expected[0]), "no later event has changed it"
        assert opened(after, before) == opened(expected[1], expected[0])


@given(TEXTS.map(exact_json.parse))
def test_without_an_earlier_value_each_member_is_new(value: Any) -> None:
    shown = outline(value, ABSENT)
    assert {row.sign for row in shown.rows} <= {"added"}
    assert shown == outline(value, nothing_like(value))
