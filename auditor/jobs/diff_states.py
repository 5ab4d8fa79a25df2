"""All that differs between two states: each change with the event responsible, the patch, and the events in between."""

import sys
from dataclasses import dataclass
from typing import Any, NamedTuple

from auditor.core import exact_json
from auditor.core.compare import MOVED, REMOVED
from auditor.guest.comparisons import ServedDifference
from auditor.jobs.asked_pair import AskedPair, PairAnswer, PairRequest, asked_pair
from auditor.jobs.list_events import user_of
from auditor.jobs.session import Session
from auditor.jobs.show_responsible import responsible
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRequest(PairRequest):
    """Everything, however much it is."""


class FieldDifference(NamedTuple):
    """`pointer` is in B, of what was removed in A; `pointer_a` is the one in A, if it has the field. Texts are exact
    JSON. `ordinal` and `version` are those of the event that set the field last in between, None where there is none;
    `events` is how many did."""

    kind: str
    pointer: str
    pointer_a: str | None
    before: str | None
    after: str | None
    ordinal: int | None
    version: int | None
    events: int


class EventInBetween(NamedTuple):
    """One event, without its data."""

    ordinal: int
    version: int
    event_id: str
    event_type: str
    timestamp: str
    user_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffResult(PairAnswer):
    """Changes in display order; `matched` names the lists that differ, by their pointers in B, and the field by which
    their items were matched (None: by place). `events` are those between the two, none for two aggregates."""

    changes: tuple[FieldDifference, ...]
    patch_text: str
    matched: tuple[tuple[str, str | None], ...]
    events: tuple[EventInBetween, ...]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "aggregate_id": self.a.aggregate_id,
            "aggregate_type": self.a.aggregate_type,
            "a": self.a.document_with(),
            "b": self.b.document_with(),
            "patch": exact_json.parse(self.patch_text),
            "changes": [_change_document(one) for one in self.changes],
            "matched": [{"path": path, "by": field} for path, field in self.matched],
            "events": [one._asdict() for one in self.events],
            "store_id": self.b.store_id,
            "head": self.b.head,
        }


def _change_document(change: FieldDifference) -> dict[str, Any]:
    document: dict[str, Any] = {
        "path": change.pointer,
        "kind": change.kind,
        "before": None if change.before is None else exact_json.parse(change.before),
        "after": None if change.after is None else exact_json.parse(change.after),
        "version": change.version,
    }
    if change.pointer_a not in (None, change.pointer):
        document["path_before"] = change.pointer_a
    return document


def run(session: Session, request: DiffRequest, context: TaskContext) -> DiffResult:
    """Raises: as `asked_pair`."""
    asked = asked_pair(session, request, context)
    states = asked.states(context)
    served = states.differences(most=sys.maxsize, token=context.token)
    places = [_place(one) for one in served.differences]
    by: dict[str, tuple[int, int]] = {}
    events: tuple[EventInBetween, ...] = ()
    if asked.is_of_one:
        by = responsible(asked, states.ways(places, token=context.token), places, context).by
        events = events_between(session, asked, context)
    version = asked.b.history.version
    changes = []
    for one, place in zip(served.differences, places, strict=True):
        ordinal, count = by.get(place, (None, 0))
        changes.append(
            FieldDifference(
                kind=one.kind,
                pointer=one.pointer_b if one.pointer_b is not None else one.pointer_a or "",
                pointer_a=one.pointer_a,
                before=one.text_a,
                after=one.text_b,
                ordinal=ordinal,
                version=None if ordinal is None else version(ordinal),
                events=count,
            )
        )
    return DiffResult(
        **asked.facts(served.a, served.b),
        changes=tuple(changes),
        patch_text=states.patch(token=context.token).patch_text,
        matched=served.matched,
        events=events,
    )


def _place(one: ServedDifference) -> str:
    if one.kind == REMOVED:
        return f"-{one.pointer_a}"
    pointer = one.pointer_b or ""
    # Who moved an item changed the list, and not the item, which is followed by its id.
    return pointer.rpartition("/")[0] if one.kind == MOVED else pointer


def events_between(session: Session, asked: AskedPair, context: TaskContext) -> tuple[EventInBetween, ...]:
    """In order. Raises: StoreDamaged, Cancelled."""
    first, last = sorted((asked.a.ordinal, asked.b.ordinal))
    found: list[EventInBetween] = []
    after = asked.a.history.position(first) if first else None
    batches = session.reader.aggregate_events(asked.a.row.aggregate_id, up_to=last - first, after=after)
    for batch in batches if last > first else ():
        context.token.raise_if_cancelled()
        found.extend(
            EventInBetween(
                ordinal,
                event.version,
                event.event_id_text,
                event.event_type,
                event.timestamp_utc,
                user_of(event),
            )
            for ordinal, event in enumerate(batch, first + len(found) + 1)
        )
    return tuple(found)
