"""The fields of a state in whose name or value a text stands."""

from dataclasses import dataclass
from typing import Any

from auditor.core.errors import WrongRequest
from auditor.core.text import tr
from auditor.jobs.asked_state import DatedAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

MOST_FOUND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class FindFieldsRequest(StateRequest):
    """Upper and lower case are the same. At most `most` pointers are wanted."""

    text: str
    most: int = MOST_FOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFields(DatedAnswer):
    """Pointers in display order, the first of `total`."""

    pointers: tuple[str, ...]
    total: int

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        more = self.total > len(self.pointers)
        return self.document_with(pointers=list(self.pointers), total=self.total, more=more)


def run(session: Session, request: FindFieldsRequest, context: TaskContext) -> FoundFields:
    """Raises: WrongRequest for an empty text, else as `asked_state`."""
    if not request.text:
        raise WrongRequest(tr("There is no text to look for."), tr("Give one that is not empty."))
    asked = asked_state(session, request, context)
    served = asked.history.folded.fields_with(
        asked.ordinal, request.text, most=request.most, token=context.token
    )
    return FoundFields(**asked.dated_facts(served), pointers=served.pointers, total=served.total)
