"""An aggregate whose state has all the types that a snapshot can hold, and a store in memory that keeps snapshots."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from auditor.core.aggregate import BOOKKEEPING, AggregateRoot
from auditor.core.events import Envelope
from auditor.core.payload import Payload
from auditor.core.snapshot import Snapshot
from auditor.core.snapshots import state_to_keep
from tests.helpers.orders import MemoryStore


class Status(enum.Enum):
    OPEN = "open"
    PAID = ("paid", 2)


class Weight(enum.IntFlag):
    LIGHT = 1
    HEAVY = 2


class Size(NamedTuple):
    width: int
    height: float


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str = "EUR"


@dataclass
class Line:
    sku: str
    price: Money
    size: Size | None = None
    tags: set[str] = field(default_factory=set)
    changes: list[tuple[datetime, Money]] = field(default_factory=list)


class Box(Size):
    """Not only a tuple: it takes attributes."""


@dataclass(unsafe_hash=True)
class Label:
    """Its place in a dict is that of the text it had when it came in."""

    text: str


@dataclass
class Shelf(list[int]):
    """Not only its field: it is a list too."""

    name: str = ""


@dataclass(frozen=True)
class CartOpened:
    owner: UUID
    opened_at: datetime


@dataclass(frozen=True)
class LinePut:
    sku: str
    amount: Decimal
    width: int | None
    tags: tuple[str, ...]


@dataclass(frozen=True)
class LineTaken:
    sku: str


@dataclass(frozen=True)
class CartPaid:
    on: date
    minutes: int


class Cart(AggregateRoot):
    """Half of its attributes are private, as in real code, and most have no annotation."""

    LIMITS: ClassVar[dict[str, int]] = {"lines": 100}

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.status = Status.OPEN
        self.owner: UUID | None = None
        self._opened_at: datetime | None = None
        self._lines: dict[str, Line] = {}
        self.removed: tuple[Line, ...] = ()
        self.by_number: dict[int, str] = {}
        self.days = frozenset[date]()
        self._spent = timedelta()
        self.marks = {"$set": [1], "a/b": 1.5, "nan": float("inf")}
        self.noted: Any = None
        self.weight = Weight.LIGHT
        self.digest = b""

    def open(self, owner: UUID) -> None:
        self.apply(CartOpened(owner, datetime(2026, 3, 1, tzinfo=UTC)))

    def put(self, sku: str, amount: Decimal, width: int | None, tags: tuple[str, ...]) -> None:
        self.apply(LinePut(sku, amount, width, tags))

    def take(self, sku: str) -> None:
        if sku in self._lines:
            self.apply(LineTaken(sku))

    def pay(self, on: date, minutes: int) -> None:
        self.apply(CartPaid(on, minutes))

    def on_cart_opened(self, event: CartOpened) -> None:
        self.owner, self._opened_at = event.owner, event.opened_at

    def on_line_put(self, event: LinePut, envelope: Envelope) -> None:
        price = Money(event.amount)
        line = self._lines.setdefault(event.sku, Line(event.sku, price))
        line.changes.append((envelope.timestamp, price))
        line.price = price
        line.size = None if event.width is None else Size(event.width, event.width / 3)
        line.tags |= set(event.tags)
        self.by_number[len(self.by_number)] = event.sku
        self.digest += event.sku.encode()

    def on_line_taken(self, event: LineTaken) -> None:
        self.removed = (*self.removed, self._lines.pop(event.sku))
        self.weight = Weight.HEAVY

    def on_cart_paid(self, event: Any, envelope: Envelope) -> None:
        self.status = Status.PAID
        self.days |= {date.fromisoformat(event.on)}
        self._spent += timedelta(minutes=event.minutes)
        self.noted = [event, envelope.version]
        assert isinstance(event, Payload)


def everything(aggregate: AggregateRoot) -> tuple[Any, ...]:
    """State, in its types and order, and place of an aggregate."""
    state = {name: value for name, value in vars(aggregate).items() if name not in BOOKKEEPING}
    last = str(vars(aggregate)["_last_event_id"])
    return state, state_to_keep(aggregate), list(state), aggregate.version, last, aggregate.uncommitted_events


class MemorySnapshots:
    """One snapshot an aggregate, as a store keeps them, except for what happens at once."""

    def __init__(self) -> None:
        self.kept: dict[str, Snapshot] = {}

    def write(self, snapshot: Snapshot) -> bool:
        known = self.kept.get(snapshot.aggregate_id)
        if known is not None and known.version > snapshot.version:
            return False
        self.kept[snapshot.aggregate_id] = snapshot
        return True

    def read(self, aggregate_id: str) -> Snapshot | None:
        return self.kept.get(aggregate_id)

    def aggregate_ids(self) -> Iterator[str]:
        return iter(sorted(self.kept))


class StoreInMemory(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.snapshots = MemorySnapshots()
