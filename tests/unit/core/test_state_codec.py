"""A kept state is the same state again, or is refused with the place of what cannot be kept."""

import enum
import json
import threading
from collections import OrderedDict, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.aggregate import AggregateRoot
from auditor.core.payload import Payload
from auditor.core.state_codec import CannotKeep, CannotRestore, keep, plain, restore
from auditor.core.state_types import StateTypes, instance_attributes
from tests.helpers.snapshots import Box, Cart, Label, Line, Money, Shelf, Size, Status, Weight

TYPES = StateTypes(Cart)

KEPT: dict[str, tuple[Any, Any]] = {
    "text": ("Grüße \u2028 \x00 \ud800 \U0001f600", "Grüße \u2028 \x00 \ud800 \U0001f600"),
    "large number": (-(10**40), -(10**40)),
    "fraction": (0.1, 0.1),
    "negative zero": (-0.0, -0.0),
    "infinity": (float("-inf"), "-inf"),
    "nothing": (None, None),
    "yes": (True, True),
    "list": ([1, [2]], [1, [2]]),
    "tuple": ((1, (2,)), [1, [2]]),
    "set": ({3, 1, 2}, [1, 2, 3]),
    "frozen set": (frozenset({(1, 2)}), [[1, 2]]),
    "decimal": (Decimal("1.500"), "1.500"),
    "no number": (Decimal("NaN"), "NaN"),
    "id": (UUID(int=5), str(UUID(int=5))),
    "moment": (datetime(2026, 3, 1, 1, tzinfo=UTC), "2026-03-01T01:00:00+00:00"),
    "moment elsewhere": (
        datetime(2026, 3, 1, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=-3))),
        "2026-03-01T01:02:03.000004-03:00",
    ),
    "moment nowhere": (datetime(2026, 3, 1, 1), "2026-03-01T01:00:00"),  # noqa: DTZ001 - the case
    "day": (date(2026, 3, 1), "2026-03-01"),
    "hour": (time(9, 30), "09:30:00"),
    "duration": (timedelta(days=-1, microseconds=1), [-1, 0, 1]),
    "bytes": (b"\x00\xff", "00ff"),
    "keys": ({1: "a", (2, 3): "b"}, {"1": "a", "[2, 3]": "b"}),
    "a mark's name": ({"$tuple": [1]}, {"$tuple": [1]}),
    "payload": (Payload({"a": [Payload({"b": 1})]}), {"a": [{"b": 1}]}),
    "enum": (Status.PAID, "PAID"),
    "flag": (Weight.HEAVY, "HEAVY"),
    "frozen record": (Money(Decimal("1.0")), {"amount": "1.0", "currency": "EUR"}),
    "named tuple": (Size(1, 2.0), [1, 2.0]),
    "record": (
        Line("A", Money(Decimal(1)), None, {"x"}),
        {
            "sku": "A",
            "price": {"amount": "1", "currency": "EUR"},
            "size": None,
            "tags": ["x"],
            "changes": [],
        },
    ),
}


@pytest.mark.parametrize("what", KEPT)
def test_what_is_kept_comes_back_in_its_type(what: str) -> None:
    value, _ = KEPT[what]
    text = keep({"x": value}, TYPES)
    again = restore(text, TYPES)["x"]
    assert type(again) is type(value)
    assert repr(again) == repr(value)
    assert keep({"x": again}, TYPES) == text


@pytest.mark.parametrize("what", [what for what in KEPT if what != "a mark's name"])
def test_readers_see_plain_values(what: str) -> None:
    value, shown = KEPT[what]
    assert repr(plain(json.loads(keep(value, TYPES)))) == repr(shown)


def test_slots_come_back_however_they_were_named() -> None:
    @dataclass
    class Named:
        __slots__ = iter(("value", "__inside"))
        value: int

        def __post_init__(self) -> None:
            self.__inside = self.value + 1

    class Model(AggregateRoot):
        def on_made(self, event: Named) -> None: ...

    types = StateTypes(Model)
    again = restore(keep({"x": Named(3)}, types), types)["x"]
    assert instance_attributes(again) == {"value": 3, "_Named__inside": 4}


def test_attributes_that_are_no_fields_come_back_too() -> None:
    line = Line("A", Money(Decimal(1)))
    line.extra = 5  # type: ignore[attr-defined] # the case
    assert vars(restore(keep(line, TYPES), TYPES)) == vars(line)


@dataclass
class Unnamed:
    x: int


class NotFound(enum.Enum):
    A = 1


class Pair(NamedTuple):
    a: int


class Plain:
    def __init__(self) -> None:
        self.x = 1


class Text(str):
    pass


def in_itself() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


def deep() -> list[Any]:
    value: list[Any] = []
    for _ in range(61):
        value = [value]
    return value


def labelled() -> datetime:
    return datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1), "CET"))


def full_box() -> Box:
    box = Box(1, 2.0)
    box.inside = "cat"  # type: ignore[attr-defined] # the case
    return box


def two_that_became_one() -> dict[Label, int]:
    first, second = Label("a"), Label("b")
    labelled = {first: 1, second: 2}
    second.text = "a"
    return labelled


SHARED: list[int] = []

