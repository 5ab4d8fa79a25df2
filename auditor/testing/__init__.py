"""Testing what is written with the library, in plain pytest: given, when, then.

given(Order, "order-1", OrderCreated(…)).when(Order.confirm).then(OrderConfirmed(total=100))
given(Order, "order-1", OrderCreated(…)).when_applied(OrderConfirmed(…), to=Order).then({"status": "confirmed", …})
given(Order, "order-1", OrderCreated(…)).project(OrderSummaries).then({"order_summaries": [{…}]})
assert replay("orders.db", Order)
"""

from auditor.testing.applied import Applied
from auditor.testing.decided import Decided
from auditor.testing.facts import Of, Stored, of
from auditor.testing.given import Given, given
from auditor.testing.memory_store import MemoryStore
from auditor.testing.projected import Projected
from auditor.testing.replaying import Replayed, Unapplied, replay

__all__ = [
    "Applied",
    "Decided",
    "Given",
    "MemoryStore",
    "Of",
    "Projected",
    "Replayed",
    "Stored",
    "Unapplied",
    "given",
    "of",
    "replay",
]
