"""The native event store."""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Column, Select, bindparam, func, literal_column, select

from auditor.core.cursors import cursor_place, cursor_token
from auditor.core.errors import StoreDamaged, StoreError, StoreReplaced, WrongRequest
from auditor.core.events import DomainEvent, RecordedEvent, as_event
from auditor.core.ports import NeverStopped, StopToken
from auditor.core.subscription import subscription
from auditor.core.text import tr
from auditor.stores.dialects import Dialect, DriverConnection, dialect_for, native_home
from auditor.stores.location import StoreLocation, store_location
from auditor.stores.native_append import Appender
from auditor.stores.native_batch import Batches, prepare
from auditor.stores.native_opening import open_native
from auditor.stores.native_schema import RECORDED_COLUMNS, events, streams
from auditor.stores.native_snapshots import NativeSnapshots

_LISTING = "native events"
_READ_BATCH = 500
_IDS_AT_ONCE = 200
_HIGHEST = 2**63 - 1


class EventStore:
    """A native store, opened for reading and appending.

    `url` is a path or an SQLAlchemy URL: of an SQLite file, or of a PostgreSQL database, where the tables stand in the
    first schema of the search path. The store is made where there is none yet, unless `create` is false; `domain`
    marks a new store and is demanded of an old one. A new store takes `store_id`, an old one keeps its own. Waits
    `busy_seconds` for other writers.

    Several processes may have one store open, each by an `EventStore` of its own. Threads may share one; their calls
    take turns. After a fork the child opens its own. Where the server was restarted or has ended an idle session, the
    next call makes a new connection; a call that meets it in its midst raises StoreError and is not repeated.

    Raises: StoreError for anything that is no native store, or one made by a newer version; StoreBusy.
    """

    def __init__(
        self,
        url: str | StoreLocation,
        *,
        domain: str | None = None,
        create: bool = True,
        store_id: str | None = None,
        busy_seconds: float = 5.0,
    ) -> None:
        self.location: StoreLocation = store_location(url)
        self._dialect = dialect_for(self.location, busy_seconds)
        self._turn = threading.RLock()
        self._process = os.getpid()
        self._appender = Appender(self._dialect)
        self._selects = _Selects(self._dialect)
        opened = open_native(self._dialect, domain=domain, create=create, store_id=store_id)
        self._open: DriverConnection | None = opened.connection
        self.snapshots: Final = NativeSnapshots(self._dialect, self._rows)
        self._store_id, self._domain = opened.store_id, opened.domain

    @property
    def store_id(self) -> str:
        return self._store_id

    @property
    def domain(self) -> str | None:
        """The mark of the domain for which the store was made."""
        return self._domain

    def close(self) -> None:
        """Leaves one file without others beside it, unless the store is open elsewhere. May be called again."""
        with self._turn:
            connection, self._open = self._open, None
            if connection is not None and self._process == os.getpid():
                try:
                    native_home(self._dialect).leave_writing_mode(connection)
                finally:
                    connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- writing -----------------------------------------------------------------------------------------------

    def append(
        self, aggregate_id: str, events: Sequence[DomainEvent], expected_version: int
    ) -> list[RecordedEvent]:
        """Appends the events of one aggregate in one transaction. `expected_version` 0 means a new aggregate.

        Raises: ConcurrencyError if the aggregate has another version; DuplicateEvent; StoreBusy if the write lock is
        not to be had in time; StoreFull; ValueError for no events, another aggregate's id or type, and versions that
        are not expected + 1 … n. Nothing is stored then.
        """
        return self.append_many({aggregate_id: (events, expected_version)})

    def append_many(self, batches: Batches) -> list[RecordedEvent]:
        """Appends events of several aggregates in one transaction; returns them in the order of their positions.

        A `RecordedEvent` is written as it is, its texts byte for byte; its `position` only says where it stands among
        the others of this call. New events follow the one given before them.

        Raises: as `append`; nothing of any aggregate is stored then.
        """
        batch = prepare(batches)
        with self._turn:
            connection = self._connection()
            return self._appender.append(connection, batch) if batch.rows else []

    # -- reading -----------------------------------------------------------------------------------------------

    def get_events(
        self, aggregate_id: str, from_version: int = 1, to_version: int | None = None
    ) -> Iterator[RecordedEvent]:
        """The events of an aggregate in the order of versions, both ends included; none for an unknown one.

        Read in batches: no lock is held while the caller works. Raises: StoreDamaged where a version is missing.
        """
        if not self._dialect.holds(aggregate_id):
            return  # no aggregate can have such an id
        last = _HIGHEST if to_version is None else to_version
        due = max(1, from_version)
        while True:
            batch = self._rows(self._selects.of_aggregate, (aggregate_id, due, last, _READ_BATCH))
            if batch and RecordedEvent._make(batch[-1]).version - due + 1 != len(batch):
                raise self._incomplete(aggregate_id, due, len(batch))
            yield from map(as_event, batch)
            if len(batch) < _READ_BATCH:
                return
            due += len(batch)

    def _incomplete(self, aggregate_id: str, first: int, found: int) -> StoreDamaged:
        return StoreDamaged(
            tr(
                "{path} is damaged: of {id!r} only {found} of the events from version {first} on are there, and later "
                "ones.",
                path=self._dialect.shown_name,
                id=aggregate_id,
                found=found,
                first=first,
            ),
            tr("Something removed events from the store. Restore it from a backup."),
        )

    def read_all(self, after: str | None = None) -> Iterator[RecordedEvent]:
        """All events in the order of positions, up to the last one there is when the reader comes to it.

        `after` is what `cursor_after` gave for an event. Read in batches: no lock is held while the caller works.

        Raises: WrongRequest for a text that is no such token, and for one of another store.
        """
        position = 0 if after is None else self._position_in(after)
        return self._read_after(position)

    def subscribe(
        self, after: str | None = None, *, stop: StopToken | None = None, poll_seconds: float = 0.2
    ) -> Iterator[RecordedEvent]:
        """All events as `read_all` gives them, then those that are appended, until `stop` says so: catch up, follow.

        Asks the store every `poll_seconds` once there is nothing new; a stop is noticed within 0.05 s. Events come
        once each and in the order of positions, as far as they were taken; whoever stops in between goes on with
        `cursor_after` the last one. While the store is busy it waits.

        Raises: WrongRequest as `read_all`; StoreReplaced where events are gone that were given before.
        """
        position = 0 if after is None else self._position_in(after)
        return subscription(self._read_after, self.head, position, stop or NeverStopped(), poll_seconds)

    def cursor_after(self, event: RecordedEvent) -> str:
        """The token with which `read_all` goes on after this event."""
        return self.cursor_at(event.position)

    def cursor_at(self, position: int) -> str:
        """The token with which `read_all` goes on after this position; 0 is before all."""
        return cursor_token(_LISTING, [self._store_id, position])

    def head(self) -> int | None:
        """The position of the last event; None where there is none."""
        position = self._rows(self._selects.head, ())[0][0]
        return None if position is None else int(position)

    def stream_versions(self, aggregate_ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Version and aggregate type of those aggregates that exist."""
        rows = self._look_up(self._selects.streams_by_id, aggregate_ids)
        return {aggregate_id: (version, aggregate_type) for aggregate_id, version, aggregate_type in rows}

    def find_events(self, event_ids: Iterable[str]) -> dict[str, RecordedEvent]:
        """The events with these ids, as far as they exist."""
        found = map(as_event, self._look_up(self._selects.events_by_id, event_ids))
        return {event.event_id_text: event for event in found}

    def _read_after(self, position: int) -> Iterator[RecordedEvent]:
        while True:
            batch = self._rows(self._selects.after, (position, _READ_BATCH))
            yield from map(as_event, batch)
            if len(batch) < _READ_BATCH:
                return
            position = RecordedEvent._make(batch[-1]).position

    def _position_in(self, token: str) -> int:
        place = cursor_place(_LISTING, token)
        if len(place) != 2 or place[0] != self._store_id or type(place[1]) is not int:
            raise WrongRequest(tr("{token!r} is no place in this store.", token=token))
        return place[1]

    def _look_up(self, statement: str, ids: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        remaining = filter(self._dialect.holds, ids)
        while chunk := list(islice(remaining, _IDS_AT_ONCE)):
            # The statement has a fixed number of places; the last id fills the rest.
            yield from self._rows(statement, (*chunk, *(chunk[-1:] * (_IDS_AT_ONCE - len(chunk)))))

    def _rows(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._turn, self._dialect.told():
            return self._connection().execute(statement, values).fetchall()

    def _connection(self) -> DriverConnection:
        if self._process != os.getpid():
            raise StoreError(
                tr("An event store cannot be used in a forked process."), tr("Open the store again there.")
            )
        if self._open is None:
            raise StoreError(tr("The event store is closed."))
        if self._dialect.is_lost(self._open):
            self._open = self._again()
        return self._open

    def _again(self) -> DriverConnection:
        """A new connection to the same store. Raises: StoreError where another one stands there now."""
        opened = open_native(self._dialect, domain=self._domain, create=False)
        if opened.store_id != self._store_id:
            opened.connection.close()
            raise StoreReplaced(
                tr("{path} is another store now than the one that was open.", path=self._dialect.shown_name),
                tr("Open it again to work with the new one."),
            )
        return opened.connection


class _Selects:
    """The texts of all reading statements, made once."""

    def __init__(self, dialect: Dialect) -> None:
        recorded = select(*RECORDED_COLUMNS)
        self.of_aggregate = dialect.compiled(
            _page(
                recorded.where(
                    events.c.aggregate_id == bindparam("id"),
                    events.c.version.between(bindparam("first"), bindparam("last")),
                ).order_by(events.c.version)
            ),
            *("id", "first", "last", "limit"),
        )
        self.after = dialect.compiled(
            _page(recorded.where(events.c.position > bindparam("after")).order_by(events.c.position)),
            *("after", "limit"),
        )
        self.head = dialect.compiled(select(func.max(events.c.position)))
        names = [f"id_{number}" for number in range(_IDS_AT_ONCE)]
        self.streams_by_id = dialect.compiled(
            select(streams.c.aggregate_id, streams.c.version, streams.c.aggregate_type).where(
                _one_of(streams.c.aggregate_id, names)
            ),
            *names,
        )
        self.events_by_id = dialect.compiled(recorded.where(_one_of(events.c.event_id, names)), *names)


def _page(statement: Select[Any]) -> Select[Any]:
    limit: Any = bindparam("limit")
    # Without an offset of ours SQLAlchemy adds one as a parameter.
    return statement.limit(limit).offset(literal_column("0"))


def _one_of(column: Column[Any], names: list[str]) -> Any:
    return column.in_([bindparam(name) for name in names])
