"""Which version is meant: by a number, a time, a position in the store or an event's id, and why it is that one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from auditor.core.asked_time import asked_moment
from auditor.core.errors import ModelError, WrongRequest
from auditor.core.presenter import display, display_time
from auditor.core.text import tr
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.moments import AsOf
    from auditor.stores.pages import AggregateRow, EventMark

By = Literal["recorded", "effective"]


class AskedMoment(Protocol):
    """At most one of them is given; without any, the last event is meant. `by` is for `as_of`, which is as typed."""

    @property
    def version(self) -> int | None: ...
    @property
    def as_of(self) -> str | None: ...
    @property
    def by(self) -> By: ...
    @property
    def position(self) -> int | None: ...
    @property
    def event_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateRequest:
    """An `AskedMoment` of one aggregate."""

    origin: Origin
    aggregate_id: str
    aggregate_type: str | None = None
    version: int | None = None
    as_of: str | None = None
    by: By = "recorded"
    position: int | None = None
    event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """`notes` say what a reader would not expect, `as_of` what is known of the time that was asked for (`moment`)."""

    mark: "EventMark"
    notes: tuple[str, ...] = ()
    moment: str | None = None
    as_of: "AsOf | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateResult:
    """Ordinal 0: before the first event. `timestamp` is the time of recording; `moment`, `time` and `following` (those
    of that event and of the next one) are the times that were compared, None where no time was asked for."""

    aggregate: "AggregateRow"
    ordinal: int
    version: int | None
    timestamp: str | None
    position: int
    moment: str | None
    by: By
    time: str | None
    following: str | None
    notes: tuple[str, ...]
    has_effective: bool
    """Whether it is known where this store has effective times."""
    store_id: str
    head: int | None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "aggregate_id": self.aggregate.aggregate_id,
            "aggregate_type": self.aggregate.aggregate_type,
            "ordinal": self.ordinal,
            "version": self.version,
            "timestamp": self.timestamp,
            "position": self.position if self.ordinal else None,
            "as_of": self.moment,
            "by": self.by,
            "time": self.time,
            "following": self.following,
            "notes": list(self.notes),
            "store_id": self.store_id,
            "head": self.head,
        }


def run(session: Session, request: LocateRequest, context: TaskContext) -> LocateResult:
    """Raises: AggregateNotFound; WrongRequest, also UnclearTime; Cancelled."""
    reader = session.reader
    with reader.one_moment():
        row = reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
        found = located(session, row, request, context)
        head = reader.head()
    return LocateResult(
        aggregate=row,
        ordinal=found.mark.ordinal,
        version=found.mark.version,
        timestamp=found.mark.timestamp,
        position=found.mark.position,
        moment=found.moment,
        by=request.by,
        time=None if found.as_of is None else found.as_of.time,
        following=None if found.as_of is None else found.as_of.following,
        notes=found.notes,
        has_effective=_has_effective(session),
        store_id=reader.store_id,
        head=head,
    )


def located(session: Session, row: "AggregateRow", asked: AskedMoment, context: TaskContext) -> Located:
    """Raises: WrongRequest, also UnclearTime; Cancelled."""
    if asked.as_of is not None:
        return _as_of(session, row, asked.as_of, asked.by, context)
    if asked.by != "recorded":
        raise WrongRequest(
            tr("By effective time only a time can be looked up."),
            tr("Give a time, or leave the effective time away."),
        )
    reader = session.reader
    if asked.event_id is None:
        return Located(mark=reader.locate(row.aggregate_id, version=asked.version, position=asked.position))
    place = reader.moments.of_event(asked.event_id)
    if place.aggregate_id == row.aggregate_id:
        return Located(mark=place.mark)
    note = tr(
        "That event is one of {id} and stands at position {position}: what is shown was true there.",
        id=display(place.aggregate_id, longest=80),
        position=place.mark.position,
    )
    return Located(mark=reader.locate(row.aggregate_id, position=place.mark.position), notes=(note,))


def _as_of(session: Session, row: "AggregateRow", text: str, by: By, context: TaskContext) -> Located:
    moment, moments = asked_moment(text), session.reader.moments
    if by == "recorded":
        found = moments.recorded(row.aggregate_id, moment)
    else:
        found = moments.effective(
            row.aggregate_id,
            moment,
            effective_names(session),
            length=row.events,
            progress=context.progress,
        )
    return Located(mark=found.mark, notes=tuple(_notes(found, moment, by, row)), moment=moment, as_of=found)


def effective_names(session: Session) -> tuple[str, ...]:
    """The way to the effective time in an event's metadata. Raises: WrongRequest where the workspace names none."""
    names = _effective_names(session)
    if names is None:
        raise WrongRequest(
            tr("Where this store has effective times is not known: no workspace file says it."),
            tr('Write effective_time = "metadata.NAME" under [store] in its auditor.toml.'),
        )
    return names


def _has_effective(session: Session) -> bool:
    """A workspace file that is wrong is no reason not to look up the time of recording."""
    try:
        return _effective_names(session) is not None
    except ModelError:
        return False


def _effective_names(session: Session) -> tuple[str, ...] | None:
    workspace = session.workspace_code.workspace
    return None if workspace is None else workspace.effective_time


def _notes(found: "AsOf", moment: str, by: By, row: "AggregateRow") -> list[str]:
    notes = []
    version, time = found.mark.version, display_time(moment)
    if found.same_time > 1:
        notes.append(
            tr(
                "{count:,} events have exactly the time {time}; the last of them, version {version}, counts.",
                count=found.same_time,
                time=display_time(found.time or ""),
                version=version,
            )
        )
    if found.later and by == "recorded":
        notes.append(
            tr(
                "The clock was set back: {count:,} of the events up to version {version} are stamped later than {time},"
                " and the state has them all the same.",
                count=found.later,
                version=version,
                time=time,
            )
        )
    elif found.later:
        notes.append(
            tr(
                "{count:,} of the events up to version {version} take effect later than {time}, and the state has them"
                " all the same: it is that of a version.",
                count=found.later,
                version=version,
                time=time,
            )
        )
    if found.without:
        notes.append(
            tr(
                "{count:,} of {total:,} events name no effective time that can be read: they count from when they were"
                " recorded.",
                count=found.without,
                total=row.events,
            )
        )
    return notes
