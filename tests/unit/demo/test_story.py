from dataclasses import replace
from pathlib import Path

from auditor.demo.commands import ConfirmOrder, CorrectPrice, CreateOrder, OrderCommandHandler, ShipOrder
from auditor.demo.story import find_story
from auditor.stores.native_store import EventStore
from auditor.stores.reader import open_reader
from tests.helpers.orders import BLANKET, ticking_stamp

BUYER = "anna@c-1.example"


def make_store(path: Path, corrections: dict[str, list[str]], shippers: dict[str, str]) -> Path:
    """By order: who corrects a price of it, and who ships it then."""
    stamp = ticking_stamp()
    with EventStore(str(path)) as store:
        orders = OrderCommandHandler(store)
        for order_id, users in corrections.items():
            buyer = replace(stamp, user_id=BUYER)
            orders.handle(CreateOrder(order_id, "c-1", (BLANKET,)), buyer)
            orders.handle(ConfirmOrder(order_id), buyer)
            for number, user in enumerate(users, 1):
                command = CorrectPrice(order_id, BLANKET.sku, number, f"reason {number}")
                orders.handle(command, replace(stamp, user_id=user))
            if order_id in shippers:
                orders.handle(
                    ShipOrder(order_id, "3S01", "PostNL"), replace(stamp, user_id=shippers[order_id])
                )
    return path


def test_it_is_the_only_correction_by_somebody_who_does_other_things(tmp_path: Path) -> None:
    path = make_store(
        tmp_path / "orders.db",
        {"order-1": ["desk"], "order-2": ["packer", "packer"], "order-3": ["desk-2", "rare"]},
        {"order-1": "packer", "order-2": "rare", "order-3": "rare"},
    )
    with open_reader(path) as reader:
        story = find_story(reader)
    assert story is not None
    assert (story.order_id, story.user_id, story.reason) == ("order-3", "rare", "reason 2")
    assert (story.before, story.correction, story.after) == (3, 4, 5)
    assert (story.sku, story.price_before, story.price_after) == (BLANKET.sku, 1, 2)


def test_without_such_a_correction_there_is_none(tmp_path: Path) -> None:
    path = make_store(tmp_path / "orders.db", {"order-1": ["desk"], "order-2": []}, {})
    with open_reader(path) as reader:
        assert find_story(reader) is None
