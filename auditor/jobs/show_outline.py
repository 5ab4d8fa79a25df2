"""What is open of a state's tree, compared with another state of the same aggregate."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from auditor.core.outline import MOST_CHILDREN, OutlineRow
from auditor.jobs.asked_state import StateAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOutlineRequest(StateRequest):
    """`against` is an ordinal, None for the one before. `open` holds the pointers of containers whose members are
    shown, each up to `MOST_CHILDREN` or up to the number that a mapping gives; the root ("") is always open."""

    against: int | None = None
    open: Mapping[str, int] | Collection[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineResult(StateAnswer):
    """The rows in display order, and how many fields of the whole state differ from the one after `against` events."""

    against: int
    rows: tuple[OutlineRow, ...]
    added: int
    removed: int
    changed: int


def run(session: Session, request: ShowOutlineRequest, context: TaskContext) -> OutlineResult:
    """Before the first event there are no rows.

    Raises: AggregateNotFound, WrongRequest for an unknown version, ModelError, NotTrusted, Cancelled.
    """
    asked = asked_state(session, request, context)
    if request.against is not None:
        asked.history.read(request.against, context)
    opened = request.open
    served = asked.history.folded.outline_at(
        asked.ordinal,
        against=request.against,
        open=opened if isinstance(opened, Mapping) else dict.fromkeys(opened, MOST_CHILDREN),
        token=context.token,
    )
    return OutlineResult(
        **asked.facts(served),
        against=served.against,
        rows=served.rows,
        added=served.added,
        removed=served.removed,
        changed=served.changed,
    )
