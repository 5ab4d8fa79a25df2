"""What happens to orders and customers. Money is integer cents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from auditor.core.upcasting import Upcaster, UpcasterChain


@dataclass(frozen=True)
class Address:
    """Where goods or letters go."""

    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True)
class Contact:
    """Who to ask."""

    name: str
    email: str


@dataclass(frozen=True)
class Item:
    """One line of an order: so many pieces of one article at a price per piece."""

    sku: str
    name: str
    quantity: int
    unit_price: int


# -- orders ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OrderCreated:
    """A customer began an order, usually with what was in the basket."""

    customer_id: str
    currency: str
    items: tuple[Item, ...]
    contact: Contact | None = None
    delivery_address: Address | None = None


@dataclass(frozen=True)
class ItemAdded:
    """An article came into the order that was not in it."""

    item: Item


@dataclass(frozen=True)
class QuantityChanged:
    """`quantity` is the new one."""

    sku: str
    quantity: int


@dataclass(frozen=True)
class ItemRemoved:
    """The article is no longer in the order."""

    sku: str


@dataclass(frozen=True)
class DeliveryAddressChanged:
    """The goods are to go somewhere else."""

    delivery_address: Address


@dataclass(frozen=True)
class OrderConfirmed:
    """The order is binding; `total` is what was agreed on."""

    total: int


@dataclass(frozen=True)
class PriceCorrected:
    """The price per piece of one line was changed after the order was confirmed."""

    sku: str
    unit_price: int
    reason: str


@dataclass(frozen=True)
class OrderShipped:
    """The goods left the warehouse."""

    schema_version: ClassVar[int] = 2

    tracking_number: str
    carrier: str
    shipped_at: datetime
    warehouse: str | None = None


@dataclass(frozen=True)
class OrderCancelled:
    """Nothing more will come of this order."""

    reason: str


# -- customers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CustomerRegistered:
    """A customer opened an account."""

    name: str
    contact: Contact
    address: Address


@dataclass(frozen=True)
class CustomerAddressChanged:
    """The customer moved."""

    address: Address


@dataclass(frozen=True)
class CustomerContactChanged:
    """Somebody else orders for this customer now."""

    contact: Contact


# -- how old events are read today -------------------------------------------------------------------------


def split_tracking(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of OrderShipped had carrier and number in one text, and there was one warehouse."""
    carrier, _, number = data["tracking"].partition(" ")
    return {
        "tracking_number": number,
        "carrier": carrier,
        "shipped_at": data["shipped_at"],
        "warehouse": "Utrecht 1",
    }


UPCASTERS = UpcasterChain([Upcaster("OrderShipped", 1, split_tracking)])
