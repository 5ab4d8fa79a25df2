"""What each event of a range has changed."""

from dataclasses import dataclass
from typing import NamedTuple

from auditor.core.changes_between import MOST_NAMED
from auditor.guest.tracing import trace
from auditor.jobs.asked_state import StateAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesBetweenRequest(StateRequest):
    """The events `first`…`last`, by their ordinals. Stops after about so many `seconds`: asking again goes on."""

    first: int
    last: int
    seconds: float | None = None


class EventChanges(NamedTuple):
    """How many fields an event has changed, and the first of them: what became of each, and its pointer (in the state
    before where it was removed)."""

    ordinal: int
    total: int
    named: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesBetweenResult(StateAnswer):
    """`changes` has the events that changed anything, of those up to the ordinal `done`."""

    changes: tuple[EventChanges, ...]
    done: int
    more: bool


def run(session: Session, request: ChangesBetweenRequest, context: TaskContext) -> ChangesBetweenResult:
    """Raises: as `asked_state`, whose ordinal is `last`."""
    asked = asked_state(session, _up_to_last(request), context)
    found = trace(
        asked.history.folded,
        "changes",
        {"first": request.first, "last": request.last, "most": MOST_NAMED},
        ordinal=asked.ordinal,
        seconds=request.seconds,
        progress=context.progress,
        token=context.token,
    )
    changes = tuple(
        EventChanges(ordinal, total, tuple((kind, pointer) for kind, pointer in named))
        for ordinal, total, named in found.answer["changes"]
    )
    return ChangesBetweenResult(**asked.facts(found), changes=changes, done=found.done, more=found.more)


def _up_to_last(request: ChangesBetweenRequest) -> StateRequest:
    return StateRequest(
        origin=request.origin,
        aggregate_id=request.aggregate_id,
        aggregate_type=request.aggregate_type,
        ordinal=request.last,
        model=request.model,
    )
