"""Commands on two orders, for laws."""

from hypothesis import strategies as st

from auditor.demo.commands import (
    AddItem,
    CancelOrder,
    ChangeDeliveryAddress,
    ChangeQuantity,
    ConfirmOrder,
    CorrectPrice,
    CreateOrder,
    RemoveItem,
    ShipOrder,
)
from auditor.demo.events import Address, Item

ORDERS = st.sampled_from(["order-1", "order-2"])
SKUS = st.sampled_from(["A", "B", "C"])
QUANTITIES = st.integers(0, 4)
PRICES = st.integers(-1, 300)
TEXTS = st.text(max_size=5)
ADDRESSES = st.builds(Address, TEXTS, TEXTS, TEXTS, st.sampled_from(["NL", "BE"]))
ITEMS = st.lists(st.builds(Item, SKUS, TEXTS, QUANTITIES, PRICES), max_size=3).map(tuple)
COMMANDS = st.one_of(
    st.builds(CreateOrder, ORDERS, st.just("c-1"), ITEMS, st.none(), st.none() | ADDRESSES),
    st.builds(AddItem, ORDERS, SKUS, QUANTITIES, PRICES, TEXTS),
    st.builds(ChangeQuantity, ORDERS, SKUS, QUANTITIES),
    st.builds(RemoveItem, ORDERS, SKUS),
    st.builds(ChangeDeliveryAddress, ORDERS, ADDRESSES),
    st.builds(ConfirmOrder, ORDERS),
    st.builds(CorrectPrice, ORDERS, SKUS, PRICES, TEXTS),
    st.builds(ShipOrder, ORDERS, TEXTS, TEXTS),
    st.builds(CancelOrder, ORDERS, TEXTS),
)
BEGINNING = [
    CreateOrder("order-1", "c-1", (Item("A", "Blanket", 1, 10), Item("B", "Lamp", 2, 20))),
    CreateOrder("order-2", "c-1", (Item("A", "Blanket", 1, 10),)),
]
