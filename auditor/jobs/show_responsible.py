"""The events that made the difference between two states of an aggregate: of each field the last one in between."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from auditor.core.logical_path import from_wire
from auditor.guest.comparisons import ServedWays
from auditor.jobs.asked_pair import AskedPair, PairAnswer, PairRequest, asked_pair
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleRequest(PairRequest):
    """`places` are those of rows of a comparison of the same two states. Stops after about so many `seconds`: asking
    again goes on."""

    places: tuple[str, ...]
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleResult(PairAnswer):
    """`by` has, for each field that events in between have set, the ordinal of the last such event and how many there
    were; nothing at all while there is `more` to be looked through, of which `done` of `total` events are. Nothing for
    two aggregates either: no event is in both histories."""

    by: dict[str, tuple[int, int]]
    done: int
    total: int

    @property
    def more(self) -> bool:
        return self.done < self.total


def run(session: Session, request: ResponsibleRequest, context: TaskContext) -> ResponsibleResult:
    """Raises: as `asked_pair`."""
    asked = asked_pair(session, request, context)
    served = asked.states(context).ways(request.places, token=context.token)
    facts = asked.facts(served.a, served.b)
    if not asked.is_of_one:
        return ResponsibleResult(**facts, by={}, done=0, total=0)
    found = responsible(asked, served, request.places, context, seconds=request.seconds)
    return ResponsibleResult(**facts, by=found.by, done=found.done, total=found.total)


class Found(NamedTuple):
    """As in a `ResponsibleResult`."""

    by: dict[str, tuple[int, int]]
    done: int
    total: int


def responsible(
    asked: AskedPair,
    served: ServedWays,
    places: Sequence[str],
    context: TaskContext,
    *,
    seconds: float | None = None,
) -> Found:
    """By the rule that says which event set a field last; `asked` is of one aggregate."""
    first, last = sorted((asked.a.ordinal, asked.b.ordinal))
    named = {place: from_wire(way) for place, way in zip(places, served.ways, strict=True) if way is not None}
    paths = list(dict.fromkeys(named.values()))
    found = asked.b.history.setters.of(paths, up_to=last, seconds=seconds, context=context)
    by = {}
    if found.done >= last:
        for place, path in named.items():
            ordinals = found.ordinals[path]
            begin, end = bisect_right(ordinals, first), bisect_right(ordinals, last)
            if end > begin:
                by[place] = (ordinals[end - 1], end - begin)
    return Found(by, min(found.done, last), last)
