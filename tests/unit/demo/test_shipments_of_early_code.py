"""Shipments were stored with carrier and number in one text; today's code reads them as it writes its own."""

from datetime import UTC, datetime

from auditor.core.events import RecordedEvent, recorded
from auditor.core.repository import Repository
from auditor.demo.commands import ConfirmOrder, CreateOrder, OrderCommandHandler, ShipOrder
from auditor.demo.early_code import EarlyOrder
from auditor.demo.order import Order
from tests.helpers.orders import BLANKET, MemoryStore, ProjectedOrders, state, ticking_stamp

SHIPPED_AT = datetime(2026, 1, 8, 12, 0, tzinfo=UTC)


def history(order_class: type[Order]) -> list[RecordedEvent]:
    store, stamp = MemoryStore(), ticking_stamp()
    orders = OrderCommandHandler(Repository(store, order_class))
    orders.handle(CreateOrder("order-1", "c-1", (BLANKET,)), stamp)
    orders.handle(ConfirmOrder("order-1"), stamp)
    orders.handle(ShipOrder("order-1", "3S01 A", "PostNL", SHIPPED_AT, "Utrecht 1"), stamp)
    return store.stored


def folded(events: list[RecordedEvent], order_class: type[Order]) -> dict[str, object]:
    order = order_class("order-1")
    order.load_from_history(events)
    return state(order)


def test_the_early_code_stored_version_1() -> None:
    event = history(EarlyOrder)[-1]
    assert event.aggregate_type == "Order"
    assert event.event_type == "OrderShipped"
    assert event.metadata.schema_version == 1
    assert event.data == {"tracking": "PostNL 3S01 A", "shipped_at": "2026-01-08T12:00:00.000000Z"}
    assert history(Order)[-1].metadata.schema_version == 2


def test_version_1_is_read_as_version_2() -> None:
    early, todays = history(EarlyOrder), history(Order)
    assert folded(early, Order) == folded(todays, Order)
    assert folded(early, EarlyOrder) == folded(early, Order)


def test_the_read_model_reads_both_alike() -> None:
    early, todays = ProjectedOrders(), ProjectedOrders()
    early.project(history(EarlyOrder))
    todays.project(history(Order))
    assert early.tables == todays.tables
    assert early.summary("order-1")["tracking_number"] == "3S01 A"


def test_an_order_that_ships_itself_equals_its_replay() -> None:
    order = EarlyOrder("order-1")
    order.stamp_with(ticking_stamp())
    order.create("c-1", [BLANKET])
    order.confirm()
    order.ship("3S01", "PostNL", shipped_at=SHIPPED_AT)
    replayed = Order("order-1")
    replayed.load_from_history(recorded(event, 0) for event in order.uncommitted_events)
    assert state(replayed) == state(order)
