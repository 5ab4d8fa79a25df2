"""The order: what may be done with it, and what it is after each event."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from auditor.core.aggregate import AggregateRoot, Stamp
from auditor.core.errors import InvalidOperationError
from auditor.core.events import Envelope
from auditor.core.payload import to_data
from auditor.core.text import tr
from auditor.core.timestamps import format_timestamp
from auditor.demo.events import (
    UPCASTERS,
    Address,
    Contact,
    DeliveryAddressChanged,
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


class Order(AggregateRoot):
    """An order is *new* until it is created, then *draft*, *confirmed*, *shipped* or *cancelled*.

    Public attributes are its state, made of plain JSON values. Amounts are cents; `total` and `item_count` (how many
    different articles) are kept up with each event.
    """

    upcasters = UPCASTERS

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.status = "new"
        self.customer_id: str | None = None
        self.contact: dict[str, Any] | None = None
        self.delivery_address: dict[str, Any] | None = None
        self.currency: str | None = None
        self.items: dict[str, dict[str, Any]] = {}
        self.item_count = 0
        self.total = 0
        self.agreed_total: int | None = None
        self.corrections: list[dict[str, Any]] = []
        self.shipment: dict[str, Any] | None = None
        self.created_at: str | None = None
        self.confirmed_at: str | None = None
        self.shipped_at: str | None = None
        self.cancelled_at: str | None = None
        self.cancel_reason: str | None = None

    # -- commands ------------------------------------------------------------------------------------------

    def create(
        self,
        customer_id: str,
        items: Iterable[Item] = (),
        *,
        contact: Contact | None = None,
        delivery_address: Address | None = None,
        currency: str = "EUR",
    ) -> None:
        """Raises: InvalidOperationError, as all commands do when a rule forbids them."""
        if self.status != "new":
            raise InvalidOperationError(
                tr("The order {id} exists already.", id=self.id), tr("Choose another id for the new order.")
            )
        if not customer_id:
            raise InvalidOperationError(
                tr("The order {id} needs a customer.", id=self.id), tr("Give the customer's id.")
            )
        lines = tuple(items)
        for item in lines:
            self._check_item(item)
        if len({item.sku for item in lines}) < len(lines):
            raise InvalidOperationError(
                tr("An article is in the order {id} twice.", id=self.id),
                tr("Give each article once, with the whole quantity."),
            )
        self.apply(OrderCreated(customer_id, currency, lines, contact, delivery_address))

    def add_item(self, sku: str, quantity: int, unit_price: int, name: str = "") -> None:
        """`unit_price` is cents."""
        self._needs("draft")
        if sku in self.items:
            raise InvalidOperationError(
                tr("{sku} is in the order {id} already.", sku=sku, id=self.id),
                tr("Change its quantity instead."),
            )
        item = Item(sku, name or sku, quantity, unit_price)
        self._check_item(item)
        self.apply(ItemAdded(item))

    def change_quantity(self, sku: str, quantity: int) -> None:
        """Setting the quantity that it has is no event."""
        self._needs("draft")
        item = self._item(sku)
        self._check_quantity(sku, quantity)
        if item["quantity"] != quantity:
            self.apply(QuantityChanged(sku, quantity))

    def remove_item(self, sku: str) -> None:
        self._needs("draft")
        self._item(sku)
        self.apply(ItemRemoved(sku))

    def change_delivery_address(self, address: Address) -> None:
        self._needs("draft", "confirmed")
        if to_data(address) != self.delivery_address:
            self.apply(DeliveryAddressChanged(address))

    def confirm(self) -> None:
        self._needs("draft")
        if not self.items:
            raise InvalidOperationError(
                tr("The order {id} is empty.", id=self.id), tr("Add an item before confirming it.")
            )
        self.apply(OrderConfirmed(self.total))

    def correct_price(self, sku: str, unit_price: int, reason: str) -> None:
        """Only after confirmation: until then prices are the catalogue's."""
        self._needs("confirmed", "shipped")
        item = self._item(sku)
        self._check_price(sku, unit_price)
        if not reason.strip():
            raise InvalidOperationError(
                tr("A price of the order {id} cannot be corrected without a reason.", id=self.id),
                tr("Say why the agreed price was wrong."),
            )
        if item["unit_price"] != unit_price:
            self.apply(PriceCorrected(sku, unit_price, reason))

    def ship(
        self,
        tracking_number: str,
        carrier: str,
        *,
        shipped_at: datetime | None = None,
        warehouse: str | None = None,
    ) -> None:
        """`shipped_at` is now where it is not given."""
        self._check_shipment(tracking_number)
        self.apply(OrderShipped(tracking_number, carrier, shipped_at or self._now(), warehouse))

    def cancel(self, reason: str = "") -> None:
        self._needs("draft", "confirmed")
        self.apply(OrderCancelled(reason))

    # -- rules ---------------------------------------------------------------------------------------------

    def _needs(self, *allowed: str) -> None:
        if self.status in allowed:
            return
        hints = {
            "new": tr("Create it first."),
            "draft": tr("Confirm it first."),
            "confirmed": tr("It is binding now: cancel it and create another one."),
            "shipped": tr("The goods are on their way: only prices can still be corrected."),
            "cancelled": tr("Create another order."),
        }
        raise InvalidOperationError(
            tr("The order {id} is {status}, and this needs {allowed}.", id=self.id, **self._said(allowed)),
            hints[self.status],
        )

    def _said(self, allowed: tuple[str, ...]) -> Mapping[str, str]:
        names = {
            "new": tr("not created"),
            "draft": tr("a draft"),
            "confirmed": tr("confirmed"),
            "shipped": tr("shipped"),
            "cancelled": tr("cancelled"),
        }
        wanted = {
            "draft": tr("a draft"),
            "confirmed": tr("a confirmed order"),
            "shipped": tr("a shipped one"),
        }
        return {
            "status": names[self.status],
            "allowed": tr(" or ").join(wanted[status] for status in allowed),
        }

    def _item(self, sku: str) -> dict[str, Any]:
        try:
            return self.items[sku]
        except KeyError:
            raise InvalidOperationError(
                tr("{sku} is not in the order {id}.", sku=sku, id=self.id),
                tr("It has {items}.", items=", ".join(self.items) or tr("no items")),
            ) from None

    def _check_item(self, item: Item) -> None:
        self._check_quantity(item.sku, item.quantity)
        self._check_price(item.sku, item.unit_price)

    def _check_quantity(self, sku: str, quantity: int) -> None:
        if type(quantity) is not int or quantity < 1:
            raise InvalidOperationError(
                tr("{quantity} is no quantity for {sku}.", quantity=quantity, sku=sku),
                tr("Give a whole number from 1 on, or remove the item."),
            )

    def _check_price(self, sku: str, unit_price: int) -> None:
        if type(unit_price) is not int or unit_price < 0:
            raise InvalidOperationError(
                tr("{price} is no price for {sku}.", price=unit_price, sku=sku),
                tr("Give whole cents from 0 on."),
            )

    def _check_shipment(self, tracking_number: str) -> None:
        self._needs("confirmed")
        if not tracking_number.strip():
            raise InvalidOperationError(
                tr("The order {id} cannot be shipped without a tracking number.", id=self.id),
                tr("Take it from the carrier's label."),
            )

    def _now(self) -> datetime:
        return (self._stamp or Stamp()).now()

    # -- events --------------------------------------------------------------------------------------------

    def on_order_created(self, event: OrderCreated, envelope: Envelope) -> None:
        self.status = "draft"
        self.customer_id = event.customer_id
        self.currency = event.currency
        self.contact = to_data(event.contact)
        self.delivery_address = to_data(event.delivery_address)
        self.created_at = format_timestamp(envelope.timestamp)
        for item in event.items:
            self._put(item)

    def on_item_added(self, event: ItemAdded) -> None:
        self._put(event.item)

    def on_quantity_changed(self, event: QuantityChanged) -> None:
        item = self.items[event.sku]
        item["quantity"] = event.quantity
        self._amount(item)

    def on_item_removed(self, event: ItemRemoved) -> None:
        self.total -= self.items.pop(event.sku)["amount"]
        self.item_count -= 1

    def on_delivery_address_changed(self, event: DeliveryAddressChanged) -> None:
        self.delivery_address = to_data(event.delivery_address)

    def on_order_confirmed(self, event: OrderConfirmed, envelope: Envelope) -> None:
        self.status = "confirmed"
        self.agreed_total = event.total
        self.confirmed_at = format_timestamp(envelope.timestamp)

    def on_price_corrected(self, event: PriceCorrected, envelope: Envelope) -> None:
        item = self.items[event.sku]
        self.corrections.append(
            {
                "sku": event.sku,
                "from": item["unit_price"],
                "to": event.unit_price,
                "reason": event.reason,
                "user_id": envelope.metadata.user_id,
                "at": format_timestamp(envelope.timestamp),
            }
        )
        item["unit_price"] = event.unit_price
        self._amount(item)

    def on_order_shipped(self, event: OrderShipped) -> None:
        self.status = "shipped"
        self.shipped_at = format_timestamp(event.shipped_at)
        self.shipment = {
            "carrier": event.carrier,
            "tracking_number": event.tracking_number,
            "warehouse": event.warehouse,
        }

    def on_order_cancelled(self, event: OrderCancelled, envelope: Envelope) -> None:
        self.status = "cancelled"
        self.cancelled_at = format_timestamp(envelope.timestamp)
        self.cancel_reason = event.reason

    def _put(self, item: Item) -> None:
        amount = item.quantity * item.unit_price
        self.items[item.sku] = {
            "name": item.name,
            "quantity": item.quantity,
            "unit_price": item.unit_price,
            "amount": amount,
        }
        self.item_count += 1
        self.total += amount

    def _amount(self, item: dict[str, Any]) -> None:
        before = item["amount"]
        item["amount"] = item["quantity"] * item["unit_price"]
        self.total += item["amount"] - before