REFUSED: dict[str, tuple[Any, str, str]] = {
    "a lock": ({"a": [threading.Lock()]}, "/a/0", "a lock cannot be restored exactly"),
    "a function": ({"a": len}, "/a", "builtin_function_or_method"),
    "a generator": ({"a": iter([])}, "/a", "list_iterator"),
    "a dict of another kind": ({"a": OrderedDict(x=1)}, "/a", "OrderedDict"),
    "a dict with a function": ({"a": defaultdict(list)}, "/a", "defaultdict"),
    "a text of another kind": ({"a": Text("x")}, "/a", "Text"),
    "an object": ({"a/b": Plain()}, "/a~1b", "a Plain cannot be restored exactly"),
    "an unknown record": ({"a": Unnamed(1)}, "/a", "is not found from the model"),
    "an unknown enum": ({"a": NotFound.A}, "/a", "is not found from the model"),
    "an unknown named tuple": ({"a": Pair(1)}, "/a", "is not found from the model"),
    "a tuple with attributes": ({"a": full_box()}, "/a", "attributes beside its fields"),
    "a list with fields": ({"a": Shelf("top")}, "/a", "a Shelf cannot be restored exactly"),
    "keys that became equal": ({"a": two_that_became_one()}, "", "do not come back as they were"),
    "two halves of one character": ({"a": "\ud83d\ude00"}, "", "two halves of one character"),
    "two flags": ({"a": Weight.LIGHT | Weight.HEAVY}, "/a", "no single member"),
    "a zone with a name": ({"a": labelled()}, "/a", "has no text that says all of it"),
    "a second hour": ({"a": datetime(2026, 10, 25, 2, fold=1)}, "/a", "no text"),  # noqa: DTZ001 - the case
    "one list twice": ({"a": SHARED, "b": (SHARED,)}, "/b/0", "stands at /a too"),
    "what contains itself": ({"a": in_itself()}, "/a/0", "stands at /a too"),
    "depth": ({"a": deep()}, "/a" + "/0" * 59, "deeper than 60 levels"),
    "a huge number": ({"a": 10**1001}, "/a", "more than 1000 digits"),
    "a key": ({"a": {object(): 1}}, "/a", "a object cannot be restored"),
    "in a record": ({"a": Line("A", Money(Decimal(1)), tags={Text("x")})}, "/a/tags", "Text"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_not_come_back_is_refused_with_its_place(what: str) -> None:
    value, path, why = REFUSED[what]
    with pytest.raises(CannotKeep) as refused:
        keep(value, TYPES)
    assert refused.value.path == path
    assert why in str(refused.value)


WRONG = [
    "",
    "{",
    "[1] x",
    "[NaN]",
    '{"$tuple":5}',
    '{"$tuple":{"a":1}}',
    '{"$set":[[1]]}',
    '{"$decimal":"x"}',
    '{"$decimal":"1","a":1}',
    '{"$datetime":"yesterday"}',
    '{"$timedelta":[1,2,3,4,5,6,7,8]}',
    '{"$bytes":"0"}',
    '{"$float":[]}',
    '{"$dict":[[1]]}',
    '{"$dict":[[[],1]]}',
    '{"$enum":["tests.helpers.snapshots:Status","LOST"]}',
    '{"$enum":["tests.helpers.snapshots:Line","sku"]}',
    '{"$enum":["os:environ","PATH"]}',
    '{"$object":["builtins:list",{}]}',
    '{"$object":["tests.helpers.snapshots:Line",[]]}',
    '{"$object":["tests.helpers.snapshots:Line"]}',
    '{"$object":["tests.helpers.snapshots:Money",{"none":1}]}',
    '{"$object":[[],{}]}',
    '{"$named":["tests.helpers.snapshots:Size",[1]]}',
    '{"$named":["tests.helpers.snapshots:Money",[1]]}',
    '{"$unknown":1}',
    '{"a":{"$b":1,"c":2}}',
    "[" * 300,
    "[" * 100_000,
    None,
    b"{}",
]


@pytest.mark.parametrize("text", WRONG, ids=lambda text: str(text)[:40])
def test_what_was_not_kept_here_is_refused(text: Any) -> None:
    with pytest.raises(CannotRestore):
        restore(text, TYPES)


def test_reading_makes_nothing_but_values() -> None:
    """No class beyond those that the model names, whatever the text says; nothing of theirs is run."""
    assert {found.__name__ for found in TYPES} >= {"Status", "Size", "Money", "Line", "CartOpened"}
    assert not {"Thread", "Popen", "Decimal", "Cart", "MemoryStore"} & {found.__name__ for found in TYPES}


def unfolded(moment: Any) -> Any:
    return moment.replace(fold=0)


_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.decimals(), st.uuids(), st.binary(),
    st.dates(), st.times().map(unfolded), st.datetimes().map(unfolded), st.timedeltas(), st.sampled_from(Status),
)  # fmt: skip
_keys = st.text(max_size=3) | st.integers() | st.sampled_from(["$set", "$", "$dict"])
_states = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(_keys, inner, max_size=4),
        st.builds(Line, st.text(), st.builds(Money, st.decimals()), changes=st.lists(inner, max_size=2)),
        st.sets(st.integers() | st.text(), max_size=3),
    ),
    max_leaves=10,
)


@given(_states)
def test_any_state_comes_back(state: Any) -> None:
    text = keep(state, TYPES)
    again = restore(text, TYPES)
    assert keep(again, TYPES) == text
    if "set" not in text:  # sets have no order
        assert repr(again) == repr(state)


_marked = st.recursive(
    st.integers() | st.text(),
    lambda inner: st.dictionaries(
        st.sampled_from(["$tuple", "$object", "$enum", "$dict", "$named", "$payload", "$decimal", "a"]),
        inner | st.lists(inner),
    ),
)


@given(st.text() | _marked.map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRestore):
        restore(text, TYPES)
