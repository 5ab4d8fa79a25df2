"""Given what happened, when a command comes, then these events, or a refusal that says what to do."""

from collections.abc import Callable
from typing import Any

import pytest

from auditor.core.errors import InvalidOperationError
from auditor.core.payload import to_data
from auditor.demo.events import Address, Item
from auditor.demo.order import Order
from tests.helpers.orders import BLANKET, LAMP, state, ticking_stamp

Act = Callable[[Order], Any]
MAT = Item("SKU-3", "Mat", 4, 100)
GENT = Address("Markt 1", "9000", "Gent", "BE")


def created(order: Order) -> None:
    order.create("c-1", [BLANKET, LAMP])


def confirmed(order: Order) -> None:
    created(order)
    order.confirm()


def shipped(order: Order) -> None:
    confirmed(order)
    order.ship("3S01", "PostNL")


def cancelled(order: Order) -> None:
    created(order)
    order.cancel("no longer needed")


def nothing(order: Order) -> None:
    """A new order."""


def given(*acts: Act) -> Order:
    order = Order("order-1")
    order.stamp_with(ticking_stamp())
    for act in acts:
        act(order)
    order.clear_uncommitted_events()
    return order


@pytest.mark.parametrize(
    ("history", "command", "event_type", "data"),
    [
        (nothing, lambda o: o.create("c-1"), "OrderCreated", {"customer_id": "c-1", "items": []}),
        (created, lambda o: o.add_item("SKU-3", 4, 100, "Mat"), "ItemAdded", {"item": to_data(MAT)}),
        (
            created,
            lambda o: o.change_quantity("SKU-1", 5),
            "QuantityChanged",
            {"sku": "SKU-1", "quantity": 5},
        ),
        (created, lambda o: o.remove_item("SKU-1"), "ItemRemoved", {"sku": "SKU-1"}),
        (created, lambda o: o.confirm(), "OrderConfirmed", {"total": 2 * 5990 + 8990}),
        (
            confirmed,
            lambda o: o.correct_price("SKU-2", 7990, "offer"),
            "PriceCorrected",
            {"unit_price": 7990},
        ),
        (shipped, lambda o: o.correct_price("SKU-2", 7990, "offer"), "PriceCorrected", {"reason": "offer"}),
        (confirmed, lambda o: o.ship("3S01", "PostNL"), "OrderShipped", {"tracking_number": "3S01"}),
        (created, lambda o: o.cancel("twice"), "OrderCancelled", {"reason": "twice"}),
        (confirmed, lambda o: o.cancel(), "OrderCancelled", {"reason": ""}),
        (
            confirmed,
            lambda o: o.change_delivery_address(GENT),
            "DeliveryAddressChanged",
            {"delivery_address": to_data(GENT)},
        ),
    ],
)
def test_a_command_that_is_allowed_makes_one_event(
    history: Act, command: Act, event_type: str, data: dict[str, Any]
) -> None:
    order = given(history)
    command(order)
    (event,) = order.uncommitted_events
    assert event.event_type == event_type
    assert data.items() <= event.data.items()


@pytest.mark.parametrize(
    ("history", "command", "says"),
    [
        (nothing, lambda o: o.add_item("SKU-1", 1, 1), "Create it first."),
        (nothing, lambda o: o.create(""), "Give the customer's id."),
        (nothing, lambda o: o.create("c-1", [BLANKET, BLANKET]), "Give each article once"),
        (created, lambda o: o.create("c-1"), "Choose another id"),
        (created, lambda o: o.add_item("SKU-1", 1, 1), "Change its quantity instead."),
        (created, lambda o: o.add_item("SKU-3", 0, 1), "from 1 on"),
        (created, lambda o: o.add_item("SKU-3", 1, -1), "whole cents"),
        (created, lambda o: o.add_item("SKU-3", 1, 1.5), "whole cents"),
        (created, lambda o: o.add_item("SKU-3", True, 1), "from 1 on"),
        (created, lambda o: o.change_quantity("SKU-9", 1), "SKU-1, SKU-2"),
        (created, lambda o: o.change_quantity("SKU-1", 0), "remove the item"),
        (created, lambda o: o.ship("3S01", "PostNL"), "Confirm it first."),
        (created, lambda o: o.correct_price("SKU-1", 1, "offer"), "Confirm it first."),
        (confirmed, lambda o: o.ship(" ", "PostNL"), "carrier's label"),
        (confirmed, lambda o: o.correct_price("SKU-1", 1, " "), "Say why"),
        (confirmed, lambda o: o.correct_price("SKU-9", 1, "offer"), "SKU-1, SKU-2"),
        (confirmed, lambda o: o.add_item("SKU-3", 1, 1), "cancel it and create another"),
        (shipped, lambda o: o.cancel(), "on their way"),
        (shipped, lambda o: o.ship("3S02", "PostNL"), "on their way"),
        (cancelled, lambda o: o.confirm(), "Create another order."),
    ],
)
def test_a_command_that_is_not_allowed_changes_nothing_and_says_what_to_do(
    history: Act, command: Act, says: str
) -> None:
    order = given(history)
    before, version = state(order), order.version
    with pytest.raises(InvalidOperationError) as refused:
        command(order)
    assert says in refused.value.hint
    assert order.id in refused.value.message or "SKU-" in refused.value.message
    assert (state(order), order.version, order.uncommitted_events) == (before, version, ())


def test_an_empty_order_cannot_be_confirmed() -> None:
    order = given(lambda o: o.create("c-1", [BLANKET]), lambda o: o.remove_item("SKU-1"))
    with pytest.raises(InvalidOperationError, match="empty"):
        order.confirm()


@pytest.mark.parametrize(
    ("history", "command"),
    [
        (created, lambda o: o.change_quantity("SKU-1", 2)),
        (confirmed, lambda o: o.correct_price("SKU-1", 5990, "offer")),
    ],
)
def test_setting_what_is_set_already_is_no_event(history: Act, command: Act) -> None:
    order = given(history)
    command(order)
    assert order.uncommitted_events == ()


def test_totals_follow_each_event() -> None:
    order = given(created)
    seen = [(order.item_count, order.total)]
    acts: tuple[Callable[[], None], ...] = (
        lambda: order.add_item("SKU-3", 3, 100),
        lambda: order.change_quantity("SKU-1", 1),
        lambda: order.remove_item("SKU-2"),
        order.confirm,
        lambda: order.correct_price("SKU-3", 50, "offer"),
    )
    for act in acts:
        act()
        seen.append((order.item_count, order.total))
    assert seen == [(2, 20970), (3, 21270), (3, 15280), (2, 6290), (2, 6290), (2, 6140)]


def test_a_correction_stays_visible_with_who_and_when() -> None:
    order = given(confirmed)
    order.correct_price("SKU-2", 4495, "Damaged box")
    assert order.corrections == [
        {
            "sku": "SKU-2",
            "from": 8990,
            "to": 4495,
            "reason": "Damaged box",
            "user_id": "a.koster",
            "at": "2026-03-02T09:02:00.000000Z",
        }
    ]
    assert (order.agreed_total, order.total) == (20970, 16475)


def test_items_keep_the_order_in_which_they_came() -> None:
    order = given(created)
    order.add_item("SKU-0", 1, 1)
    assert list(order.items) == ["SKU-1", "SKU-2", "SKU-0"]
