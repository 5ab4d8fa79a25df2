"""Two states against each other as the rows of a tree: of one aggregate, or of two of a type."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from auditor.core.compare import Counts
from auditor.core.compared_rows import ComparedRow
from auditor.core.outline import MOST_CHILDREN
from auditor.jobs.asked_pair import PairAnswer, PairRequest, asked_pair
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest(PairRequest):
    """`open` holds the places of containers whose members are shown, each up to `MOST_CHILDREN` or up to the number
    that a mapping gives. Those that differ inside are open anyway, unless a mapping gives 0. With
    `core.compared_rows.UNCHANGED` in it, what is the same in both is shown too."""

    open: Mapping[str, int] | Collection[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareResult(PairAnswer):
    """The rows in display order; `counts`, and `matched` (lists by their pointers in B, with the field that their
    items were matched by, None for their places), are of the whole states."""

    rows: tuple[ComparedRow, ...]
    counts: Counts
    matched: tuple[tuple[str, str | None], ...]


def run(session: Session, request: CompareRequest, context: TaskContext) -> CompareResult:
    """Raises: as `asked_pair`."""
    asked = asked_pair(session, request, context)
    opened = request.open
    served = asked.states(context).compared(
        open=opened if isinstance(opened, Mapping) else dict.fromkeys(opened, MOST_CHILDREN),
        token=context.token,
    )
    return CompareResult(
        **asked.facts(served.a, served.b), rows=served.rows, counts=served.counts, matched=served.matched
    )
