"""Orders through commands, a rebuild and the read model's questions; and the demo's rows against its orders."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from auditor.core.errors import NotYetProjected, StoreError
from auditor.demo import (
    AddItem,
    CancelOrder,
    ConfirmOrder,
    CreateOrder,
    Order,
    OrderCommandHandler,
    OrderReadModel,
    ShipOrder,
)
from auditor.demo.generator import DOMAIN
from auditor.demo.projections import OrderSummaries
from auditor.eventsourcing import ProjectionRunner
from auditor.jobs import make_demo, open_store, rebuild
from auditor.jobs.make_demo import MakeDemoRequest
from auditor.jobs.origin import Origin
from auditor.jobs.workspace_code import TrustWord
from auditor.stores.native_store import EventStore
from auditor.tasks.context import TaskContext
from tests.helpers.orders import BEGIN, BLANKET, LAMP, ticking_stamp

ORIGIN = Origin(user="test", via="library")


def rebuilt(store: Path) -> None:
    request = open_store.OpenStoreRequest(origin=ORIGIN, store=str(store), trust=TrustWord())
    with open_store.run(request, TaskContext()) as session:
        rebuild.run(session, rebuild.RebuildRequest(origin=ORIGIN, names=("order_summaries",)), TaskContext())


@contextmanager
def commands_on(path: Path) -> Iterator[OrderCommandHandler]:
    with EventStore(str(path), domain=DOMAIN) as store:
        yield OrderCommandHandler(store)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path, stamp = tmp_path / "orders.db", ticking_stamp()
    with commands_on(path) as orders:
        orders.handle(CreateOrder("order-1", "c-1", (BLANKET, LAMP)), stamp)
        orders.handle(CreateOrder("order-2", "c-1"), stamp)
        orders.handle(CreateOrder("order-3", "c-2"), stamp)
        orders.handle(ConfirmOrder("order-1"), stamp)
        orders.handle(ShipOrder("order-1", "3S01", "PostNL", BEGIN), stamp)
        orders.handle(CancelOrder("order-2"), stamp)
    return path


def test_a_summary_has_what_others_rely_on(store: Path) -> None:
    rebuilt(store)
    with OrderReadModel.beside(store) as orders:
        summary = orders.order_summary("order-1")
        assert summary is not None
        assert asdict(summary) == {
            "id": "order-1",
            "customer_id": "c-1",
            "status": "shipped",
            "total": 2 * 5990 + 8990,
            "item_count": 2,
            "created_at": "2026-03-02T09:00:00.000000Z",
            "shipped_at": "2026-03-02T09:00:00.000000Z",
            "tracking_number": "3S01",
        }
        assert orders.position == 6
        assert orders.order_summary("order-9") is None


def test_a_writer_waits_until_its_own_writes_are_to_be_read(store: Path) -> None:
    rebuilt(store)
    with EventStore(str(store), domain=DOMAIN) as events, OrderReadModel.beside(store) as orders:
        OrderCommandHandler(events).handle(CreateOrder("order-4", "c-2"))
        with pytest.raises(NotYetProjected):
            orders.wait_for(7, timeout=0)
        ProjectionRunner(events, OrderSummaries).catch_up()
        assert orders.wait_for(7) == 7
        assert orders.order_summary("order-4") is not None
        assert orders.position == 7


def test_a_customers_orders_come_newest_first(store: Path) -> None:
    rebuilt(store)
    with OrderReadModel(store.with_name("orders.readmodels.db")) as orders:
        assert [one.id for one in orders.customer_orders("c-1")] == ["order-2", "order-1"]
        assert orders.customer_orders("c-9") == []


def test_an_open_read_model_answers_from_the_newest_tables(store: Path) -> None:
    rebuilt(store)
    with OrderReadModel.beside(store) as orders:
        assert [one.total for one in orders.customer_orders("c-2")] == [0]
        with commands_on(store) as commands:
            commands.handle(AddItem("order-3", "SKU-9", 2, 150))
        rebuilt(store)
        assert [one.total for one in orders.customer_orders("c-2")] == [300]
        assert orders.position == 7


def test_without_a_rebuild_it_says_what_to_do(store: Path) -> None:
    with pytest.raises(StoreError, match="has no rows of order_summaries yet") as refused:
        OrderReadModel.beside(store)
    assert "auditor rebuild" in refused.value.hint
    with pytest.raises(StoreError, match="not a read-model file"):
        OrderReadModel(store)
    assert [path.name for path in store.parent.iterdir()] == ["orders.db"]


def test_every_row_of_the_demo_agrees_with_its_order(tmp_path: Path) -> None:
    store = make_demo.run(
        MakeDemoRequest(origin=ORIGIN, events=3_000, to=tmp_path / "demo.db"), TaskContext()
    ).path
    rebuilt(store)
    folded: dict[str, Order] = {}
    with EventStore(str(store), create=False) as events:
        for event in events.read_all():
            if event.aggregate_type == "Order":
                folded.setdefault(event.aggregate_id, Order(event.aggregate_id)).load_from_history([event])
    with OrderReadModel.beside(store) as orders:
        for order_id, order in folded.items():
            summary = orders.order_summary(order_id)
            assert summary is not None
            seen = asdict(summary)
            assert seen.pop("id") == order_id
            assert seen.pop("tracking_number") == (order.shipment or {}).get("tracking_number")
            assert seen == {name: getattr(order, name) for name in seen}
