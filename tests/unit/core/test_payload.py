import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, ClassVar, NewType
from uuid import UUID

import pytest

from auditor.core.payload import PayloadMismatch, builder, event_type_of, schema_version_of, to_data


class Colour(str, enum.Enum):  # noqa: UP042 - the older way, still the most usual
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


ShopId = NewType("ShopId", UUID)


@dataclass(frozen=True)
class Line:
    sku: str
    price: Decimal = Decimal("0")


@dataclass(frozen=True)
class Node:
    name: str
    children: "tuple[Node, ...]" = ()
    parent: "Node | None" = None


@dataclass(frozen=True)
class Everything:
    text: str
    count: int
    ratio: float
    at: datetime
    day: date
    shop: ShopId
    colour: Colour
    level: Level
    lines: list[Line]
    pair: tuple[int, Line]
    days: tuple[date, ...]
    names: Sequence[str]
    by_sku: Mapping[str, Line]
    by_number: dict[int, Decimal]
    by_colour: dict[Colour, int]
    perhaps: Line | None
    bare: tuple  # type: ignore[type-arg]  # a user's code
    anything: Any = None


EVERYTHING = Everything(
    text="x",
    count=2,
    ratio=1.5,
    at=datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1))),
    day=date(2026, 3, 1),
    shop=ShopId(UUID(int=7)),
    colour=Colour.RED,
    level=Level.HIGH,
    lines=[Line("a", Decimal("1.10"))],
    pair=(1, Line("b")),
    days=(date(2026, 3, 2),),
    names=["n"],
    by_sku={"a": Line("a")},
    by_number={1: Decimal("2.50")},
    by_colour={Colour.RED: 1},
    perhaps=None,
    bare=(1, 2),
)


def test_the_json_value_of_a_payload() -> None:
    assert to_data(EVERYTHING) == {
        "text": "x",
        "count": 2,
        "ratio": 1.5,
        "at": "2026-03-01T12:00:00.000000Z",
        "day": "2026-03-01",
        "shop": "00000000-0000-0000-0000-000000000007",
        "colour": "red",
        "level": 3,
        "lines": [{"sku": "a", "price": "1.10"}],
        "pair": [1, {"sku": "b", "price": "0"}],
        "days": ["2026-03-02"],
        "names": ["n"],
        "by_sku": {"a": {"sku": "a", "price": "0"}},
        "by_number": {"1": "2.50"},
        "by_colour": {"red": 1},
        "perhaps": None,
        "bare": [1, 2],
        "anything": None,
    }


def test_what_is_stored_is_built_again() -> None:
    assert builder(Everything)(to_data(EVERYTHING)) == EVERYTHING


def test_enums_are_stored_as_plain_values() -> None:
    data = to_data({"colour": Colour.RED, "level": Level.HIGH})
    assert [type(value) for value in data.values()] == [str, int]


def test_a_class_may_hold_itself() -> None:
    tree = Node("root", (Node("leaf", (), Node("other")),))
    assert builder(Node)(to_data(tree)) == tree


def test_no_part_of_the_data_is_shared_with_the_payload() -> None:
    payload: dict[str, Any] = {"list": [{"a": 1}]}
    to_data(payload)["list"][0]["a"] = 2
    assert payload == {"list": [{"a": 1}]}


@pytest.mark.parametrize("value", [{1, 2}, b"x", object(), timedelta(1), 1j])
def test_what_has_no_json_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be stored"):
        to_data({"x": value})


def test_keys_with_the_same_text_are_refused() -> None:
    with pytest.raises(TypeError, match="keys"):
        to_data({1: "a", "1": "b"})


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        to_data({"at": datetime(2026, 3, 1)})  # noqa: DTZ001 - the case


def test_the_field_that_has_no_json_form_is_named() -> None:
    @dataclass(frozen=True)
    class Ordered:
        id: int
        lines: tuple[Any, ...]

    with pytest.raises(
        TypeError, match=r"^Ordered\.lines: Line\.price: a bytes cannot be stored in an event$"
    ):
        to_data(Ordered(1, (Line("a"), Line("b", b"1"))))  # type: ignore[arg-type]  # the mistake
    with pytest.raises(ValueError, match=r"^Ordered\.lines: the time .* has no offset"):
        to_data(Ordered(1, (datetime(2026, 3, 1),)))  # noqa: DTZ001 - the case


def test_unknown_keys_are_left_out_and_defaults_fill_missing_ones() -> None:
    assert builder(Line)({"sku": "a", "later": 1}) == Line("a")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "sku"),
        ([], "needs an object"),
        (None, "needs an object"),
        ({"sku": "a", "price": "cheap"}, r"Line\.price"),
        ({"sku": "a", "price": {}}, r"Line\.price"),
    ],
)
def test_data_that_does_not_fit_names_the_field(data: Any, sentence: str) -> None:
    with pytest.raises(PayloadMismatch, match=sentence):
        builder(Line)(data)


def test_nested_data_that_does_not_fit_names_the_inner_field() -> None:
    with pytest.raises(PayloadMismatch, match=r"Line\.price"):
        builder(Everything)({**to_data(EVERYTHING), "lines": [{"sku": "a", "price": "?"}]})


def test_a_default_factory_and_a_computed_field() -> None:
    @dataclass
    class Basket:
        lines: list[str] = field(default_factory=list)
        size: int = field(init=False, default=0)

        def __post_init__(self) -> None:
            self.size = len(self.lines)

    assert builder(Basket)({"lines": ["a"], "size": 9}) == Basket(["a"])
    assert builder(Basket)({}) == Basket()


def test_names_and_schema_versions_of_events() -> None:
    class Named:
        event_type = "order.shipped"
        schema_version = 2

    @dataclass(frozen=True, slots=True)
    class Fields:
        event_type: str
        schema_version: str

    @dataclass(frozen=True)
    class Declared:
        event_type: ClassVar[str] = "declared"
        schema_version: ClassVar[int] = 4

    assert [event_type_of(one) for one in (Line, Named, Fields, Declared)] == [
        "Line",
        "order.shipped",
        "Fields",
        "declared",
    ]
    assert [schema_version_of(one) for one in (Line, Named, Fields, Declared)] == [1, 2, 1, 4]
