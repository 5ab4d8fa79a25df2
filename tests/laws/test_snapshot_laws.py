"""Wherever a snapshot was taken: loading from it gives the aggregate that a replay of all its events gives."""

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.errors import AggregateNotFound, ConcurrencyError, InvalidOperationError
from auditor.core.repository import Repository
from auditor.core.snapshot import SnapshotPolicy
from auditor.core.snapshot_check import verify_snapshots
from auditor.core.snapshots import SnapshotRepository, replayed
from auditor.demo.commands import OrderCommandHandler
from auditor.demo.order import Order
from tests.helpers.order_commands import BEGINNING, COMMANDS
from tests.helpers.orders import MemoryStore, ticking_stamp
from tests.helpers.snapshots import Cart, StoreInMemory, everything

SKUS = st.sampled_from(["A", "B", "$set", "a/b"])
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False)
TAGS = st.lists(st.text(max_size=3), max_size=3).map(tuple)
STEPS = st.one_of(
    st.tuples(st.just("put"), SKUS, AMOUNTS, st.none() | st.integers(), TAGS),
    st.tuples(st.just("take"), SKUS),
    st.tuples(st.just("pay"), st.dates(min_value=date(1000, 1, 1)), st.integers(0, 10**6)),
)


def refused(message: str) -> None:
    raise AssertionError(message)


def at_each_version(history: MemoryStore, factory: Any, aggregate_id: str) -> None:
    """Takes a snapshot after each event, and loads from it with the rest of the history in the store."""
    events = list(history.get_events(aggregate_id))
    for version in range(1, len(events) + 1):
        store = StoreInMemory()
        store.stored = events[:version]
        snapshots = SnapshotRepository(store, warning=refused)
        assert snapshots.save(replayed(store, aggregate_id, factory))
        assert everything(snapshots.load(aggregate_id, factory)) == everything(
            replayed(store, aggregate_id, factory)
        )
        store.stored = events
        assert everything(snapshots.load(aggregate_id, factory)) == everything(
            replayed(store, aggregate_id, factory)
        )
        assert list(verify_snapshots(store, {factory.__name__: factory})) == []


@given(st.lists(STEPS, max_size=12))
def test_an_aggregate_with_nested_types_comes_back_from_each_version(steps: list[Any]) -> None:
    store = StoreInMemory()
    cart = Cart("cart-1")
    cart.open(UUID(int=7))
    for name, *arguments in steps:
        getattr(cart, name)(*arguments)
    store.append(cart.id, cart.uncommitted_events, 0)
    at_each_version(store, Cart, cart.id)


@given(st.lists(COMMANDS, max_size=25))
def test_an_order_comes_back_from_each_version(commands: list[Any]) -> None:
    store, stamp = StoreInMemory(), ticking_stamp()
    handler = OrderCommandHandler(store)
    for command in [*BEGINNING, *commands]:
        try:
            handler.handle(command, stamp)
        except (InvalidOperationError, AggregateNotFound, ConcurrencyError):
            continue
    for order_id in ("order-1", "order-2"):
        at_each_version(store, Order, order_id)


@given(st.lists(COMMANDS, max_size=40), st.integers(1, 5))
def test_commands_do_the_same_with_and_without_snapshots(commands: list[Any], every: int) -> None:
    stores = StoreInMemory(), StoreInMemory()
    snapshots = SnapshotRepository(stores[1], warning=refused)
    handlers = (
        OrderCommandHandler(stores[0]),
        OrderCommandHandler(Repository(stores[1], Order, snapshots=snapshots, policy=SnapshotPolicy(every))),
    )
    for handler in handlers:
        stamp = ticking_stamp()
        for command in [*BEGINNING, *commands]:
            try:
                handler.handle(command, stamp)
            except (InvalidOperationError, AggregateNotFound, ConcurrencyError):
                continue
    assert stores[0].stored == stores[1].stored
    assert list(verify_snapshots(stores[1], {"Order": Order})) == []
