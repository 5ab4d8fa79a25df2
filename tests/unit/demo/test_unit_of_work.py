from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.core.errors import ConcurrencyError, InvalidOperationError
from auditor.demo.commands import AddItem, ConfirmOrder, CreateOrder, OrderCommandHandler, ShipOrder
from auditor.demo.order import Order
from auditor.demo.unit_of_work import KeptAggregates, UnitOfWork
from auditor.stores.native_store import EventStore
from tests.helpers.orders import BLANKET, ticking_stamp


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(str(tmp_path / "orders.db")) as store:
        yield store


def test_commands_are_stored_together_in_their_order(store: EventStore) -> None:
    unit, stamp = UnitOfWork(store), ticking_stamp()
    orders = OrderCommandHandler(KeptAggregates(unit, Order))
    for order_id in ("order-1", "order-2"):
        orders.handle(CreateOrder(order_id, "c-1", (BLANKET,)), stamp)
    orders.handle(ConfirmOrder("order-1"), stamp)
    assert list(store.read_all()) == []
    unit.commit()
    orders.handle(AddItem("order-2", "SKU-2", 1, 5), stamp)
    unit.commit()
    assert [(event.aggregate_id, event.version) for event in store.read_all()] == [
        ("order-1", 1),
        ("order-2", 1),
        ("order-1", 2),
        ("order-2", 2),
    ]


def test_what_is_not_stored_yet_can_be_read(store: EventStore) -> None:
    unit, stamp = UnitOfWork(store), ticking_stamp()
    orders = OrderCommandHandler(KeptAggregates(unit, Order, most=1))
    orders.handle(CreateOrder("order-1", "c-1", (BLANKET,)), stamp)
    unit.commit()
    orders.handle(AddItem("order-1", "SKU-2", 1, 5), stamp)
    orders.handle(CreateOrder("order-2", "c-1"), stamp)  # order-1 is no longer kept
    assert [event.version for event in unit.get_events("order-1")] == [1, 2]
    assert [event.version for event in unit.get_events("order-1", 2)] == [2]
    assert [event.version for event in unit.get_events("order-1", 1, 1)] == [1]
    assert orders.handle(ConfirmOrder("order-1"), stamp).version == 3


def test_another_version_than_the_collected_one_is_a_conflict(store: EventStore) -> None:
    unit = UnitOfWork(store)
    OrderCommandHandler(KeptAggregates(unit, Order)).handle(CreateOrder("order-1", "c-1"))
    with pytest.raises(ConcurrencyError):
        OrderCommandHandler(KeptAggregates(unit, Order)).handle(CreateOrder("order-1", "c-1"))


def test_a_command_that_fails_half_way_does_not_spoil_the_kept_aggregate(store: EventStore) -> None:
    unit = UnitOfWork(store)
    kept = KeptAggregates(unit, Order)
    OrderCommandHandler(kept).handle(CreateOrder("order-1", "c-1", (BLANKET,)))
    kept.get("order-1").confirm()  # and never saved
    with pytest.raises(InvalidOperationError, match="draft"):
        OrderCommandHandler(kept).handle(ShipOrder("order-1", "3S01", "PostNL"))
