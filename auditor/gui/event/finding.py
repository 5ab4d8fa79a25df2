"""Where a text stands in an event: among its fields, or in a text of it. Not for Qt's thread: it may be long."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from auditor.gui.event.fact import Fact
from auditor.gui.event.text_parts import TextParts
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.jobs.session import Session

MOST_PLACES = 1000


class Run(NamedTuple):
    """A place in the text of that number."""

    number: int
    at: int
    length: int


@dataclass(frozen=True, slots=True)
class Sought:
    """In `facts`, or in `texts` where these are what is looked at."""

    text: str
    facts: Sequence[Fact] = ()
    texts: Sequence[TextParts] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Pointers of fields or runs of a text, the first of `total`."""

    sought: Sought
    places: tuple[str | Run, ...]
    total: int


def find(_session: "Session", sought: Sought, context: TaskContext) -> Found:
    """Upper and lower case are the same."""
    context.token.raise_if_cancelled()
    return _in_texts(sought, context) if sought.texts else _in_facts(sought, context)


def _in_facts(sought: Sought, context: TaskContext) -> Found:
    from auditor.core.fields import fields_with

    text, places, total = sought.text.casefold(), list[str](), 0
    for fact in sought.facts:
        context.token.raise_if_cancelled()
        if not fact.identity:
            continue
        if text in fact.said().casefold():
            total += 1
            places.append(fact.identity)
        if fact.kind == "field" and fact.has_members:
            found, count = fields_with(fact.value, sought.text, MOST_PLACES)
            inner = [fact.pointer + one for one in found if one]  # the value itself has been looked at
            total += count - (len(found) - len(inner))
            places += inner
    return Found(sought, tuple(places[:MOST_PLACES]), total)


def _in_texts(sought: Sought, context: TaskContext) -> Found:
    wanted = re.compile(re.escape(sought.text), re.IGNORECASE)
    places: list[str | Run] = []
    total = 0
    for number, one in enumerate(sought.texts):
        context.token.raise_if_cancelled()
        matches = wanted.finditer(one.text)
        room = MOST_PLACES - len(places)
        places += [Run(number, match.start(), match.end() - match.start()) for match in islice(matches, room)]
        total += sum(1 for _ in matches)
    return Found(sought, tuple(places), len(places) + total)
