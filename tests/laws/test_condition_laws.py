"""A condition says what a slow reading of it says, for any state; and any text is a condition or a mistake in one."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from auditor.core import exact_json
from auditor.core.condition import Condition, MistakeInCondition, Moment
from auditor.core.diff import ABSENT
from auditor.core.numbers import compare_numbers
from tests.helpers.json_values import json_texts

NUMBERS = [
    "0",
    "-0",
    "1",
    "1.0",
    "10e-1",
    "2",
    "-1",
    "-1.5",
    "-1.25",
    "1e2",
    "100",
    "0.1",
    "123456789012345678901",
]
SCALARS = [*NUMBERS, "true", "false", "null", '"a"', '"ab"', '""', '"é"']
KEYS = ["a", "b", "or", "x y", "0", "a/b"]

values = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ",".join(items) + "]")
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4).map(
            lambda members: "{" + ",".join(f"{json.dumps(key)}:{item}" for key, item in members.items()) + "}"
        )
    ),
    max_leaves=8,
)
states = values | st.dictionaries(st.sampled_from(KEYS), values, min_size=2, max_size=5).map(
    lambda members: "{" + ",".join(f"{json.dumps(key)}:{item}" for key, item in members.items()) + "}"
)

# -- conditions as tuples, written as text, and read by the slow way -------------------------------------------

segments = st.one_of(
    st.tuples(st.just("member"), st.sampled_from(KEYS)),
    st.tuples(st.just("place"), st.integers(0, 3)),
    st.tuples(st.just("item"), st.sampled_from(KEYS), st.sampled_from(SCALARS)),
)
plain_paths = st.tuples(
    st.just("path"), st.tuples(st.tuples(st.just("member"), st.sampled_from(KEYS)), segments)
) | st.tuples(st.just("path"), st.tuples(st.tuples(st.just("member"), st.sampled_from(KEYS))))
pointers = st.tuples(
    st.just("pointer"), st.lists(st.sampled_from([*KEYS, "1", "01", "~"]), min_size=1, max_size=3)
)
paths = plain_paths | pointers
subjects = paths | st.sampled_from([("event",), ("user",)])
texts = st.sampled_from(['"a"', '"ab"', '"b"', '""'])
tests = st.one_of(
    st.tuples(st.just("compare"), paths, st.sampled_from(["=", "!="]), st.sampled_from(SCALARS)),
    st.tuples(
        st.just("compare"), paths, st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(NUMBERS) | texts
    ),
    st.tuples(
        st.just("compare"), st.sampled_from([("event",), ("user",)]), st.sampled_from(["=", "!=", "<"]), texts
    ),
    st.tuples(
        st.just("length"), paths, st.sampled_from(["=", "!=", "<", ">="]), st.sampled_from(["0", "1", "2"])
    ),
    st.tuples(st.just("in"), paths, st.lists(st.sampled_from(SCALARS), min_size=1, max_size=3)),
    st.tuples(st.just("contains"), paths, st.sampled_from(SCALARS)),
    st.tuples(st.sampled_from(["exists", "missing"]), paths),
    st.tuples(st.sampled_from(["changed", "grew", "shrank"]), paths),
    st.tuples(st.just("changed by"), paths | st.none(), texts),
)
conditions = st.recursive(
    tests,
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), inner, inner) | st.tuples(st.just("not"), inner),
    max_leaves=6,
)


def written(part: Any) -> str:
    kind = part[0]
    if kind in ("and", "or"):
        return f"({written(part[1])}) {kind} ({written(part[2])})"
    if kind == "not":
        return f"not ({written(part[1])})"
    if kind == "changed by":
        return f"{written(part[1]) if part[1] else ''} changed by {part[2]}"
    if kind in ("changed", "grew", "shrank"):
        return f"{written(part[1])} {kind}"
    if kind in ("exists", "missing"):
        return f"{kind} {written(part[1])}"
    if kind == "contains":
        return f"{written(part[1])} contains {part[2]}"
    if kind == "in":
        return f"{written(part[1])} in ({', '.join(part[2])})"
    if kind == "length":
        return f"length({written(part[1])}){part[2]}{part[3]}"
    if kind == "compare":
        return f"{written(part[1])} {part[2]} {part[3]}"
    if kind == "pointer":
        return "".join(
            "/" + one.replace("~", "~0").replace("/", "~1").replace("x y", "xy") for one in part[1]
        )
    if kind in ("event", "user"):
        return str(kind)
    text = ""
    for segment in part[1]:
        if segment[0] == "place":
            text += f"[{segment[1]}]"
        elif segment[0] == "item":
            text += f"[{json.dumps(segment[1])}={segment[2]}]"
        else:
            name = segment[1]
            text += ("." if text else "") + (name if name in ("a", "b") else json.dumps(name))
    return text


NOTHING = object()


def at_path(value: Any, path: Any) -> Any:
    if path[0] == "pointer":
        for step in path[1]:
            step = step.replace("x y", "xy")
            if isinstance(value, dict):
                value = value.get(step, NOTHING)
            elif isinstance(value, list) and step in map(str, range(len(value))):
                value = value[int(step)]
            else:
                return NOTHING
        return value
    for segment in path[1]:
        if segment[0] == "member":
            value = value.get(segment[1], NOTHING) if isinstance(value, dict) else NOTHING
        elif segment[0] == "place":
            value = value[segment[1]] if isinstance(value, list) and segment[1] < len(value) else NOTHING
        else:
            found = [
                one
                for one in (value if isinstance(value, list) else [])
                if isinstance(one, dict) and segment[1] in one and equal(one[segment[1]], slow(segment[2]))
            ]
            value = found[0] if found else NOTHING
    return value


def slow(text: str) -> Any:
    """Numbers as fractions: exact, and made in another way than ours."""
    return json.loads(text, parse_int=Fraction, parse_float=lambda digits: Fraction(Decimal(digits)))


def as_written(text: str) -> Any:
    """For what changed: 1 is another value than 1.0."""
    return json.loads(text, parse_int=lambda digits: ("n", digits), parse_float=lambda digits: ("n", digits))


def equal(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def order(one: Any, other: Any, sign: str) -> bool:
    if sign in ("=", "!="):
        return one is not NOTHING and equal(one, other) is (sign == "=")
    if type(one) is not type(other):
        return False
    return bool({"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign])


def grown(before: Any, now: Any, sign: int) -> bool:
    if type(before) is not type(now) or before is NOTHING:
        return False
    if isinstance(now, Fraction):
        return bool(sign * (now - before) > 0)
    return isinstance(now, (str, list, dict)) and bool(sign * (len(now) - len(before)) > 0)


def says(part: Any, before: str, now: str, event: str, user: str | None) -> bool:
    kind = part[0]
    if kind in ("and", "or"):
        both = [says(one, before, now, event, user) for one in part[1:]]
        return all(both) if kind == "and" else any(both)
    if kind == "not":
        return not says(part[1], before, now, event, user)
    if kind in ("changed", "changed by"):
        path = part[1] or ("path", ())
        is_changed = bool(at_path(as_written(before), path) != at_path(as_written(now), path))
        return is_changed and (kind == "changed" or user == slow(part[2]))
    if kind in ("grew", "shrank"):
        was, is_now = at_path(slow(before), part[1]), at_path(slow(now), part[1])
        return grown(was, is_now, 1 if kind == "grew" else -1)
    if part[1][0] in ("event", "user"):
        value: Any = event if part[1][0] == "event" else NOTHING if user is None else user
    else:
        value = at_path(slow(now), part[1])
    if kind in ("exists", "missing"):
        return (value is NOTHING) is (kind == "missing")
    if kind == "in":
        return any(equal(value, slow(one)) for one in part[2])
    if kind == "contains":
        wanted = slow(part[2])
        if isinstance(value, list):
            return any(equal(one, wanted) for one in value)
        return isinstance(value, str) and isinstance(wanted, str) and wanted in value
    if kind == "length":
        value = Fraction(len(value)) if isinstance(value, (str, list, dict)) else NOTHING
    return order(value, slow(part[3]), part[2])


@given(conditions, states, states, st.sampled_from(["a", "ab", ""]), st.sampled_from(["a", "b", None]))
@example(("changed", ("path", (("member", "a"),))), '{"a":1}', '{"a":1.0}', "", None)
@example(("changed by", None, '"a"'), "{}", "{}", "", "a")
@example(("compare", ("path", (("member", "a"),)), "!=", "1"), "{}", '{"a":true}', "", None)
def test_says_what_a_slow_reading_says(
    part: Any, before: str, now: str, event: str, user: str | None
) -> None:
    condition = Condition(written(part))
    moment = Moment(exact_json.parse(before), exact_json.parse(now), event, user)
    assert condition.holds(moment) is says(part, before, now, event, user), written(part)
    if condition.members is not None:  # nothing but the named members matters
        before_alone, now_alone = [
            {key: one for key, one in state.items() if key in condition.members}
            if type(state) is dict
            else state
            for state in (moment.before, moment.now)
        ]
        assert condition.holds(Moment(before_alone, now_alone, event, user)) is says(
            part, before, now, event, user
        )


@given(conditions, states)
def test_before_the_first_event_there_is_nothing(part: Any, now: str) -> None:
    """No state at all is one in which everything is missing."""
    condition = Condition(written(part))
    if condition.members is not None and not now.startswith(("[", '"')) and now[0] in "{":
        value = exact_json.parse(now)
        assert condition.holds(Moment(ABSENT, value)) is condition.holds(Moment({}, value))


@given(json_texts().map(exact_json.parse), conditions)
def test_raises_for_no_state(now: Any, part: Any) -> None:
    assert Condition(written(part)).holds(Moment(ABSENT, now)) in (True, False)


WORDS = "a total = != < >= ( ) [ ] . , and or not exists missing contains in length changed grew by event user true"
SIGNS = """null 1 -1 1e5 /a " ' "x" 'y' \\ ~ é \ud800 \0 == && 0 - e 日"""
LIKE_CONDITIONS = st.lists(st.sampled_from([" ", "\n", *WORDS.split(), *SIGNS.split()]), max_size=14).map(
    "".join
)


