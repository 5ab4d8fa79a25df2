"""What was appended to a store since somebody looked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.core.errors import StoreReplaced
from auditor.core.text import tr
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.pages import AggregateRow

MOST_AGGREGATES: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNewEventsRequest:
    """`after` is the head that an earlier answer had; None for that of an empty store."""

    origin: Origin
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEventsResult:
    """`events` counts those beyond `after`. `aggregates` are those they are of as they are now, newest first, the
    first 10,000; `more`: there are others."""

    head: int | None
    events: int
    aggregates: "tuple[AggregateRow, ...]"
    more: bool
    store_id: str


def run(session: Session, request: ReadNewEventsRequest, context: TaskContext) -> NewEventsResult:
    """Costs next to nothing where nothing is new.

    Raises: StoreReplaced where the store ends before `after`: it is no longer the one that was looked at.
    """
    context.token.raise_if_cancelled()
    after = request.after or 0
    found = session.reader.newer(after, most=MOST_AGGREGATES)
    refuse_lost_events(session.reader.location.name, after, found.head or 0)
    return NewEventsResult(
        head=found.head,
        events=found.events,
        aggregates=tuple(found.aggregates),
        more=found.more,
        store_id=session.reader.store_id,
    )


def refuse_lost_events(name: str, before: int, now: int) -> None:
    """Raises: StoreReplaced where the store called `name` ends before the position it had."""
    if now < before:
        raise StoreReplaced(
            tr(
                "{path} has lost events while it was open: it ended at position {before:,}, now at {now:,}.",
                path=name,
                before=before,
                now=now,
            ),
            tr("What is shown was read from the store before. Open the store again to see the one of now."),
        )
