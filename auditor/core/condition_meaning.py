"""What the parts of a condition mean: each becomes a function of the moment, once."""

from collections.abc import Callable
from typing import Any

from . import exact_json
from .condition_words import (
    AllHold,
    Changed,
    Comparison,
    EventType,
    Existence,
    Grown,
    Item,
    Length,
    Member,
    Not,
    OneHolds,
    OneOf,
    Path,
    Place,
    User,
)
from .diff import ABSENT
from .numbers import compare_numbers, is_number


class Moment:
    """A state with the event that led to it: `before` and `now` are exact JSON values or ABSENT; `user` is None where
    nobody is named."""

    __slots__ = ("before", "event_type", "now", "user")

    def __init__(self, before: Any, now: Any, event_type: str = "", user: "str | None" = None) -> None:
        self.before = before
        self.now = now
        self.event_type = event_type
        self.user = user


Holds = Callable[[Moment], bool]
Reading = Callable[[Any], Any]  # of a state: a value in it, or ABSENT
Finding = Callable[[Moment], Any]


def compiled(part: Any) -> Holds:
    """A function that tells whether it holds. It raises for no state."""
    kind = type(part)
    if kind is Not:
        holds = compiled(part.part)
        return lambda moment: not holds(moment)
    if kind is AllHold or kind is OneHolds:
        return _joined([compiled(one) for one in part.parts], wanted=kind is OneHolds)
    if kind is Changed:
        return _changed(_reading(part.path) if part.path else lambda state: state)
    if kind is Grown:
        return _grown(_reading(part.path), part.sign)
    find = _finding(part.subject)
    if kind is Existence:
        wanted = part.wanted
        return lambda moment: (find(moment) is not ABSENT) is wanted
    test = _test(part)
    return lambda moment: test(find(moment))


def _joined(parts: "list[Holds]", *, wanted: bool) -> Holds:
    """The first part that comes out as `wanted` decides."""

    def holds(moment: Moment) -> bool:
        for part in parts:
            if part(moment) is wanted:
                return wanted
        return not wanted

    return holds


# -- what is tested ----------------------------------------------------------------------------------------


def _finding(subject: Any) -> Finding:
    if isinstance(subject, EventType):
        return lambda moment: moment.event_type
    if isinstance(subject, User):
        return lambda moment: ABSENT if moment.user is None else moment.user
    if isinstance(subject, Length):
        read_long = _reading(subject.path)
        return lambda moment: _length(read_long(moment.now))
    read = _reading(subject)
    return lambda moment: read(moment.now)


def _length(value: Any) -> Any:
    return len(value) if type(value) in (str, list, dict) else ABSENT


def _reading(path: Path) -> Reading:
    steps = [_step(one) for one in path.segments]
    if len(steps) == 1:
        return steps[0]

    def read(value: Any) -> Any:
        for step in steps:
            value = step(value)
            if value is ABSENT:
                break
        return value

    return read


def _step(segment: Any) -> Reading:
    if isinstance(segment, Member):
        name = segment.name
        return lambda value: value.get(name, ABSENT) if type(value) is dict else ABSENT
    if isinstance(segment, Place):
        number = segment.number
        return lambda value: value[number] if type(value) is list and number < len(value) else ABSENT
    if isinstance(segment, Item):
        return _item(segment)
    return _pointer_step(segment.name)


def _item(segment: Item) -> Reading:
    name, is_it = segment.name, _equal_to(segment.value)

    def read(value: Any) -> Any:
        if type(value) is list:
            for item in value:
                if type(item) is dict and is_it(item.get(name, ABSENT)):
                    return item
        return ABSENT

    return read


def _pointer_step(name: str) -> Reading:
    is_number_of_place = (
        name.isascii() and name.isdigit() and len(name) < 19 and (name == "0" or name[0] != "0")
    )
    place = int(name) if is_number_of_place else -1

    def read(value: Any) -> Any:
        if type(value) is dict:
            return value.get(name, ABSENT)
        return value[place] if type(value) is list and 0 <= place < len(value) else ABSENT

    return read


# -- how it is tested: every test of what is absent fails --------------------------------------------------


def _test(part: Any) -> Callable[[Any], bool]:
    if isinstance(part, Comparison):
        return _comparison(part.sign, part.value)
    if isinstance(part, OneOf):
        tests = [_equal_to(value) for value in part.values]
        return lambda value: any(test(value) for test in tests)
    return _contains(part.value)


def _comparison(sign: str, wanted: Any) -> Callable[[Any], bool]:
    is_it = _equal_to(wanted)
    if sign == "=":
        return is_it
    if sign == "!=":
        return lambda value: value is not ABSENT and not is_it(value)
    passes: Callable[[int], bool] = {
        "<": lambda order: order < 0,
        "<=": lambda order: order <= 0,
        ">": lambda order: order > 0,
        ">=": lambda order: order >= 0,
    }[sign]
    if type(wanted) is str:
        return lambda value: type(value) is str and passes((value > wanted) - (value < wanted))
    return lambda value: is_number(value) and passes(compare_numbers(value, wanted))


def _equal_to(wanted: Any) -> Callable[[Any], bool]:
    """1 is 1.0 and not true; texts are compared letter by letter."""
    if is_number(wanted):
        return lambda value: is_number(value) and compare_numbers(value, wanted) == 0
    kind = type(wanted)
    return lambda value: type(value) is kind and value == wanted


def _contains(wanted: Any) -> Callable[[Any], bool]:
    """A text in a text, or a value among the items of a list."""
    is_it = _equal_to(wanted)

    def test(value: Any) -> bool:
        if type(value) is list:
            return any(map(is_it, value))
        return type(value) is str and type(wanted) is str and wanted in value

    return test


# -- what the event did ------------------------------------------------------------------------------------


def _changed(read: Reading) -> Holds:
    def holds(moment: Moment) -> bool:
        before, now = read(moment.before), read(moment.now)
        return before is not now and not exact_json.same(before, now)

    return holds


def _grown(read: Reading, sign: int) -> Holds:
    def holds(moment: Moment) -> bool:
        before, now = read(moment.before), read(moment.now)
        if before is now:
            return False
        if is_number(before) and is_number(now):
            return compare_numbers(now, before) * sign > 0
        return (
            type(now) is type(before)
            and type(now) in (str, list, dict)
            and (len(now) - len(before)) * sign > 0
        )

    return holds
