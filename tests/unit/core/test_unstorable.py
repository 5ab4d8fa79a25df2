"""What no event can hold is refused with the field named."""

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest

from auditor.core.events import EventMetadata, columns_of, recorded
from auditor.core.exact_json import MAX_DEPTH
from tests.helpers.new_events import new_event


def nested(depth: int) -> dict[str, Any]:
    """An object of so many levels."""
    value: Any = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value  # type: ignore[no-any-return]  # one is made at each step


def holding_itself() -> dict[str, Any]:
    value: dict[str, Any] = {"list": [1]}
    value["list"].append({"again": value})
    return value


@dataclass
class Price:
    cents: int


REFUSED: list[tuple[dict[Any, Any], str]] = [
    ({"a": ["x", "\ud83d\ude00"]}, r"/a/1 in the data .*two halves of one character"),
    ({"a": {"\ud83d\ude00": 1}}, r"/a in the data .*two halves of one character"),
    ({"items": [{"price": float("nan")}]}, r"/items/0/price in the data .*nan is not a JSON number"),
    ({"a": [1, float("-inf")]}, r"/a/1 .*-inf is not a JSON number"),
    ({"a/b": {"~": b"x"}}, r"/a~1b/~0 .*a bytes is not"),
    ({"a": 1, "tags": {"x"}}, r"/tags .*a set is not"),
    ({"when": datetime(2026, 1, 1, tzinfo=UTC)}, r"/when .*a datetime is not"),
    ({"total": Decimal("1.50")}, r"/total .*a Decimal is not"),
    ({"x": [[], Price(5)]}, r"/x/1 .*a Price is not"),
    ({"a": {1: "x"}}, r"/a .*its key 1 is a int"),
    ({"a": [{"ok": 1}, {None: "x"}]}, r"/a/1 .*its key None"),
    ({True: "x"}, r"field / .*its key True"),
    ({"a": {1.5: "x"}}, r"/a .*its key 1\.5"),
    ({"a": {(1, 2): "x"}}, r"/a .*its key \(1, 2\)"),
    (holding_itself(), r"/list/1/again .*contains itself, at the top"),
    ({"n": [10**5000]}, r"/n/0 .*too many digits"),
    (nested(MAX_DEPTH + 1), "/a" * MAX_DEPTH + " .*deeper than 500"),
    (nested(5000), "/a" * MAX_DEPTH + " .*deeper than 500"),
]


@pytest.mark.parametrize(("data", "why"), REFUSED, ids=[why[:20] for _, why in REFUSED])
def test_the_field_is_named(data: dict[Any, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        columns_of(new_event("order-1", 7, data=data))
    assert "ItemAdded, version 7 of 'order-1'" in str(refused.value)


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        (EventMetadata(correlation_id="c", extra={"ip": {"v6": b"::1"}}), r"/ip/v6 in the metadata"),
        (EventMetadata(correlation_id="c", extra={"a": {7: 1}}), r"/a in the metadata"),
        (EventMetadata(correlation_id=b"c"), r"/correlation_id in the metadata"),  # type: ignore[arg-type]  # the case
    ],
)
def test_the_field_of_the_metadata_is_named(metadata: EventMetadata, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        columns_of(new_event("order-1", 1, metadata=metadata))


class Size(IntEnum):
    SMALL = 1


@pytest.mark.parametrize(
    "data",
    [
        {"1": "a", "true": [{"null": None}], "-0.5e3": '"7":'},
        {"size": Size.SMALL, "big": 10 ** (sys.get_int_max_str_digits() - 1)},
        nested(MAX_DEPTH),
        {"a": [{}] * 3, "b": "[" * 1000},
        {"a": "\ude00\ud83d \U0001f600"},
    ],
    ids=[
        "keys that look like numbers",
        "numbers",
        "depth",
        "the same part twice",
        "halves of two characters",
    ],
)
def test_what_json_holds_is_stored(data: dict[str, Any]) -> None:
    assert recorded(replace(new_event("order-1", 1), data=data), 1).data == data
