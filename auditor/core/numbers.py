"""Numbers as JSON writes them, compared by what they are worth: exactly, however many digits they have."""

import re
from decimal import Decimal
from typing import Any

from .exact_json import Digits

_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_MOST_INT_DIGITS = 4000  # int() of a longer text is refused by Python


def is_number(value: Any) -> bool:
    """Whether it is a JSON number: true is none."""
    return type(value) is int or type(value) is Digits


def compare_numbers(one: Any, other: Any) -> int:
    """Below, at or above 0 as `one` is smaller than, equal to or larger than `other`. 1, 1.0 and 1e0 are equal."""
    if type(one) is int and type(other) is int:
        return (one > other) - (one < other)
    first, second = _worth(one), _worth(other)
    return (first > second) - (first < second)


def _worth(number: Any) -> "tuple[int, int, tuple[int, ...] | str]":
    """Sign, power of ten, digits: ordered as the numbers are."""
    found = _NUMBER.fullmatch(number.text if type(number) is Digits else _text_of(number))
    if found is None:
        raise ValueError(number)
    minus, whole, fraction, power = found.groups()
    written = whole + (fraction or "")
    digits = written.lstrip("0")
    exponent = len(whole) - (len(written) - len(digits)) + (_whole(power) if power else 0)
    digits = digits.rstrip("0")
    if not digits:
        return 0, 0, ""
    if not minus:
        return 1, exponent, digits
    # The larger the digits, the smaller the number; and of two that begin alike the longer one is the smaller.
    return -1, -exponent, (*(-int(digit) for digit in digits), 1)


def _text_of(number: int) -> str:
    return str(number) if number.bit_length() < 3 * _MOST_INT_DIGITS else format(Decimal(number), "f")


def _whole(text: str) -> int:
    return int(text) if len(text) < _MOST_INT_DIGITS else int(Decimal(text))
