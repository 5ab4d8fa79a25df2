"""The orders' code before shipments named their carrier apart.

Kept because the older part of the demo's history is written by it: stores hold what the code of the time wrote.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from auditor.demo.order import Order


@dataclass(frozen=True)
class OrderShippedVersion1:
    """OrderShipped as it was: carrier and number in one text."""

    event_type: ClassVar[str] = "OrderShipped"
    schema_version: ClassVar[int] = 1

    tracking: str
    shipped_at: datetime


class EarlyOrder(Order):
    """Ships as orders did then. Everything else was as it is."""

    aggregate_type = "Order"

    def ship(
        self,
        tracking_number: str,
        carrier: str,
        *,
        shipped_at: datetime | None = None,
        warehouse: str | None = None,
    ) -> None:
        del warehouse  # there was one
        self._check_shipment(tracking_number)
        self.apply(OrderShippedVersion1(f"{carrier} {tracking_number}", shipped_at or self._now()))
