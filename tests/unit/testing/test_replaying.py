"""replay(store, Model) folds everything and says what it could not apply."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.demo import Customer, Order
from auditor.eventsourcing import EventStore
from auditor.testing import MemoryStore, Unapplied, replay, replaying
from tests.helpers.new_events import new_event, new_events


class Things:
    """Handles two types; the second with a bug."""

    ignores = frozenset({"Nothing"})

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def on_item_added(self, event: Any) -> None:
        self.numbers.append(event.number)

    def on_broken(self, event: Any) -> None:
        raise ValueError(f"no {event.number} here")


def fill(store: EventStore | MemoryStore) -> None:
    """Two orders whose events take turns, and a basket."""
    kinds = ["ItemAdded", "Broken", "Odd", "Nothing", "ItemAdded"]
    for version, kind in enumerate(kinds, 1):
        for order in ("order-1", "order-2"):
            store.append(order, [new_event(order, version, event_type=kind)], version - 1)
    store.append("basket-1", [new_event("basket-1", 1, aggregate_type="Basket")], 0)


@pytest.fixture(params=["open", "path", "url", "memory", "events"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    path = tmp_path / "orders.db"
    if request.param in ("memory", "events"):
        memory = MemoryStore()
        fill(memory)
        yield memory if request.param == "memory" else memory.read_all()
        return
    with EventStore(str(path)) as store:
        fill(store)
        if request.param == "open":
            yield store
            return
    yield path if request.param == "path" else f"sqlite:///{path}"


def test_every_event_that_could_not_be_applied_is_named(source: Any) -> None:
    replayed = replay(source, {"Order": Things})
    assert not replayed
    assert (replayed.events, replayed.aggregates, len(replayed.unapplied)) == (6, 2, 4)
    assert replayed.unapplied[:2] == (
        Unapplied("Order", "order-1", 2, "Broken", "ValueError: no 2 here"),
        Unapplied("Order", "order-1", 3, "Odd", "Things has no on_odd and does not list Odd in `ignores`"),
    )
    assert (replayed.unknown, replayed.left_out) == ({"Odd": 2}, {"Basket": 1})
    assert str(replayed) == "\n".join(
        [
            "events applied: 6, of aggregates: 2, not applied: 4",
            "  Order 'order-1', version 2, Broken: ValueError: no 2 here",
            "  Order 'order-1', version 3, Odd: Things has no on_odd and does not list Odd in `ignores`",
            "  Order 'order-2', version 2, Broken: ValueError: no 2 here",
            "  Order 'order-2', version 3, Odd: Things has no on_odd and does not list Odd in `ignores`",
            "no handler for Odd: 2",
            "not folded, events of aggregates of type Basket: 1",
        ]
    )
    assert "\n" not in repr(replayed)
    with pytest.raises(AssertionError, match="not applied: 4"):
        replayed.raise_if_incomplete()


def test_a_server_is_replayed_too(postgres_url: str) -> None:
    with EventStore(postgres_url) as store:
        fill(store)
        assert len(replay(store, {"Order": Things}).unapplied) == 4
    assert replay(postgres_url, {"Order": Things, "Basket": Things}).left_out == {}


def test_a_model_for_all_and_models_by_type() -> None:
    events = [*new_events("order-1", 1, 3), replace(new_event("basket-1", 1), aggregate_type="Basket")]
    counted = replay(events, lambda state, event: (state or 0) + event.data["number"])
    assert (counted.events, counted.aggregates, bool(counted)) == (4, 2, True)
    counted.raise_if_incomplete()
    assert replay(events, {"Basket": Things}).left_out == {"Order": 3}
    assert not replay([], Order)
    assert not replay(events, {"Permit": Things})


def test_the_demos_own_code_reads_the_demos_history(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "auditor", "demo", "--events", "300", "--to", "demo.db", "--terminal"]
    subprocess.run(program, cwd=tmp_path, check=True, capture_output=True)
    replayed = replay(tmp_path / "demo.db", {"Order": Order, "Customer": Customer})
    replayed.raise_if_incomplete()
    assert (replayed.events, replayed.left_out) == (300, {})
    orders = replay(tmp_path / "demo.db", Order)
    assert orders.events + sum(orders.left_out.values()) == 300
    assert set(orders.left_out) == {"Customer"}


def test_of_many_failures_all_are_kept_and_ten_are_named() -> None:
    failing: Callable[[Any, Any], Any] = lambda state, event: event.data["absent"]  # noqa: E731 - short
    replayed = replay(new_events("order-1", 1, 40), failing)
    assert [one.version for one in replayed.unapplied] == [*range(1, 41)]
    assert "  … 30 more" in str(replayed).splitlines()


def test_a_model_that_cannot_be_made_or_wants_to_exit_stops_nothing() -> None:
    class Ending(Things):
        def __init__(self, aggregate_id: str) -> None:
            super().__init__()
            if aggregate_id == "order-2":
                raise ValueError("no second order")

        def on_item_added(self, event: Any) -> None:
            if event.number == 2:
                sys.exit("enough")

    events = [*new_events("order-1", 1, 3), *new_events("order-2", 1, 2), *new_events("order-3", 1, 1)]
    replayed = replay(events, Ending)
    assert (replayed.events, len(replayed.unapplied)) == (3, 3)
    assert [(one.aggregate_id, one.version, one.reason) for one in replayed.unapplied] == [
        ("order-1", 2, "SystemExit: enough"),
        ("order-2", 1, "ValueError: no second order"),
        ("order-2", 2, "ValueError: no second order"),
    ]


def test_old_versions_that_cannot_be_upcast_are_named() -> None:
    event = new_event("order-1", 1, event_type="OrderShipped")
    late = replace(event, metadata=replace(event.metadata, schema_version=9))
    [unapplied] = replay([late], Order).unapplied
    assert "OrderShipped version 9 is unknown to this code" in unapplied.reason


def test_a_store_is_folded_one_aggregate_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "_PAGE", 7)
    path = tmp_path / "orders.db"
    with EventStore(str(path)) as store:
        for number in range(30):
            store.append(f"order-{number}", new_events(f"order-{number}", 1, 20), 0)
    alive: list[int] = []

    class Counting(Things):
        now = 0

        def __init__(self) -> None:
            super().__init__()
            Counting.now += 1
            alive.append(Counting.now)

        def __del__(self) -> None:
            Counting.now -= 1

    assert replay(path, Counting).events == 600
    assert max(alive) <= 2
    assert [one.name for one in tmp_path.iterdir()] == ["orders.db"]


def test_the_module_needs_no_database_library() -> None:
    code = "import sys, auditor.testing; print([name for name in sys.modules if name in ('sqlalchemy', 'pytest')])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
