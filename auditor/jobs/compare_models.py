"""What two models make of the same history: where their states go apart, and which events only one of them applies."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from auditor.core import exact_json
from auditor.core.diff import Change, changes
from auditor.core.errors import WrongRequest
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.guest.starting import GuestCode
from auditor.jobs.history import History
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import TrustWord, WorkspaceCode
from auditor.tasks.context import TaskContext

SECONDS_AT_ONCE = 0.25
MOST_DIFFERENCES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareModelsRequest:
    """A is `model`, B is `other`: names as for states, None for the one that is used without a name. With `workspace`
    B is of that workspace file instead of the store's, with `earlier` A is the code as it was before it changed on the
    disk.

    `ordinal` or `version`: at which state the fields are compared; by default the first one that differs, else the
    last. `seconds`: stops after about so long; asking again goes on from there.
    """

    origin: Origin
    aggregate_id: str
    aggregate_type: str | None = None
    model: str | None = None
    other: str | None = None
    workspace: Path | None = None
    trust: TrustWord | None = None
    earlier: bool = False
    ordinal: int | None = None
    version: int | None = None
    most: int = MOST_DIFFERENCES
    seconds: float | None = None


class TwoReasons(NamedTuple):
    """An event that one of the models does not apply, or both for other reasons."""

    ordinal: int
    version: int
    event_type: str
    a: Unapplied | None
    b: Unapplied | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsResult:
    """Of the first `done` of `total` events. `ordinals` are those after which the states of A and B differ;
    `differences` the first of `differing` fields after `ordinal` events."""

    aggregate_id: str
    aggregate_type: str
    a: ModelInfo
    b: ModelInfo
    done: int
    total: int
    more: bool
    ordinals: "array[int]"
    versions: "array[int]"
    """Of `ordinals`."""
    events: tuple[TwoReasons, ...]
    ordinal: int
    version: int | None
    differences: tuple[Change, ...]
    differing: int
    notes: tuple[str, ...]
    store_id: str
    head: int | None

    @property
    def differ(self) -> bool:
        return bool(self.ordinals or self.events)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "aggregate_id": self.aggregate_id,
            "aggregate_type": self.aggregate_type,
            "a": self.a._asdict(),
            "b": self.b._asdict(),
            "events": self.total,
            "compared": self.done,
            "differing_versions": list(self.versions),
            "first_differing_version": self.versions[0] if self.versions else None,
            "unapplied": [
                {
                    "version": one.version,
                    "event_type": one.event_type,
                    "a": None if one.a is None else one.a.reason,
                    "b": None if one.b is None else one.b.reason,
                }
                for one in self.events
            ],
            "version": self.version,
            "changes": [
                {
                    "path": one.path,
                    "kind": one.kind,
                    **({} if one.kind == "added" else {"a": one.before}),
                    **({} if one.kind == "removed" else {"b": one.after}),
                }
                for one in self.differences
            ],
            "total": self.differing,
            "notes": list(self.notes),
            "store_id": self.store_id,
            "head": self.head,
        }


def run(session: Session, request: CompareModelsRequest, context: TaskContext) -> ModelsResult:
    """Folds the history by both models, side by side.

    Raises: AggregateNotFound, WrongRequest, ModelError, NotTrusted, StoreError, Cancelled.
    """
    reader = session.reader
    with reader.one_moment():
        head = reader.head()
        row = reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
        total = reader.locate(row.aggregate_id).ordinal
    code_a, code_b = _codes(session, request, row.aggregate_type)
    a, b = session.history_by(code_a, row.aggregate_id), session.history_by(code_b, row.aggregate_id)
    for history in (a, b):
        history.read(total, context)
    done, ordinals = _differing(a, b, total, request.seconds, context)
    ordinal = _looked_at(session, request, row.aggregate_id, ordinals, total)
    found: tuple[Change, ...] = ()
    differing = 0
    if done == total or request.ordinal is not None:  # else somebody asks again
        found, differing = _differences(a, b, ordinal, request.most, context)
    return ModelsResult(
        aggregate_id=row.aggregate_id,
        aggregate_type=row.aggregate_type,
        a=a.model,
        b=b.model,
        done=done,
        total=total,
        more=done < total,
        ordinals=ordinals,
        versions=array("q", [a.version(one) or 0 for one in ordinals]),
        events=_events(a, b, total, context),
        ordinal=ordinal,
        version=a.version(ordinal),
        differences=found,
        differing=differing,
        notes=tuple(dict.fromkeys((*a.notes, *b.notes))),
        store_id=reader.store_id,
        head=head,
    )


def _codes(
    session: Session, request: CompareModelsRequest, aggregate_type: str
) -> tuple[GuestCode | None, GuestCode | None]:
    a = session.code_of(aggregate_type, request.model)
    b = session.code_of(aggregate_type, request.other)
    if request.workspace is not None:
        word = request.trust or TrustWord()
        b = WorkspaceCode(request.workspace, word).model(request.other or aggregate_type)
        if b is None:
            raise WrongRequest(
                tr(
                    "{path} names no model {name!r}.",
                    path=request.workspace,
                    name=request.other or aggregate_type,
                ),
                tr("Name one of its models, or another workspace file."),
            )
    if request.earlier:
        earlier = session.workspace_code.earlier_model(request.model or aggregate_type)
        if earlier is None:
            raise WrongRequest(
                tr("The model has not changed since the store was opened."),
                tr("Change its files, and compare then."),
            )
        a = earlier
    return a, b


def _differing(
    a: History, b: History, total: int, seconds: float | None, context: TaskContext
) -> "tuple[int, array[int]]":
    """How many states were compared, and the ordinals of those that differ. What an event that ended a worker leaves
    out differs where the other one goes on."""
    while True:
        one, other = (
            history.fingerprints(total, (seconds or 2 * SECONDS_AT_ONCE) / 2, context) for history in (a, b)
        )
        last_a, last_b = (history.folded.remarks_at(total).ordinal for history in (a, b))
        done = min(len(one), len(other))
        context.progress(done, total, tr("events"))
        if done == min(last_a, last_b):  # beyond it only one of them has states, if any
            differing = array("q", [at for at in range(1, done + 1) if one[at - 1] != other[at - 1]])
            if last_a != last_b:
                differing.extend(range(done + 1, max(last_a, last_b) + 1))
            return total, differing
        if seconds is not None:
            return done, array("q", [at for at in range(1, done + 1) if one[at - 1] != other[at - 1]])


def _looked_at(
    session: Session, request: CompareModelsRequest, aggregate_id: str, ordinals: Sequence[int], total: int
) -> int:
    if request.version is not None:
        return session.reader.locate(aggregate_id, version=request.version).ordinal
    if request.ordinal is not None:
        if not 0 <= request.ordinal <= total:
            raise WrongRequest(
                tr("There is no event number {ordinal}.", ordinal=request.ordinal),
                tr("There are {count:,} events.", count=total),
            )
        return request.ordinal
    return ordinals[0] if ordinals else total


def _differences(
    a: History, b: History, ordinal: int, most: int, context: TaskContext
) -> tuple[tuple[Change, ...], int]:
    one, other = (history.folded.state_at(ordinal, context.token).state_text for history in (a, b))
    if one == other:
        return (), 0
    found = list(changes(_parsed(one), _parsed(other)))
    return tuple(found[:most]), len(found)


def _parsed(text: str | None) -> Any:
    return None if text is None else exact_json.parse(text)


def _events(a: History, b: History, total: int, context: TaskContext) -> tuple[TwoReasons, ...]:
    one, other = (
        {lack.ordinal: lack for lack in history.folded.remarks_at(total, context.token).unapplied}
        for history in (a, b)
    )
    found = []
    for ordinal in sorted(one.keys() | other.keys()):
        lack_a, lack_b = one.get(ordinal), other.get(ordinal)
        either = lack_a or lack_b
        if either is not None and (lack_a is None or lack_b is None or lack_a.reason != lack_b.reason):
            found.append(TwoReasons(ordinal, either.version, either.event_type, lack_a, lack_b))
    return tuple(found)


def difference_text(result: ModelsResult) -> str:
    """A sentence on where the two go apart."""
    if not result.ordinals:
        if result.more:
            return tr("The same up to event {done:,} of {total:,}.", done=result.done, total=result.total)
        return tr("The same at all {total:,} versions.", total=result.total)
    return tr(
        "{count:,} of {total:,} versions differ, the first is {version:,}.",
        count=len(result.ordinals),
        total=result.total,
        version=result.versions[0],
    )
