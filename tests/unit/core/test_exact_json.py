"""The exact parser and writer, also against public suites."""

import base64
import json
from pathlib import Path

import pytest

from auditor.core.exact_json import MAX_DEPTH, Digits, NotJson, check_depth, dump, parse, parse_noting, same
from tests.helpers.real_data import read_json


@pytest.mark.parametrize(
    "text",
    [
        "1.50",
        "-0",
        "-0.0",
        "1e400",
        "1E5",
        "0.1",
        "123456789012345678901234567890",
        "1" * 1001,
        "true",
        "[1,1.0]",
    ],
)
def test_digits_stay_as_they_are_written(text: str) -> None:
    assert dump(parse(text)) == text


def test_numbers_are_integers_or_digits() -> None:
    assert [type(value) for value in parse("[1, -5, 1.0, -0, 1e2]")] == [int, int, Digits, Digits, Digits]
    assert [repr(Digits("1.50")), len({Digits("1"), Digits("1"), Digits("1.0")})] == ["1.50", 2]


@pytest.mark.parametrize(
    "text", ["NaN", "[Infinity]", '{"a":-Infinity}', "", "{", "[1,]", "{'a':1}", "1 2", "\ufeff1"]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(NotJson):
        parse(text)


def test_depth_is_limited_whatever_the_stack_allows() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert dump(parse(deepest)) == deepest
    with pytest.raises(NotJson, match="500"):
        parse(f"[{deepest}]")
    # brackets within texts, and many beside each other, are no depth
    for harmless in (json.dumps("[" * 2000 + '"\\{'), f"[{','.join(['[]'] * 2000)}]"):
        assert dump(parse(harmless)) == harmless


@pytest.mark.parametrize("text", ['"' + "\\" * 200_001, '["' + '\\"' * 200_000, "[" * 200_000])
def test_hostile_brackets_and_quotes_take_no_time(text: str) -> None:
    with pytest.raises(NotJson):
        check_depth("{" * 501 + text)


def test_equal_keys_are_told() -> None:
    assert parse_noting('{"a":1,"b":{"c":1,"c":2},"a":3,"a":4}') == ({"a": 4, "b": {"c": 2}}, ["c", "a", "a"])
    assert parse('{"a":1,"a":2}') == {"a": 2}


def test_texts_stay_readable_and_utf8_can_carry_them() -> None:
    assert dump(parse('"é\\u202e\\ud83d\\ude00"')) == '"é\u202e\N{GRINNING FACE}"'
    assert dump(parse('"\\ud800"')) == '"\\ud800"'
    assert dump(parse('"\\u0000\\n"')) == '"\\u0000\\n"'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}, b"x"])
def test_what_json_does_not_have_is_not_written(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        dump([value])


def test_blanks_only_where_they_are_asked_for() -> None:
    value = parse('{"a": [1.50, {"b": 2}]}')
    assert dump(value) == '{"a":[1.50,{"b":2}]}'
    assert dump(value, indent=2) == '{\n  "a": [\n    1.50,\n    {\n      "b": 2\n    }\n  ]\n}'


@pytest.mark.parametrize(
    "text", ["\0digits\0", 'a"\0digits\0', "\0digits\0\0", "\\u0000digits\\u0000", '\0digits\0"\0digits\0']
)
def test_no_text_is_taken_for_the_place_of_a_number(text: str) -> None:
    value = [Digits("1.5"), text, {text: Digits("2e3")}, text]
    assert same(parse(dump(value)), value)


def test_same_is_strict_about_kinds_and_not_about_order() -> None:
    assert same(parse('{"a":1,"b":[1.0]}'), parse('{"b":[1.0],"a":1}'))
    for one, other in (("1", "true"), ("1", "1.0"), ("0", "false"), ("[1]", "[1,1]"), ('{"a":1}', '{"b":1}')):
        assert not same(parse(one), parse(other))


def test_the_public_suite_of_parsers(real_data: Path) -> None:
    """`y_` must be read, `n_` must be refused, `i_` may be either and must not crash."""
    cases = read_json("peer-suites/jsontestsuite.json.gz")
    wrong = [name for name, packed in cases.items() if not _as_expected(name[0], base64.b64decode(packed))]

    assert len(cases) > 300
    assert wrong == []


def _as_expected(expected: str, content: bytes) -> bool:
    try:
        text = content.decode()
        value = parse(text)
    except (NotJson, UnicodeDecodeError):
        return expected != "y"
    return expected != "n" and same(parse(dump(value)), value)


def test_naughty_strings_pass_unharmed(real_data: Path) -> None:
    for text in read_json("peer-suites/naughty-strings.json.gz"):
        assert parse(dump({text: [text, Digits("1.0")]})) == {text: [text, Digits("1.0")]}
