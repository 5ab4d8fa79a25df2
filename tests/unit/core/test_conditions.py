"""What conditions mean, and where and why a wrong one cannot be read."""

import re
from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.condition import Condition, MistakeInCondition, Moment
from auditor.core.condition_words import excerpt
from auditor.core.diff import ABSENT

REPOSITORY = Path(__file__).parents[3]
STATE = exact_json.parse(
    """{"total": 184.20, "status": "paid", "flag": true, "one": 1, "none": null, "tags": ["gift", 2], "é": "日本",
    "odd key": {"x": 1, "event": "in"}, "a/b": {"~": [10, 20]}, "big": 1e400, "0": "zero", "empty": [],
    "items": [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 3, "price": {"cents": 500}}], "user": "u"}"""
)
BEFORE = exact_json.parse(
    '{"total": 150, "status": "paid", "tags": ["gift"], "items": [], "text": "long", "one": true}'
)


def holds(
    text: str, now: Any = STATE, before: Any = BEFORE, event: str = "Paid", user: str | None = "ada"
) -> bool:
    return Condition(text).holds(Moment(before, now, event, user))


TRUE = [
    'total = 184.2 and status = "paid"',
    "total > 184.19999999999999999999999",
    "total >= 184.2000 and total <= 1.842e2",
    "total != 184",
    "big > 1e399 and big = 10e399",
    "flag = true and none = null",
    "one = 1.0 and one = 1 and not one = true",
    "not flag = 1 and flag != 1",
    'status < "paie" and status >= "paid" and not status > 1',
    'status = \'paid\' and "status" = "\\u0070aid"',
    'items[sku="B"].price.cents = 500',
    "items[quantity=3.0].sku = 'B'",
    "items[1].quantity = 3 and /items/1/quantity = 3",
    '"odd key".x = 1 and "odd key".event = "in"',
    "/a~1b/~0/1 = 20 and /0 = 'zero' and \"0\" = 'zero'",
    'é contains "本" and status contains "ai"',
    'tags contains "gift" and tags contains 2.0 and not tags contains "gif"',
    "exists none and missing nothing and exists items[0] and missing items[2] and missing status.x",
    'status in ("open", "paid") and total in (1, 184.20)',
    'length(items) = 2 and length(é) = 2 and length("odd key") = 2 and length(empty) in (0, 5)',
    "total grew and tags grew and items grew and not total shrank",
    "total changed and not status changed and text changed and one changed and none changed",
    'changed by "ada" and total changed by "ada" and not status changed by "ada"',
    'event = "Paid" and event contains "ai" and user in ("bob", "ada") and exists user',
    "\"user\" = 'u'",
    "missing items[sku='C'] and missing items[sku='C'].price",
    "(one = 2 or one = 1) and not (one = 2 or one = 3)",
    "one = 2 and one = 1 or one = 1",
    "not one = 2 and one = 1",
    "one=1 and\n  total>0",
]
FALSE = [
    "nothing = 1",
    "nothing != 1",
    "nothing < 1 or nothing > 1",
    "nothing in (1, 2)",
    'nothing contains "a"',
    "length(nothing) = 0",
    "length(total) = 6",
    "nothing changed or nothing grew or nothing shrank",
    "text grew or text shrank",
    "one grew",
    "none grew",
    'status = "Paid"',
    "status > 1 or total > '1'",
    "items[sku='C'].quantity != 9",
    "items.quantity = 1",
    'changed by "bob"',
    "items = 2",
    "/items/01/quantity = 3",
    '"0" = 0',
]


