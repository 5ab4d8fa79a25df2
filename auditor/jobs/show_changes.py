"""The fields in which a state differs from another one of the same aggregate."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from auditor.core import exact_json
from auditor.jobs.asked_state import DatedAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

MOST_CHANGES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowChangesRequest(StateRequest):
    """Compared with the state one event before. At most `most` changes are wanted."""

    most: int = MOST_CHANGES


class FieldChange(NamedTuple):
    """`kind` is added, removed or changed; the texts are exact JSON, None where there was nothing."""

    pointer: str
    kind: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesResult(DatedAnswer):
    """Changes in display order, the first of `total`, against the state after `against` events."""

    against: int
    changes: tuple[FieldChange, ...]
    total: int

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return self.document_with(
            changes=[
                {
                    "path": one.pointer,
                    "kind": one.kind,
                    **({} if one.before is None else {"before": exact_json.parse(one.before)}),
                    **({} if one.after is None else {"after": exact_json.parse(one.after)}),
                }
                for one in self.changes
            ],
            total=self.total,
            more=self.total > len(self.changes),
        )


def run(session: Session, request: ShowChangesRequest, context: TaskContext) -> ChangesResult:
    """Raises: as `asked_state`."""
    asked = asked_state(session, request, context)
    served = asked.history.folded.changes_at(asked.ordinal, most=request.most, token=context.token)
    return ChangesResult(
        **asked.dated_facts(served),
        against=served.against,
        changes=tuple(FieldChange(*one) for one in served.changes),
        total=served.total,
    )
