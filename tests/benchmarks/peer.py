"""The peer: the `eventsourcing` library used as its documentation shows."""

from collections.abc import Iterator
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Notification


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


def one_long_order(application: "Application[UUID]", length: int) -> UUID:
    """Saved in parts: many thousand events at once never come back from PostgreSQL."""
    order = Order(customer_id="customer-1")
    for at in range(1, length):
        order.add_item(f"sku-{at % 50}", at % 7 + 1, 100 + at)
        if at % 500 == 0:
            application.save(order)
    application.save(order)
    return order.id


def filled(application: "Application[UUID]", count: int, length: int) -> None:
    for order in orders(count, length):
        application.save(order)


def notifications(application: "Application[UUID]") -> Iterator[Notification]:
    """All stored events in order, as the library reads them page by page."""
    after = 0
    while page := application.recorder.select_notifications(start=after, limit=500, inclusive_of_start=False):
        yield from page
        after = page[-1].id


def read_all(application: "Application[UUID]") -> int:
    return sum(1 for _ in notifications(application))


def decode_all(application: "Application[UUID]") -> int:
    """What a projection of the library is given: domain events. Nothing is made of them."""
    to_event = application.mapper.to_domain_event
    count = 0
    for one in notifications(application):
        to_event(one)
        count += 1
    return count
