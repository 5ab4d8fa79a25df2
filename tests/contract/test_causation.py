"""Who answers an event can be followed in the store: commands and events bear their chain and their cause."""

from typing import Any

import pytest

from auditor.demo import ConfirmOrder, CreateOrder, Item, OrderCommandHandler
from auditor.eventsourcing import EventStore, RecordedEvent, Stamp, answering
from tests.helpers.command_line import answer, auditor
from tests.helpers.orders import BLANKET


@pytest.fixture
def chain(store_url: str) -> list[RecordedEvent]:
    """An order, its confirmation in answer to it, and another order in answer to that."""
    with EventStore(store_url) as store:
        orders = OrderCommandHandler(store)
        orders.handle(CreateOrder("order-1", "c-1", (BLANKET,)), Stamp(user_id="ada"))
        [created] = store.get_events("order-1")
        orders.handle(ConfirmOrder("order-1"), answering(created))
        [_, confirmed] = store.get_events("order-1")
        items = (Item("SKU-9", "Lamp", 1, 100),)
        orders.handle(CreateOrder("order-2", "c-1", items), answering(confirmed, user_id="restock"))
        return list(store.read_all())


def columns(url: str) -> list[tuple[Any, ...]]:
    with EventStore(url) as store:
        return [
            tuple(row)
            for row in store._rows("SELECT correlation_id, causation_id FROM events ORDER BY position", ())
        ]


def test_the_columns_have_the_chain_and_the_cause(store_url: str, chain: list[RecordedEvent]) -> None:
    first, second, _ = (event.event_id_text for event in chain)
    assert columns(store_url) == [(first, None), (first, first), (first, second)]
    assert [event.metadata.user_id for event in chain] == ["ada", "ada", "restock"]


def test_auditor_event_shows_cause_and_effects(store_url: str, chain: list[RecordedEvent]) -> None:
    first, second, third = (event.event_id_text for event in chain)
    middle = answer("event", store_url, "order-1", "2")
    assert (middle["correlation_id"], middle["causation_id"], middle["correlated"]) == (first, first, 3)
    assert middle["cause"]["event_id"] == first
    assert [effect["event_id"] for effect in middle["effects"]] == [third]
    shown = auditor("event", store_url, "--id", second).out
    assert "OrderCreated" in shown
    assert "order-2" in shown
