"""The viewer's way into a store: pages, marks, counts and scans, all read-only."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from auditor.core.errors import AggregateNotFound, WrongRequest
from auditor.core.events import RecordedEvent
from auditor.core.ports import NeverStopped, ReportProgress, StopToken
from auditor.core.text import tr
from auditor.stores.aggregate_history import events_of
from auditor.stores.aggregate_pages import AggregateFilter, aggregates_page, count_matching, newer_than
from auditor.stores.causation import EventLinks
from auditor.stores.column_kinds import AGGREGATE_KINDS, EVENT_KINDS
from auditor.stores.counting import count_beyond, count_store, estimate_store
from auditor.stores.detect import detect_layout, refuse_newer
from auditor.stores.dialects import viewed_store
from auditor.stores.dialects.viewing import ViewedStore
from auditor.stores.event_links import linked_event, position_of_event, position_of_id
from auditor.stores.event_marks import ids_hint, locate_event
from auditor.stores.event_parts import EventParts
from auditor.stores.listing import (
    AGGREGATE_COLUMNS,
    bound,
    events_page,
    place_token,
    stored_integer,
    token_place,
)
from auditor.stores.location import StoreLocation, store_location
from auditor.stores.moments import Moments
from auditor.stores.native_schema import RECORDED_COLUMNS, events, store_info, streams
from auditor.stores.pages import (
    AggregateOrder,
    AggregatePage,
    AggregateRow,
    EventMark,
    EventPage,
    LinkedEvent,
    NewEvents,
    StoreInfo,
    Timeline,
)
from auditor.stores.reading import Reading
from auditor.stores.scanning import Query
from auditor.stores.snapshot_rows import StoredSnapshots, keeps_snapshots
from auditor.stores.timeline_columns import read_timeline

_LOWEST: Final = -(2**63)
_MOST_ROWS: Final = 2**62  # what a database can count to


def open_reader(location: str | Path | StoreLocation, *, token: StopToken | None = None) -> "StoreReader":
    """Opens a store for viewing: a path, a URL, or a place that may hold a password. Counts and checks nothing that
    costs time; changes nothing.

    Raises: StoreError with its own sentence for each problem, PasswordNeeded, StoreBusy, StoreDamaged, Cancelled.
    """
    place = store_location(location) if isinstance(location, str | Path) else location
    store = viewed_store(place, token or NeverStopped())
    try:
        return StoreReader(store)
    except BaseException:
        store.close()
        raise


class StoreReader:
    """An open store. May be used from any thread; a context manager.

    `product` is the database with its version, `access` says how it is kept unchanged, `warnings` what a reader of its
    answers must know; they may grow. `links` finds causes and effects, `moments` the last event as of a moment,
    `snapshots` are those that the application keeps, `parts` reads of events only what is needed.
    """

    def __init__(self, store: ViewedStore) -> None:
        self._store = store
        self.location: StoreLocation = store.location
        self.product = store.product
        self.access = store.access
        self.warnings = store.warnings
        self._reading = Reading(store)
        self.links = EventLinks(self._reading)
        self.moments = Moments(self._reading)
        self.parts = EventParts(self._reading)
        with store.gate.within(store.opening_seconds), store.translated(), store.reading() as cursor:
            relations = store.relations(cursor)
            self.layout = detect_layout(relations, self.location.name)
            self.snapshots = StoredSnapshots(self._reading, there=keeps_snapshots(relations))
            found: list[tuple[str, str]] = []
            Query(select(store_info.c.name, store_info.c.value)).fill(found, cursor, tuple)
            facts = dict(found)
            self.store_id = str(facts.get("store_id") or "")
            self._refuse_newer(facts.get("schema_version"))
            store.recognise(cursor)
        self.domain: str | None = facts.get("domain")
        self.capabilities: Mapping[str, Any] = store.capabilities
        store.look_closer()

    def _say_where_users_are_found(self) -> None:
        limit = self._store.limit_of_users
        if limit and limit not in self.warnings:
            self.warnings.append(limit)

    def _refuse_newer(self, schema_version: Any) -> None:
        if str(schema_version).isdecimal():
            refuse_newer(int(schema_version), self.location.name)

    def one_moment(self) -> AbstractContextManager[None]:
        """What this thread asks within the block is answered from one moment of the store. Keep it short."""
        return self._reading.one_moment()

    # -- lists -------------------------------------------------------------------------------------------------

    def aggregates(
        self,
        *,
        aggregate_type: str | None = None,
        prefix: str | None = None,
        order: AggregateOrder = "id",
        limit: int,
        after: str | None = None,
        before: str | None = None,
        count_to: int = 0,
    ) -> AggregatePage:
        """A page in that order; with `count_to` what the filters let through is counted, up to that many.

        Raises: StoreDamaged naming the last good row, never a short page; WrongRequest.
        """
        wanted = AggregateFilter(
            aggregate_type=aggregate_type, prefix=prefix, by_code_points=self._store.by_code_points
        )
        page = aggregates_page(
            self._reading, wanted, order=order, limit=_checked(limit), after=after, before=before
        )
        return replace(page, matching=count_matching(self._reading, wanted, count_to)) if count_to else page

    def aggregate(self, aggregate_id: str, *, aggregate_type: str | None = None) -> AggregateRow:
        """Raises: AggregateNotFound."""
        statement = select(*AGGREGATE_COLUMNS).where(streams.c.aggregate_id == bound(aggregate_id))
        rows: list[AggregateRow] = []
        self._reading.page(rows, statement, AGGREGATE_KINDS, 1)
        if not rows or aggregate_type not in (None, rows[0].aggregate_type):
            if not rows:
                raise AggregateNotFound(aggregate_id, ids_hint())
            hint = tr("The one with that id is of type {type!r}.", type=rows[0].aggregate_type)
            raise AggregateNotFound(aggregate_id, hint, aggregate_type=aggregate_type)
        return rows[0]

    def events(
        self,
        *,
        aggregate_id: str | None = None,
        event_type: str | None = None,
        user: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int,
        after: str | None = None,
        beyond: int | None = None,
    ) -> EventPage:
        """A page in position order; of one aggregate in version order, unless it is of what is `beyond` a position.

        `since` ≤ time < `until`, fixed-width UTC.
        """
        listing = "events" if aggregate_id is None else f"events of {aggregate_id}"
        kinds = (int,) if aggregate_id is None else (int | float | str | bytes, int)
        typed = not self._store.keeps_any_kind
        statement = events_page(
            aggregate_id=aggregate_id,
            event_type=event_type,
            user=user,
            since=since,
            until=until,
            after=None if after is None else token_place(listing, after, *kinds, typed=typed),
            beyond=beyond,
            limit=_checked(limit) + 1,
        )
        if user is not None:
            self._say_where_users_are_found()
        rows: list[RecordedEvent] = []
        filled = self._reading.page(
            rows,
            statement,
            EVENT_KINDS,
            limit,
            lambda row: [row.position] if aggregate_id is None else [row.version, row.position],
        )
        token = place_token(listing, filled.last) if filled.more and filled.last else None
        return EventPage(rows, filled.more, token, filled.notes)

    # -- one aggregate -----------------------------------------------------------------------------------------

    def locate(
        self,
        aggregate_id: str,
        *,
        version: int | None = None,
        as_of: str | None = None,
        position: int | None = None,
    ) -> EventMark:
        """The aggregate's last event that the one given condition allows; without any, its last event.

        `as_of` (fixed-width UTC) and `position` include their own moment and may lie before the first event.
        Raises: AggregateNotFound; WrongRequest for a version that is not there, naming the range.
        """
        return locate_event(self._reading, aggregate_id, version=version, as_of=as_of, position=position)

    def timeline(
        self, aggregate_id: str, *, after: int = 0, length: int = 0, progress: ReportProgress | None = None
    ) -> Timeline:
        """The events beyond ordinal `after` as columns; none for an unknown aggregate. `length` is for progress alone.

        Raises: StoreDamaged naming the last good event; Cancelled.
        """
        found = read_timeline(self._reading, aggregate_id, after=after, length=length, progress=progress)
        if None in found.users:
            self._say_where_users_are_found()
        return found

    def event(
        self,
        *,
        aggregate_id: str | None = None,
        ordinal: int | None = None,
        version: int | None = None,
        event_id: str | None = None,
    ) -> LinkedEvent:
        """The event of that id, or the one of the aggregate with that ordinal or that version (neither: the last),
        with its cause and its effects.

        Raises: AggregateNotFound; WrongRequest for one that is not there; StoreDamaged.
        """
        with self._reading.one_moment():
            if event_id is not None:
                position = position_of_id(self._reading, event_id)
            else:
                position = position_of_event(self._reading, aggregate_id or "", ordinal, version)
            return linked_event(self._reading, position, ordinal if event_id is None else None)

    def aggregate_events(
        self, aggregate_id: str, *, up_to: int, batch: int = 1000, after: int | None = None
    ) -> Iterator[list[RecordedEvent]]:
        """The first `up_to` events of the aggregate in version order, in batches; none for an unknown one.
        With `after`, the position of one of its events, the first `up_to` behind that one.

        Raises: StoreDamaged after the last good event; Cancelled; StoreReplaced.
        """
        return events_of(self._reading, aggregate_id, up_to=up_to, batch=batch, after=after)

    # -- the whole store ---------------------------------------------------------------------------------------

    def scan(self, *, after: int = 0, up_to: int, batch: int = 2000) -> Iterator[list[RecordedEvent]]:
        """All events with after < position ≤ `up_to` in position order, each batch in a short transaction of its own.

        Raises: StoreDamaged after the last good event; Cancelled; StoreReplaced.
        """
        statement = (
            select(*RECORDED_COLUMNS)
            .where(events.c.position > bindparam("position"), events.c.position <= stored_integer(up_to))
            .order_by(events.c.position)
            .limit(bindparam("most"))
        )
        return self._reading.batches(
            Query(statement),
            {"position": stored_integer(after)},
            lambda row: {"position": row.position},
            batch,
            None,
            tr("position {position}", position=after) if after else None,
        )

    def newer(self, after: int, *, most: int) -> NewEvents:
        """What was appended beyond the position `after`; at most so many of the aggregates it is of."""
        return newer_than(self._reading, after, most)

    def head(self) -> int | None:
        """The last position; None for a store without events."""
        with self._reading.transaction() as cursor:
            position = Query(select(func.max(events.c.position))).run(cursor).fetchone()[0]
        return None if position is None else int(position)

    def extent(self, *, after: int = 0) -> tuple[int | None, int]:
        """The last position, and how many events there are beyond `after`, both of one moment. Reads an index."""
        with self._reading.transaction() as cursor:
            return count_beyond(cursor, after)

    def info(self, *, estimate: bool = False) -> StoreInfo:
        """Exact counts, which read an index from end to end; with `estimate` a quick hint, marked as such."""
        with self._reading.transaction() as cursor:
            info = estimate_store(cursor) if estimate else count_store(cursor)
        self.warnings += [warning for warning in info.warnings if warning not in self.warnings]
        return info

    # -- the place ---------------------------------------------------------------------------------------------

    def set_token(self, token: StopToken) -> None:
        """From now on this token stops what is being read."""
        self._store.gate.token = token

    def close(self) -> None:
        """Ends reading. The store stays as it is, and a file's folder too."""
        self._store.close()

    def __enter__(self) -> "StoreReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _checked(limit: int) -> int:
    if limit < 1:
        raise WrongRequest(tr("A page of {limit} rows cannot be had.", limit=limit), tr("Ask for 1 or more."))
    return min(limit, _MOST_ROWS)
