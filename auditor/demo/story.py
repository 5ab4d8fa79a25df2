"""The story worth finding in the demo: who corrected a price, and never did before or after?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.core.events import RecordedEvent
from auditor.demo.order import Order

if TYPE_CHECKING:
    from auditor.stores.reader import StoreReader

_PAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One price correction, and the three versions of the order at which to look. Prices are cents."""

    order_id: str
    before: int
    correction: int
    after: int
    event_id: str
    timestamp: str
    user_id: str
    sku: str
    price_before: int
    price_after: int
    reason: str


def find_story(reader: "StoreReader") -> Story | None:
    """The only correction by somebody whose work is something else; None where the history is too short for it.

    Found by reading, as anybody would: the price desk corrects often, or does nothing else.
    Cost: all corrections, and the events of the order.
    """
    by_user: dict[str, list[RecordedEvent]] = defaultdict(list)
    for event in _corrections(reader):
        by_user[event.metadata.user_id or ""].append(event)
    for user_id, corrections in by_user.items():
        if len(corrections) == 1 and _does_other_things(reader, user_id):
            return _told(reader, corrections[0], user_id)
    return None


def _corrections(reader: "StoreReader") -> Iterator[RecordedEvent]:
    after = None
    while True:
        page = reader.events(event_type="PriceCorrected", limit=_PAGE, after=after)
        yield from page.events
        if not page.more:
            return
        after = page.after


def _does_other_things(reader: "StoreReader", user_id: str) -> bool:
    some = reader.events(user=user_id, limit=2).events
    return any(event.event_type != "PriceCorrected" for event in some)


def _told(reader: "StoreReader", correction: RecordedEvent, user_id: str) -> Story:
    order = Order(correction.aggregate_id)
    mark = reader.locate(correction.aggregate_id, version=correction.version)
    for batch in reader.aggregate_events(correction.aggregate_id, up_to=mark.ordinal):
        order.load_from_history(batch)
    corrected = order.corrections[-1]
    return Story(
        order_id=correction.aggregate_id,
        before=correction.version - 1,
        correction=correction.version,
        after=reader.aggregate(correction.aggregate_id).version,
        event_id=correction.event_id_text,
        timestamp=correction.timestamp_utc,
        user_id=user_id,
        sku=corrected["sku"],
        price_before=corrected["from"],
        price_after=corrected["to"],
        reason=corrected["reason"],
    )
