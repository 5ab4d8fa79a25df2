"""The timeline of one aggregate: what happened when and by whom, as columns, without the payloads."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.core.errors import WrongRequest
from auditor.core.text import tr
from auditor.core.version_faults import NO_FAULTS, VersionFaults, notes_on, version_faults
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.pages import AggregateRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTimelineRequest:
    """With `after` only the events beyond that ordinal."""

    origin: Origin
    aggregate_id: str
    aggregate_type: str | None = None
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineResult:
    """Columns in version order; the first event's ordinal is `first_ordinal`, `times` are fixed-width UTC.

    `types` and `users` stand in the order in which they come first (None: nobody is named); `type_of` and `user_of`
    are places in them, an event each. `sizes` are those of the data in bytes. `notes` tell values of a wrong kind, and
    in words what `faults` are: versions that are missing, stand twice, or came out of order.
    """

    aggregate: "AggregateRow"
    first_ordinal: int
    versions: "array[int]"
    positions: "array[int]"
    times: list[str]
    types: tuple[str, ...]
    type_of: "array[int]"
    users: tuple[str | None, ...]
    user_of: "array[int]"
    sizes: "array[int]"
    notes: tuple[str, ...]
    store_id: str
    head: int | None
    faults: VersionFaults = NO_FAULTS

    @property
    def length(self) -> int:
        """How many events the columns hold."""
        return len(self.versions)

    def counts_by_type(self) -> dict[str, int]:
        return _counts(self.types, self.type_of)

    def counts_by_user(self) -> dict[str | None, int]:
        return _counts(self.users, self.user_of)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "aggregate_id": self.aggregate.aggregate_id,
            "aggregate_type": self.aggregate.aggregate_type,
            "first_ordinal": self.first_ordinal,
            "events": self.length,
            "versions": list(self.versions),
            "positions": list(self.positions),
            "timestamps": self.times,
            "types": list(self.types),
            "type_of": list(self.type_of),
            "users": list(self.users),
            "user_of": list(self.user_of),
            "sizes": list(self.sizes),
            "holes": [one._asdict() for one in self.faults.holes],
            "repeated_versions": [one._asdict() for one in self.faults.repeated],
            "out_of_order": list(self.faults.strays),
            "notes": list(self.notes),
            "store_id": self.store_id,
            "head": self.head,
        }


def _counts(names: Sequence[Any], places: "array[int]") -> dict[Any, int]:
    counts = [0] * len(names)
    for place in places:
        counts[place] += 1
    return dict(zip(names, counts, strict=True))


def run(session: Session, request: ShowTimelineRequest, context: TaskContext) -> TimelineResult:
    """Raises: AggregateNotFound, WrongRequest; StoreDamaged naming the last good event; Cancelled."""
    if request.after < 0:
        raise WrongRequest(tr("Before the first event there is none."), tr("Events count from 1."))
    reader = session.reader
    with reader.one_moment():
        row = reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
        columns = reader.timeline(
            row.aggregate_id, after=request.after, length=row.events, progress=context.progress
        )
        head = reader.head()
    faults = version_faults(
        columns.versions,
        columns.positions,
        first_ordinal=columns.first_ordinal,
        before=columns.before,
    )
    return TimelineResult(
        aggregate=row,
        first_ordinal=columns.first_ordinal,
        versions=columns.versions,
        positions=columns.positions,
        times=columns.times,
        types=columns.types,
        type_of=columns.type_of,
        users=columns.users,
        user_of=columns.user_of,
        sizes=columns.sizes,
        faults=faults,
        notes=(*columns.notes, *notes_on(faults)),
        store_id=reader.store_id,
        head=head,
    )
