"""Whether a model comes to the same states each time it folds the same history."""

from dataclasses import dataclass
from typing import Any

from auditor.core.diff import Change
from auditor.core.presenter import display
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.jobs.folded_twice import RunsDiffer
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

MOST_FIELDS_SAID = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRepeatableRequest:
    """`most`: no more than the first so many events. `seconds`: stops after about so long; asking again goes on."""

    origin: Origin
    aggregate_id: str
    aggregate_type: str | None = None
    model: str | None = None
    most: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatableResult:
    """`found` is the first event after which two folds differ, None if none of the first `done` events does."""

    aggregate_id: str
    aggregate_type: str
    model: ModelInfo
    done: int
    total: int
    more: bool
    found: RunsDiffer | None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "repeatable": self.found is None,
            "events": self.done,
            "total": self.total,
            "differs": None if self.found is None else _document(self.found),
        }


def _document(found: RunsDiffer) -> dict[str, Any]:
    return {
        "ordinal": found.ordinal,
        "version": found.version,
        "event_id": found.event_id,
        "event_type": found.event_type,
        "fields": [
            {"path": one.path, "kind": one.kind, "one_run": one.before, "other_run": one.after}
            for one in found.fields
        ],
        "reasons": [None if one is None else one.reason for one in found.unapplied],
    }


def difference_text(found: RunsDiffer) -> str:
    """A sentence on where two folds went apart."""
    event = tr(
        "from event {version:,} ({type}) on",
        version=found.version,
        type=display(found.event_type, longest=60),
    )
    if found.fields:
        names = ", ".join(display(_name(one), longest=60) for one in found.fields[:MOST_FIELDS_SAID])
        if len(found.fields) > MOST_FIELDS_SAID:
            more = len(found.fields) - MOST_FIELDS_SAID
            names = tr("{fields} and {count:,} more fields", fields=names, count=more)
        return tr("Two runs differ {event}: {fields}.", event=event, fields=names)
    reason = next((one.reason for one in found.unapplied if one is not None), "")
    reason = display(reason, longest=200)
    return tr("Two runs differ {event}: only one applied it ({reason}).", event=event, reason=reason)


def _name(change: Change) -> str:
    return change.path or tr("the whole state")


def run(session: Session, request: CheckRepeatableRequest, context: TaskContext) -> RepeatableResult:
    """Folds the events in two processes with other seeds and 26 hours between their local clocks. The generic merge
    is ours, and is not folded twice.

    Raises: AggregateNotFound, WrongRequest for an unknown model, ModelError, NotTrusted, StoreError, Cancelled.
    """
    reader = session.reader
    with reader.one_moment():
        row = reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
        total = reader.locate(row.aggregate_id).ordinal
    code = session.code_of(row.aggregate_type, request.model)
    model = session.fold_service(row.aggregate_type, request.model).model
    if code is None:
        return RepeatableResult(
            aggregate_id=row.aggregate_id,
            aggregate_type=row.aggregate_type,
            model=model,
            done=total,
            total=total,
            more=False,
            found=None,
        )
    wanted = total if request.most is None else min(total, request.most)
    twice = session.folded_twice(code, row.aggregate_id)
    try:
        context.progress(twice.done, wanted, tr("events"))
        twice.fold(wanted, request.seconds, context)
        context.progress(twice.done, wanted, tr("events"))
    except BaseException:
        session.forget_folded_twice()
        raise
    done, found = twice.done, twice.found
    more = found is None and done < wanted and request.seconds is not None
    if not more:
        session.forget_folded_twice()
    return RepeatableResult(
        aggregate_id=row.aggregate_id,
        aggregate_type=row.aggregate_type,
        model=model,
        done=done,
        total=total,
        more=more,
        found=found,
    )
