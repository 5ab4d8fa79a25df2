"""A page of the aggregates of a store."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.pages import AggregateRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAggregatesRequest:
    """In the order of their ids; `after` is the token that the page before named."""

    origin: Origin
    limit: int
    aggregate_type: str | None = None
    prefix: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAggregatesResult:
    """`head` is the end of the store when this was read."""

    aggregates: "tuple[AggregateRow, ...]"
    more: bool
    after: str | None
    store_id: str
    head: int | None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "aggregates": [
                {
                    "aggregate_id": row.aggregate_id,
                    "aggregate_type": row.aggregate_type,
                    "version": row.version,
                    "events": row.events,
                    "last_timestamp": row.last_timestamp,
                }
                for row in self.aggregates
            ],
            "more": self.more,
            "after": self.after,
            "store_id": self.store_id,
            "head": self.head,
        }


def run(session: Session, request: ListAggregatesRequest, context: TaskContext) -> ListAggregatesResult:
    context.token.raise_if_cancelled()
    head = session.reader.head()
    page = session.reader.aggregates(
        aggregate_type=request.aggregate_type,
        prefix=request.prefix,
        limit=request.limit,
        after=request.after,
    )
    return ListAggregatesResult(
        aggregates=tuple(page.aggregates),
        more=page.more,
        after=page.after,
        store_id=session.reader.store_id,
        head=head,
    )
