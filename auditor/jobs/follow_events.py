"""Events as they are appended, until the asker has enough."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.core.asked_time import asked_moment
from auditor.core.errors import StoreBusy
from auditor.core.events import RecordedEvent
from auditor.jobs.origin import Origin
from auditor.jobs.read_new_events import refuse_lost_events
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.pages import EventPage

_AT_ONCE: Final = 500
_PAUSE: Final = 0.2
_BUSY_PAUSES: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowEventsRequest:
    """Beyond the token `after`, or from now on; filters as in `ListEventsRequest`. Without `most` there is no end.

    `on_events` is called with each lot as it comes, never an empty one.
    """

    origin: Origin
    on_events: Callable[[list[RecordedEvent]], None]
    most: int | None = None
    aggregate_id: str | None = None
    event_type: str | None = None
    user: str | None = None
    since: str | None = None
    until: str | None = None
    after: str | None = None


def run(session: Session, request: FollowEventsRequest, context: TaskContext) -> int:
    """Returns how many events were told, which is `most`.

    Raises: Cancelled, its usual end; AggregateNotFound, WrongRequest; StoreReplaced, StoreDamaged; StoreBusy when
    another program holds its lock for half a minute.
    """
    return _Following(session, request, context).run()


class _Following:
    def __init__(self, session: Session, request: FollowEventsRequest, context: TaskContext) -> None:
        self._reader = session.reader
        self._request = request
        self._context = context
        self._told = 0
        self._place = 0
        self._since = None if request.since is None else asked_moment(request.since)
        self._until = None if request.until is None else asked_moment(request.until)

    def run(self) -> int:
        if self._request.aggregate_id is not None:
            self._reader.aggregate(self._request.aggregate_id)
        token = self._request.after
        if token is None:
            self._place = self._reader.head() or 0
        while token is not None and not self._has_enough:
            token = self._take(after=token)
        busy = 0
        while not self._has_enough:
            try:
                while self._take(beyond=self._place) is not None and not self._has_enough:
                    busy = 0
            except StoreBusy:
                busy += 1
                if busy > _BUSY_PAUSES:
                    raise
            if not self._has_enough:
                time.sleep(_PAUSE)
        return self._told

    @property
    def _has_enough(self) -> bool:
        return self._request.most is not None and self._told >= self._request.most

    def _take(self, *, after: str | None = None, beyond: int | None = None) -> str | None:
        """Tells a page; the token of the next one, where there is one by now."""
        request = self._request
        with self._reader.one_moment():
            page = self._reader.events(
                aggregate_id=request.aggregate_id,
                event_type=request.event_type,
                user=request.user,
                since=self._since,
                until=self._until,
                limit=_AT_ONCE,
                after=after,
                beyond=beyond,
            )
            head = self._reader.head() or 0
        refuse_lost_events(self._reader.location.name, self._place, head)
        self._place = page.events[-1].position if page.more else head
        self._tell(page)
        return page.after

    def _tell(self, page: "EventPage") -> None:
        left = len(page.events) if self._request.most is None else self._request.most - self._told
        events = page.events[:left]
        for note in page.notes:
            self._context.warn(note)
        if events:
            self._request.on_events(events)
        self._told += len(events)
