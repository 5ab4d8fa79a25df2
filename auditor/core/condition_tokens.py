"""The text of a condition cut into its words, numbers, texts and signs."""

import re
from typing import Any, NamedTuple

from .condition_words import MOST_CHARACTERS, MistakeInCondition
from .exact_json import NotJson, parse
from .text import tr


class Token(NamedTuple):
    """`kind` is name, text, number, pointer, sign or end; `value` is what it means: of a pointer its steps."""

    kind: str
    value: Any
    at: int
    length: int


_BLANKS = re.compile(r"\s*")
_NAME = re.compile(r"(?:[^\W\d]|\$)[\w$-]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LIKE_A_NUMBER = re.compile(r"-?[0-9](?:[\w.]|(?<=[eE])[+-])*")
_POINTER = re.compile(r"(?:/[^\s/()\[\],=!<>\"']*)+")
_SIGN = re.compile(r"<=|>=|!=|[()\[\].,=<>]")
_TEXT_PART = re.compile(r"[^\"'\\\n]+")
_SHORT_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "/": "/",
    "\\": "\\",
    '"': '"',
    "'": "'",
}
_UNICODE = re.compile(r"u([0-9a-fA-F]{4})")
# What people write who know another language, and how it is written here.
_ELSEWHERE = {
    "==": "=",
    "<>": "!=",
    "=<": "<=",
    "=>": ">=",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": "not",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "“": '"',
    "”": '"',
    "„": '"',
    "\u2018": "'",
    "\u2019": "'",
    "`": '"',
}


def tokens_of(text: str) -> list[Token]:
    """In order, with one of kind `end` at last. Raises: MistakeInCondition."""
    if len(text) > MOST_CHARACTERS:
        raise MistakeInCondition(
            text,
            MOST_CHARACTERS,
            0,
            tr(
                "it is too long: {count:,} characters, at most {most:,}.",
                count=len(text),
                most=MOST_CHARACTERS,
            ),
        )
    found, at = [], _after_blanks(text, 0)
    while at < len(text):
        token = _token(text, at)
        found.append(token)
        at = _after_blanks(text, at + token.length)
    return [*found, Token("end", None, len(text.rstrip()), 0)]


def _after_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _token(text: str, at: int) -> Token:
    first = text[at]
    if first in "\"'":
        return _quoted(text, at)
    if first == "/":
        return _pointer(text, at)
    if _LIKE_A_NUMBER.match(text, at):
        return _number(text, at)
    name = _NAME.match(text, at)
    if name:
        return Token("name", name.group(), at, name.end() - at)
    sign = _SIGN.match(text, at)
    for foreign in (text[at : at + 2], first):
        if foreign in _ELSEWHERE and not (sign and sign.end() - at >= len(foreign)):
            why = tr("write {here} for {foreign}.", here=_ELSEWHERE[foreign], foreign=foreign)
            raise MistakeInCondition(text, at, len(foreign), why)
    if sign:
        return Token("sign", sign.group(), at, sign.end() - at)
    raise MistakeInCondition(text, at, 1, tr("this character means nothing here."))


def _number(text: str, at: int) -> Token:
    number, whole = _NUMBER.match(text, at), _LIKE_A_NUMBER.match(text, at)
    if text[at - 1 : at] == ".":  # a place in a list written as a name: the next dot belongs to the path
        number = whole = re.compile("-?[0-9]+").match(text, at)
    end = whole.end() if whole else at + 1
    if number is None or number.end() != end:
        why = tr("this is no number as JSON writes it, such as 12, -0.5 or 1e9.")
        raise MistakeInCondition(text, at, end - at, why)
    try:
        value = parse(number.group())
    except (NotJson, ValueError):
        raise MistakeInCondition(text, at, end - at, tr("this number cannot be kept exactly.")) from None
    return Token("number", value, at, end - at)


def _pointer(text: str, at: int) -> Token:
    found = _POINTER.match(text, at)
    written = found.group() if found else "/"
    wrong = re.search("~(?![01])", written)
    if wrong:
        why = tr("in a JSON Pointer ~ stands as ~0, and / within a name as ~1.")
        raise MistakeInCondition(text, at + wrong.start(), 1, why)
    steps = [step.replace("~1", "/").replace("~0", "~") for step in written.split("/")[1:]]
    return Token("pointer", tuple(steps), at, len(written))


def _quoted(text: str, start: int) -> Token:
    quote, at, parts = text[start], start + 1, []
    while True:
        part = _TEXT_PART.match(text, at)
        if part:
            parts.append(part.group())
            at = part.end()
        if at >= len(text) or text[at] == "\n":
            raise MistakeInCondition(
                text, start, 1, tr("the text that begins here has no closing {quote}.", quote=quote)
            )
        character = text[at]
        if character == quote:
            return Token("text", _whole_characters("".join(parts)), start, at + 1 - start)
        if character == "\\":
            meant, length = _escaped(text, at)
        else:
            meant, length = character, 1
        parts.append(meant)
        at += length


def _escaped(text: str, at: int) -> tuple[str, int]:
    short = text[at + 1 : at + 2]
    if short in _SHORT_ESCAPES and short:
        return _SHORT_ESCAPES[short], 2
    code = _UNICODE.match(text, at + 1)
    if code is None:
        why = tr(
            "behind \\ stands one of {known}, or u and four hexadecimal digits.", known="\" ' \\ / b f n r t"
        )
        raise MistakeInCondition(text, at, min(2, len(text) - at), why)
    return chr(int(code[1], 16)), 6


def _whole_characters(text: str) -> str:
    """Two halves of a character that were escaped one after the other are that character, as in JSON."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
