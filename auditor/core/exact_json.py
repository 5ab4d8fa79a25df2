"""JSON whose numbers keep their digits: the one parser and writer for what is shown, merged, hashed and exported.

Integers become `int`, every other number becomes `Digits`, which keeps the text. NaN and Infinity are refused, as is
nesting beyond `MAX_DEPTH` (Python's own limit depends on the caller's stack). Equal keys: the last one counts, as in
`json.loads`, and `parse_noting` says which they were.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from .text import tr

MAX_DEPTH = 500
# int() of more digits is refused by Python (4,300 by default) and slow; such a number stays text.
MAX_INT_DIGITS = 1000


class NotJson(ValueError):
    """The text is no JSON document, or one we refuse; the message says where and why."""


class Digits:
    """A number kept as it was written: `1.50`, `1e400`, `-0`. Equal only to the same digits."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digits) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return self.text


def _integer(text: str) -> int | Digits:
    if len(text) > MAX_INT_DIGITS or text == "-0":
        return Digits(text)
    return int(text)


def _refuse(constant: str) -> Any:
    raise NotJson(tr("{constant} is not a JSON number", constant=constant))


_decoder = json.JSONDecoder(parse_int=_integer, parse_float=Digits, parse_constant=_refuse)
# Exact only where no integer can be one that `_integer` keeps as it was written; a third faster.
_decoder_of_plain_integers = json.JSONDecoder(parse_float=Digits, parse_constant=_refuse)

scan_plain = _decoder_of_plain_integers.scan_once  # type: ignore[attr-defined] # public, but not in the stubs
"""Value and end of a text that `is_plain` and not nested too deep. Raises: StopIteration, ValueError."""

_MINUS_ZERO = re.compile("-0(?![0-9.eE])")


def is_plain(text: str) -> bool:
    """Whether all its integers are certainly what `int` makes of them. Dates are full of `-0`."""
    return len(text) <= MAX_INT_DIGITS and ("-0" not in text or _MINUS_ZERO.search(text) is None)


def parse(text: str) -> Any:
    """The value of a JSON document.

    Raises: NotJson.
    """
    plain = is_plain(text)
    if (
        plain and len(text) <= MAX_DEPTH
    ):  # most texts: nothing of them is to be checked, and no call is to be spared
        try:
            value, end = scan_plain(text, 0)
        except (StopIteration, json.JSONDecodeError):
            value, end = None, -1
        if end == len(text):
            return value
    return _decode(_decoder_of_plain_integers if plain else _decoder, text)


def parse_noting(text: str) -> tuple[Any, list[str]]:
    """The value, and the keys that stood twice in one object (in the order they were met)."""
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(items)
        if len(value) < len(items):
            seen: set[str] = set()
            twice.extend(key for key, _ in items if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return value

    decoder = json.JSONDecoder(
        parse_int=_integer, parse_float=Digits, parse_constant=_refuse, object_pairs_hook=pairs
    )
    return _decode(decoder, text), twice


def repeated_keys(text: str) -> list[str]:
    """The keys that stand twice in one object; none in a text that is no JSON."""
    try:
        return [] if surely_have([text], count_of_keys(parse(text))) else parse_noting(text)[1]
    except NotJson:
        return []


def none_repeat_keys(texts: Sequence[str]) -> bool:
    """Whether no object of these JSON texts has a key twice; False also where that is not found out at once.
    Cost: they are parsed, in one piece."""
    if sum(map(len, texts)) >= MOST_JOINED:
        return False
    objects: list[list[tuple[str, Any]]] = []
    gather = json.JSONDecoder(object_pairs_hook=objects.append)  # nothing of it is interpreted
    try:
        gather.decode("[" + ",\n".join(texts) + "]")  # no string of a broken text reaches beyond a line's end
    except (ValueError, RecursionError):
        return False
    return sum(map(len, objects)) == sum(map(len, map(dict, objects)))


MOST_JOINED = 1 << 20  # characters: what is counted in one piece is copied for it


def surely_have(texts: Sequence[str], keys: int) -> bool:
    """Whether JSON texts, in which `keys` different ones were met, have no more than these. False is no answer:
    strings may hold what looks like the end of a key."""
    if len(texts) > 1 and sum(map(len, texts)) < MOST_JOINED:
        texts = [",".join(texts)]
    if sum(text.count(":") for text in texts) == keys:
        return True
    # After a key's quote comes a colon, at once or after blanks: there are at least as many of these as keys.
    most = sum(text.count('":') for text in texts)
    most += sum(text.count(blank + ":") for blank in " \t\n\r" for text in texts if blank in text)
    return most == keys


def count_of_keys(value: Any) -> int:
    """How many members the objects in `value` have: fewer than the text it came from if a key stood twice in one."""
    kind, count = type(value), 0
    if kind is dict:
        count, value = len(value), value.values()
    elif kind is not list:
        return 0
    for item in value:
        kind = type(item)
        if kind is dict or kind is list:
            count += count_of_keys(item)
    return count


def _decode(decoder: json.JSONDecoder, text: str) -> Any:
    check_depth(text)
    try:
        return decode(decoder, text)
    except json.JSONDecodeError as error:
        raise NotJson(str(error)) from None


def decode(decoder: json.JSONDecoder, text: str) -> Any:
    """As `decoder.decode`, in half the time for text without blanks around it.

    Raises: json.JSONDecodeError.
    """
    try:
        value, end = decoder.scan_once(text, 0)  # type: ignore[attr-defined] # public, but not in the stubs
    except StopIteration:
        value, end = None, -1
    # Blanks around it are skipped, and errors are worded, by the usual way.
    return value if end == len(text) else decoder.decode(text)


def check_depth(text: str, limit: int = MAX_DEPTH) -> None:
    """Refuses a document nested deeper than `limit`. Two counts for documents with few brackets, else linear.

    Raises: NotJson.
    """
    if len(text) <= limit or text.count("[") + text.count("{") <= limit:
        return
    depth = 0
    for found in _BRACKETS_AND_STRINGS.finditer(text):
        mark = found.group()
        if mark in "[{":
            depth += 1
            if depth > limit:
                raise NotJson(tr("nested deeper than {limit} levels", limit=limit))
        elif mark in "]}":
            depth -= 1


# An unterminated string reaches to the end: failing there instead would try again at each of its escaped quotes.
_BRACKETS_AND_STRINGS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)

