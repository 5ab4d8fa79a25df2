"""By how much a number changed, exactly and as a person writes it: `+48.00`, or with a minus sign."""

from decimal import Context, Decimal, InvalidOperation

MOST_DIGITS = 400
"""A difference that would take more is not written out."""


def number_change(before: str, after: str) -> "str | None":
    """The difference of two JSON numbers, with as many places as the longer one has; None where one of the texts is no
    number or the difference would be too long to read."""
    one, other = _number(before), _number(after)
    if one is None or other is None:
        return None
    top = max(one.adjusted(), other.adjusted())
    bottom = min(_exponent(one), _exponent(other))
    if max(top, 0) - min(bottom, 0) + 2 > MOST_DIGITS:
        return None
    difference = Context(prec=MOST_DIGITS + 2).subtract(other, one)
    sign = "\N{MINUS SIGN}" if difference < 0 else "+" if difference > 0 else "±"
    return f"{sign}{difference.copy_abs():f}"  # abs() would round


def _number(text: str) -> "Decimal | None":
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    # Decimal reads words and blanks too, which JSON does not write.
    return number if number.is_finite() and text[-1:].isdigit() and text[0] in "-0123456789" else None


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
