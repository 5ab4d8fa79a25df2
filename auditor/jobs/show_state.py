"""The state of one aggregate at one moment, and whose it is."""

from dataclasses import dataclass
from typing import Any

from auditor.core import exact_json
from auditor.jobs.asked_state import DatedAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStateRequest(StateRequest):
    """The whole state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateResult(DatedAnswer):
    """A state, whose it is, and what it lacks."""

    state_text: str | None
    """Exact JSON; None before the first event."""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return self.document_with(
            state=None if self.state_text is None else exact_json.parse(self.state_text)
        )


def run(session: Session, request: ShowStateRequest, context: TaskContext) -> StateResult:
    """Raises: AggregateNotFound, WrongRequest for an unknown version, ModelError, NotTrusted."""
    asked = asked_state(session, request, context)
    served = asked.history.folded.state_at(asked.ordinal, context.token)
    return StateResult(**asked.dated_facts(served), state_text=served.state_text if served.ordinal else None)
