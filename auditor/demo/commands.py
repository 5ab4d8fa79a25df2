"""Commands as frozen values, and the handlers that run them on stored aggregates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from auditor.core.aggregate import Stamp
from auditor.core.commands import CommandHandler
from auditor.core.ports import EventSource
from auditor.core.repository import Repository
from auditor.demo.customer import Customer
from auditor.demo.events import Address, Contact, Item
from auditor.demo.order import Order


@dataclass(frozen=True)
class CreateOrder:
    """Begin an order for a customer."""

    order_id: str
    customer_id: str
    items: tuple[Item, ...] = ()
    contact: Contact | None = None
    delivery_address: Address | None = None
    currency: str = "EUR"


@dataclass(frozen=True)
class AddItem:
    """Add an article; `unit_price` is cents."""

    order_id: str
    sku: str
    quantity: int
    unit_price: int
    name: str = ""


@dataclass(frozen=True)
class ChangeQuantity:
    """Set the quantity of an article in the order."""

    order_id: str
    sku: str
    quantity: int


@dataclass(frozen=True)
class RemoveItem:
    """Take an article out of the order."""

    order_id: str
    sku: str


@dataclass(frozen=True)
class ChangeDeliveryAddress:
    """Send the goods somewhere else."""

    order_id: str
    address: Address


@dataclass(frozen=True)
class ConfirmOrder:
    """Make the order binding."""

    order_id: str


@dataclass(frozen=True)
class CorrectPrice:
    """Change a price after confirmation; `unit_price` is cents."""

    order_id: str
    sku: str
    unit_price: int
    reason: str


@dataclass(frozen=True)
class ShipOrder:
    """Hand the goods to a carrier; `shipped_at` is now where it is not given."""

    order_id: str
    tracking_number: str
    carrier: str
    shipped_at: datetime | None = None
    warehouse: str | None = None


@dataclass(frozen=True)
class CancelOrder:
    """End an order that was not shipped."""

    order_id: str
    reason: str = ""


OrderCommand = (
    CreateOrder
    | AddItem
    | ChangeQuantity
    | RemoveItem
    | ChangeDeliveryAddress
    | ConfirmOrder
    | CorrectPrice
    | ShipOrder
    | CancelOrder
)


class OrderCommandHandler:
    """Runs the commands of orders on a store (or on a repository that stands on one)."""

    def __init__(self, store: EventSource | Repository[Order], attempts: int = 5) -> None:
        repository = store if isinstance(store, Repository) else Repository(store, Order)
        self._commands = CommandHandler(repository, attempts)

    def handle(self, command: OrderCommand, stamp: Stamp | None = None) -> Order:
        """The order as it is after the command. `stamp` says who acts, when, and because of what.

        Raises: InvalidOperationError, AggregateNotFound, ConcurrencyError (for CreateOrder: the id is taken),
        StoreBusy.
        """
        decide = _DECIDE_ORDER[type(command)]
        if type(command) is CreateOrder:
            return self._commands.create(command.order_id, partial(decide, command), stamp)
        return self._commands.change(command.order_id, partial(decide, command), stamp)


def _create(command: CreateOrder, order: Order) -> None:
    order.create(
        command.customer_id,
        command.items,
        contact=command.contact,
        delivery_address=command.delivery_address,
        currency=command.currency,
    )


def _add_item(command: AddItem, order: Order) -> None:
    order.add_item(command.sku, command.quantity, command.unit_price, command.name)


def _change_quantity(command: ChangeQuantity, order: Order) -> None:
    order.change_quantity(command.sku, command.quantity)


def _remove_item(command: RemoveItem, order: Order) -> None:
    order.remove_item(command.sku)


def _change_delivery_address(command: ChangeDeliveryAddress, order: Order) -> None:
    order.change_delivery_address(command.address)


def _confirm(_: ConfirmOrder, order: Order) -> None:
    order.confirm()


def _correct_price(command: CorrectPrice, order: Order) -> None:
    order.correct_price(command.sku, command.unit_price, command.reason)


def _ship(command: ShipOrder, order: Order) -> None:
    order.ship(
        command.tracking_number,
        command.carrier,
        shipped_at=command.shipped_at,
        warehouse=command.warehouse,
    )


def _cancel(command: CancelOrder, order: Order) -> None:
    order.cancel(command.reason)


_DECIDE_ORDER: dict[type, Callable[[Any, Order], None]] = {
    CreateOrder: _create,
    AddItem: _add_item,
    ChangeQuantity: _change_quantity,
    RemoveItem: _remove_item,
    ChangeDeliveryAddress: _change_delivery_address,
    ConfirmOrder: _confirm,
    CorrectPrice: _correct_price,
    ShipOrder: _ship,
    CancelOrder: _cancel,
}


# -- customers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RegisterCustomer:
    """Open an account."""

    customer_id: str
    name: str
    contact: Contact
    address: Address


@dataclass(frozen=True)
class ChangeCustomerAddress:
    """The customer moved."""

    customer_id: str
    address: Address


@dataclass(frozen=True)
class ChangeCustomerContact:
    """Somebody else orders from now on."""

    customer_id: str
    contact: Contact


CustomerCommand = RegisterCustomer | ChangeCustomerAddress | ChangeCustomerContact


class CustomerCommandHandler:
    """Runs the commands of customers on a store (or on a repository that stands on one)."""

    def __init__(self, store: EventSource | Repository[Customer], attempts: int = 5) -> None:
        repository = store if isinstance(store, Repository) else Repository(store, Customer)
        self._commands = CommandHandler(repository, attempts)

    def handle(self, command: CustomerCommand, stamp: Stamp | None = None) -> Customer:
        """The customer after the command.

        Raises: InvalidOperationError, AggregateNotFound, ConcurrencyError, StoreBusy.
        """
        if isinstance(command, RegisterCustomer):
            return self._commands.create(command.customer_id, partial(_register, command), stamp)
        if isinstance(command, ChangeCustomerAddress):
            address = command.address
            return self._commands.change(
                command.customer_id, lambda customer: customer.change_address(address), stamp
            )
        contact = command.contact
        return self._commands.change(
            command.customer_id, lambda customer: customer.change_contact(contact), stamp
        )


def _register(command: RegisterCustomer, customer: Customer) -> None:
    customer.register(command.name, command.contact, command.address)
