"""The read model of orders: one row an order, and one a line, from which the totals follow."""

from auditor.core.events import Envelope
from auditor.core.projection import Projection, Row, Table
from auditor.core.timestamps import format_timestamp
from auditor.demo.events import (
    UPCASTERS,
    Item,
    ItemAdded,
    ItemRemoved,
    OrderCancelled,
    OrderConfirmed,
    OrderCreated,
    OrderShipped,
    PriceCorrected,
    QuantityChanged,
)

SUMMARIES = Table(
    name="order_summaries",
    columns={
        "id": "text",
        "customer_id": "text",
        "status": "text",
        "total": "integer",
        "item_count": "integer",
        "created_at": "text",
        "shipped_at": "text",
        "tracking_number": "text",
    },
)
LINES = Table(
    name="order_lines",
    columns={
        "order_id": "text",
        "sku": "text",
        "name": "text",
        "quantity": "integer",
        "unit_price": "integer",
    },
    key=("order_id", "sku"),
)


class OrderSummaries(Projection):
    """`order_summaries`. Every handler states its line by key and moves the total by the difference to the line
    that stood there, so that an event seen again changes nothing, and `total` is always the sum of the lines.
    A removed line stays with quantity 0: an earlier event of it, seen again, still finds it.
    """

    name = "order_summaries"
    tables = (SUMMARIES, LINES)
    ignores = frozenset(
        {"DeliveryAddressChanged", "CustomerRegistered", "CustomerAddressChanged", "CustomerContactChanged"}
    )
    upcasters = UPCASTERS

    def on_order_created(self, event: OrderCreated, envelope: Envelope) -> None:
        order_id = envelope.aggregate_id
        before = self.rows.get(SUMMARIES.name, order_id) or {"total": 0, "item_count": 0}
        summary = {
            "id": order_id,
            "customer_id": event.customer_id,
            "status": "draft",
            "total": before["total"],
            "item_count": before["item_count"],
            "created_at": format_timestamp(envelope.timestamp),
        }
        for item in event.items:
            self._state_line(summary, self.rows.get(LINES.name, order_id, item.sku), _line(order_id, item))
        self.rows.put(SUMMARIES.name, summary)

    def on_item_added(self, event: ItemAdded, envelope: Envelope) -> None:
        order_id, item = envelope.aggregate_id, event.item
        summary = self._summary(order_id)
        self._state_line(summary, self.rows.get(LINES.name, order_id, item.sku), _line(order_id, item))
        self.rows.put(SUMMARIES.name, summary)

    def on_quantity_changed(self, event: QuantityChanged, envelope: Envelope) -> None:
        self._change_line(envelope.aggregate_id, event.sku, quantity=event.quantity)

    def on_price_corrected(self, event: PriceCorrected, envelope: Envelope) -> None:
        self._change_line(envelope.aggregate_id, event.sku, unit_price=event.unit_price)

    def on_item_removed(self, event: ItemRemoved, envelope: Envelope) -> None:
        self._change_line(envelope.aggregate_id, event.sku, quantity=0)

    def on_order_confirmed(self, _: OrderConfirmed, envelope: Envelope) -> None:
        self.rows.update(SUMMARIES.name, {"id": envelope.aggregate_id, "status": "confirmed"})

    def on_order_shipped(self, event: OrderShipped, envelope: Envelope) -> None:
        self.rows.update(
            SUMMARIES.name,
            {
                "id": envelope.aggregate_id,
                "status": "shipped",
                "shipped_at": format_timestamp(event.shipped_at),
                "tracking_number": event.tracking_number,
            },
        )

    def on_order_cancelled(self, _: OrderCancelled, envelope: Envelope) -> None:
        self.rows.update(SUMMARIES.name, {"id": envelope.aggregate_id, "status": "cancelled"})

    def _change_line(self, order_id: str, sku: str, **changes: int) -> None:
        before, summary = self.rows.get(LINES.name, order_id, sku), self._summary(order_id)
        if before is None:
            raise LookupError(f"{sku} was never in the order {order_id}")
        self._state_line(summary, before, {**before, **changes})
        self.rows.put(SUMMARIES.name, summary)

    def _summary(self, order_id: str) -> Row:
        summary = self.rows.get(SUMMARIES.name, order_id)
        if summary is None:
            raise LookupError(f"the order {order_id} was never created")
        return summary

    def _state_line(self, summary: Row, before: Row | None, line: Row) -> None:
        """Puts the line, and moves the summary by its difference to what stood there."""
        self.rows.put(LINES.name, line)
        summary["total"] += _amount(line) - (_amount(before) if before else 0)
        summary["item_count"] += (line["quantity"] > 0) - (before is not None and before["quantity"] > 0)


def _line(order_id: str, item: Item) -> Row:
    return {
        "order_id": order_id,
        "sku": item.sku,
        "name": item.name,
        "quantity": item.quantity,
        "unit_price": item.unit_price,
    }


def _amount(line: Row) -> int:
    amount: int = line["quantity"] * line["unit_price"]
    return amount
