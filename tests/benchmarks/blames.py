"""Who set a field: of one field in a long history, and of all fields at once, once the history has been folded."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from auditor.core.events import DomainEvent, EventMetadata
from auditor.core.fields import fields_of
from auditor.core.ids import IdSource
from auditor.eventsourcing import EventStore
from auditor.jobs import fold_history, open_store, show_blame, show_set_by, show_state
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import TrustWord
from auditor.tasks.context import TaskContext
from tests.benchmarks.measure import Line
from tests.benchmarks.places import Files
from tests.benchmarks.works import ORIGIN

SKUS = 50
MOST = 2_000  # values that are told one by one
_MODEL = """
from dataclasses import dataclass


@dataclass(frozen=True)
class ItemAdded:
    total: int
    lines: dict


class Order:
    def __init__(self):
        self.total = 0
        self.lines = {}

    def on_item_added(self, event: ItemAdded):
        self.total = event.total
        self.lines.update(event.lines)
"""
_WORKSPACE = '[models.Order]\npython = "bench_order:Order"\n'


def blames(scratch: Files) -> Iterator[Line]:
    (scratch.folder / "bench_order.py").write_text(_MODEL)
    (scratch.folder / "auditor.toml").write_text(_WORKSPACE)
    long, short = _store(scratch, 100_000), _store(scratch, 10_000)
    for name, model in (("generic merge", "merge"), ("a class", None)):
        for what, pointer in (
            (f"that 1 event in {SKUS} sets", "/lines/sku-7/quantity"),
            ("that each event sets", "/total"),
        ):
            took, note = _best(scratch, long, model, partial(_blame, pointer=pointer))
            work = f"blame of a field {what}, {name}"
            yield Line(work=work, ours=took, unit="ms", at_most=500, note=f"of 100,000 events, {note}")
        took, note = _best(scratch, short, model, _set_by)
        work = f"set by of all fields, {name}"
        yield Line(work=work, ours=took, unit="ms", at_most=1000, note=f"of 10,000 events, {note}")


def _store(scratch: Files, length: int) -> Path:
    """One order; its first events are the same for every length."""
    path = scratch.path()
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    new_id = IdSource(lambda: int(begin.timestamp() * 1000), lambda bits: 1 << (bits - 1))
    with EventStore(str(path)) as store:
        for first in range(1, length + 1, 5000):
            events = [
                _event(version, begin, new_id) for version in range(first, min(first + 5000, length + 1))
            ]
            store.append("order-1", events, first - 1)
    return path


def _event(version: int, begin: datetime, new_id: IdSource) -> DomainEvent:
    event_id = new_id()
    line = {"quantity": version % 7 + 1, "unit_price": 100 + version}
    return DomainEvent(
        event_id=event_id,
        aggregate_id="order-1",
        aggregate_type="Order",
        event_type="ItemAdded",
        version=version,
        timestamp=begin + timedelta(seconds=version),
        data={"total": version, "lines": {f"sku-{version % SKUS}": line}},
        metadata=EventMetadata(correlation_id=str(event_id), user_id=f"clerk-{version % 9}"),
    )


Ask = Callable[[Session, str | None], str]


def _best(scratch: Files, path: Path, model: str | None, ask: Ask) -> tuple[float, str]:
    """Milliseconds of the least disturbed of three sessions, each of which has folded the history before."""
    taken, note = [], ""
    for _ in range(3):
        trust = TrustWord(ask=lambda _: True)
        workspace = scratch.folder / "auditor.toml"
        asked = open_store.OpenStoreRequest(origin=ORIGIN, store=str(path), workspace=workspace, trust=trust)
        with open_store.run(asked, TaskContext()) as session:
            fold = fold_history.FoldHistoryRequest(origin=ORIGIN, aggregate_id="order-1", model=model)
            fold_history.run(session, fold, TaskContext())
            start = time.perf_counter()
            note = ask(session, model)
            taken.append((time.perf_counter() - start) * 1000)
    return min(taken), note


def _blame(session: Session, model: str | None, pointer: str) -> str:
    request = show_blame.BlameRequest(
        origin=ORIGIN, aggregate_id="order-1", model=model, pointer=pointer, most=MOST, longest=400
    )
    found = show_blame.run(session, request, TaskContext())
    assert found.complete
    return f"{len(found.ordinals):,} values, {len(found.changes):,} of them with event, time and user"


def _set_by(session: Session, model: str | None) -> str:
    asked = {"origin": ORIGIN, "aggregate_id": "order-1", "model": model}
    state = show_state.run(session, show_state.ShowStateRequest(**asked), TaskContext())  # type: ignore[arg-type]
    pointers = tuple(fields_of(state.document()["state"]))
    request = show_set_by.SetByRequest(**asked, pointers=pointers)  # type: ignore[arg-type]
    found = show_set_by.run(session, request, TaskContext())
    assert len(found.by) == len(pointers)
    return f"{len(pointers)} fields"
