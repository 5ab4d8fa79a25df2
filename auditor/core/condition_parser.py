"""From the text of a condition to its parts, or to the character where it cannot be read."""

from typing import Any, NoReturn

from .condition_tokens import Token, tokens_of
from .condition_words import (
    DEEPEST,
    LONGEST_PATH,
    MOST_TESTS,
    WORDS,
    AllHold,
    Changed,
    Comparison,
    Contains,
    EventType,
    Existence,
    Grown,
    Item,
    Length,
    Member,
    MistakeInCondition,
    Not,
    OneHolds,
    OneOf,
    Path,
    Place,
    Step,
    User,
)
from .text import tr

_SIGNS = ("=", "!=", "<", "<=", ">", ">=")
_CONSTANTS = {"true": True, "false": False, "null": None}


def parts_of(text: str) -> Any:
    """The condition as one of the parts of `condition_words`. Raises: MistakeInCondition."""
    return _Parser(text).whole()


class _Parser:
    """Reads the words from the left to the right, one ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens_of(text)
        self._at = 0
        self._depth = 0
        self._tests = 0

    def whole(self) -> Any:
        if self._next.kind == "end":
            self._complain(tr("there is no condition yet: write one like total > 500."))
        found = self._any()
        if self._next.kind != "end":
            self._complain(self._why_no_end())
        return found

    def _why_no_end(self) -> str:
        token = self._next
        if self._is_sign(")"):
            return tr("this bracket was not opened.")
        if token.kind == "name" and token.value.lower() in ("and", "or", "in", "contains", "not"):
            if token.value == "not":
                return tr('not stands before the whole test: not status = "paid".')
            return tr("here it ends, or goes on with and, or: words are written in small letters.")
        return tr("here it ends, or goes on with and, or.")

    # -- and, or, not --------------------------------------------------------------------------------------

    def _any(self) -> Any:
        parts = [self._all()]
        while self._takes("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else OneHolds(tuple(parts))

    def _all(self) -> Any:
        parts = [self._unit()]
        while self._takes("and"):
            parts.append(self._unit())
        return parts[0] if len(parts) == 1 else AllHold(tuple(parts))

    def _unit(self) -> Any:
        token = self._next
        self._depth += 1
        if self._depth > DEEPEST:
            self._complain(tr("it is nested too deeply: at most {most} levels.", most=DEEPEST))
        if self._takes("not"):
            found = Not(self._unit())
        elif self._takes_sign("("):
            found = self._any()
            if not self._takes_sign(")"):
                if self._next.kind == "end":
                    self._complain(tr("this bracket is not closed."), token)
                self._complain(tr("a closing bracket ) is missing here, or and, or."))
        else:
            found = self._test()
        self._depth -= 1
        return found

    # -- a single test -------------------------------------------------------------------------------------

    def _test(self) -> Any:
        self._tests += 1
        if self._tests > MOST_TESTS:
            self._complain(tr("it has too many tests: at most {most:,}.", most=MOST_TESTS))
        if self._takes("exists"):
            return Existence(self._path_or_user(), wanted=True)
        if self._takes("missing"):
            return Existence(self._path_or_user(), wanted=False)
        if self._takes("changed"):
            if not self._is_word("by"):
                self._complain(
                    tr('by and a user are missing here: changed by "ada". A field stands before changed.')
                )
            return self._changed(None)
        return self._test_of(self._subject())

    def _test_of(self, subject: Any) -> Any:
        if self._next.kind == "sign" and self._next.value in _SIGNS:
            return self._comparison(subject)
        if self._takes("in"):
            return OneOf(subject, self._values(subject))
        if self._is_word("contains") and not isinstance(subject, Length):
            self._step()
            return Contains(subject, self._value())
        for word, sign in (("changed", 0), ("grew", 1), ("shrank", -1)):
            if self._is_word(word):
                if not isinstance(subject, Path):
                    self._complain(tr("only a field can be asked whether it changed, grew or shrank."))
                self._step()
                return Grown(subject, sign) if sign else self._changed(subject)
        return self._complain(self._why_no_test(subject))

    def _why_no_test(self, subject: Any) -> str:
        if self._next.kind == "name" and self._next.value.lower() == "is":
            return tr("write = for is; for a field that is there, exists before its name.")
        if isinstance(subject, Path):
            return tr(
                "a test of the field is missing here: = != < <= > >= contains in changed grew shrank,"
                " or exists before its name."
            )
        if isinstance(subject, Length):
            return tr("a comparison is missing here: = != < <= > >= in.")
        return tr("a comparison is missing here: = != < <= > >= contains in.")

    def _subject(self) -> Any:
        token = self._next
        if self._takes("length"):
            if not self._takes_sign("("):
                self._complain(self._bracket_after_length())
            path = self._path()
            if not self._takes_sign(")"):
                self._complain(tr("a closing bracket ) is missing here."))
            return Length(path)
        if self._is_word("event") or self._is_word("user"):
            self._step()
            if self._is_sign(".") or self._is_sign("["):
                self._complain(_of_that_name(token.value), token)
            return EventType() if token.value == "event" else User()
        return self._path()

    def _bracket_after_length(self) -> str:
        return tr("an opening bracket ( is missing here: length(items).") + " " + _of_that_name("length")

    def _path_or_user(self) -> Any:
        if self._is_word("user"):
            self._step()
            return User()
        return self._path()

    def _changed(self, path: "Path | None") -> Any:
        if not self._takes("by"):
            return Changed(path)
        token = self._next
        if token.kind != "text":
            self._complain(tr('a user stands in quotes here: changed by "ada".'))
        self._step()
        return AllHold((Changed(path), Comparison(User(), "=", token.value)))

    # -- values --------------------------------------------------------------------------------------------

    def _comparison(self, subject: Any) -> Comparison:
        sign = self._next.value
        self._step()
        if self._next.kind == "sign" and self._next.value in _SIGNS:
            self._complain(tr("a value stands here, not another sign."))
        token = self._next
        value = self._value()
        if sign not in ("=", "!=") and (value is None or isinstance(value, bool)):
            self._complain(tr("{word} is neither larger nor smaller than anything.", word=token.value), token)
        self._check_fits(subject, value, token)
        return Comparison(subject, sign, value)

    def _values(self, subject: Any) -> "tuple[Any, ...]":
        if not self._takes_sign("("):
            self._complain(tr('the values stand in brackets here: in ("paid", "shipped").'))
        values = []
        while True:
            token = self._next
            values.append(self._value())
            self._check_fits(subject, values[-1], token)
            if len(values) > MOST_TESTS:
                self._complain(tr("it has too many values: at most {most:,}.", most=MOST_TESTS))
            if self._takes_sign(")"):
                return tuple(values)
            if not self._takes_sign(","):
                self._complain(tr("a comma or a closing bracket ) is missing here."))

    def _check_fits(self, subject: Any, value: Any, token: Token) -> None:
        if isinstance(subject, Length) and token.kind != "number":
            self._complain(tr("a length is a number: compare it with one."), token)
        if isinstance(subject, (EventType, User)) and not isinstance(value, str):
            self._complain(tr("an event's type and its user are texts: write one in quotes."), token)

    def _value(self) -> Any:
        token = self._next
        if token.kind in ("text", "number"):
            self._step()
            return token.value
        if token.kind == "name" and token.value in _CONSTANTS:
            self._step()
            return _CONSTANTS[token.value]
        if token.kind == "name" and token.value not in WORDS:
            if token.value.lower() in _CONSTANTS:
                self._complain(tr("write {word} in small letters.", word=token.value.lower()))
            self._complain(
                tr('a text stands in quotes: "{word}". Two fields cannot be compared.', word=token.value)
            )
        return self._complain(tr("a value is missing here: a number, a text in quotes, true, false or null."))

    # -- paths ---------------------------------------------------------------------------------------------

    def _path(self) -> Path:
        token = self._next
        if token.kind == "pointer":
            self._step()
            return self._checked(tuple(map(Step, token.value)), token)
        if token.kind not in ("name", "text"):
            self._complain(self._why_no_path())
        if token.kind == "name" and token.value in WORDS:
            self._complain(
                tr("the name of a field is missing here.") + " " + _of_that_name(token.value), token
            )
        self._step()
        segments: "list[Member | Place | Item | Step]" = [Member(token.value)]
        while True:
            if self._takes_sign("."):
                segments.append(self._member())
            elif self._takes_sign("["):
                segments.append(self._item())
            else:
                return self._checked(tuple(segments), token)

    def _why_no_path(self) -> str:
        if self._next.kind == "number":
            return tr("the name of a field stands here; the value comes behind the sign: total > 500.")
        return tr("the name of a field is missing here.")

    def _checked(self, segments: "tuple[Member | Place | Item | Step, ...]", token: Token) -> Path:
        if len(segments) > LONGEST_PATH:
            self._complain(tr("this path is too long: at most {most} steps.", most=LONGEST_PATH), token)
        return Path(segments)

    def _member(self) -> Member:
        token = self._next
        if token.kind not in ("name", "text"):  # behind a dot any word is a name
            if token.kind == "number":
                self._complain(
                    tr("a place in a list stands in brackets: items[0]. A name like that, in quotes.")
                )
            self._complain(tr("the name of a member is missing behind the dot."))
        self._step()
        return Member(token.value)

    def _item(self) -> "Place | Item":
        token = self._next
        if token.kind == "number":
            if type(token.value) is not int or token.value < 0:
                self._complain(tr("places in a list count from 0."))
            self._step()
            found: "Place | Item" = Place(token.value)
        elif token.kind in ("name", "text"):
            self._step()
            if not self._takes_sign("="):
                self._complain(tr('= and a value are missing here: items[sku="B-2"].'))
            found = Item(token.value, self._value())
        else:
            self._complain(tr('a place or a member with its value is missing here: [0] or [sku="B-2"].'))
        if not self._takes_sign("]"):
            self._complain(tr("a closing bracket ] is missing here."))
        return found

    # -- one word after the other --------------------------------------------------------------------------

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _step(self) -> None:
        self._at += 1

    def _is_word(self, word: str) -> bool:
        return self._next.kind == "name" and bool(self._next.value == word)

    def _is_sign(self, sign: str) -> bool:
        return self._next.kind == "sign" and bool(self._next.value == sign)

    def _takes(self, word: str) -> bool:
        found = self._is_word(word)
        self._at += found
        return found

    def _takes_sign(self, sign: str) -> bool:
        found = self._is_sign(sign)
        self._at += found
        return found

    def _complain(self, why: str, token: "Token | None" = None) -> NoReturn:
        token = token or self._next
        raise MistakeInCondition(self._text, token.at, token.length, why)


def _of_that_name(word: str) -> str:
    return tr('{word} is a word of the language; a field of that name stands in quotes: "{word}".', word=word)
