"""The Orders domain, written with the library: what the demo store holds, and an example to learn from.

Names are loaded when they are asked for, so that the aggregates need no database driver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.demo.commands import (
        AddItem,
        CancelOrder,
        ChangeCustomerAddress,
        ChangeCustomerContact,
        ChangeDeliveryAddress,
        ChangeQuantity,
        ConfirmOrder,
        CorrectPrice,
        CreateOrder,
        CustomerCommandHandler,
        OrderCommandHandler,
        RegisterCustomer,
        RemoveItem,
        ShipOrder,
    )
    from auditor.demo.customer import Customer
    from auditor.demo.events import Address, Contact, Item
    from auditor.demo.order import Order
    from auditor.demo.projections import OrderSummaries
    from auditor.demo.read_model import OrderReadModel, OrderSummary

DOMAIN = "auditor-demo-orders"
"""The mark that a demo store bears: the program's own models and projection serve such stores alone."""

_MODULES = {
    "commands": (
        "AddItem",
        "CancelOrder",
        "ChangeCustomerAddress",
        "ChangeCustomerContact",
        "ChangeDeliveryAddress",
        "ChangeQuantity",
        "ConfirmOrder",
        "CorrectPrice",
        "CreateOrder",
        "CustomerCommandHandler",
        "OrderCommandHandler",
        "RegisterCustomer",
        "RemoveItem",
        "ShipOrder",
    ),
    "customer": ("Customer",),
    "events": ("Address", "Contact", "Item"),
    "order": ("Order",),
    "projections": ("OrderSummaries",),
    "read_model": ("OrderReadModel", "OrderSummary"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "AddItem",
    "Address",
    "CancelOrder",
    "ChangeCustomerAddress",
    "ChangeCustomerContact",
    "ChangeDeliveryAddress",
    "ChangeQuantity",
    "ConfirmOrder",
    "Contact",
    "CorrectPrice",
    "CreateOrder",
    "Customer",
    "CustomerCommandHandler",
    "Item",
    "Order",
    "OrderCommandHandler",
    "OrderReadModel",
    "OrderSummaries",
    "OrderSummary",
    "RegisterCustomer",
    "RemoveItem",
    "ShipOrder",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
