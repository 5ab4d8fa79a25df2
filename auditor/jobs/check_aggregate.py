"""All that can be wrong with the history of one aggregate and with what is made of it, in one report."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from auditor.core.event_standing import IGNORED, UNKNOWN
from auditor.core.presenter import display
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.core.version_faults import VersionFaults
from auditor.jobs import check_repeatable, check_snapshots, fold_history, show_timeline
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


class TypeStanding(NamedTuple):
    """How many events there are of a type, and how the model stands to it: one of `core.event_standing`."""

    event_type: str
    events: int
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAggregateRequest:
    """`twice`: whether the history is folded twice more, to see whether the model comes to the same states."""

    origin: Origin
    aggregate_id: str
    aggregate_type: str | None = None
    model: str | None = None
    twice: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """`repeatable` is None where that was not asked; `snapshot` where there is none."""

    aggregate_id: str
    aggregate_type: str
    model: ModelInfo
    events: int
    faults: VersionFaults
    unapplied: tuple[Unapplied, ...]
    types: tuple[TypeStanding, ...]
    snapshot: check_snapshots.SnapshotCheck | None
    repeatable: check_repeatable.RepeatableResult | None
    notes: tuple[str, ...]
    store_id: str
    head: int | None

    def of(self, standing: str) -> tuple[TypeStanding, ...]:
        """The types to which the model stands like that, most events first."""
        return tuple(one for one in self.types if one.standing == standing)

    @property
    def has_findings(self) -> bool:
        return (
            bool(self.unapplied or any(self.faults))
            or (self.snapshot is not None and self.snapshot.is_finding)
            or (self.repeatable is not None and self.repeatable.found is not None)
        )

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "aggregate_id": self.aggregate_id,
            "aggregate_type": self.aggregate_type,
            "model": self.model._asdict(),
            "events": self.events,
            "findings": self.has_findings,
            "unapplied": [one._asdict() for one in self.unapplied],
            "types": [one._asdict() for one in self.types],
            "missing_versions": [[one.first, one.last] for one in self.faults.holes],
            "repeated_versions": [one._asdict() for one in self.faults.repeated],
            "out_of_order": list(self.faults.strays),
            "snapshot": None if self.snapshot is None else self.snapshot.document(),
            "repeatable": None if self.repeatable is None else self.repeatable.document(),
            "notes": list(self.notes),
            "store_id": self.store_id,
            "head": self.head,
        }


def run(session: Session, request: CheckAggregateRequest, context: TaskContext) -> CheckResult:
    """Reads the history and folds it, twice more if that is wanted; changes nothing.

    Raises: AggregateNotFound, WrongRequest for an unknown model, ModelError, NotTrusted, StoreError, Cancelled.
    """
    about: dict[str, Any] = {
        "origin": request.origin,
        "aggregate_id": request.aggregate_id,
        "aggregate_type": request.aggregate_type,
    }
    timeline = show_timeline.run(session, show_timeline.ShowTimelineRequest(**about), context)
    by_model = {**about, "model": request.model}
    fold = fold_history.run(session, fold_history.FoldHistoryRequest(**by_model), context)
    snapshots = check_snapshots.run(session, check_snapshots.CheckSnapshotsRequest(**by_model), context)
    repeatable = None
    if request.twice:
        wanted = check_repeatable.CheckRepeatableRequest(**by_model)
        repeatable = check_repeatable.run(session, wanted, context)
    service = session.fold_service(fold.aggregate_type, request.model)
    counts = timeline.counts_by_type()
    return CheckResult(
        aggregate_id=fold.aggregate_id,
        aggregate_type=fold.aggregate_type,
        model=fold.model,
        events=timeline.length,
        faults=timeline.faults,
        unapplied=fold.unapplied,
        types=ordered(counts, service.standings(list(counts))),
        snapshot=snapshots.checks[0] if snapshots.checks else None,
        repeatable=repeatable,
        notes=fold.notes,
        store_id=fold.store_id,
        head=fold.head,
    )


def ordered(counts: Mapping[str, int], standings: Mapping[str, str]) -> tuple[TypeStanding, ...]:
    """Most events first."""
    return tuple(TypeStanding(name, count, standings[name]) for name, count in Counter(counts).most_common())


def standing_notes(types: tuple[TypeStanding, ...]) -> list[str]:
    """Sentences on types that the model has no handler for, and on those that it declares as ignored."""
    notes = []
    unknown = [one for one in types if one.standing == UNKNOWN]
    ignored = [one for one in types if one.standing == IGNORED]
    if unknown:
        told = {"counted": _counted(unknown), "names": _names(unknown)}
        notes.append(
            tr("{counted} has no handler: {names}.", **told)
            if _is_one(unknown)
            else tr("{counted} have no handler: {names}.", **told)
        )
    if ignored:
        told = {"counted": _counted(ignored), "names": _names(ignored)}
        notes.append(
            tr("{counted} is declared as ignored, and changes nothing: {names}.", **told)
            if _is_one(ignored)
            else tr("{counted} are declared as ignored, and change nothing: {names}.", **told)
        )
    return notes


def _is_one(types: list[TypeStanding]) -> bool:
    return sum(one.events for one in types) == 1


def _counted(types: list[TypeStanding]) -> str:
    events = sum(one.events for one in types)
    if events == 1:
        return tr("1 event of 1 type")
    if len(types) == 1:
        return tr("{events:,} events of 1 type", events=events)
    return tr("{events:,} events of {types:,} types", events=events, types=len(types))


def _names(types: list[TypeStanding], most: int = 12) -> str:
    names = ", ".join(display(one.event_type, longest=60) for one in types[:most])
    return (
        names
        if len(types) <= most
        else tr("{names} and {count:,} more", names=names, count=len(types) - most)
    )
