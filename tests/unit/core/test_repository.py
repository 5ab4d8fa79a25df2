"""Repositories and command handlers, over a real store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.core.aggregate import AggregateRoot, Stamp
from auditor.core.commands import CommandHandler
from auditor.core.errors import AggregateNotFound, ConcurrencyError, InvalidOperationError
from auditor.core.events import DomainEvent, RecordedEvent
from auditor.core.repository import Repository
from auditor.eventsourcing import EventStore


@dataclass(frozen=True)
class Counted:
    by: int


class Counter(AggregateRoot):
    total = 0

    def count(self, by: int) -> None:
        if by < 0:
            raise InvalidOperationError("A counter never falls.")
        self.apply(Counted(by))

    def on_counted(self, event: Counted) -> None:
        self.total += event.by


class Bell(AggregateRoot):
    ignores = frozenset({"Counted"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(str(tmp_path / "counters.db")) as opened:
        yield opened


@pytest.fixture
def counters(store: EventStore) -> Repository[Counter]:
    return Repository(store, Counter)


def saved(counters: Repository[Counter], *amounts: int) -> Counter:
    counter = counters.new("c-1")
    for amount in amounts:
        counter.count(amount)
    counters.save(counter)
    return counter


def test_what_is_saved_is_loaded(counters: Repository[Counter]) -> None:
    counter = saved(counters, 1, 2)
    assert (counter.uncommitted_events, counter.version) == ((), 2)
    loaded = counters.get("c-1")
    assert (loaded.total, loaded.version, loaded.uncommitted_events) == (3, 2, ())
    loaded.count(4)
    assert [event.version for event in counters.save(loaded)] == [3]
    assert counters.save(loaded) == ()
    assert (counters.get("c-1").total, counters.get("c-1").version) == (7, 3)


def test_an_unknown_id_is_not_found_and_a_new_one_is_not_looked_up(counters: Repository[Counter]) -> None:
    with pytest.raises(AggregateNotFound, match="c-9"):
        counters.get("c-9")
    assert counters.new("c-9").version == 0


def test_the_aggregate_of_another_type_is_not_found(store: EventStore, counters: Repository[Counter]) -> None:
    saved(counters, 1)
    with pytest.raises(AggregateNotFound) as missed:
        Repository(store, Bell).get("c-1")
    assert "Counter" in missed.value.hint


def test_saving_expects_the_version_that_was_loaded(counters: Repository[Counter]) -> None:
    saved(counters, 1)
    first, second = counters.get("c-1"), counters.get("c-1")
    first.count(10)
    second.count(20)
    second.count(20)
    counters.save(first)
    with pytest.raises(ConcurrencyError) as conflict:
        counters.save(second)
    assert (conflict.value.expected, conflict.value.actual) == (1, 2)
    assert len(second.uncommitted_events) == 2
    assert counters.get("c-1").total == 11


class RacedStore:
    """A store in which somebody else appends just before each of the first `races` appends."""

    def __init__(self, store: EventStore, races: int) -> None:
        self.store, self.races, self.appends = store, races, 0

    def get_events(
        self, aggregate_id: str, from_version: int = 1, to_version: int | None = None
    ) -> Iterator[RecordedEvent]:
        return self.store.get_events(aggregate_id, from_version, to_version)

    def append(
        self, aggregate_id: str, events: Sequence[DomainEvent], expected_version: int
    ) -> Sequence[RecordedEvent]:
        self.appends += 1
        if self.appends <= self.races:
            other = Repository(self.store, Counter)
            counter = other.get(aggregate_id)
            counter.count(100)
            other.save(counter)
        return self.store.append(aggregate_id, events, expected_version)


def test_a_command_that_met_a_conflict_decides_again_on_the_new_state(
    store: EventStore, counters: Repository[Counter]
) -> None:
    saved(counters, 1)
    seen: list[int] = []

    def decide(counter: Counter) -> None:
        seen.append(counter.total)
        counter.count(1)

    raced = RacedStore(store, races=2)
    result = CommandHandler(Repository(raced, Counter), attempts=3).change("c-1", decide)
    assert seen == [1, 101, 201]
    assert (result.total, counters.get("c-1").total) == (202, 202)


@pytest.mark.parametrize("attempts", [1, 3])
def test_attempts_are_bounded(store: EventStore, counters: Repository[Counter], attempts: int) -> None:
    saved(counters, 1)
    raced = RacedStore(store, races=99)
    with pytest.raises(ConcurrencyError):
        CommandHandler(Repository(raced, Counter), attempts).change("c-1", lambda counter: counter.count(1))
    assert raced.appends == attempts


def test_no_attempts_at_all_cannot_be_asked_for(counters: Repository[Counter]) -> None:
    with pytest.raises(ValueError, match="attempts"):
        CommandHandler(counters, attempts=0)


def test_broken_rules_are_not_retried(counters: Repository[Counter]) -> None:
    saved(counters, 1)
    tries = []

    def decide(counter: Counter) -> None:
        tries.append(1)
        counter.count(-1)

    with pytest.raises(InvalidOperationError):
        CommandHandler(counters).change("c-1", decide)
    assert len(tries) == 1


def test_creating_what_exists_is_a_conflict_without_retry(counters: Repository[Counter]) -> None:
    handler = CommandHandler(counters)
    made = handler.create("c-1", lambda counter: counter.count(1), Stamp(user_id="ada", correlation_id="c"))
    assert made.version == 1
    with pytest.raises(ConcurrencyError):
        handler.create("c-1", lambda counter: counter.count(1))
    assert counters.get("c-1").total == 1


def test_the_stamp_of_a_command_is_on_its_events(store: EventStore, counters: Repository[Counter]) -> None:
    saved(counters, 1)
    CommandHandler(counters).change(
        "c-1", lambda counter: counter.count(2), Stamp(user_id="bob", correlation_id="k")
    )
    event = list(store.get_events("c-1"))[-1]
    assert (event.metadata.user_id, event.metadata.correlation_id) == ("bob", "k")


def test_a_command_on_an_unknown_aggregate_is_not_found(counters: Repository[Counter]) -> None:
    with pytest.raises(AggregateNotFound):
        CommandHandler(counters).change("c-9", lambda counter: counter.count(1))


def test_a_decision_that_changes_nothing_appends_nothing(counters: Repository[Counter]) -> None:
    assert CommandHandler(counters).create("c-1", lambda counter: None).version == 0
    with pytest.raises(AggregateNotFound):
        counters.get("c-1")
