"""Folding, states and rebuilds: everything that goes through a worker."""

import random
import time
from collections.abc import Iterator

from auditor.guest.fold_service import FoldService
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
    folded = service.open("order-1", reader.aggregate_events("order-1", up_to=events))
    state = folded.state_at(events)
    assert state.complete
    folded.close()


def state_at_version(scratch: Files, events: int) -> Iterator[Line]:
    path = scratch.path()
    one_long_order(str(path), events, skus=200)
    with open_reader(path) as reader:
        for work, code in (("generic merge", None), ("a class", _ORDER)):
            with FoldService(code) as service:
                folded = service.open("order-1", reader.aggregate_events("order-1", up_to=events))
                picked = random.Random(1)
                taken, size = [], 0
                for _ in range(2000):
                    ordinal = picked.randint(1, events)
                    start = time.perf_counter()
                    served = folded.state_at(ordinal)
                    taken.append((time.perf_counter() - start) * 1000)
                    size = max(size, len(served.state_text or ""))
                taken.sort()
            note = f"{work}, of {events:,} versions, state up to {size / 1000:.0f} kB, median {taken[1000]:.2f} ms"
            yield Line(
                work="state at a random version, p99", ours=taken[1980], unit="ms", at_most=4, note=note
            )


def tree_at_version(events: int) -> Iterator[Line]:
    """What the window asks for at each step of the slider: the open rows of a large state against the one before."""
    with FoldService(None) as service:
        folded = service.open("ledger", growing_ledger(events))
        picked = random.Random(1)
        for work, ordinals in (
            ("tree of a state at a random version, p99", picked.choices(range(1, events + 1), k=500)),
            ("… at the next version, p99", range(events // 2, events // 2 + 500)),
        ):
            taken = []
            for ordinal in ordinals:
                start = time.perf_counter()
                folded.outline_at(ordinal, open={"/lines": 100})
                taken.append((time.perf_counter() - start) * 1000)
            taken.sort()
            size = len(folded.state_at(events).state_text or "") / 1e6
            note = f"generic merge, of {events:,} versions, state up to {size:.1f} MB, median {taken[250]:.2f} ms"
            yield Line(work=work, ours=taken[495], unit="ms", at_most=25, note=note)


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
