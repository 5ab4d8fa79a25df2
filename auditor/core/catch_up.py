"""Catching a projection up: bursts from its live checkpoint to where the store ends, again and again if wanted.

A burst opens the read model, works, and closes it: rebuilds and other runs of the same file get their turn.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from .errors import Cancelled, RebuildNeeded, StoreBusy
from .ports import StopToken
from .projection_run import Events, Pace, Progress, Projecting, ProjectionRun, RowTarget
from .rows import Key
from .text import tr

FetchRow = Callable[[str, Key], "list[Any] | None"]
FetchUnder = Callable[[str, Any], "list[list[Any]] | None"]


class CheckpointMoved(Exception):
    """Somebody else has moved the live checkpoint: a rebuild was put in place, or another run was quicker."""


class LivePlace(NamedTuple):
    """Where live rows stand: they are true at `position`, and `events` were seen up to there; `made`: their tables
    were made just now."""

    position: int
    events: int
    made: bool = False


class LiveTarget(RowTarget, Protocol):
    """Live tables, open for one burst."""

    def begin(self) -> LivePlace:
        """Raises: RebuildNeeded, ModelError, StoreError."""

    def fetch(self, table: str, key: Key) -> "list[Any] | None": ...

    def fetch_under(self, table: str, first: Any) -> "list[list[Any]] | None":
        """All rows whose key begins with `first`; None for more than can be of use at once."""

    def first_built(self, burst: "CaughtUp") -> None:
        """Told once after the first burst into tables that were made for it."""


class LiveEvents(Events, Protocol):
    """The events of a store that may grow."""

    def head(self) -> int:
        """The last position there is now; 0 for none."""

    def up_to(self, position: int) -> None:
        """From now on `read` ends there."""


class LiveProjecting(Projecting, Protocol):
    """Handlers with a cache of rows, which must be that of the checkpoint from which they go on."""

    def look_up(self, fetch: FetchRow, fetch_under: FetchUnder) -> None:
        """Rows that are not in the cache are looked up by these from now on, one by one or some in advance."""

    def restart(self, *, empty: bool) -> None:
        """Forgets all rows and batches. `empty`: whether the tables are."""


@dataclass(slots=True, kw_only=True)
class CaughtUp:
    """What was done, in one burst or several: from which position to which, with how many events and rows."""

    began: int = 0
    position: int = 0
    events: int = 0
    rows: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    """Number of events by type that neither have a handler nor are declared as ignored."""
    made: bool = False
    """Whether there were no rows before."""
    at_end: bool = False
    """Whether it came to where the store ended when it looked last."""


class CatchUp:
    """One projection of one store. Used from one thread. `token` may be replaced between two calls."""

    def __init__(
        self,
        name: str,
        events: LiveEvents,
        projecting: LiveProjecting,
        open_target: Callable[[], AbstractContextManager[LiveTarget]],
        *,
        token: StopToken,
        now: Callable[[], float],
        told: "Told | None" = None,
        pace: Pace | None = None,
    ) -> None:
        self.total = CaughtUp()
        self._name = name
        self._events = events
        self._projecting = projecting
        self._open_target = open_target
        self.token = token
        self._now = now
        self._told = told or Told()
        self._pace = pace
        self._cached: LivePlace | None = None  # the checkpoint that the handlers' cache belongs to
        self._has_begun = False

    def once(self) -> CaughtUp:
        """From the live checkpoint to where the store ends now, or to where it is stopped.

        Raises: StoreBusy where a rebuild or another run has the file; RebuildNeeded, ModelError, ProjectionFailed,
        StoreError. What was committed stays.
        """
        while True:
            try:
                with self._open_target() as target:
                    return self._burst(target)
            except CheckpointMoved:
                self._told.moved()

    def follow(self, pause: Callable[[], None], *, look_every: float = 2.0) -> CaughtUp:
        """Until the token is cancelled. `pause` is called where there is nothing to do, or somebody else is at work.

        The live checkpoint is looked at in every burst, and every `look_every` seconds where no events come, since a
        rebuild may have moved it. Raises: as `once`, but waits as long as something is busy.
        """
        busy = False
        looked = float("-inf")
        while not self.token.cancelled:
            try:
                if self._events.head() > self.total.position or self._now() - looked >= look_every:
                    self.once()
                    looked = self._now()
                busy = False
            except StoreBusy as error:
                if not busy:
                    self._told.waiting(error)
                busy = True
            except Cancelled:
                break
            if not self.token.cancelled:
                pause()
        return self.total

    def forget(self) -> None:
        """Somebody else has used the handlers: what they have cached belongs to no live checkpoint any more."""
        self._cached = None

    def _burst(self, target: LiveTarget) -> CaughtUp:
        place = target.begin()
        head = self._events.head()  # read after the checkpoint: nobody moves that beyond a store's end
        if place.position > head:
            raise _ahead(self._name, place.position, head)
        burst = CaughtUp(began=place.position, position=place.position, made=place.made)
        self._note_begin(place)
        self._told.burst(place, head)
        burst.at_end = True
        if head > place.position:
            self._run(target, place, head, burst)
        if place.made and burst.at_end:
            target.first_built(burst)
        self.total.at_end = burst.at_end
        self._told.rested(burst)
        return burst

    def _run(self, target: LiveTarget, place: LivePlace, head: int, burst: CaughtUp) -> None:
        self._projecting.look_up(target.fetch, target.fetch_under)
        if self._cached != place._replace(made=False):
            self._projecting.restart(empty=place.position == 0 and place.events == 0)
        self._cached = None
        self._events.up_to(head)
        run = ProjectionRun(
            self._events,
            self._projecting,
            target,
            after=place.position,
            seen=place.events,
            token=self.token,
            now=self._now,
            committed=self._told.committed,
            pace=self._pace,
        )
        try:
            burst.at_end = run.run()
        finally:
            self._note_progress(run.progress, burst)
        if burst.at_end:
            self._cached = LivePlace(burst.position, place.events + burst.events)

    def _note_begin(self, place: LivePlace) -> None:
        if not self._has_begun:
            self._has_begun = True
            self.total.began, self.total.made = place.position, place.made
        self.total.position = place.position

    def _note_progress(self, progress: Progress, burst: CaughtUp) -> None:
        burst.position, burst.events, burst.rows = progress.position, progress.done, progress.rows
        burst.unknown = progress.unknown
        self.total.position = progress.position
        self.total.events += progress.done
        self.total.rows += progress.rows
        self.total.unknown.update(progress.unknown)


class Told:
    """What a run tells while it works; this one keeps it to itself."""

    def burst(self, place: LivePlace, head: int) -> None:
        """A burst begins there and will end at `head`."""

    def committed(self, progress: Progress) -> None:
        """Of the burst at work."""

    def rested(self, burst: CaughtUp) -> None:
        """The burst is over."""

    def waiting(self, why: StoreBusy) -> None:
        """Somebody else is at work; said once until it goes on."""

    def moved(self) -> None:
        """The checkpoint is not where this run left it; it begins again there."""


def _ahead(name: str, position: int, head: int) -> RebuildNeeded:
    return RebuildNeeded(
        tr(
            "The checkpoint of {name} is {position:,}, but the store ends at {head:,}: it was put back to an earlier "
            "state, or is another one.",
            name=name,
            position=position,
            head=head,
        ),
        rebuild_hint(name),
    )


def rebuild_hint(name: str) -> str:
    """What to do with rows that cannot be gone on with."""
    return tr("`auditor rebuild STORE {name}` makes them anew from the store's events.", name=name)
