"""One field of a state, whole."""

from dataclasses import dataclass
from typing import Any

from auditor.core import exact_json
from auditor.core.errors import WrongRequest
from auditor.core.text import tr
from auditor.jobs.asked_state import DatedAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFieldRequest(StateRequest):
    """`pointer` is a JSON Pointer (RFC 6901); the empty one names the whole state."""

    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldResult(DatedAnswer):
    """`text` is exact JSON."""

    pointer: str
    text: str

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return self.document_with(pointer=self.pointer, value=exact_json.parse(self.text))


def run(session: Session, request: ShowFieldRequest, context: TaskContext) -> FieldResult:
    """Raises: WrongRequest also for a field that the state does not have; else as `asked_state`."""
    asked = asked_state(session, request, context)
    served = asked.history.folded.field_at(asked.ordinal, request.pointer, context.token)
    if served.text is None:
        raise WrongRequest(
            tr(
                "There is no field {pointer!r} in that state: {why}.",
                pointer=request.pointer,
                why=served.missing,
            ),
            tr("Pointers are written like /lines/0/price, with ~1 for / and ~0 for ~ within a name."),
        )
    return FieldResult(**asked.dated_facts(served), pointer=request.pointer, text=served.text)
