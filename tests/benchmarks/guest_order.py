"""The order that the fold service loads, with the same life as the peer's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OrderCreated:
    customer_id: str


@dataclass(frozen=True)
class ItemAdded:
    lines: dict[str, dict[str, int]]


class Order:
    def __init__(self) -> None:
        self.customer_id = ""
        self.lines: dict[str, dict[str, int]] = {}

    def on_order_created(self, event: OrderCreated) -> None:
        self.customer_id = event.customer_id

    def on_item_added(self, event: ItemAdded) -> None:
        self.lines.update(event.lines)
