"""The application's snapshots, held against what the model makes of the events up to them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from auditor.core import exact_json
from auditor.core.errors import AggregateNotFound, WrongRequest
from auditor.core.presenter import display
from auditor.core.snapshot import Snapshot
from auditor.core.text import tr
from auditor.guest.checks import FieldDifference, check_snapshot
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

IDS_AT_ONCE = 200


class Verdict(Enum):
    """What became of a comparison."""

    AGREES = "agrees"
    DIFFERS = "differs"
    DAMAGED = "damaged"
    """Its row is not as it was written, or not of this history."""
    IGNORED = "ignored"
    """By the application too: of another shape or other code."""
    NOT_COMPARED = "not_compared"
    """The model that is used here cannot say."""


FINDINGS = (Verdict.DIFFERS, Verdict.DAMAGED)


class SnapshotCheck(NamedTuple):
    """`ordinal` is None where the store has no event of that version. `changes`: the fields that differ, as the
    snapshot has them and as the events say."""

    aggregate_id: str
    aggregate_type: str
    version: int
    ordinal: int | None
    schema_version: int
    created_at: str
    verdict: Verdict
    why: str
    changes: tuple[FieldDifference, ...] = ()

    @property
    def is_finding(self) -> bool:
        return self.verdict in FINDINGS

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "aggregate_id": self.aggregate_id,
            "aggregate_type": self.aggregate_type,
            "version": self.version,
            "ordinal": self.ordinal,
            "schema_version": self.schema_version,
            "created_at": self.created_at,
            "verdict": self.verdict.value,
            "why": self.why,
            "changes": [
                {
                    "path": path,
                    "kind": kind,
                    **({} if before is None else {"snapshot": exact_json.parse(before)}),
                    **({} if after is None else {"events": exact_json.parse(after)}),
                }
                for path, kind, before, after in self.changes
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSnapshotsRequest:
    """Those of one aggregate, or of all whose ids come behind `after`. `model` as for states.

    `seconds`: stops between two snapshots after about so long; asking with the answer's `after` goes on. `most`: one
    with more events before it is not compared.
    """

    origin: Origin
    aggregate_id: str | None = None
    aggregate_type: str | None = None
    model: str | None = None
    after: str | None = None
    seconds: float | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotsResult:
    """In the order of ids. `after` is None where all are checked."""

    checks: tuple[SnapshotCheck, ...]
    after: str | None
    store_id: str
    head: int | None

    @property
    def findings(self) -> tuple[SnapshotCheck, ...]:
        return tuple(one for one in self.checks if one.is_finding)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "snapshots": [one.document() for one in self.checks],
            "findings": len(self.findings),
            "after": self.after,
            "store_id": self.store_id,
            "head": self.head,
        }


def run(session: Session, request: CheckSnapshotsRequest, context: TaskContext) -> SnapshotsResult:
    """Reads and folds the events of each aggregate up to its snapshot; changes nothing.

    Raises: AggregateNotFound, WrongRequest for an unknown model, ModelError, NotTrusted, StoreError, Cancelled.
    """
    reader, checks, after = session.reader, list[SnapshotCheck](), None
    head = reader.head()
    if request.aggregate_id is not None:
        reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)  # is it there?
        snapshot = reader.snapshots.of(request.aggregate_id)
        if snapshot is not None:
            checks.append(_checked(session, snapshot, request, context))
    else:
        end = None if request.seconds is None else time.monotonic() + request.seconds
        for snapshot in _all(session, request.after):
            context.token.raise_if_cancelled()
            checks.append(_checked(session, snapshot, request, context))
            context.progress(len(checks), None, tr("snapshots"))
            if end is not None and time.monotonic() >= end:
                after = snapshot.aggregate_id
                break
    return SnapshotsResult(checks=tuple(checks), after=after, store_id=reader.store_id, head=head)


def _all(session: Session, after: str | None) -> Iterator[Snapshot]:
    snapshots = session.reader.snapshots
    while ids := snapshots.aggregate_ids(limit=IDS_AT_ONCE, after=after):
        for aggregate_id in ids:
            snapshot = snapshots.of(aggregate_id)
            if snapshot is not None:
                yield snapshot
        after = ids[-1]


def _checked(
    session: Session, snapshot: Snapshot, request: CheckSnapshotsRequest, context: TaskContext
) -> SnapshotCheck:
    try:
        row = session.reader.aggregate(snapshot.aggregate_id)
        ordinal = session.reader.locate(snapshot.aggregate_id, version=snapshot.version).ordinal
    except (AggregateNotFound, WrongRequest):
        return _told(snapshot, None, Verdict.DAMAGED, tr("the store has no event of that version"))
    wrong = _what_is_wrong(session, snapshot, row.aggregate_type, ordinal)
    if wrong is not None:
        return _told(snapshot, ordinal, Verdict.DAMAGED, wrong)
    if request.most is not None and ordinal > request.most:
        why = tr("{count:,} events come before it; `auditor snapshots STORE ID` compares it", count=ordinal)
        return _told(snapshot, ordinal, Verdict.NOT_COMPARED, why)
    history = session.history(row.aggregate_id, row.aggregate_type, request.model)
    history.read(ordinal, context)
    served = check_snapshot(history.folded, snapshot, ordinal, context.token)
    if served.verdict is None:
        why = served.why or tr("{model} does not say how its snapshots are kept", model=history.model.name)
        if served.served.ordinal < ordinal:
            why = tr("an event before it ended the model's process")
        return _told(snapshot, ordinal, Verdict.NOT_COMPARED, why)
    return _told(snapshot, ordinal, Verdict(served.verdict), served.why, served.changes)


def _what_is_wrong(session: Session, snapshot: Snapshot, aggregate_type: str, ordinal: int) -> str | None:
    """What the snapshot's own columns say against it, whatever the model."""
    if ordinal == 0:
        return tr("there is no such version")
    if snapshot.checksum != snapshot.checksum_due():
        return tr("its checksum does not fit")
    if snapshot.aggregate_type != aggregate_type:
        return tr("it is of the aggregate type {type}", type=display(snapshot.aggregate_type, longest=60))
    event = session.reader.event(aggregate_id=snapshot.aggregate_id, ordinal=ordinal).event
    if event.event_id_text != snapshot.event_id:
        return tr("the store has another event at that version")
    return None