# Strings that the encoder writes for numbers; they are put back afterwards. The characters cannot stand unescaped in
# encoded text, and a count that does not match sends the value to the slow writer.
_PLACE = "\x00digits\x00"
_PLACE_ENCODED = json.dumps(_PLACE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def dump(value: Any, indent: int | None = None) -> str:
    """The JSON text of `value`: keys in their order, digits as they came, no blanks unless `indent` is given.

    Text stays readable (not escaped to ASCII) except lone surrogates, which UTF-8 cannot carry.
    """
    numbers: list[str] = []

    def number(item: object) -> str:
        if not isinstance(item, Digits):
            raise TypeError(f"{type(item).__name__} is not a JSON value")
        numbers.append(item.text)
        return _PLACE

    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=separators, indent=indent, default=number
    )
    if numbers:
        parts = text.split(_PLACE_ENCODED)
        if len(parts) != len(numbers) + 1:
            parts, numbers = _split_by_walking(value, separators, indent)
        text = "".join(piece for pair in zip(parts, [*numbers, ""]) for piece in pair)  # noqa: B905 - Python 3.10
    return escape_surrogates(text)


def escape_surrogates(text: str) -> str:
    """JSON text without lone surrogates: they stand as `\\udXXX`."""
    return _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def has_halves_of_one(text: str) -> bool:
    """Whether two lone surrogates stand side by side that any reader of their JSON takes for one character."""
    return not text.isascii() and _HALVES.search(text) is not None


def _split_by_walking(
    value: Any, separators: tuple[str, str], indent: int | None
) -> tuple[list[str], list[str]]:
    """As the fast way, for a value in which the placeholder itself stands as a string."""
    place = _PLACE
    while place in json.dumps(value, ensure_ascii=False, default=repr).replace("\\u0000", "\x00"):
        place += "\x00"
    numbers: list[str] = []

    def number(item: Digits) -> str:
        numbers.append(item.text)
        return place

    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=separators, indent=indent, default=number
    )
    return text.split(json.dumps(place)), numbers


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: 1 is not true and not 1.0, key order does not count."""
    pending = [(one, other)]  # no recursion: a document may be nested as deep as Python's stack
    while pending:
        one, other = pending.pop()
        if one is other:
            continue
        if type(one) is not type(other):
            return False
        if isinstance(one, dict):
            if one.keys() != other.keys():
                return False
            pending.extend((item, other[key]) for key, item in one.items())
        elif isinstance(one, list):
            if len(one) != len(other):
                return False
            pending.extend(zip(one, other))  # noqa: B905 - Python 3.10
        elif one != other:
            return False
    return True
