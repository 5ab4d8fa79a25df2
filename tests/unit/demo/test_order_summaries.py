"""The read model: what its rows say, and that events seen again change nothing."""

from auditor.core.events import RecordedEvent
from auditor.core.projection import Projector, Rows
from auditor.demo.commands import (
    AddItem,
    CancelOrder,
    ChangeQuantity,
    ConfirmOrder,
    CorrectPrice,
    CreateOrder,
    OrderCommandHandler,
    RemoveItem,
    ShipOrder,
)
from auditor.demo.events import UPCASTERS
from auditor.demo.projections import OrderSummaries
from tests.helpers.orders import BEGIN, BLANKET, LAMP, MemoryStore, ProjectedOrders, ticking_stamp

COLUMNS = [
    "id",
    "customer_id",
    "status",
    "total",
    "item_count",
    "created_at",
    "shipped_at",
    "tracking_number",
]


def history() -> list[RecordedEvent]:
    store, stamp = MemoryStore(), ticking_stamp()
    orders = OrderCommandHandler(store)
    for command in (
        CreateOrder("order-1", "c-1", (BLANKET, LAMP)),
        CreateOrder("order-2", "c-2"),
        AddItem("order-1", "SKU-3", 3, 100),
        ChangeQuantity("order-1", "SKU-1", 5),
        RemoveItem("order-1", "SKU-1"),
        AddItem("order-1", "SKU-1", 1, 5000),
        RemoveItem("order-1", "SKU-2"),
        ConfirmOrder("order-1"),
        CancelOrder("order-2"),
        CorrectPrice("order-1", "SKU-3", 90, "offer"),
        ShipOrder("order-1", "3S01", "PostNL", BEGIN),
    ):
        orders.handle(command, stamp)
    return store.stored


def test_the_columns_are_those_that_others_rely_on() -> None:
    assert list(OrderSummaries.tables[0].columns) == COLUMNS
    assert OrderSummaries.name == OrderSummaries.tables[0].name == "order_summaries"


def test_rows_say_what_the_orders_are() -> None:
    orders = ProjectedOrders()
    orders.project(history())
    assert list(orders.summary("order-1").values()) == [
        *("order-1", "c-1", "shipped", 1 * 5000 + 3 * 90, 2),
        *("2026-03-02T09:00:00.000000Z", "2026-03-02T09:00:00.000000Z", "3S01"),
    ]
    assert orders.summary("order-2")["status"] == "cancelled"
    assert orders.summary("order-2")["total"] == 0


def test_events_seen_again_change_nothing() -> None:
    events = history()
    once = ProjectedOrders()
    once.project(events)
    each_twice = ProjectedOrders()
    each_twice.project(event for event in events for _ in range(2))
    assert each_twice.tables == once.tables
    for size in range(1, len(events) + 1):
        batches_twice = ProjectedOrders()
        for begin in range(0, len(events), size):
            batch = events[begin : begin + size]
            batches_twice.project([*batch, *batch])
            batches_twice.project(batch)
        assert batches_twice.tables == once.tables, f"batches of {size}"


def test_every_event_of_the_domain_is_handled_or_ignored_on_purpose() -> None:
    projector = Projector(OrderSummaries(), Rows(OrderSummaries.tables, lambda _, __: None, empty=True))
    for name in (
        "CustomerRegistered",
        "CustomerAddressChanged",
        "CustomerContactChanged",
        "DeliveryAddressChanged",
    ):
        assert projector.standing(name) == "ignored"
    assert {projector.standing(event.event_type) for event in history()} == {"handled"}
    assert OrderSummaries.upcasters is UPCASTERS