def _told(
    snapshot: Snapshot,
    ordinal: int | None,
    verdict: Verdict,
    why: str,
    changes: tuple[FieldDifference, ...] = (),
) -> SnapshotCheck:
    return SnapshotCheck(
        snapshot.aggregate_id,
        snapshot.aggregate_type,
        snapshot.version,
        ordinal,
        snapshot.schema_version,
        snapshot.created_at,
        verdict,
        why,
        changes,
    )


MOST_FIELDS_SAID = 5


def verdict_text(check: SnapshotCheck) -> str:
    """A sentence on one."""
    said = {"version": check.version, "why": check.why.rstrip(".")}
    if check.verdict is Verdict.AGREES:
        return tr("The snapshot at version {version:,} agrees with its events.", **said)
    if check.verdict is Verdict.IGNORED:
        return tr("The snapshot at version {version:,} is not used: {why}.", **said)
    if check.verdict is Verdict.NOT_COMPARED:
        return tr("The snapshot at version {version:,} was not compared: {why}.", **said)
    if check.verdict is Verdict.DAMAGED:
        return tr("The snapshot at version {version:,} is damaged: {why}.", **said)
    fields = "; ".join(_field_text(one) for one in check.changes[:MOST_FIELDS_SAID])
    if len(check.changes) > MOST_FIELDS_SAID:
        more = len(check.changes) - MOST_FIELDS_SAID
        fields = tr("{fields}; {count:,} more fields", fields=fields, count=more)
    return tr(
        "The snapshot at version {version:,} disagrees with its events: {fields}.",
        version=check.version,
        fields=fields,
    )


def _field_text(one: FieldDifference) -> str:
    path, kind, before, after = one
    values = {
        "path": display(path or "/", longest=80),
        "before": display(before or "", longest=60),
        "after": display(after or "", longest=60),
    }
    if kind == "added":
        return tr("{path} is missing, and is {after} by the events", **values)
    if kind == "removed":
        return tr("{path} is {before}, and is not there by the events", **values)
    return tr("{path} is {before}, and {after} by the events", **values)
