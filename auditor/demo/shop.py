"""Who gives commands in the demo, and the stamps their events bear."""

from dataclasses import dataclass, field
from random import Random

from auditor.core.aggregate import Stamp
from auditor.core.events import DomainEvent
from auditor.core.ids import IdSource
from auditor.demo import catalogue
from auditor.demo.catalogue import Article
from auditor.demo.commands import (
    CustomerCommand,
    CustomerCommandHandler,
    OrderCommand,
    OrderCommandHandler,
    RegisterCustomer,
)
from auditor.demo.customer import Customer
from auditor.demo.early_code import EarlyOrder
from auditor.demo.events import Address, Contact
from auditor.demo.order import Order
from auditor.demo.unit_of_work import KeptAggregates, UnitOfWork
from auditor.demo.working_time import Clock

_FIRST_ORDER = 1001


@dataclass(slots=True)
class Account:
    """What the shop's people know of a customer."""

    customer_id: str
    contact: Contact
    address: Address
    open_orders: list[str] = field(default_factory=list)


class Shop:
    """Runs commands at simulated times; every choice comes from one seeded source.

    Only `Random.random` and `getrandbits` are used: they give the same on every system and Python version.
    """

    def __init__(self, unit_of_work: UnitOfWork, seed: int, kept_number: int) -> None:
        self._unit = unit_of_work
        self._random = Random(seed)  # noqa: S311 - a simulation
        self.clock = Clock()
        self._new_id = IdSource(self.clock.milliseconds, self._random.getrandbits)
        self._orders = OrderCommandHandler(KeptAggregates[Order](unit_of_work, EarlyOrder))
        self._customers = CustomerCommandHandler(KeptAggregates(unit_of_work, Customer))
        self._last_number = _FIRST_ORDER - 1
        self._kept_number = kept_number
        self.accounts: list[Account] = []

    # -- acting --------------------------------------------------------------------------------------------

    def order(
        self, command: OrderCommand, user: str, cause: DomainEvent | None = None, chain: str | None = None
    ) -> DomainEvent:
        """Runs the command; the event continues the chain of its cause, or the named one, or begins its own."""
        self._orders.handle(command, self._stamp(user, cause, chain))
        return self._happened()

    def customer(self, command: CustomerCommand, user: str, cause: DomainEvent | None = None) -> DomainEvent:
        self._customers.handle(command, self._stamp(user, cause, None))
        return self._happened()

    def deploy_new_code(self) -> None:
        """From now on today's code runs. Nothing is carried over: it loads what the early one stored."""
        self._orders = OrderCommandHandler(KeptAggregates(self._unit, Order))

    def _stamp(self, user: str, cause: DomainEvent | None, chain: str | None) -> Stamp:
        stamp = Stamp(now=self.clock.now, new_id=self._new_id, correlation_id=chain, user_id=user)
        return stamp if cause is None else stamp.caused_by(cause)

    def _happened(self) -> DomainEvent:
        event = self._unit.last_event
        if event is None:
            raise AssertionError
        return event

    # -- choosing ------------------------------------------------------------------------------------------

    def below(self, end: int) -> int:
        """A whole number from 0 on."""
        return int(self._random.random() * end)

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def between(self, least: int, most: int) -> int:
        """A duration; short ones are as likely as long ones."""
        return least + int(self._random.random() * (most - least))

    def article(self) -> Article:
        """Those at the catalogue's beginning sell best."""
        return catalogue.ARTICLES[
            int(self._random.random() * self._random.random() * len(catalogue.ARTICLES))
        ]

    def one_of(self, choices: tuple[str, ...]) -> str:
        return choices[self.below(len(choices))]

    def account(self) -> Account:
        """Customers of the first days order most."""
        chosen = self._random.random()
        return self.accounts[int(chosen * chosen * len(self.accounts))]

    @property
    def kept_number_is_due(self) -> bool:
        """Whether orders have come to the number that is kept for one of them."""
        return self._last_number >= self._kept_number - 1

    @property
    def kept_order_id(self) -> str:
        return f"order-{self._kept_number}"

    def next_order_id(self) -> str:
        self._last_number += 1
        if self._last_number == self._kept_number:
            self._last_number += 1
        return f"order-{self._last_number}"

    # -- customers -----------------------------------------------------------------------------------------

    def register(self) -> tuple[Account, DomainEvent]:
        customer_id = f"c-{20_001 + len(self.accounts)}"
        contact = catalogue.person(self._random.getrandbits(20), customer_id)
        account = Account(customer_id, contact, catalogue.place(self._random.getrandbits(20)))
        name = catalogue.company(self._random.getrandbits(20))
        registered = self.customer(
            RegisterCustomer(customer_id, name, contact, account.address), contact.email
        )
        self.accounts.append(account)
        return account, registered

    def other_address(self, address: Address) -> Address:
        other = address
        while other == address:
            other = catalogue.place(self._random.getrandbits(20))
        return other

    def other_contact(self, account: Account) -> Contact:
        other = account.contact
        while other.name == account.contact.name:
            other = catalogue.person(self._random.getrandbits(20), account.customer_id)
        return other
