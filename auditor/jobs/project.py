"""Catching a projection up: from its checkpoint to where the store ends, and on from there if wanted."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.core.catch_up import CatchUp, CaughtUp, LivePlace, Told
from auditor.core.errors import AuditorError, Cancelled, ProjectionFailed, StoreBusy
from auditor.core.projection_run import Progress
from auditor.core.state_model import ModelInfo
from auditor.core.subscription import pause
from auditor.core.text import tr
from auditor.guest.projection_service import ProjectionGuest
from auditor.jobs.origin import Origin
from auditor.jobs.projections import NamedProjection, choose_projection
from auditor.jobs.rebuild_report import BEAT, OnEvent, RebuildReport, of_unknown_types, unheard
from auditor.jobs.session import Session
from auditor.jobs.store_events import StoreEvents
from auditor.tasks.context import TaskContext
from auditor.tasks.heartbeat import Heartbeat

if TYPE_CHECKING:
    from auditor.stores.read_model_live import LiveRows

POLL_SECONDS = 0.2
"""How often a follower looks for new events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRequest:
    """`follow`: go on with what is appended until the asker stops it. `on_event` hears everything that is told, from
    this thread or another, one call at a time."""

    origin: Origin
    name: str
    follow: bool = False
    on_event: OnEvent = field(default=unheard)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectResult:
    """The live rows are true at `position` of the store; before they were at `began`.

    `made`: there were no rows before. `at_end`: the position is where the store ended when it was looked at last.
    `stopped`: the asker ended it.
    """

    name: str
    target: str
    store_id: str
    began: int
    position: int
    head: int
    events: int
    rows: int
    """How many rows were written or deleted on the way."""
    tables: Mapping[str, int | None]
    """Number of live rows by table; empty where it was stopped."""
    unknown: Mapping[str, int]
    """Number of events by type that neither have a handler nor are declared as ignored."""
    made: bool
    at_end: bool
    stopped: bool
    seconds: float
    model: ModelInfo | None


def run(session: Session, request: ProjectRequest, context: TaskContext) -> ProjectResult:
    """Rows and checkpoint are those of a whole batch, however it ends.

    Raises: WrongRequest for an unknown projection; ModelError, RebuildNeeded, ProjectionFailed, NotTrusted;
    StoreError; StoreBusy where a rebuild or another run is at work, unless it follows: then it waits.
    """
    report = RebuildReport(request.on_event, context)
    work = _Work(session, request, report, context)
    try:
        with Heartbeat(report.beat, BEAT / 4):
            return work.run()
    except AuditorError as error:
        if context.token.cancelled:  # whoever stops a group of processes stops the worker too
            return work.stopped()
        details = error.details if isinstance(error, ProjectionFailed) else {}
        report.ended("error", error.message, error.hint, **details)
        raise
    except Cancelled:
        return work.stopped()
    except BaseException as error:
        report.ended("error", tr("A mistake of the program: {error}", error=type(error).__name__))
        raise


