"""How much a number changed is exact and keeps the places of its decimals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.number_change import number_change

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("96.00", "144.00", "+48.00"),
        ("196.60", "193.1", f"{MINUS}3.50"),
        ("5", "7", "+2"),
        ("0.1", "0.3", "+0.2"),
        ("1", "1.0", "±0.0"),
        ("-0", "0", "±0"),
        ("1e3", "1", f"{MINUS}999"),
        (
            "12345678901234567890123456789012345678901234567890",
            "12345678901234567890123456789012345678901234567891",
            "+1",
        ),
        ("1e100000000", "1", None),
        ("1", "1e-500", None),
        ("0", "100000000000000000000000000.01", "+100000000000000000000000000.01"),
        ("null", "1", None),
        ("true", "1", None),
        ('"1"', "2", None),
        ("", "2", None),
        ("NaN", "2", None),
        ("1", " 2", None),
        ("Infinity", "2", None),
    ],
)
def test_a_change_as_it_is_written(before: str, after: str, change: "str | None") -> None:
    assert number_change(before, after) == change


@given(
    before=st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**30), max_value=10**30
    ),
    after=st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**30), max_value=10**30),
)
def test_added_to_the_value_before_it_gives_the_value_after(before: object, after: object) -> None:
    said = number_change(f"{before:f}", f"{after:f}")
    assert said is not None
    change = Fraction(said.replace(MINUS, "-").replace("±", ""))
    assert Fraction(str(before)) + change == Fraction(str(after))