@pytest.mark.parametrize("text", TRUE)
def test_holds(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize("text", FALSE)
def test_does_not_hold(text: str) -> None:
    assert not holds(text)


def test_the_examples_that_are_written_down_can_be_read() -> None:
    rows = re.findall(r"(?m)^\| `(.+?)` \|", (REPOSITORY / "resources/help/when.md").read_text())
    assert len(rows) >= 12
    for expression in rows:
        Condition(expression)
    documentation = (REPOSITORY / "docs/conditions.md").read_text()
    wrong = re.findall(r"(?m)^  (.+)$", documentation.partition("Error: ")[2])[0]
    with pytest.raises(MistakeInCondition) as caught:
        Condition(wrong)
    assert caught.value.message in documentation


def test_nobody_is_named() -> None:
    for text in ('user = "ada"', 'user != "ada"', "exists user", 'changed by "ada"'):
        assert not holds(text, user=None)
    assert holds("missing user and total changed", user=None)


def test_the_first_event_changes_what_it_sets() -> None:
    assert holds('total changed and changed by "ada" and not total grew', before=ABSENT)
    assert not holds("nothing changed", before=ABSENT)


def test_knows_what_it_needs() -> None:
    one = Condition('total > 1 and (items[sku="x"].a = 1 or missing /b~1c/0) and length("d e".f) = 1')
    assert one.members == frozenset({"total", "items", "b/c", "d e"})
    assert not one.needs_type
    assert not one.needs_user
    assert Condition('changed by "x"').members is None
    assert Condition('changed by "x"').needs_user
    assert Condition('event = "X"').needs_type
    assert Condition('event = "X"').members == frozenset()


# The mark stands before the first wrong character, and ⌟ after the last one where there are more.
MISTAKES = [
    ("⌞", "there is no condition yet"),
    ("⌞  ", "there is no condition yet"),
    ("total⌞", "a test of the field is missing"),
    ("total >⌞", "a value is missing"),
    ("total > ⌞500eur⌟", "no number as JSON writes it"),
    ("total > ⌞007⌟", "no number as JSON writes it"),
    ("total > ⌞1.⌟", "no number as JSON writes it"),
    ("total > ⌞.⌟5", "a value is missing"),
    ("status = ⌞paid⌟", 'a text stands in quotes: "paid"'),
    ("flag = ⌞True⌟", "write true in small letters"),
    ("a = ⌞and⌟ b = 1", "a value is missing"),
    ("items.⌞0⌟.price = 1", "in brackets: items[0]"),
    ("items[⌞-1⌟] = 2", "count from 0"),
    ("items[⌞1.5⌟] = 2", "count from 0"),
    ("items[sku⌞]⌟ = 2", "= and a value are missing"),
    ("items[sku=⌞B⌟].q = 2", "a text stands in quotes"),
    ("items[⌞0.x⌟ = 2", "no number"),
    ("items[0⌞)⌟ = 2", "a closing bracket ]"),
    ("items[⌞]⌟ = 2", "a place or a member"),
    ("items.⌞=⌟ 2", "the name of a member is missing"),
    ("total ⌞==⌟ 5", "write = for =="),
    ("total ⌞≥⌟ 5", "write >= for ≥"),
    ("a = 1 ⌞&&⌟ b = 1", "write and for &&"),
    ("⌞!⌟exists a", "write not for !"),
    ("a = ⌞“⌟x”", 'write " for “'),
    ("a < ⌞>⌟ 1", "not another sign"),
    ("a = 1 ⌞b⌟", "here it ends"),
    ("a = 1 ⌞AND⌟ b = 2", "in small letters"),
    ("a = 1 ⌞not⌟ b = 2", "not stands before the whole test"),
    ("a = 1 and⌞", "the name of a field is missing"),
    ("a = 1 and ⌞or⌟ b = 1", "or is a word of the language"),
    ("not⌞", "the name of a field is missing"),
    ("⌞(⌟a = 1", "this bracket is not closed"),
    ("(a = 1 ⌞b⌟ = 2)", "a closing bracket ) is missing here"),
    ("a = 1⌞)⌟", "this bracket was not opened"),
    ("length ⌞=⌟ 2", 'stands in quotes: "length"'),
    ("length(a⌞=⌟ 2", "a closing bracket ) is missing"),
    ('length(a) = ⌞"2"⌟', "a length is a number"),
    ("length(a) ⌞contains⌟ 2", "a comparison is missing here: = != < <= > >= in."),
    ("length(a) ⌞grew⌟", "only a field can be asked"),
    ("user ⌞changed⌟", "only a field can be asked"),
    ("⌞event⌟.x = 1", 'stands in quotes: "event"'),
    ("event = ⌞5⌟", "are texts"),
    ("user in ('a', ⌞null⌟)", "are texts"),
    ('a = ⌞"⌟x', "has no closing"),
    ("a = ⌞'⌟x\n' and b = 1", "has no closing"),
    ('a = "x⌞\\q⌟"', "behind \\ stands"),
    ('a = "x⌞\\⌟', "behind \\ stands"),
    ('a = "⌞\\u⌟12"', "behind \\ stands"),
    ("a in ⌞1⌟", "the values stand in brackets"),
    ("a in (⌞)⌟", "a value is missing"),
    ("a in (1⌞", "a comma or a closing bracket"),
    ("a in (1 ⌞2⌟)", "a comma or a closing bracket"),
    ("a < ⌞true⌟", "neither larger nor smaller"),
    ("a >= ⌞null⌟", "neither larger nor smaller"),
    ("a ⌞IS⌟ null", "write = for is"),
    ("/a⌞~⌟ = 1", "~ stands as ~0"),
    ("a ⌞+⌟ 1", "means nothing here"),
    ("a = 1⌞;⌟", "means nothing here"),
    ("⌞500⌟ < a", "the value comes behind the sign"),
    ("⌞=⌟ 5", "the name of a field is missing"),
    ("exists ⌞missing⌟ a", "missing is a word of the language"),
    ("changed⌞", "by and a user are missing"),
    ("changed by ⌞ada⌟", "a user stands in quotes"),
    ("a changed by⌞", "a user stands in quotes"),
    ("日本 = 1 and\n  b ⌞?⌟ 2", "means nothing here"),
]


@pytest.mark.parametrize(("marked", "why"), MISTAKES)
def test_a_mistake_is_told_at_its_character(marked: str, why: str) -> None:
    at = marked.index("⌞")
    length = marked.index("⌟") - at - 1 if "⌟" in marked else 0
    with pytest.raises(MistakeInCondition) as caught:
        Condition(marked.replace("⌞", "").replace("⌟", ""))
    assert why in caught.value.why
    assert (caught.value.at, caught.value.length) == (at, length)
    assert f"at character {at + 1}: " in caught.value.message


LIMITS = [
    ("a = 1" + " " * 10_000, 10_000, "too long"),
    ("(" * 51 + "a = 1" + ")" * 51, 50, "nested too deeply"),
    ("not " * 50 + "a = 1", 200, "nested too deeply"),
    (" or ".join(["a=1"] * 1001), 7000, "too many tests"),
    ("a in (" + ",".join("1" * 1002) + ")", 2007, "too many values"),
    (".".join("a" * 101) + " = 1", 0, "too long"),
]


@pytest.mark.parametrize(("text", "at", "why"), LIMITS)
def test_limits_are_told(text: str, at: int, why: str) -> None:
    with pytest.raises(MistakeInCondition) as caught:
        Condition(text)
    assert why in caught.value.why
    assert caught.value.at == at


@pytest.mark.parametrize(
    "text",
    [
        "(" * 49 + "a = 1" + ")" * 49,
        " or ".join(["a=2"] * 999 + ["a=1"]),
        ".".join("a" * 100) + " = 1 or a = 1",
    ],
)
def test_up_to_the_limits_it_is_read(text: str) -> None:
    assert holds(text, {"a": 1})


def test_the_caret_stands_under_the_character() -> None:
    assert excerpt("a = b", 4, 1) == ("  a = b", "      ^")
    assert excerpt("first = 1 and\n\tsecond", 15, 6) == ("  ‹U+0009›second", "          ^~~~~~")
    assert excerpt("日本 = x", 5, 1) == ("  日本 = x", "         ^")
    line, caret = excerpt("x" * 500 + "?" + "y" * 500, 500, 1)
    assert line == "  …" + "x" * 60 + "?" + "y" * 20 + "…"
    assert line[caret.index("^")] == "?"
