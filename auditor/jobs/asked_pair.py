"""What the questions about two states have in common: which states are meant, and what is said of each."""

from dataclasses import dataclass, replace
from typing import Any

from auditor.core.errors import WrongRequest
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.guest.comparisons import StatePair
from auditor.guest.served import Served
from auditor.jobs.asked_state import AskedState, DatedAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRequest(StateRequest):
    """A is the state that a `StateRequest` names. B is at most one of `other` (an ordinal), `other_version`; without
    either, the last one. `other_aggregate` (id, and type where the id is not unique) is whose state B is; None: the
    same aggregate's."""

    other: int | None = None
    other_version: int | None = None
    other_aggregate: tuple[str, str | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAnswer:
    """Which two states an answer is about, whose they are, and what they lack."""

    a: DatedAnswer
    b: DatedAnswer

    @property
    def is_of_one(self) -> bool:
        """Whether both are states of the same aggregate."""
        return self.a.aggregate_id == self.b.aggregate_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPair:
    """Two states that can be asked for: their events are read and folded."""

    a: AskedState
    b: AskedState

    @property
    def is_of_one(self) -> bool:
        return self.a.history is self.b.history

    def states(self, context: TaskContext) -> StatePair:
        """For the worker. Of two aggregates, the state of A is fetched first."""
        if self.is_of_one:
            return StatePair(self.a.history.folded, self.a.ordinal, self.b.ordinal)
        served = self.a.history.folded.state_at(self.a.ordinal, context.token)
        text = served.state_text if served.ordinal else None
        return StatePair(self.b.history.folded, None, self.b.ordinal, served, text)

    def facts(self, served_a: Served, served_b: Served) -> dict[str, Any]:
        """The fields of a `PairAnswer`."""
        return {
            "a": DatedAnswer(**self.a.dated_facts(served_a)),
            "b": DatedAnswer(**self.b.dated_facts(served_b)),
        }


def asked_pair(session: Session, request: PairRequest, context: TaskContext) -> AskedPair:
    """Reads and folds what is not there yet, telling progress.

    Raises: as `asked_state`, and WrongRequest for two aggregates of different types.
    """
    a = asked_state(session, request, context)
    whose = request.other_aggregate or (a.row.aggregate_id, a.row.aggregate_type)
    other = replace(
        request,
        aggregate_id=whose[0],
        aggregate_type=whose[1],
        ordinal=request.other,
        version=request.other_version,
        as_of=None,
        position=None,
        event_id=None,
    )
    b = asked_state(session, other, context)
    if a.row.aggregate_type != b.row.aggregate_type:
        raise WrongRequest(
            tr(
                "{a} is of the type {type_a}, and {b} of the type {type_b}: their states have not the same fields.",
                a=display(a.row.aggregate_id),
                b=display(b.row.aggregate_id),
                type_a=display(a.row.aggregate_type),
                type_b=display(b.row.aggregate_type),
            ),
            tr("Name two aggregates of one type."),
        )
    return AskedPair(a=a, b=b)
