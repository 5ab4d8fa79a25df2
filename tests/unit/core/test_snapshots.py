"""What of an aggregate is in its snapshot, and what of a fresh one stays beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from auditor.core.aggregate import AggregateRoot
from auditor.core.diff import Change
from auditor.core.repository import Repository
from auditor.core.snapshot import SnapshotPolicy
from auditor.core.snapshot_check import SnapshotFinding, verify_snapshots
from auditor.core.snapshots import SnapshotRefused, SnapshotRepository
from tests.helpers.snapshots import Cart, StoreInMemory, everything

Root = TypeVar("Root", bound=AggregateRoot)


@dataclass(frozen=True)
class Moved:
    to: str


class Ship(AggregateRoot):
    __slots__ = ("__hidden", "course")
    berths = 5

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.new = True
        self.course = "none"
        self.__hidden = 0

    def on_moved(self, event: Moved) -> None:
        if event.to == "rocks":
            raise ValueError("no way there")
        if "new" in vars(self):
            del self.new
        self.course = event.to
        self.berths -= 1
        self.__hidden += 1

    @property
    def hidden(self) -> int:
        return self.__hidden


class Clock:
    """Not to be kept."""


class Watch(AggregateRoot):
    """Says itself what its state is."""

    def __init__(self, aggregate_id: str, clock: Clock) -> None:
        super().__init__(aggregate_id)
        self.clock = clock
        self.places: list[str] = []

    def to_state(self) -> Any:
        return {"places": tuple(self.places)}

    def from_state(self, state: Any) -> None:
        self.places = list(state["places"])

    def on_moved(self, event: Moved) -> None:
        self.places.append(event.to)


class ShownWatch(Watch):
    """Says only how it is shown: its attributes are its state."""

    from_state: Any = None


@pytest.fixture
def store() -> StoreInMemory:
    return StoreInMemory()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def snapshots(store: StoreInMemory, said: list[str]) -> SnapshotRepository:
    return SnapshotRepository(store, warning=said.append)


def moved(store: StoreInMemory, factory: Callable[[str], Root], *to: str) -> Root:
    aggregate = factory("a-1")
    for place in to:
        aggregate.apply(Moved(place))
    Repository(store, factory).save(aggregate)
    return aggregate


def test_all_that_stands_on_the_object_is_its_state(
    store: StoreInMemory, snapshots: SnapshotRepository, said: list[str]
) -> None:
    snapshots.save(moved(store, Ship, "Riga", "Oslo"))
    loaded = snapshots.load("a-1", Ship)
    assert everything(loaded) == everything(Repository(store, Ship).get("a-1"))
    assert (loaded.course, loaded.berths, loaded.hidden, hasattr(loaded, "new")) == ("Oslo", 3, 2, False)
    assert said == []


def test_what_a_handler_that_raised_had_changed_is_not_kept(
    store: StoreInMemory, snapshots: SnapshotRepository, said: list[str]
) -> None:
    """Its event is not stored, so that no replay would come to that state."""
    ship = moved(store, Ship, "Riga")
    with pytest.raises(ValueError, match="no way"):
        ship.apply(Moved("rocks"))
    assert ship.version == 1
    with pytest.raises(SnapshotRefused, match="'a-1' could not apply an event"):
        snapshots.save(ship)
    ship.apply(Moved("Oslo"))
    Repository(store, Ship, snapshots=snapshots, policy=SnapshotPolicy(every=1)).save(ship)
    assert "No snapshot of 'a-1' was taken: 'a-1' could not apply" in said[0]
    assert store.snapshots.kept == {}


def test_a_history_that_was_applied_in_part_is_not_kept(
    store: StoreInMemory, snapshots: SnapshotRepository
) -> None:
    moved(store, Ship, "Riga", "Oslo")
    first, second = store.get_events("a-1")
    half = Ship("a-1")
    with pytest.raises(ValueError, match="no way"):
        half.load_from_history([first, second._replace(data_text='{"to":"rocks"}')])
    with pytest.raises(SnapshotRefused, match="could not apply an event"):
        snapshots.save(half)


def test_a_class_may_say_its_state_itself(
    store: StoreInMemory, snapshots: SnapshotRepository, said: list[str]
) -> None:
    clock = Clock()
    snapshots.save(moved(store, lambda name: Watch(name, clock), "Riga"))
    assert store.snapshots.kept["a-1"].state == '{"places":{"$tuple":["Riga"]}}'
    loaded = snapshots.load("a-1", lambda name: Watch(name, clock))
    assert (loaded.places, loaded.clock, loaded.version, said) == (["Riga"], clock, 1, [])


def test_a_state_that_is_only_shown_is_not_what_is_kept(
    store: StoreInMemory, snapshots: SnapshotRepository
) -> None:
    with pytest.raises(SnapshotRefused, match="/clock: a Clock cannot be restored") as refused:
        snapshots.save(moved(store, lambda name: ShownWatch(name, Clock()), "Riga"))
    assert "from_state(state)" in refused.value.hint


def test_a_from_state_that_makes_an_object_is_refused_when_it_is_kept(
    store: StoreInMemory, snapshots: SnapshotRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watch, "from_state", classmethod(lambda kind, state: kind("a-1", Clock())))
    with pytest.raises(SnapshotRefused, match="its from_state is no method of the object"):
        snapshots.save(moved(store, lambda name: Watch(name, Clock()), "Riga"))


def test_a_state_that_the_class_does_not_take_is_ignored(
    store: StoreInMemory, snapshots: SnapshotRepository, said: list[str]
) -> None:
    snapshots.save(moved(store, lambda name: Watch(name, Clock()), "Riga"))
    store.snapshots.write(store.snapshots.kept["a-1"]._replace(state='{"place":[]}').sealed())
    assert snapshots.load("a-1", lambda name: Watch(name, Clock())).places == ["Riga"]
    assert "its state cannot be read: KeyError: 'places'" in said[0]
    [finding] = verify_snapshots(store, {"Watch": lambda name: Watch(name, Clock())})
    assert "KeyError" in str(finding)


def test_a_class_that_does_not_take_its_state_back_is_found(
    store: StoreInMemory, snapshots: SnapshotRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories = {"Watch": lambda name: Watch(name, Clock())}
    monkeypatch.setattr(Watch, "from_state", lambda self, state: self.places.append("nowhere"))
    snapshots.save(moved(store, factories["Watch"], "Riga"))
    assert store.snapshots.kept["a-1"].state == '{"places":{"$tuple":["Riga"]}}'
    [finding] = verify_snapshots(store, factories)
    assert finding.changes == (Change("/places/0", "changed", "nowhere", "Riga"),)
    monkeypatch.setattr(Watch, "from_state", lambda self, state: delattr(self, "places"))
    [finding] = verify_snapshots(store, factories)
    assert "its state cannot be read: AttributeError" in str(finding)


class Elsewhere:
    """Stands for an object that is not there yet, as proxies of web frameworks do."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("outside of a request")


