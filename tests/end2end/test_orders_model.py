"""The demo's orders at every version: the Orders model against a fold that is written here."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from auditor.core.events import RecordedEvent
from auditor.guest.fold_service import FoldService
from auditor.guest.starting import own_code
from auditor.stores.reader import open_reader
from tests.helpers import budget
from tests.helpers.command_line import answer


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("orders") / "demo.db"
    answer(
        "demo",
        "--events",
        str(budget.count(6_000, "events of the demo whose orders are compared")),
        "--to",
        path,
    )
    return path


def test_the_orders_model_at_every_version_of_every_order(demo: Path) -> None:
    compared = 0
    with open_reader(demo) as reader, FoldService(own_code("auditor.demo.order:Order")) as service:
        for history in orders_of(reader.scan(up_to=reader.head() or 0)):
            folded = service.open(history[0].aggregate_id, [history])
            for ordinal, expected in states_of(history):
                served = folded.state_at(ordinal)
                assert served.complete
                assert json.loads(served.state_text or "") == expected, (history[0].aggregate_id, ordinal)
                compared += 1
            folded.close()
        orders = reader.info().types["Order"]
    assert compared > orders > 0


def test_the_command_line_uses_the_model_by_itself(demo: Path) -> None:
    row = answer("aggregates", demo, "--type", "Order", "--limit", "1")["aggregates"][0]
    shown = answer("state", demo, row["aggregate_id"])
    with open_reader(demo) as reader:
        (history,) = list(reader.aggregate_events(row["aggregate_id"], up_to=row["events"], batch=10_000))
    assert shown["state"] == list(states_of(history))[-1][1]
    assert {"name": "Order", "module": "auditor.demo.order"}.items() <= shown["model"].items()
    assert len(shown["model"]["sha256"]) == 64
    merged = answer("state", demo, row["aggregate_id"], "--model", "merge")
    assert merged["model"]["kind"] == "merge"


def orders_of(batches: Iterable[list[RecordedEvent]]) -> Iterable[list[RecordedEvent]]:
    histories: dict[str, list[RecordedEvent]] = {}
    for batch in batches:
        for event in batch:
            if event.aggregate_type == "Order":
                histories.setdefault(event.aggregate_id, []).append(event)
    return histories.values()


def states_of(history: list[RecordedEvent]) -> Iterable[tuple[int, dict[str, Any]]]:
    """The state after each event, from nothing but the event's JSON. Long histories: some of their versions."""
    step = max(1, len(history) // 200)
    state: dict[str, Any] = {
        "status": "new",
        "customer_id": None,
        "contact": None,
        "delivery_address": None,
        "currency": None,
        "items": {},
        "item_count": 0,
        "total": 0,
        "agreed_total": None,
        "corrections": [],
        "shipment": None,
        "created_at": None,
        "confirmed_at": None,
        "shipped_at": None,
        "cancelled_at": None,
        "cancel_reason": None,
    }
    for ordinal, event in enumerate(history, start=1):
        apply(state, event, json.loads(event.data_text), json.loads(event.metadata_text))
        state["item_count"] = len(state["items"])
        state["total"] = sum(item["amount"] for item in state["items"].values())
        if ordinal % step == 0 or ordinal == len(history):
            yield ordinal, json.loads(json.dumps(state))


def apply(
    state: dict[str, Any], event: RecordedEvent, data: dict[str, Any], metadata: dict[str, Any]
) -> None:
    kind, at = event.event_type, event.timestamp_utc
    if kind == "OrderCreated":
        state |= {name: data.get(name) for name in ("customer_id", "contact", "delivery_address")}
        state |= {"status": "draft", "created_at": at, "currency": data.get("currency", "EUR")}
        for item in data["items"]:
            put(state, item)
    elif kind == "ItemAdded":
        put(state, data["item"])
    elif kind == "QuantityChanged":
        change(state, data["sku"], quantity=data["quantity"])
    elif kind == "ItemRemoved":
        del state["items"][data["sku"]]
    elif kind == "DeliveryAddressChanged":
        state["delivery_address"] = data["delivery_address"]
    elif kind == "OrderConfirmed":
        state |= {"status": "confirmed", "agreed_total": data["total"], "confirmed_at": at}
    elif kind == "PriceCorrected":
        before = state["items"][data["sku"]]["unit_price"]
        correction = {"sku": data["sku"], "from": before, "to": data["unit_price"], "reason": data["reason"]}
        state["corrections"].append({**correction, "user_id": metadata["user_id"], "at": at})
        change(state, data["sku"], unit_price=data["unit_price"])
    elif kind == "OrderShipped":
        if "tracking" in data:  # as it was written at first: carrier and number in one text, one warehouse
            carrier, _, number = data["tracking"].partition(" ")
            shipment = {"carrier": carrier, "tracking_number": number, "warehouse": "Utrecht 1"}
        else:
            shipment = {name: data[name] for name in ("carrier", "tracking_number", "warehouse")}
        state |= {"status": "shipped", "shipped_at": data["shipped_at"], "shipment": shipment}
    elif kind == "OrderCancelled":
        state |= {"status": "cancelled", "cancelled_at": at, "cancel_reason": data["reason"]}
    else:
        raise AssertionError(kind)


def put(state: dict[str, Any], item: dict[str, Any]) -> None:
    values = {name: item[name] for name in ("name", "quantity", "unit_price")}
    state["items"][item["sku"]] = {**values, "amount": values["quantity"] * values["unit_price"]}


def change(state: dict[str, Any], sku: str, **values: int) -> None:
    item = state["items"][sku]
    item |= values
    item["amount"] = item["quantity"] * item["unit_price"]
