"""Folding, states and rebuilds: everything that goes through a worker."""

import random
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from auditor.guest.fold_service import Events, FoldedAggregate, FoldService
from auditor.guest.starting import own_code
from auditor.jobs import make_demo, open_store, rebuild
from auditor.jobs.workspace_code import TrustWord
from auditor.stores.reader import StoreReader, open_reader
from auditor.tasks.context import TaskContext
from tests.benchmarks import peer, plain_sqlite
from tests.benchmarks.data import growing_ledger, one_long_order
from tests.benchmarks.measure import Against, Line, rates_in_turn
from tests.benchmarks.places import Files
from tests.benchmarks.works import ORIGIN

_ORDER = own_code("tests.benchmarks.guest_order:Order")
_LEDGER = own_code("tests.benchmarks.guest_ledger:Ledger")


def fold(scratch: Files, events: int) -> Iterator[Line]:
    path = scratch.path()
    one_long_order(str(path), events)
    application = scratch.peer()
    order = peer.orders(1, events)[0]
    application.save(order)
    with open_reader(path) as reader:
        for work, code in (("fold, generic merge", None), ("fold, a class", _ORDER)):
            with FoldService(code) as service:
                rates = rates_in_turn(
                    events,
                    {
                        "ours": lambda service=service: _fold_all(reader, service, events),  # type: ignore[misc]
                        "peer": lambda: application.repository.get(order.id),
                    },
                )
            against = Against(name="eventsourcing, repository.get", rate=rates["peer"], wanted=10)
            yield Line(work=f"{work}, read and transport included", ours=rates["ours"], against=(against,))


def _fold_all(reader: StoreReader, service: FoldService, events: int) -> None:
    """As the program does: what a model does not look at is not read."""
    read: Callable[..., Iterator[Events]] = (
        reader.parts.payloads if service.folds_payloads else reader.aggregate_events
    )
    folded = service.open("order-1", read("order-1", up_to=events))
    state = folded.state_at(events)
    assert state.complete
    folded.close()


def memory_of_opening(scratch: Files, events: int) -> Iterator[Line]:
    """What program and worker grow by for one aggregate of small states, held against the bytes of its payloads."""
    path = scratch.path()
    one_long_order(str(path), events)
    with open_reader(path) as reader:
        payloads = sum(
            len(text) for batch in reader.parts.payloads("order-1", up_to=events) for text in batch.texts
        )
        for work, code in (("generic merge", None), ("a class", _ORDER)):
            with FoldService(code) as service:
                worker = service._worker.process()._child.pid
                _fold_all(reader, service, 2_000)
                before = _resident("self") + _resident(worker)
                service.open("order-1", reader.parts.payloads("order-1", up_to=events)).state_at(events)
                grown = _resident("self") + _resident(worker) - before
            yield Line(
                work=f"memory of opening {events:,} events, {work}",
                ours=grown / 1e6,
                unit="MB",
                at_most=3 * payloads / 1e6,
                note=f"{grown / payloads:.1f} times the {payloads / 1e6:.1f} MB of their data",
            )


def _resident(process: "int | str") -> int:
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def state_at_version(scratch: Files, events: int) -> Iterator[Line]:
    """What the window asks for at each step of the slider: the open rows of a state against the one before."""
    path = scratch.path()
    one_long_order(str(path), events, skus=200)
    with open_reader(path) as reader:
        for work, code in (("generic merge", None), ("a class", _ORDER)):
            with FoldService(code) as service:
                folded = service.open("order-1", reader.aggregate_events("order-1", up_to=events))
                yield from _states(folded, events, work, opened="/lines", random_ms=4, step_ms=2)


def tree_at_version(events: int) -> Iterator[Line]:
    """Likewise of states that grow to 5 MB."""
    for work, code in (("generic merge", None), ("a class", _LEDGER)):
        with FoldService(code) as service:
            folded = service.open("ledger", growing_ledger(events))
            yield from _states(folded, events, work, opened="/lines", random_ms=25, step_ms=25)


def _states(
    folded: FoldedAggregate, events: int, work: str, *, opened: str, random_ms: float, step_ms: float
) -> Iterator[Line]:
    picked, size = random.Random(1), len(folded.state_at(events).state_text or "")
    at_random, middle = picked.choices(range(1, events + 1), k=500), events // 2
    asked: list[tuple[str, Iterable[int], float, Callable[[int], object]]] = [
        ("whole state at a random version", at_random, random_ms, folded.state_at),
        (
            "tree at a random version",
            at_random,
            random_ms,
            lambda at: folded.outline_at(at, open={opened: 100}),
        ),
        (
            "… one step on",
            range(middle, middle + 500),
            step_ms,
            lambda at: folded.outline_at(at, open={opened: 100}),
        ),
        (
            "… one step back",
            range(middle, middle - 500, -1),
            step_ms,
            lambda at: folded.outline_at(at, open={opened: 100}),
        ),
    ]
    for name, ordinals, at_most, ask in asked:
        taken = []
        for ordinal in ordinals:
            start = time.perf_counter()
            ask(ordinal)
            taken.append((time.perf_counter() - start) * 1000)
        taken.sort()
        note = (
            f"{work}, of {events:,} versions, states up to {size / 1000:,.0f} kB, median {taken[250]:.2f} ms"
        )
        yield Line(work=f"{name}, p99", ours=taken[495], unit="ms", at_most=at_most, note=note)


_LAST_EVENTS = '''
class LastEvents:
    """One row an order: one put an event."""

    name = "last_events"
    tables = [{"name": "last_events", "columns": {"id": "text", "type": "text"}, "key": ["id"]}]
    ignores = {"CustomerRegistered", "CustomerAddressChanged", "CustomerContactChanged"}

    def _put(self, payload, envelope):
        self.rows.put("last_events", {"id": envelope.aggregate_id, "type": envelope.event_type})

    on_order_created = on_item_added = on_quantity_changed = on_item_removed = _put
    on_delivery_address_changed = on_order_confirmed = on_price_corrected = on_order_shipped = on_order_cancelled = _put
'''


def rebuild_projections(scratch: Files, events: int) -> Iterator[Line]:
    path = scratch.path()
    make_demo.run(make_demo.MakeDemoRequest(origin=ORIGIN, events=events, to=path), TaskContext())
    module = scratch.folder / "last_events.py"
    module.write_text(_LAST_EVENTS)
    workspace = scratch.folder / "auditor.toml"
    workspace.write_text('[projections.last_events]\npython = "last_events:LastEvents"\n')

    def run(name: str) -> None:
        trust = TrustWord(ask=lambda _: True)
        asked = open_store.OpenStoreRequest(origin=ORIGIN, store=str(path), workspace=workspace, trust=trust)
        with open_store.run(asked, TaskContext()) as session:
            rebuild.run(session, rebuild.RebuildRequest(origin=ORIGIN, names=(name,)), TaskContext())

    rates = rates_in_turn(
        events,
        {
            "plain": lambda: plain_sqlite.read_and_decode(path),
            "last_events": lambda: run("last_events"),
            "order_summaries": lambda: run("order_summaries"),
        },
        repeat=2,
    )
    limit = Against(name="driver's rows + JSON decoding", rate=rates["plain"], wanted=0.5)
    yield Line(work="rebuild, one row an event", ours=rates["last_events"], against=(limit,))
    yield Line(work="rebuild, order_summaries (two tables)", ours=rates["order_summaries"], against=(limit,))