def mistake_in(text: str) -> MistakeInCondition | None:
    try:
        condition = Condition(text)
    except MistakeInCondition as mistake:
        return mistake
    assert condition.holds(Moment(ABSENT, {"a": 1})) in (True, False)
    return None


@given(st.text() | LIKE_CONDITIONS)
def test_any_text_is_a_condition_or_a_mistake_in_one(text: str) -> None:
    mistake = mistake_in(text)
    if mistake is None:
        return
    assert 0 <= mistake.at <= mistake.at + mistake.length <= len(text)
    assert mistake.why
    assert "\n" not in mistake.why
    if text.strip():
        line, caret = mistake.message.split("\n")[1:]
        assert line.isprintable()
        assert set(caret) <= set(" ^~")


@given(st.data())
def test_cut_off_anywhere_it_is_told_at_the_end_or_before(data: st.DataObject) -> None:
    text = written(data.draw(conditions))
    cut = text[: data.draw(st.integers(0, len(text)))]
    mistake = mistake_in(cut)
    assert mistake is None or mistake.at <= len(cut)


big = st.from_regex(r"\A-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?\Z")


@given(big, big)
@example("-0", "0")
@example("-0.12", "-0.123")
@example("1e-2", "0.01")
def test_numbers_are_compared_exactly(one: str, other: str) -> None:
    first, second = Fraction(Decimal(one)), Fraction(Decimal(other))
    order = compare_numbers(exact_json.parse(one), exact_json.parse(other))
    assert order == (first > second) - (first < second)


def test_numbers_of_any_size_are_compared() -> None:
    nines = "9" * 5000
    for smaller, larger in (
        (f"1e{nines}", f"1e1{nines}"),
        (f"-1e1{nines}", f"-1e{nines}"),
        (f"1e-1{nines}", f"1e-{nines}"),
        (nines, f"1{nines}"),
        ("0", f"1e-{nines}"),
        ("9" * 999, nines),
    ):
        assert compare_numbers(exact_json.parse(smaller), exact_json.parse(larger)) < 0
        assert compare_numbers(exact_json.parse(larger), exact_json.parse(smaller)) > 0
