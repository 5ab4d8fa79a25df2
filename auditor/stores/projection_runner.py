"""Keeping a read model in step with an event store, with the handlers in this process."""

import hashlib
import inspect
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

from auditor.core.catch_up import CatchUp, CaughtUp
from auditor.core.errors import WrongRequest
from auditor.core.events import RecordedEvent
from auditor.core.ports import NeverStopped, StopToken
from auditor.core.projecting_here import ProjectingHere
from auditor.core.projection import Projection
from auditor.core.projection_run import Progress, ProjectionRun
from auditor.core.subscription import pause
from auditor.core.text import tr
from auditor.core.timestamps import format_timestamp
from auditor.stores.native_store import EventStore
from auditor.stores.read_model_live import LiveRows, live_rows
from auditor.stores.read_model_place import ReadModelPlace, place_beside, read_model_place
from auditor.stores.read_model_schema import Build, Checkpoint
from auditor.stores.read_model_target import ReadModelTarget
from auditor.stores.read_model_waiting import Waiter


class ProjectionRunner:
    """One projection of one store. It opens the read model only while it works.

    `projection` is a class or an object of it; `target` the place of the read model as path or SQLAlchemy URL, else the
    one beside the store.
    Its code is the file in which the class stands: rows that other code has made are refused until `rebuild`. Each
    batch of events is one transaction of rows and checkpoint. Any number of runners, in any processes, may serve one
    read model: they take turns. One runner works for one thread at a time; `wait_for` and `position` are free.
    """

    def __init__(
        self,
        store: EventStore,
        projection: Projection | type[Projection],
        target: str | Path | ReadModelPlace | None = None,
        *,
        poll_seconds: float = 0.2,
    ) -> None:
        """Opens and makes nothing. Raises: ModelError for a projection that declares no name or no fitting tables."""
        self._store = store
        self._projecting = ProjectingHere(projection)
        self._named_target = target
        self._sha256 = _sha256_of(projection if isinstance(projection, type) else type(projection))
        self._poll_seconds = poll_seconds
        self._at_work = threading.Lock()
        self._catching_up = CatchUp(
            self.name,
            _StoreEvents(store),
            self._projecting,
            self._open,
            token=NeverStopped(),
            now=time.monotonic,
        )

    @property
    def name(self) -> str:
        return self._projecting.name

    @cached_property
    def target(self) -> ReadModelPlace:
        """Where the read model stands, or will stand. Raises: PasswordNeeded, StoreError."""
        if self._named_target is None:
            return place_beside(self._store.location)
        return read_model_place(self._named_target, store=self._store.location)

    @property
    def position(self) -> int:
        """Up to where the rows are true now; 0 where there are none yet. Raises: StoreError, StoreBusy."""
        with self._waiter() as waiter:
            return waiter.position()

    def catch_up(self, stop: StopToken | None = None) -> CaughtUp:
        """Brings the rows to where the store ends now; where there are none, from the first event.

        Raises: StoreBusy where a rebuild or another runner has the read model; RebuildNeeded for rows of another
        store or other code, and for a checkpoint beyond the end of the store; ProjectionFailed naming the event;
        StoreError. Rows and checkpoint are those of the last batch then.
        """
        with self._working(stop):
            return self._catching_up.once()

    def follow(self, stop: StopToken) -> CaughtUp:
        """Catches up and goes on with what is appended, until it is stopped. Looks every `poll_seconds`.

        While a rebuild or another runner has the read model it waits. Raises: as `catch_up`, but not StoreBusy.
        """
        with self._working(stop):
            return self._catching_up.follow(self._pause)

    def rebuild(self, stop: StopToken | None = None) -> CaughtUp:
        """From the first event into new tables, which take the place of the live ones at the end, at once.

        Raises: as `catch_up`, but not RebuildNeeded. Stopped or failed, the live rows are as they were.
        """
        with self._working(stop), ReadModelTarget(self.target, store=self._store.location) as target:
            began, events = time.monotonic(), _StoreEvents(self._store)
            events.up_to(events.head())
            target.begin(self._wanted(events.end), self._projecting.tables)
            self._catching_up.forget()
            self._projecting.look_up(target.fetch)
            self._projecting.restart(empty=True)
            run = ProjectionRun(
                events,
                self._projecting,
                target,
                token=self._catching_up.token,
                now=time.monotonic,
                committed=_unheard,
            )
            at_end = run.run()
            progress = run.progress
            if at_end:
                target.swap(_build(progress, time.monotonic() - began))
        return CaughtUp(
            position=progress.position if at_end else self.position,
            events=progress.done,
            rows=progress.rows,
            unknown=progress.unknown,
            at_end=at_end,
        )

    def wait_for(self, position: int, timeout: float = 5.0) -> int:
        """Waits until the rows have come to `position`, by this runner or by one in another process.

        `append` tells the positions of what it stored: `runner.wait_for(recorded[-1].position)` lets its caller read
        its own writes. Returns the position that was reached.

        Raises: NotYetProjected after `timeout` seconds, saying how far it came; StoreError.
        """
        with self._waiter() as waiter:
            return waiter.wait_for(position, timeout)

    def _waiter(self) -> Waiter:
        return Waiter(self.target, self.name, self._store.store_id)

    def _wanted(self, target: int = 0) -> Checkpoint:
        return Checkpoint(
            projection=self.name,
            store_id=self._store.store_id,
            position=0,
            events=0,
            target=target,
            model_sha256=self._sha256,
            tables=tuple(table.name for table in self._projecting.tables),
        )

    def _open(self) -> AbstractContextManager[LiveRows]:
        return live_rows(
            self.target,
            store=self._store.location,
            wanted=self._wanted(),
            tables=self._projecting.tables,
            code_sha256=None,
            now=time.monotonic,
        )

    @contextmanager
    def _working(self, stop: StopToken | None) -> Iterator[None]:
        if not self._at_work.acquire(blocking=False):
            raise WrongRequest(
                tr("This runner of {name} is at work already.", name=self.name),
                tr("Give each thread a runner of its own."),
            )
        try:
            self._catching_up.token = stop or NeverStopped()
            yield
        finally:
            self._catching_up.token = NeverStopped()
            self._at_work.release()

    def _pause(self) -> None:
        pause(self._catching_up.token, self._poll_seconds)


class _StoreEvents:
    """The events of a store in the order of positions, all through `read_all`: what it guarantees holds here too."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._open: Iterator[RecordedEvent] = iter(())
        self._read_to = -1
        self.end = 0

    def head(self) -> int:
        return self._store.head() or 0

    def up_to(self, position: int) -> None:
        self.end = position
        self._read_to = -1

    def read(self, after: int, most: int) -> Sequence[RecordedEvent]:
        if after != self._read_to:
            self._open = self._store.read_all(self._store.cursor_at(after))
        events = list(islice(self._open, most))
        while events and events[-1].position > self.end:
            events.pop()
        self._read_to = events[-1].position if events else -1
        return events


def _sha256_of(made: type) -> str | None:
    """The hash over the file in which the class stands; None for a class of an interactive session."""
    try:
        return hashlib.sha256(Path(inspect.getfile(made)).read_bytes()).hexdigest()
    except (OSError, TypeError):
        return None


def _build(progress: Progress, seconds: float) -> Build:
    return Build(
        built_at=format_timestamp(datetime.now(UTC)),
        seconds=round(seconds, 3),
        events=progress.done,
        rows=progress.rows,
        code_sha256=None,
    )


def _unheard(_: Progress) -> None:
    """Nobody listens."""