class _Work(Told):
    """One request. What `CatchUp` tells goes to the report."""

    def __init__(
        self, session: Session, request: ProjectRequest, report: RebuildReport, context: TaskContext
    ) -> None:
        self._reader = session.reader
        self._session = session
        self._request = request
        self._report = report
        self._token = context.token
        self._began = time.monotonic()
        self._head = 0
        self._before = (0, 0)
        self._projection: NamedProjection | None = None
        self._model: ModelInfo | None = None
        self._tables: list[str] = []
        self._done = CaughtUp()
        self._warned: set[str] = set()
        self._is_caught_up = False

    def run(self) -> ProjectResult:
        projection = self._projection = choose_projection(self._session, self._request.name)
        with ProjectionGuest(projection.code, None, self._token) as guest:
            self._model, self._tables = guest.model, [table.name for table in guest.tables]
            work = CatchUp(
                projection.name,
                StoreEvents(self._reader),
                guest,
                lambda: self._open(projection, guest),
                token=self._token,
                now=time.monotonic,
                told=self,
            )
            self._done = work.total
            if self._request.follow:
                work.follow(self._pause)
            else:
                work.once()
        if self._token.cancelled:
            return self.stopped()
        tables = self._count_rows(projection)
        for warning in of_unknown_types(projection.name, self._done.unknown):
            self._report.warning(warning)
        self._report.ended("finished", store_id=self._reader.store_id, tables={projection.name: tables})
        return self._result(tables, stopped=False)

    def stopped(self) -> ProjectResult:
        """Between two batches, or before the first."""
        if self._request.follow and self._done.at_end:
            message = tr("Stopped following. The rows are true at position {at:,}.", at=self._done.position)
            hint = ""
        elif self._report.has_started:
            message = tr("Stopped between two batches, at position {at:,}.", at=self._done.position)
            hint = tr("The rows are true there, and the next catching up goes on from there.")
        else:
            message, hint = tr("Stopped before anything was written."), ""
        self._report.ended("paused", message, hint)
        return self._result({}, stopped=True)

    def _open(
        self, projection: NamedProjection, guest: ProjectionGuest
    ) -> "AbstractContextManager[LiveRows]":
        from auditor.stores.read_model_live import live_rows
        from auditor.stores.read_model_schema import Checkpoint

        wanted = Checkpoint(
            projection=projection.name,
            store_id=self._reader.store_id,
            position=0,
            events=0,
            target=0,
            model_sha256=guest.model.sha256,
            tables=tuple(table.name for table in guest.tables),
        )
        return live_rows(
            projection.target,
            store=self._reader.location,
            wanted=wanted,
            tables=guest.tables,
            code_sha256=projection.code_sha256,
            now=time.monotonic,
        )

    # -- what is told ----------------------------------------------------------------------------------------------

    def burst(self, place: LivePlace, head: int) -> None:
        self._head = head
        self._before = (self._done.events, self._done.rows)
        _, beyond = self._reader.extent(after=place.position)
        _, later = self._reader.extent(after=head)
        total = self._done.events + beyond - later
        if self._report.has_started:
            self._report.grown(total, place.position)
            return
        projection = self._projection
        if projection is None:
            raise RuntimeError("no projection was chosen")
        self._report.started(
            total,
            store_id=self._reader.store_id,
            head=head or None,
            began=place.position,
            made=place.made,
            projections=[projection.name],
            targets={projection.name: projection.target.address},
        )
        self._report.begin(projection.name)
        self._report.grown(total, place.position)
        self._report.opened(projection.target.address, tables=self._tables)

    def committed(self, progress: Progress) -> None:
        done, rows = self._before
        self._report.committed(done + progress.done, rows + progress.rows, progress.position)
        if self._request.follow:
            self._warn_of_unknown(progress)

    def rested(self, burst: CaughtUp) -> None:
        if self._request.follow and burst.at_end and (burst.events or not self._is_caught_up):
            self._is_caught_up = True
            self._report.caught_up()

    def waiting(self, why: StoreBusy) -> None:
        self._report.warning(tr("{why} Waiting until it has finished.", why=why.message))

    def moved(self) -> None:
        self._report.warning(
            tr("Another run or a rebuild has moved the checkpoint; going on from where it is now.")
        )

    def _warn_of_unknown(self, progress: Progress) -> None:
        for event_type in progress.unknown.keys() - self._warned:
            self._warned.add(event_type)
            name = self._request.name
            self._report.warning(
                tr(
                    "Events of type {type} change nothing: {name} has no handler for them and does not ignore them.",
                    type=event_type,
                    name=name,
                )
            )

    # -- the rest --------------------------------------------------------------------------------------------------

    def _pause(self) -> None:
        pause(self._token, POLL_SECONDS)

    def _count_rows(self, projection: NamedProjection) -> dict[str, int | None]:
        from auditor.stores.read_model_view import ReadModelView

        with ReadModelView(projection.target, token=self._token) as view:
            return view.standing(projection.name).rows

    def _result(self, tables: Mapping[str, int | None], *, stopped: bool) -> ProjectResult:
        done, projection = self._done, self._projection
        return ProjectResult(
            name=self._request.name,
            target="" if projection is None else projection.target.address,
            store_id=self._reader.store_id,
            began=done.began,
            position=done.position,
            head=self._head,
            events=done.events,
            rows=done.rows,
            tables=tables,
            unknown=dict(sorted(done.unknown.items())),
            made=done.made,
            at_end=done.at_end,
            stopped=stopped,
            seconds=time.monotonic() - self._began,
            model=self._model,
        )
