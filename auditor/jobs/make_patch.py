"""The JSON Patch (RFC 6902) that makes one state of another."""

from dataclasses import dataclass

from auditor.jobs.asked_pair import PairAnswer, PairRequest, asked_pair
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePatchRequest(PairRequest):
    """All of it, however long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchResult(PairAnswer):
    """`text` is JSON: a list of operations that, applied to A, give exactly B."""

    text: str


def run(session: Session, request: MakePatchRequest, context: TaskContext) -> PatchResult:
    """Raises: as `asked_pair`."""
    asked = asked_pair(session, request, context)
    served = asked.states(context).patch(token=context.token)
    return PatchResult(**asked.facts(served.a, served.b), text=served.patch_text)
