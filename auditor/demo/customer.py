"""The customer: an account with an address and somebody who orders."""

from typing import Any

from auditor.core.aggregate import AggregateRoot
from auditor.core.errors import InvalidOperationError
from auditor.core.events import Envelope
from auditor.core.payload import to_data
from auditor.core.text import tr
from auditor.core.timestamps import format_timestamp
from auditor.demo.events import (
    Address,
    Contact,
    CustomerAddressChanged,
    CustomerContactChanged,
    CustomerRegistered,
)


class Customer(AggregateRoot):
    """Public attributes are the state, made of plain JSON values."""

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.name: str | None = None
        self.contact: dict[str, Any] | None = None
        self.address: dict[str, Any] | None = None
        self.former_addresses: list[dict[str, Any]] = []
        self.registered_at: str | None = None

    def register(self, name: str, contact: Contact, address: Address) -> None:
        """Raises: InvalidOperationError, as all commands do when a rule forbids them."""
        if self.version:
            raise InvalidOperationError(
                tr("The customer {id} is registered already.", id=self.id),
                tr("Change the address or the contact instead."),
            )
        self.apply(CustomerRegistered(name, contact, address))

    def change_address(self, address: Address) -> None:
        """Setting the address that the customer has is no event; `change_contact` likewise."""
        self._needs_registration()
        if to_data(address) != self.address:
            self.apply(CustomerAddressChanged(address))

    def change_contact(self, contact: Contact) -> None:
        self._needs_registration()
        if to_data(contact) != self.contact:
            self.apply(CustomerContactChanged(contact))

    def _needs_registration(self) -> None:
        if not self.version:
            raise InvalidOperationError(
                tr("The customer {id} is not registered.", id=self.id), tr("Register the customer first.")
            )

    def on_customer_registered(self, event: CustomerRegistered, envelope: Envelope) -> None:
        self.name = event.name
        self.contact = to_data(event.contact)
        self.address = to_data(event.address)
        self.registered_at = format_timestamp(envelope.timestamp)

    def on_customer_address_changed(self, event: CustomerAddressChanged) -> None:
        if self.address is not None:
            self.former_addresses.append(self.address)
        self.address = to_data(event.address)

    def on_customer_contact_changed(self, event: CustomerContactChanged) -> None:
        self.contact = to_data(event.contact)
