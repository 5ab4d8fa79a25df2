"""The loop of a projection: events in batches through its handlers into tables, each batch with its checkpoint.

A rebuild runs it from the beginning into shadow tables, catching up from the live checkpoint into the live ones.
Two batches are on their way at a time, so that the projection works on one while the rows of the other are written.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from .errors import Cancelled
from .events import RecordedEvent
from .ports import StopToken
from .rows import TableChanges

Batch = Sequence[RecordedEvent]


class Applied(NamedTuple):
    """What a batch came to: changes by table, and how many events of which type no handler knows."""

    changes: Mapping[str, TableChanges]
    unknown: Mapping[str, int]


class BatchUndecided(Exception):
    """A batch was not applied, and it is not known which of its events stands in the way. With one event it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotStorable(Exception):
    """A row holds what the database has no room for. `reason` says what, in half a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Events(Protocol):
    """The events of the store in global order."""

    def read(self, after: int, most: int) -> Batch:
        """Raises: Cancelled, StoreError."""


class Projecting(Protocol):
    """Runs handlers on batches, in the order in which they are sent."""

    def send(self, batch: Batch) -> None: ...

    def receive(self) -> Applied:
        """The outcome of the oldest batch that has none yet. Raises: BatchUndecided, ProjectionFailed, Cancelled."""

    def start_again(self) -> None:
        """Forgets batches on their way; from now on rows are looked up where they have been written."""

    def failed_at(self, event: RecordedEvent, reason: str) -> Exception:
        """The error that names this event."""


class RowTarget(Protocol):
    """The tables and their checkpoint."""

    def write(self, changes: Mapping[str, TableChanges], *, position: int, events: int) -> int:
        """One transaction. Returns how many rows changed. Raises: NotStorable; nothing is written then."""


@dataclass(slots=True)
class Progress:
    """What this run has committed. `done` counts events, `rows` the rows put or deleted for them; `position` is that
    of the store at which the rows are true."""

    done: int = 0
    rows: int = 0
    position: int = 0
    unknown: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How large batches are: large enough that a commit costs little, small enough to be reported often."""

    first: int = 250
    most: int = 8000
    grow_below: float = 0.08
    shrink_above: float = 0.2


class ProjectionRun:
    """One projection's run over the events beyond `after`, up to where `events` ends.

    `seen` is how many events were seen up to `after`, which the checkpoint counts too. What comes at or below the
    position that the run has reached is skipped.
    """

    def __init__(
        self,
        events: Events,
        projecting: Projecting,
        target: RowTarget,
        *,
        after: int = 0,
        seen: int = 0,
        token: StopToken,
        now: Callable[[], float],
        committed: Callable[[Progress], None],
        pace: Pace | None = None,
    ) -> None:
        self.progress = Progress(position=after)
        self._events = events
        self._projecting = projecting
        self._target = target
        self._seen = seen
        self._token = token
        self._now = now
        self._committed = committed
        self._pace = pace or Pace()
        self._size = self._pace.first
        self._on_their_way: deque[Batch] = deque()
        self._read_up_to = after
        self._at_end = False
        self._careful_up_to = 0

    def run(self) -> bool:
        """Whether it came to the end; False where it was stopped before, between two batches.

        Raises: ProjectionFailed, StoreError; what was committed stays.
        """
        began = self._now()
        try:
            while not self._token.cancelled:
                self._send_more()
                if not self._on_their_way:
                    return True
                self._take_one()
                ended = self._now()
                self._adapt(ended - began)
                began = ended
        except Cancelled:
            pass
        return False

    def _send_more(self) -> None:
        while not self._at_end and len(self._on_their_way) < 2:
            batch = self._beyond(self._events.read(self._read_up_to, self._size))
            if not batch:
                self._at_end = True
                return
            self._read_up_to = batch[-1].position
            self._on_their_way.append(batch)
            self._projecting.send(batch)

    def _beyond(self, batch: Batch) -> Batch:
        if batch and batch[0].position <= self._read_up_to:
            return [event for event in batch if event.position > self._read_up_to]
        return batch

    def _take_one(self) -> None:
        batch = self._on_their_way[0]
        try:
            applied = self._projecting.receive()
            progress = self.progress
            seen = self._seen + progress.done + len(batch)
            rows = self._target.write(applied.changes, position=batch[-1].position, events=seen)
        except (BatchUndecided, NotStorable) as stop:
            self._divide(batch, stop)
            return
        self._on_their_way.popleft()
        progress.done += len(batch)
        progress.rows += rows
        progress.position = batch[-1].position
        progress.unknown.update(applied.unknown)
        self._committed(progress)

    def _divide(self, batch: Batch, stop: BatchUndecided | NotStorable) -> None:
        """Begins the batch again in smaller ones, down to the event that stands in the way."""
        if len(batch) == 1:
            raise self._projecting.failed_at(batch[0], stop.reason)
        self._size = max(1, len(batch) // 8)
        self._careful_up_to = max(self._careful_up_to, batch[-1].position)
        self._read_up_to, self._at_end = self.progress.position, False
        self._on_their_way.clear()
        self._projecting.start_again()

    def _adapt(self, seconds: float) -> None:
        if seconds > self._pace.shrink_above:
            self._size = max(1, self._size // 2)
        elif seconds < self._pace.grow_below and self.progress.position >= self._careful_up_to:
            self._size = min(self._pace.most, self._size * 2)
