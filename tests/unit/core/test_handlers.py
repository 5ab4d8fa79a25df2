from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from auditor.core.events import Envelope
from auditor.core.handlers import Handlers, NoHandler, has_handlers, snake_case
from auditor.core.payload import Payload, PayloadMismatch
from tests.helpers.new_events import new_event

if TYPE_CHECKING:
    from auditor.core.events import DomainEvent


@dataclass(frozen=True)
class ItemAdded:
    sku: str
    added_at: datetime | None = None


def traced(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return function(*args)

    return wrapper


class Model:
    ignores = frozenset({"Printed", "ItemRemoved"})

    def on_item_added(self, event: ItemAdded) -> Any:
        return event

    def on_item_moved(self, event: ItemAdded, envelope: DomainEvent) -> Any:
        return event, envelope

    @traced
    def on_item_wrapped(self, event: ItemAdded) -> Any:
        return event

    def onItemRemoved(self, event: Any) -> Any:  # noqa: N802 - the other way of naming
        return event

    def on_ItemSplit(self, event) -> Any:  # type: ignore[no-untyped-def]  # noqa: N802 - a user's code
        return event

    def on_nothing(self) -> None: ...

    on_text = "not a handler"


HANDLERS = Handlers(Model)


def handle(event_type: str, **data: Any) -> Any:
    handler = HANDLERS.of(event_type)
    assert handler is not None
    return handler(Model(), new_event("x", 1, event_type=event_type), data)


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("OrderShipped", "order_shipped"),
        ("order_shipped", "order_shipped"),
        ("VATChanged", "vat_changed"),
        ("HTTPRequestSent", "http_request_sent"),
        ("Order2Shipped", "order2_shipped"),
        ("order.shipped-v2", "order_shipped_v2"),
        ("orderShipped", "order_shipped"),
        ("ÄnderungGebucht", "änderung_gebucht"),
        ("", ""),
    ],
)
def test_names_of_methods(name: str, snake: str) -> None:
    assert snake_case(name) == snake


def test_a_typed_payload_is_made_for_who_asks_for_one() -> None:
    made = handle("ItemAdded", sku="a", added_at="2026-03-01T12:00:00Z")
    assert made == ItemAdded("a", datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert handle("ItemWrapped", sku="a") == ItemAdded("a")


def test_the_envelope_comes_too_where_a_second_parameter_asks_for_it() -> None:
    payload, envelope = handle("ItemMoved", sku="a")
    # `DomainEvent` is a name that only a type checker sees, and the payload is typed all the same.
    assert payload == ItemAdded("a")
    assert envelope.event_type == "ItemMoved"


@pytest.mark.parametrize("event_type", ["ItemRemoved", "ItemSplit"])
def test_other_namings_and_untyped_payloads(event_type: str) -> None:
    payload = handle(event_type, sku="a", nested={"b": [{"c": 1}]})
    assert isinstance(payload, Payload)
    assert (payload.sku, payload["sku"], payload.nested.b[0].c) == ("a", "a", 1)
    with pytest.raises(AttributeError, match="absent"):
        _ = payload.absent


def test_ignored_and_unknown_are_two_things() -> None:
    assert HANDLERS.of("Printed") is None
    for _ in range(2):
        with pytest.raises(NoHandler, match="on_text"):
            HANDLERS.of("Text")


def test_a_handler_comes_before_a_declaration_that_its_type_is_ignored() -> None:
    assert HANDLERS.of("ItemRemoved") is not None


def test_a_handler_without_payload_is_an_error() -> None:
    with pytest.raises(TypeError, match="on_nothing"):
        HANDLERS.of("Nothing")


def test_data_that_does_not_fit_is_told_by_field() -> None:
    with pytest.raises(PayloadMismatch, match="sku"):
        handle("ItemAdded")
    with pytest.raises(PayloadMismatch, match=r"ItemAdded\.added_at"):
        handle("ItemAdded", sku="a", added_at="yesterday")


def test_classes_with_and_without_handlers() -> None:
    class Plain:
        def once(self, event: Envelope) -> None: ...

    assert has_handlers(Model)
    assert not has_handlers(Plain)
