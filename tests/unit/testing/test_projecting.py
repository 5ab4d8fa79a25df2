"""given(events).project(Projection).then(rows)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.core.rows import WrongRow
from auditor.demo import Order, OrderSummaries
from auditor.demo.events import ItemRemoved, OrderConfirmed, OrderCreated
from auditor.eventsourcing import Projection, Table
from auditor.testing import Stored, given
from tests.helpers.orders import BLANKET

CREATED = OrderCreated("c-1", "EUR", (BLANKET,))
SUMMARY = {
    "id": "order-1",
    "customer_id": "c-1",
    "status": "confirmed",
    "total": 11980,
    "item_count": 1,
    "created_at": datetime(2020, 1, 1, tzinfo=UTC),
}
LINE = {"order_id": "order-1", "sku": "SKU-1", "name": "Wool blanket", "quantity": 2, "unit_price": 5990}


@pytest.mark.parametrize("twice", [False, True])
def test_the_rows_of_several_aggregates_in_whatever_order(twice: bool) -> None:
    projected = (
        given(Order, "order-1", CREATED)
        .and_given(Order, "order-2", CREATED)
        .and_given(Order, "order-1", OrderConfirmed(11980))
        .and_given(Order, "order-2", ItemRemoved("SKU-1"))
        .project(OrderSummaries, twice=twice)
    )
    other = {**SUMMARY, "id": "order-2", "status": "draft", "total": 0, "item_count": 0}
    other["created_at"] = "2020-01-01T00:01:00.000000Z"
    removed = {**LINE, "order_id": "order-2", "quantity": 0}
    projected.then({"order_summaries": [other, SUMMARY], "order_lines": [LINE, removed]})
    assert [row["id"] for row in projected.rows["order_summaries"]] == ["order-1", "order-2"]
    for wrong in (
        [SUMMARY],
        [SUMMARY, other, {**SUMMARY, "id": "order-3"}],
        [{**SUMMARY, "total": 0}, other],
    ):
        with pytest.raises(AssertionError, match="rows of order_summaries"):
            projected.then({"order_summaries": wrong})


def test_events_are_projected_in_the_order_in_which_they_were_given() -> None:
    seen = []

    class Seen(Projection):
        name = "seen"
        tables = (Table(name="seen", columns={"id": "text"}),)

        def on_order_confirmed(self, event: OrderConfirmed, envelope: Any) -> None:
            seen.append((envelope.aggregate_id, envelope.version, envelope.position))

    begun = given(Order, "b", OrderConfirmed(1)).and_given(Order, "a", OrderConfirmed(1))
    begun.and_given(Order, "b", OrderConfirmed(1)).project(Seen()).then({"seen": []})
    assert seen == [("b", 1, 1), ("a", 1, 2), ("b", 2, 3)]


def test_old_events_are_upcast_and_nothing_gives_no_rows() -> None:
    old = Stored("OrderShipped", {"tracking": "DHL T-1", "shipped_at": "2026-03-01T00:00:00.000000Z"})
    shipped = given("Order", "order-1", CREATED, old).project(OrderSummaries)
    assert shipped.rows["order_summaries"][0]["tracking_number"] == "T-1"
    given().project(OrderSummaries).then({"order_summaries": [], "order_lines": []})


@dataclass(frozen=True)
class Counted:
    by: int


class Sums(Projection):
    name = "sums"
    tables = (Table(name="sums", columns={"id": "text", "sum": "integer"}),)

    def on_counted(self, event: Counted, envelope: Any) -> None:
        before = self.rows.get("sums", envelope.aggregate_id) or {"sum": 0}
        if event.by < 0:
            self.rows.delete("sums", envelope.aggregate_id)
        else:
            self.rows.put("sums", {"id": envelope.aggregate_id, "sum": before["sum"] + event.by})


def test_a_handler_that_adds_is_found_by_projecting_twice() -> None:
    counted = given("Counter", "c-1", Counted(1), Counted(2))
    counted.project(Sums).then({"sums": [{"id": "c-1", "sum": 3}]})
    with pytest.raises(AssertionError, match="expected 3\n  got      6"):
        counted.project(Sums, twice=True).then({"sums": [{"id": "c-1", "sum": 3}]})
    counted.and_given(Counted(-1)).project(Sums).then({"sums": []})


def test_a_handler_may_be_expected_to_raise() -> None:
    given("Order", "order-1", OrderConfirmed(1)).project(OrderSummaries).then_raises(WrongRow)
    with pytest.raises(AssertionError, match="no error"):
        given().project(OrderSummaries).then_raises(WrongRow)


def test_expected_rows_that_no_table_can_have() -> None:
    projected = given("Counter", "c-1", Counted(1)).project(Sums)
    with pytest.raises(WrongRow, match="no column total"):
        projected.then({"sums": [{"id": "c-1", "total": 1}]})
    with pytest.raises(ValueError, match="two of the expected rows"):
        projected.then({"sums": [{"id": "c-1", "sum": 1}, {"id": "c-1", "sum": 1}]})