ELSEWHERE = Elsewhere()


class Asking(Ship):
    aggregate_type = "Ship"

    def on_moved(self, event: Moved) -> None:
        self.course = event.to or str(ELSEWHERE)


def test_a_model_whose_code_cannot_be_told_from_other_code_is_replayed(
    store: StoreInMemory, snapshots: SnapshotRepository, said: list[str]
) -> None:
    snapshots.save(moved(store, Ship, "Riga"))
    asking = snapshots.load("a-1", Asking)
    assert asking.course == "Riga"
    why = "the code of Asking cannot be told from other code: RuntimeError: outside of a request"
    assert why in said[0]
    with pytest.raises(SnapshotRefused, match=why):
        snapshots.save(asking)
    [finding] = verify_snapshots(store, {"Ship": Asking})
    assert why in str(finding)


def test_constants_of_the_class_are_no_state(store: StoreInMemory, snapshots: SnapshotRepository) -> None:
    snapshots.save(moved(store, Ship, "Riga"))
    assert "LIMITS" not in store.snapshots.kept["a-1"].state
    assert Cart("x").LIMITS == {"lines": 100}


def test_a_finding_says_what_differs() -> None:
    changes = tuple(
        Change(f"/{number}", "changed", number, "x" * 100 if number == 1 else number + 1)
        for number in range(7)
    )
    added, removed = Change("/a", "added", None, [1]), Change("/b", "removed", {}, None)
    finding = SnapshotFinding("o-1", "Order", 3, None, (added, removed, *changes))
    assert str(finding) == (
        "The snapshot of Order 'o-1' at version 3 disagrees with its events: /a is missing, and is [1] by the events, "
        "/b is {}, and is not there by the events, /0 is 0, and 1 by the events, "
        f'/1 is 1, and "{"x" * 58}… by the events, /2 is 2, and 3 by the events and 4 more fields.'
    )
    both = SnapshotFinding("o-1", "Order", 3, "it is damaged", (removed,))
    assert str(both).endswith(
        "is ignored: it is damaged; it disagrees with its events: /b is {}, and is not there by the events."
    )


def test_a_finding_about_a_snapshot_that_cannot_be_read_is_a_sentence() -> None:
    finding = SnapshotFinding("o-1", "", 0, "The file is damaged.")
    assert str(finding) == "The snapshot of 'o-1' is ignored: The file is damaged."


def test_progress_is_told(store: StoreInMemory, snapshots: SnapshotRepository) -> None:
    snapshots.save(moved(store, Ship, "Riga"))
    told: list[tuple[int, int | None, str]] = []
    assert list(verify_snapshots(store, {}, progress=lambda *what: told.append(what)))
    assert told == [(1, None, "snapshots")]


def test_a_policy_counts_from_the_last_snapshot() -> None:
    policy = SnapshotPolicy(every=10, by_type={"Order": 3, "Cart": None})
    assert [policy.is_due("Order", since) for since in (2, 3, 4)] == [False, True, True]
    assert [policy.is_due("Ship", since) for since in (9, 10)] == [False, True]
    assert not policy.is_due("Cart", 1_000)
