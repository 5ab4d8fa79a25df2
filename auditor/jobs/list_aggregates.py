"""A page of the aggregates of a store."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.pages import AggregateOrder, AggregatePage, AggregateRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAggregatesRequest:
    """In the order of their ids, or of their last events, newest first.

    `after` and `before` are tokens that another page of that order named; an empty `before` asks for the last page.
    `around` is the id of an aggregate that the filters let through: the page has those before and behind it. At most
    one of the three. `count_to`: counts what the filters let through, up to that many.
    """

    origin: Origin
    limit: int
    aggregate_type: str | None = None
    prefix: str | None = None
    order: "AggregateOrder" = "id"
    after: str | None = None
    before: str | None = None
    around: str | None = None
    count_to: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAggregatesResult:
    """`more` and `after` tell of the page beyond, `before` of the one in front, None where there is none.

    `head` is the end of the store when this was read. `matching` is how many aggregates there are on all pages, None
    if that was not asked or there are more than `count_to`.
    """

    aggregates: "tuple[AggregateRow, ...]"
    more: bool
    after: str | None
    before: str | None
    store_id: str
    head: int | None
    matching: int | None = None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "aggregates": [aggregate_document(row) for row in self.aggregates],
            "more": self.more,
            "after": self.after,
            "before": self.before,
            "store_id": self.store_id,
            "head": self.head,
        }


def aggregate_document(row: "AggregateRow") -> dict[str, Any]:
    """One of them, as JSON has it."""
    return {
        "aggregate_id": row.aggregate_id,
        "aggregate_type": row.aggregate_type,
        "version": row.version,
        "events": row.events,
        "last_timestamp": row.last_timestamp,
    }


def run(session: Session, request: ListAggregatesRequest, context: TaskContext) -> ListAggregatesResult:
    """Raises: WrongRequest for a token of another list; AggregateNotFound; StoreDamaged naming the last good row."""
    context.token.raise_if_cancelled()
    reader = session.reader
    with reader.one_moment():
        page = (
            _page(
                session,
                request,
                request.limit,
                after=request.after,
                before=request.before,
                count_to=request.count_to,
            )
            if request.around is None
            else _page_around(session, request, request.around)
        )
        head = reader.head()
    return ListAggregatesResult(
        aggregates=tuple(page.aggregates),
        more=page.more,
        after=page.after,
        before=page.before,
        store_id=reader.store_id,
        head=head,
        matching=page.matching,
    )


def _page(
    session: Session,
    request: ListAggregatesRequest,
    limit: int,
    *,
    after: str | None = None,
    before: str | None = None,
    count_to: int = 0,
) -> "AggregatePage":
    return session.reader.aggregates(
        aggregate_type=request.aggregate_type,
        prefix=request.prefix,
        order=request.order,
        limit=limit,
        after=after,
        before=before,
        count_to=count_to,
    )


def _page_around(session: Session, request: ListAggregatesRequest, aggregate_id: str) -> "AggregatePage":
    from auditor.stores.aggregate_pages import place_of
    from auditor.stores.pages import AggregatePage

    row = session.reader.aggregate(aggregate_id, aggregate_type=request.aggregate_type)
    place = place_of(request.order, row)
    half = max(1, request.limit // 2)
    front = _page(session, request, half, before=place)
    back = _page(session, request, half, after=place, count_to=request.count_to)
    rows = [*front.aggregates, row, *back.aggregates]
    return AggregatePage(rows, back.more, back.after, front.before, back.matching)
