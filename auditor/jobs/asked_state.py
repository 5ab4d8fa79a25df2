"""What the questions about a state have in common: which state is meant, and what every answer says of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.core.errors import WrongRequest
from auditor.core.presenter import display
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.core.version_faults import Hole, hole_notes, order_notes
from auditor.guest.served import Served
from auditor.jobs.history import History
from auditor.jobs.locate import By, located
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.pages import AggregateRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRequest:
    """At most one of `ordinal`, `version`, `as_of` (as typed; `by` which time), `position` and `event_id`; without any,
    the last event.

    `model` is `merge`, a model's name, or None for the one that the store's workspace or the program has.
    """

    origin: Origin
    aggregate_id: str
    aggregate_type: str | None = None
    ordinal: int | None = None
    version: int | None = None
    as_of: str | None = None
    by: By = "recorded"
    position: int | None = None
    event_id: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateAnswer:
    """Which state an answer is about, whose it is, and what it lacks."""

    aggregate_id: str
    aggregate_type: str
    asked: int
    """The ordinal that was asked for."""
    ordinal: int
    """The one that is served: a smaller one where an event ended the worker."""
    version: int | None
    model: ModelInfo
    complete: bool
    unapplied: tuple[Unapplied, ...]
    notes: tuple[str, ...]
    store_id: str
    head: int | None
    """The store's end when this was asked."""
    holes: tuple[Hole, ...] = ()
    """Versions before this state that the store does not have."""

    @property
    def incomplete_from(self) -> int | None:
        """The version of the first event that is missing, wholly or in part."""
        return incomplete_from(self.holes, self.unapplied)


def incomplete_from(holes: tuple[Hole, ...], unapplied: tuple[Unapplied, ...]) -> int | None:
    """The version of the first event that a state lacks, wholly or in part."""
    first = (*(one.first for one in holes[:1]), *(one.version for one in unapplied[:1]))
    return min(first, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedAnswer(StateAnswer):
    """The time is that of the last event served; None before the first."""

    timestamp: str | None

    def document_with(self, **members: Any) -> dict[str, Any]:
        """As JSON has it, with the answer itself."""
        return {
            "aggregate_id": self.aggregate_id,
            "aggregate_type": self.aggregate_type,
            "ordinal": self.ordinal,
            "version": self.version,
            "timestamp": self.timestamp,
            "model": self.model._asdict(),
            "complete": self.complete,
            "unapplied": [
                {
                    "version": one.version,
                    "event_type": one.event_type,
                    "reason": one.reason,
                    "kind": one.kind,
                }
                for one in self.unapplied
            ],
            "missing_versions": [[one.first, one.last] for one in self.holes],
            **members,
            "notes": [*hole_notes(self.holes), *self.notes],
            "store_id": self.store_id,
            "head": self.head,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedState:
    """A state that can be asked for: its events are read and folded."""

    row: "AggregateRow"
    history: History
    ordinal: int
    store_id: str
    head: int | None
    notes: tuple[str, ...] = ()
    """On how the ordinal was found."""

    def facts(self, served: Served) -> dict[str, Any]:
        """The fields of a `StateAnswer`."""
        faults = self.history.faults(served.ordinal)
        return {
            "aggregate_id": self.row.aggregate_id,
            "aggregate_type": self.row.aggregate_type,
            "asked": self.ordinal,
            "ordinal": served.ordinal,
            "version": self.history.version(served.ordinal),
            "model": self.history.model,
            "complete": served.complete and not faults.holes,
            "unapplied": served.unapplied,
            "holes": faults.holes,
            "notes": (*self.notes, *self.history.notes, *order_notes(faults), *served.notes),
            "store_id": self.store_id,
            "head": self.head,
        }

    def dated_facts(self, served: Served) -> dict[str, Any]:
        """Those of a `DatedAnswer`."""
        return {**self.facts(served), "timestamp": self.history.timestamp(served.ordinal)}


def asked_state(session: Session, request: StateRequest, context: TaskContext) -> AskedState:
    """Reads and folds what is not there yet, telling progress.

    Raises: AggregateNotFound, WrongRequest for an unknown version or model, ModelError, NotTrusted, Cancelled.
    """
    reader = session.reader
    with reader.one_moment():
        head = reader.head()
        row = reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
        ordinal, notes = request.ordinal, tuple[str, ...]()
        if ordinal is None:
            found = located(session, row, request, context)
            ordinal, notes = found.mark.ordinal, found.notes
    history = session.history(row.aggregate_id, row.aggregate_type, request.model)
    history.read(ordinal, context)
    if not 0 <= ordinal <= history.length:
        raise WrongRequest(
            tr("{id} has no event number {ordinal}.", id=display(row.aggregate_id), ordinal=ordinal),
            tr("It has {count:,} events.", count=history.length),
        )
    return AskedState(
        row=row, history=history, ordinal=ordinal, store_id=reader.store_id, head=head, notes=notes
    )
