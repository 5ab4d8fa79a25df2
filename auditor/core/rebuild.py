"""The rebuild loop: events in batches through a projection into shadow tables, then the swap.

Two batches are on their way at a time, so that the projection works on one while the rows of the other are written.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from .errors import Cancelled
from .events import RecordedEvent
from .ports import StopToken
from .rows import TableChanges
from .text import tr

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


class Shadow(Protocol):
    """The shadow tables and their checkpoint."""

    def write(self, changes: Mapping[str, TableChanges], *, position: int, events: int) -> int:
        """One transaction. Returns how many rows changed. Raises: UnicodeEncodeError, OverflowError."""

    def swap(self) -> list[str]: ...


@dataclass(slots=True)
class Progress:
    """What is committed. `done` counts events, `rows` the rows put or deleted for them."""

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


class Rebuild:
    """One projection's run over all events up to a position fixed at its start."""

    def __init__(
        self,
        events: Events,
        projecting: Projecting,
        shadow: Shadow,
        *,
        token: StopToken,
        now: Callable[[], float],
        committed: Callable[[Progress], None],
        pace: Pace | None = None,
    ) -> None:
        self.progress = Progress()
        self._events = events
        self._projecting = projecting
        self._shadow = shadow
        self._token = token
        self._now = now
        self._committed = committed
        self._pace = pace or Pace()
        self._size = self._pace.first
        self._on_their_way: deque[Batch] = deque()
        self._read_up_to = 0
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
            batch = self._events.read(self._read_up_to, self._size)
            if not batch:
                self._at_end = True
                return
            self._read_up_to = batch[-1].position
            self._on_their_way.append(batch)
            self._projecting.send(batch)

    def _take_one(self) -> None:
        batch = self._on_their_way[0]
        try:
            applied = self._projecting.receive()
            progress = self.progress
            rows = self._shadow.write(
                applied.changes, position=batch[-1].position, events=progress.done + len(batch)
            )
        except (BatchUndecided, UnicodeEncodeError, OverflowError) as stop:
            self._divide(batch, stop)
            return
        self._on_their_way.popleft()
        progress.done += len(batch)
        progress.rows += rows
        progress.position = batch[-1].position
        progress.unknown.update(applied.unknown)
        self._committed(progress)

    def _divide(self, batch: Batch, stop: BatchUndecided | UnicodeEncodeError | OverflowError) -> None:
        """Begins the batch again in smaller ones, down to the event that stands in the way."""
        reason = stop.reason if isinstance(stop, BatchUndecided) else _not_storable(stop)
        if len(batch) == 1:
            raise self._projecting.failed_at(batch[0], reason)
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


def _not_storable(error: UnicodeEncodeError | OverflowError) -> str:
    if isinstance(error, OverflowError):
        return tr("a row holds an integer beyond 64 bits")
    return tr("a row holds text that is no Unicode ({why})", why=error.reason)


ON_EVERY_LINE = ("kind", "projection", "done", "total", "position", "rows", "seconds")
MORE_BY_KIND: Mapping[str, frozenset[str]] = {
    "started": frozenset({"store_id", "head", "projections", "targets"}),
    "progress": frozenset({"target", "tables"}),
    "warning": frozenset({"message"}),
    "paused": frozenset({"message", "hint"}),
    "error": frozenset({"message", "hint", "event", "handler", "error", "traceback"}),
    "finished": frozenset({"store_id", "tables"}),
}
"""What a line may have besides, as `RebuildEvent` explains it."""
OF_A_FAILED_EVENT = (
    "position",
    "event_id",
    "event_type",
    "aggregate_type",
    "aggregate_id",
    "version",
    "data_text",
    "data_length",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildEvent:
    """What a rebuild says of itself; `--progress ndjson` writes each as one JSON object on a line.

    The first line is `started`, the last one `finished`, `paused` or `error`; before a run that cannot begin there is
    only the `error` or `paused`. Every line has:

    - `kind`: started, progress, warning, error, paused, finished
    - `projection`: the name of the one at work; null before the first
    - `done`, `total`: events of the whole run, which are those of the store once for each projection; `total` is
      fixed, `done` never falls, and what is counted is committed. Events a second: `done` over `seconds` between two
      lines
    - `position`: of the store, up to which the projection at work has come; null before its first batch
    - `rows`: rows put or deleted so far, by all projections of the run; never falls
    - `seconds`: since the run began

    Besides, by kind (what does not apply is left out):

    - started: `store_id`; `head`, the position at which the run will end (null for an empty store); `projections`,
      their names in the order in which they run; `targets` {projection: path of its read-model file}
    - progress: the first one of each projection, told when its code is loaded and its file open, has `target`, the
      file's path, and `tables`, the names of its tables
    - warning: `message`
    - paused: `message`, `hint`; the live rows of the projection at work are as they were before
    - error: `message`, `hint`; where a handler failed at an event also `event` (`OF_A_FAILED_EVENT`: `data_text` is
      the payload as stored, cut to 100,000 characters; `data_length` how many it has), `handler` (null where the
      worker was gone or the event could not be read), `error` and `traceback`, a list of texts, innermost last
    - finished: `store_id`; `tables` {projection: {table: number of live rows}}
    """

    kind: str
    projection: str | None
    done: int
    total: int
    position: int | None
    rows: int
    seconds: float
    message: str | None = None
    hint: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """As one JSON object; what the kind does not have is left out."""
        values: dict[str, Any] = {
            "kind": self.kind,
            "projection": self.projection,
            "done": self.done,
            "total": self.total,
            "position": self.position,
            "rows": self.rows,
            "seconds": round(self.seconds, 3),
        }
        for name in ("message", "hint"):
            if getattr(self, name):
                values[name] = getattr(self, name)
        return {**values, **self.details}
