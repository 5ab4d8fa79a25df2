"""given(events).when(command).then(events or error)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from auditor.core.ports import EventSource
from auditor.demo import ConfirmOrder, CreateOrder, Order, OrderCommandHandler, ShipOrder
from auditor.demo.events import ItemRemoved, OrderCancelled, OrderConfirmed, OrderCreated, OrderShipped
from auditor.eventsourcing import (
    AggregateRoot,
    CommandHandler,
    ConcurrencyError,
    InvalidOperationError,
    Repository,
    Stamp,
    answering,
)
from auditor.testing import MemoryStore, Stored, given, of
from tests.helpers.orders import BLANKET, LAMP

CREATED = OrderCreated("c-1", "EUR", (BLANKET,))
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
CONFIRMED = given(Order, "order-1", CREATED, OrderConfirmed(11980))


# -- aggregates ------------------------------------------------------------------------------------------------


def test_a_method_with_its_arguments() -> None:
    decided = CONFIRMED.when(Order.ship, "T-1", "DHL", shipped_at=MOMENT).then(
        OrderShipped("T-1", "DHL", MOMENT)
    )
    assert [event.version for event in decided.events] == [3]


def test_a_function_of_the_aggregate_and_its_result() -> None:
    assert CONFIRMED.when(lambda order: order.total).then().result == 11980


def test_nothing_given_is_a_new_aggregate() -> None:
    given(Order, "order-1").when(Order.create, "c-1", [BLANKET]).then(CREATED)


def test_a_refused_command() -> None:
    refused = given(Order, "order-1", CREATED).when(Order.ship, "T-1", "DHL")
    refused.then(InvalidOperationError)
    refused.then(InvalidOperationError("The order order-1 is a draft, and this needs a confirmed order."))
    refused.then_raises(InvalidOperationError, "a draft")
    refused.then_raises(Exception)
    with pytest.raises(InvalidOperationError, match="a draft"):
        _ = refused.result


def test_a_class_stands_for_any_event_of_its_type() -> None:
    CONFIRMED.when(Order.cancel, "late").then(OrderCancelled)


def test_whole_events_go_in_and_come_out() -> None:
    [created] = given(Order, "order-1", CREATED).when(lambda _: None).given
    stamp = replace(answering(created), now=lambda: MOMENT, new_id=lambda: UUID(int=7))
    confirmed = stamp.make_event(
        OrderConfirmed(11980), aggregate_id="order-1", aggregate_type="Order", version=2
    )
    given(Order, "order-1", created).stamped(stamp).when(Order.confirm).then(confirmed)
    with pytest.raises(AssertionError, match="first difference: 1, causation_id"):
        given(Order, "order-1", [created]).stamped(replace(stamp, causation_id=None)).when(
            Order.confirm
        ).then(confirmed)


def test_an_event_of_old_code_is_read_as_today() -> None:
    old = Stored("OrderShipped", {"tracking": "DHL T-1", "shipped_at": "2026-03-01T00:00:00.000000Z"})
    order = given(Order, "order-1", CREATED, OrderConfirmed(11980), old)
    assert order.when(lambda order: order.shipment["carrier"]).then().result == "DHL"
    CONFIRMED.when(lambda order: order.apply(OrderCancelled("x"))).then(
        Stored("OrderCancelled", {"reason": "x"})
    )


def test_two_tests_may_begin_alike() -> None:
    begun = given(Order, "order-1", CREATED)
    begun.and_given(ItemRemoved("SKU-1")).when(lambda order: order.item_count).then()
    assert begun.when(lambda order: (order.item_count, order.version)).result == (1, 1)


def test_times_and_ids_of_what_is_given_are_those_of_every_run_or_of_a_stamp() -> None:
    first, second = CONFIRMED.when(lambda _: None).given
    assert (first.timestamp, second.timestamp) == (
        datetime(2020, 1, 1, tzinfo=UTC),
        datetime(2020, 1, 1, 0, 1, tzinfo=UTC),
    )
    assert first.event_id != second.event_id
    stamp = Stamp(now=lambda: MOMENT, user_id="ada")
    [stamped] = given(Order, "order-1", CREATED, stamp=stamp).when(lambda _: None).given
    assert (stamped.timestamp, stamped.metadata.user_id) == (MOMENT, "ada")


# -- handlers --------------------------------------------------------------------------------------------------


def test_a_command_and_the_handler_of_the_demo() -> None:
    handled = CONFIRMED.handled_by(OrderCommandHandler)
    handled.when(ShipOrder("order-1", "T-1", "DHL", MOMENT)).then(OrderShipped("T-1", "DHL", MOMENT))
    handled.when(ConfirmOrder("order-1")).then(InvalidOperationError)
    handled.when(CreateOrder("order-1", "c-1")).then(ConcurrencyError)


@dataclass(frozen=True)
class Copy:
    source: str
    target: str


class CopyOrders(CommandHandler[Order]):
    def handle(self, command: Copy, stamp: Stamp | None = None) -> Order:
        source = self._repository.get(command.source)
        return self.create(
            command.target, lambda order: order.create(source.customer_id or "", [LAMP]), stamp
        )


def test_a_class_derived_from_command_handler_gets_its_repository() -> None:
    copied = CONFIRMED.handled_by(CopyOrders).stamped(Stamp(user_id="ada")).when(Copy("order-1", "order-2"))
    copied.then(of("order-2", OrderCreated("c-1", "EUR", (LAMP,))))
    assert copied.events[0].metadata.user_id == "ada"
    with pytest.raises(AssertionError, match="of 'order-2'"):
        copied.then(OrderCreated("c-1", "EUR", (LAMP,)))


def test_a_handler_may_be_a_function_and_several_aggregates_may_be_given() -> None:
    def confirm_all(store: EventSource) -> Any:
        orders = Repository(store, Order)

        def handle(ids: tuple[str, ...]) -> None:
            for order_id in ids:
                order = orders.get(order_id)
                order.confirm()
                orders.save(order)

        return handle

    two = given(Order, "order-1", CREATED).and_given(Order, "order-2", CREATED)
    confirmed = two.handled_by(confirm_all).when(("order-1", "order-2"))
    confirmed.then(of("order-1", OrderConfirmed), of("order-2", OrderConfirmed(11980)))
    # the one named last is the one that payloads are of
    with pytest.raises(AssertionError, match="first difference: 1"):
        confirmed.then(OrderConfirmed, OrderConfirmed)


def test_a_conflict_is_met_as_in_a_store() -> None:
    class Racing(OrderCommandHandler):
        def __init__(self, store: MemoryStore) -> None:
            super().__init__(store)
            self.store = store

        def handle(self, command: Any, stamp: Stamp | None = None) -> Order:
            order = Repository(self.store, Order).get("order-1")
            order.cancel()
            super().handle(command, stamp)
            Repository(self.store, Order).save(order)
            return order

    raced = CONFIRMED.handled_by(Racing).when(ShipOrder("order-1", "T-1", "DHL", MOMENT))
    with pytest.raises(AssertionError, match="refused after it had stored events"):
        raced.then(ConcurrencyError)
    assert isinstance(raced.error, ConcurrencyError)
    assert (raced.error.expected, raced.error.actual) == (2, 3)


# -- a test that is written wrongly ------------------------------------------------------------------------------


class Idle(AggregateRoot):
    pass


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ((CREATED,), "does not say whose event"),
        ((Order, CREATED), "its id is due"),
        ((Order,), "its id is due"),
        ((OrderCreated, "order-1"), "no aggregate class"),
        ((Order, "order-1", OrderCreated), "a class, and an event is due"),
        ((Order, "order-1", {"total": 1}), "a dict is no event"),
    ],
)
def test_what_is_no_history_is_refused(facts: tuple[Any, ...], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        given(*facts)


def test_what_nobody_can_run_is_refused() -> None:
    with pytest.raises(TypeError, match="handled_by"):
        CONFIRMED.when(ConfirmOrder("order-1"))
    with pytest.raises(TypeError, match="needs an aggregate to run on"):
        given("Order", "order-1", CREATED).when(lambda order: order)
    with pytest.raises(TypeError, match="the command alone"):
        CONFIRMED.handled_by(OrderCommandHandler).when(ConfirmOrder("order-1"), 1)


def test_a_history_that_the_class_cannot_read_is_no_refused_command() -> None:
    with pytest.raises(Exception, match="no on_order_created"):
        given(Idle, "order-1", CREATED).when(lambda _: None)
