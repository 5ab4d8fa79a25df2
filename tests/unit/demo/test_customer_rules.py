import pytest

from auditor.core.errors import InvalidOperationError
from auditor.demo.customer import Customer
from auditor.demo.events import Address, Contact

ANNA = Contact("Anna", "anna@c-1.example")
UTRECHT = Address("Markt 1", "3511 LX", "Utrecht", "NL")
GENT = Address("Markt 1", "9000", "Gent", "BE")


def test_former_addresses_are_kept() -> None:
    customer = Customer("c-1")
    customer.register("Hotel Amstel", ANNA, UTRECHT)
    customer.change_address(GENT)
    customer.change_address(GENT)
    customer.change_contact(ANNA)
    assert [event.event_type for event in customer.uncommitted_events] == [
        "CustomerRegistered",
        "CustomerAddressChanged",
    ]
    assert [address["city"] for address in customer.former_addresses] == ["Utrecht"]
    assert customer.address is not None
    assert customer.address["city"] == "Gent"


def test_only_registered_customers_change_and_nobody_registers_twice() -> None:
    customer = Customer("c-1")
    with pytest.raises(InvalidOperationError, match="not registered"):
        customer.change_address(GENT)
    customer.register("Hotel Amstel", ANNA, UTRECHT)
    with pytest.raises(InvalidOperationError, match="registered already"):
        customer.register("Hotel Amstel", ANNA, UTRECHT)
