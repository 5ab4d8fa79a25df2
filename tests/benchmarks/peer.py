"""The peer: the `eventsourcing` library used as its documentation shows."""

from eventsourcing.domain import Aggregate, event


class Order(Aggregate):
    """The same life as the order that ours is measured with."""

    def __init__(self, customer_id: str) -> None:
        self.customer_id = customer_id
        self.lines: dict[str, dict[str, int]] = {}

    @event("ItemAdded")
    def add_item(self, sku: str, quantity: int, unit_price: int) -> None:
        self.lines[sku] = {"quantity": quantity, "unit_price": unit_price}


def orders(count: int, length: int) -> list[Order]:
    """`count` unsaved orders of `length` events each."""
    made = []
    for number in range(count):
        order = Order(customer_id=f"customer-{number}")
        for at in range(length - 1):
            order.add_item(f"sku-{at % 50}", at % 7 + 1, 100 + at)
        made.append(order)
    return made
