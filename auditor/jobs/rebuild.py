"""Running projections from the beginning and putting the new tables in place of the live ones."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditor.core.errors import AuditorError, Cancelled, ProjectionFailed, StoreError, WrongRequest
from auditor.core.projection_run import Progress, ProjectionRun
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.core.timestamps import format_timestamp
from auditor.guest.projection_service import ProjectionGuest
from auditor.jobs.origin import Origin
from auditor.jobs.projections import NamedProjection, choose_projection
from auditor.jobs.rebuild_report import BEAT, OnEvent, RebuildReport, of_unknown_types, unheard
from auditor.jobs.session import Session
from auditor.jobs.store_events import StoreEvents
from auditor.tasks.context import TaskContext
from auditor.tasks.heartbeat import Heartbeat

if TYPE_CHECKING:
    from auditor.stores.read_model_schema import Build
    from auditor.stores.read_model_target import ReadModelTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildRequest:
    """`on_event` hears everything that is told, from this thread or another, one call at a time."""

    origin: Origin
    names: tuple[str, ...]
    on_event: OnEvent = field(default=unheard)


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuiltProjection:
    """Its live rows are those of the store's events up to `position`."""

    name: str
    target: str
    tables: dict[str, int]
    """Number of rows by table."""
    events: int
    rows: int
    """How many rows were written or deleted on the way."""
    position: int
    seconds: float
    model: ModelInfo
    unknown: dict[str, int]
    """Number of events by type that neither have a handler nor are declared as ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildResult:
    """`paused`: it was stopped before its end. Then `projections` are those that were finished before, `stopped` says
    what holds for the one that was not, and there is no `position` at which all would be true."""

    store_id: str
    position: int | None
    events: int
    seconds: float
    paused: bool
    projections: tuple[RebuiltProjection, ...]
    stopped: str = ""


def run(session: Session, request: RebuildRequest, context: TaskContext) -> RebuildResult:
    """One projection after the other, all up to the position where the store ends now.

    Raises: WrongRequest for an unknown projection; ModelError, ProjectionFailed, NotTrusted; StoreError.
    """
    report = RebuildReport(request.on_event, context)
    try:
        with Heartbeat(report.beat, BEAT / 4):
            return _Run(session, report, context).all(request.names)
    except AuditorError as error:
        if context.token.cancelled:  # whoever stops a group of processes stops the worker too
            return _stopped(
                session, report, tr("Stopped. Rows that were not finished are as they were before.")
            )
        details = error.details if isinstance(error, ProjectionFailed) else {}
        report.ended("error", error.message, error.hint, **details)
        raise
    except Cancelled:
        return _stopped(session, report, tr("Stopped before anything was written."))
    except BaseException as error:
        report.ended("error", tr("A mistake of the program: {error}", error=type(error).__name__))
        raise


def _stopped(session: Session, report: RebuildReport, text: str) -> RebuildResult:
    report.ended("paused", text)
    return RebuildResult(
        store_id=session.reader.store_id,
        position=None,
        events=0,
        seconds=report.seconds,
        paused=True,
        projections=(),
        stopped=text,
    )


class _Run:
    """The projections of one request."""

    def __init__(self, session: Session, report: RebuildReport, context: TaskContext) -> None:
        self._session = session
        self._reader = session.reader
        self._report = report
        self._token = context.token
        self._head: int | None = None
        self._events = 0
        self._stopped = ""

    def all(self, names: Sequence[str]) -> RebuildResult:
        names = list(dict.fromkeys(names))
        if not names:
            raise WrongRequest(tr("No projection is named."))
        chosen = [choose_projection(self._session, name) for name in names]
        self._head, self._events = self._reader.extent()
        self._report.started(
            self._events * len(chosen),
            store_id=self._reader.store_id,
            head=self._head,
            projections=names,
            targets={projection.name: projection.target.address for projection in chosen},
        )
        rebuilt: list[RebuiltProjection] = []
        for projection in chosen:
            one = self._one(projection)
            if one is None:
                return self._result(rebuilt, paused=True)
            rebuilt.append(one)
        tables = {one.name: one.tables for one in rebuilt}
        self._report.ended("finished", store_id=self._reader.store_id, tables=tables)
        return self._result(rebuilt, paused=False)

    def _one(self, projection: NamedProjection) -> RebuiltProjection | None:
        from auditor.stores.read_model_target import ReadModelTarget

        began, noted = time.monotonic(), len(self._reader.warnings)
        self._report.begin(projection.name)
        with (
            ReadModelTarget(projection.target, store=self._reader.location) as target,
            ProjectionGuest(projection.code, target.fetch, self._token) as guest,
        ):
            self._begin(projection, target, guest)
            rebuild = ProjectionRun(
                StoreEvents(self._reader, self._head or 0),
                guest,
                target,
                token=self._token,
                now=time.monotonic,
                committed=self._committed,
            )
            at_end = rebuild.run()
            if not at_end:
                self._paused(projection, target)
                return None
            self._refuse_other_count(rebuild.progress)
            rebuild.progress.position = self._head or 0
            self._committed(rebuild.progress)
            warnings = [
                *self._reader.warnings[noted:],
                *of_unknown_types(projection.name, rebuild.progress.unknown),
            ]
            seconds = time.monotonic() - began
            for warning in (*warnings, *target.swap(_build(projection, rebuild.progress, seconds))):
                self._report.warning(warning)
            self._report.tell_progress()
            return RebuiltProjection(
                name=projection.name,
                target=target.place.address,
                tables=target.count_rows(guest.tables),
                events=rebuild.progress.done,
                rows=rebuild.progress.rows,
                position=self._head or 0,
                seconds=seconds,
                model=guest.model,
                unknown=dict(sorted(rebuild.progress.unknown.items())),
            )

    def _begin(self, projection: NamedProjection, target: "ReadModelTarget", guest: ProjectionGuest) -> None:
        from auditor.stores.read_model_schema import Checkpoint

        checkpoint = Checkpoint(
            projection=projection.name,
            store_id=self._reader.store_id,
            position=0,
            events=0,
            target=self._head or 0,
            model_sha256=guest.model.sha256,
            tables=tuple(table.name for table in guest.tables),
        )
        live = target.live_checkpoint(projection.name)
        unfinished = target.begin(checkpoint, guest.tables)
        guest.start()
        self._report.opened(target.place.address, tables=list(checkpoint.tables))
        if unfinished is not None:
            self._report.warning(
                tr(
                    "An earlier rebuild of {name} stopped at position {position:,}; this one starts afresh.",
                    name=projection.name,
                    position=unfinished.position,
                )
            )
        if live is not None and live.store_id != self._reader.store_id:
            self._report.warning(
                tr("The rows of {name} came from another store; they will be replaced.", name=projection.name)
            )

    def _committed(self, progress: Progress) -> None:
        self._report.committed(progress.done, progress.rows, progress.position)

    def _refuse_other_count(self, progress: Progress) -> None:
        if progress.done != self._events:
            raise StoreError(
                tr(
                    "The store had {counted:,} events when the rebuild began, and {read:,} were read.",
                    counted=self._events,
                    read=progress.done,
                ),
                tr(
                    "The read model was left as it is. Something removes events from this store, or it is damaged."
                ),
            )

    def _paused(self, projection: NamedProjection, target: "ReadModelTarget") -> None:
        self._stopped = tr(
            "Stopped between two batches. The rows of {name} are as they were before.", name=projection.name
        )
        self._report.ended(
            "paused",
            self._stopped,
            tr(
                "What was rebuilt so far stays in {file}, out of sight, until the next rebuild.",
                file=target.place.short_name,
            ),
        )

    def _result(self, rebuilt: Sequence[RebuiltProjection], *, paused: bool) -> RebuildResult:
        return RebuildResult(
            store_id=self._reader.store_id,
            position=None if paused else self._head,
            events=self._events,
            seconds=self._report.seconds,
            paused=paused,
            projections=tuple(rebuilt),
            stopped=self._stopped,
        )


def _build(projection: NamedProjection, progress: Progress, seconds: float) -> "Build":
    from auditor.stores.read_model_schema import Build

    return Build(
        built_at=format_timestamp(datetime.now(UTC)),
        seconds=round(seconds, 3),
        events=progress.done,
        rows=progress.rows,
        code_sha256=projection.code_sha256,
    )
