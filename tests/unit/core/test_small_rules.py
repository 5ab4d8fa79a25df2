"""Differences, cursor tokens, what people see, texts and errors."""

import base64
import copy
import inspect
import pickle
from pathlib import Path
from typing import Any

import pytest

from auditor.core import errors, exact_json
from auditor.core.cursors import cursor_place, cursor_token
from auditor.core.diff import Change, changes, pointer
from auditor.core.errors import AuditorError, ConcurrencyError, WrongRequest
from auditor.core.presenter import display, display_time, display_value
from auditor.core.state_model import merge
from auditor.core.text import tr, translated_by
from tests.helpers.real_data import read_json


def test_changes_are_named_by_pointer_in_document_order() -> None:
    before = exact_json.parse('{"a":1,"b":{"c":[1,2,3]},"gone":null,"x/y~z":1}')
    after = exact_json.parse('{"b":{"c":[1,5]},"a":1,"x/y~z":1.0,"new":{}}')

    assert list(changes(before, after)) == [
        Change("/b/c/1", "changed", 2, 5),
        Change("/b/c/2", "removed", 3, None),
        Change("/gone", "removed", None, None),
        Change("/x~1y~0z", "changed", 1, exact_json.Digits("1.0")),
        Change("/new", "added", None, {}),
    ]


@pytest.mark.parametrize(("one", "other"), [(1, True), (0, False), ([], {}), (None, 0), ("1", 1)])
def test_kinds_differ_even_where_python_calls_them_equal(one: object, other: object) -> None:
    assert list(changes(one, other)) == [Change("", "changed", one, other)]


def test_the_deepest_document_can_be_compared_and_merged() -> None:
    deepest = exact_json.parse('{"a":' * exact_json.MAX_DEPTH + "1" + "}" * exact_json.MAX_DEPTH)
    other = exact_json.parse('{"a":' * exact_json.MAX_DEPTH + "2" + "}" * exact_json.MAX_DEPTH)

    assert not exact_json.same(deepest, other)
    assert list(changes(deepest, other)) == [Change("/a" * exact_json.MAX_DEPTH, "changed", 1, 2)]
    assert exact_json.same(merge(deepest, other), other)


def test_a_pointer_escapes_what_separates() -> None:
    assert pointer("/a", "b/c~d") == "/a/b~1c~0d"


def test_the_rfcs_own_examples_of_merging(real_data: Path) -> None:
    cases = read_json("peer-suites/merge-patch-rfc7386.json")
    assert len(cases) == 15
    for target, patch, result in cases:
        merged = merge(exact_json.parse(target), exact_json.parse(patch))
        assert exact_json.same(merged, exact_json.parse(result)), (target, patch)


def test_a_token_goes_on_in_its_own_list_only() -> None:
    token = cursor_token("aggregates", ["order-1", 5])

    assert cursor_place("aggregates", token) == ["order-1", 5]
    with pytest.raises(WrongRequest):
        cursor_place("events", token)


NO_TOKENS = ["", "x", "é", "\udc80", "====", "W10", "bnVsbA", "order-1", "\0", "A" * 100_000]
DEEP = base64.urlsafe_b64encode(b'["aggregates",' + b"[" * 100_000).decode()


@pytest.mark.parametrize("token", [*NO_TOKENS, DEEP], ids=lambda token: repr(token[:8]))
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(WrongRequest) as caught:
        cursor_place("aggregates", token)
    assert caught.value.hint


def test_a_damaged_token_is_refused_not_repaired() -> None:
    token = cursor_token("aggregates", ["order-1"])
    for damaged in (token + "=", token + "!", f"{token[:4]}\n{token[4:]}", token[:-1]):
        with pytest.raises(WrongRequest):
            cursor_place("aggregates", damaged)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("naïve 東京 ✓", "naïve 東京 ✓"),
        ("a\x1b[31mred\n", "a‹U+001B›[31mred‹U+000A›"),
        ("gpj.exe\u202etxt", "gpj.exe‹U+202E›txt"),
        ("zero\u200bwidth\u00adsoft", "zero‹U+200B›width‹U+00AD›soft"),
        ("\u00a0\u2028\ufeff\ud800", "‹U+00A0›‹U+2028›‹U+FEFF›‹U+D800›"),
        ("a\ufe01\U000e0101b", "a‹U+FE01›‹U+E0101›b"),
        ("filler\u3164\u2800", "filler‹U+3164›‹U+2800›"),
        ("\x7f\x9b", "‹U+007F›‹U+009B›"),
    ],
)
def test_nothing_is_hidden_from_the_eye(text: str, shown: str) -> None:
    assert display(text) == shown


def test_naughty_strings_are_shown_on_one_line(real_data: Path) -> None:
    for text in read_json("peer-suites/naughty-strings.json.gz"):
        assert display(text).isprintable()


def test_values_are_shown_as_people_read_them() -> None:
    assert [display_value(exact_json.parse(text)) for text in ('"a"', "1.50", "null", '{"a":[1]}')] == [
        "a",
        "1.50",
        "null",
        '{"a":[1]}',
    ]
    assert display_value("x" * 1_500, longest=3) == "xxx… (+1,497)"
    assert display_time("2026-03-01T12:00:00.000000Z") == "2026-03-01 12:00:00Z"
    assert display_time("2026-03-01T12:00:00.250000Z") == "2026-03-01 12:00:00.250000Z"


def test_a_text_is_translated_and_then_filled() -> None:
    with translated_by({"{n} of {m}": "von {m} {n}"}.__getitem__):
        assert tr("{n} of {m}", n="{m}", m=2) == "von 2 {m}"
    assert tr("{n} of {m}", n=1, m=2) == "1 of 2"
    assert tr("braces {stay}") == "braces {stay}"


def test_translations_end_with_their_block() -> None:
    with translated_by(str.upper):
        with translated_by(str.title):
            assert tr("some text") == "Some Text"
        assert tr("some text") == "SOME TEXT"
    assert tr("some text") == "some text"


ALL_ERRORS = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, AuditorError)]
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "ConcurrencyError": (3, 5),
    "AggregateNotFound": ("order-1", "Look it up."),
}


@pytest.mark.parametrize("kind", ALL_ERRORS)
def test_errors_survive_copies_and_other_processes(kind: type[AuditorError]) -> None:
    error = kind(*ARGUMENTS.get(kind.__name__, ("What happened.", "What to do.")))

    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301 - made right here
        assert type(again) is kind
        assert (again.message, again.hint, str(again)) == (error.message, error.hint, error.message)
        assert vars(again) == vars(error)
    assert error.message
    assert error.hint


def test_a_conflict_knows_both_versions() -> None:
    error = ConcurrencyError(3, 5)
    assert (error.expected, error.actual) == (3, 5)
    assert "3" in error.message
    assert "5" in error.message
