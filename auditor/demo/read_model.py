"""Questions to the read model of orders."""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from auditor.demo.projections import SUMMARIES, OrderSummaries
from auditor.stores.location import store_location
from auditor.stores.read_model_place import ReadModelPlace, place_beside, read_model_place
from auditor.stores.read_model_reader import ReadModelReader
from auditor.stores.read_model_waiting import Waiter


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSummary:
    """One row of `order_summaries`. `total` is cents, `item_count` how many different articles; times are UTC texts."""

    id: str
    customer_id: str
    status: str
    total: int
    item_count: int
    created_at: str
    shipped_at: str | None
    tracking_number: str | None


class OrderReadModel:
    """Answers from the live tables that `auditor rebuild` puts in place and `auditor project` goes on with; reads only.

    `location` is the place of the read model as path or SQLAlchemy URL; `beside` finds that of a store.
    Raises: StoreError where there is none of ours, or no rows of `order_summaries` yet.
    """

    def __init__(self, location: str | Path | ReadModelPlace) -> None:
        self._place = read_model_place(location)
        self._reader = ReadModelReader(self._place, OrderSummaries.name)
        self._position = 0

    @classmethod
    def beside(cls, store: str | Path) -> Self:
        """The read model that lies beside this store."""
        return cls(place_beside(store_location(store)))

    @property
    def position(self) -> int:
        """The position of the store at which the last answer was true; 0 before the first."""
        return self._position

    def wait_for(self, position: int, timeout: float = 5.0) -> int:
        """Waits until the rows have come to `position`, whoever brings them there; returns how far they came.

        Raises: NotYetProjected after `timeout` seconds; StoreError.
        """
        with Waiter(self._place, OrderSummaries.name, None) as waiter:
            return waiter.wait_for(position, timeout)

    def order_summary(self, order_id: str) -> OrderSummary | None:
        """None for an order that the read model does not have."""
        found = self._find("id", order_id)
        return found[0] if found else None

    def customer_orders(self, customer_id: str) -> list[OrderSummary]:
        """The customer's orders, newest first. Cost: all rows."""
        return self._find("customer_id", customer_id)

    def close(self) -> None:
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _find(self, column: str, value: str) -> list[OrderSummary]:
        checkpoint, rows = self._reader.find(SUMMARIES, {column: value}, newest_first=("created_at", "id"))
        self._position = checkpoint.position
        return [OrderSummary(**row) for row in rows]
