"""Whatever commands come in whatever order: replaying what was stored gives the order that ran them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.errors import AggregateNotFound, ConcurrencyError, InvalidOperationError
from auditor.demo.commands import OrderCommandHandler
from auditor.demo.order import Order
from tests.helpers.order_commands import BEGINNING, COMMANDS
from tests.helpers.orders import MemoryStore, ProjectedOrders, state, ticking_stamp


def run(commands: list[Any]) -> tuple[MemoryStore, dict[str, Order]]:
    """What is stored, and each order as its last command left it."""
    store, stamp, orders = MemoryStore(), ticking_stamp(), dict[str, Order]()
    handler = OrderCommandHandler(store)
    for command in commands:
        try:
            orders[command.order_id] = handler.handle(command, stamp)
        except (InvalidOperationError, AggregateNotFound, ConcurrencyError):
            continue
    return store, orders


@given(st.lists(COMMANDS, max_size=40), st.booleans())
def test_replay_gives_the_order_that_ran_the_commands(commands: list[Any], begun: bool) -> None:
    store, orders = run([*BEGINNING, *commands] if begun else commands)
    for order_id, order in orders.items():
        replayed = Order(order_id)
        replayed.load_from_history(store.get_events(order_id))
        assert state(replayed) == state(order)
        assert replayed.version == order.version
        assert order.total == sum(item["quantity"] * item["unit_price"] for item in order.items.values())
        assert order.item_count == len(order.items)


@given(st.lists(COMMANDS, max_size=40), st.integers(1, 10))
def test_the_read_model_agrees_with_the_orders_however_often_it_sees_a_batch(
    commands: list[Any], size: int
) -> None:
    store, orders = run([*BEGINNING, *commands])
    projected = ProjectedOrders()
    for begin in range(0, len(store.stored), size):
        batch = store.stored[begin : begin + size]
        projected.project([*batch, *batch])
        projected.project(event for event in batch for _ in range(2))
    for order_id, order in orders.items():
        summary = projected.summary(order_id)
        assert summary.pop("tracking_number") == (order.shipment or {}).get("tracking_number")
        assert summary.pop("id") == order_id
        assert summary == {name: getattr(order, name) for name in summary}
