"""Many processes append at once, and the checker of histories finds nothing that a store must not do."""

import logging
import multiprocessing
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from auditor.core.aggregate import AggregateRoot, Stamp
from auditor.core.commands import CommandHandler
from auditor.core.errors import ConcurrencyError, DuplicateEvent
from auditor.core.repository import Repository
from auditor.eventsourcing import EventStore
from tests.helpers import budget
from tests.helpers.history_checker import Journal
from tests.helpers.many_processes import run_together, start
from tests.helpers.new_events import new_event, new_events
from tests.helpers.recorded_writers import append_recorded, hold_the_lock, what_is_wrong

WRITERS = [f"writer-{number}" for number in range(8)]


def test_eight_processes_on_twenty_aggregates(store_url: str, tmp_path: Path) -> None:
    attempts = max(1, budget.count(2000, "attempts of many writers") // len(WRITERS))
    EventStore(store_url).close()

    run_together(append_all, [(store_url, tmp_path, name, attempts) for name in WRITERS])

    wrong, calls, stored = what_is_wrong(store_url, tmp_path)
    assert wrong == []
    outcomes = Counter(call.outcome for call in calls)
    assert outcomes.keys() == {"ok", "conflict"}
    assert sum(outcomes.values()) == attempts * len(WRITERS)
    assert outcomes["conflict"] > len(calls) / 50
    assert len(stored) == sum(len(call.ids) for call in calls if call.outcome == "ok")


def append_all(url: str, journals: Path, name: str, attempts: int) -> None:
    append_recorded(url, journals, name, attempts=attempts)


def test_a_lock_that_is_not_to_be_had_is_no_conflict(store_url: str, tmp_path: Path) -> None:
    attempts = budget.count(25, "attempts beside a held lock")
    EventStore(store_url).close()
    holder = start(hold_the_lock, store_url, 0.12, 2 * attempts)
    try:
        run_together(append_impatiently, [(store_url, tmp_path, name, attempts) for name in WRITERS[:3]])
    finally:
        holder.kill()
        holder.join()

    wrong, calls, _ = what_is_wrong(store_url, tmp_path)
    assert wrong == []
    assert {"ok", "busy"} <= {call.outcome for call in calls} <= {"ok", "busy", "conflict"}


def append_impatiently(url: str, journals: Path, name: str, attempts: int) -> None:
    append_recorded(url, journals, name, attempts=attempts, busy_seconds=0.05)


def test_whoever_waits_for_the_lock_is_told_of_the_conflict_that_comes_of_it(
    store_url: str, tmp_path: Path
) -> None:
    """The version is right when the call begins and wrong when its turn comes."""
    begin = multiprocessing.get_context("fork").Barrier(4)  # no fork while this process has the store open
    waiting = [start(append_once, store_url, tmp_path, name, barrier=begin) for name in WRITERS[:3]]
    with EventStore(store_url) as store:
        store.append("order-1", [new_event("order-1", 1)], 0)
        with store._dialect.writing(store._connection()):
            begin.wait(60)
            while len([*tmp_path.glob("*.journal")]) < len(waiting):
                assert all(process.is_alive() for process in waiting)
    for process in waiting:
        process.join()

    wrong, calls, _ = what_is_wrong(store_url, tmp_path)
    assert [finding for finding in wrong if "given to the store by nobody" not in finding] == []
    assert sorted(call.outcome for call in calls) == ["conflict", "conflict", "ok"]
    assert {call.conflict for call in calls} == {None, ("order-1", 1, 2)}


def append_once(url: str, journals: Path, name: str) -> None:
    with (
        EventStore(url, busy_seconds=60) as store,
        Journal(store, journals / f"{name}.journal", name) as journal,
    ):
        journal.append({"order-1": ([new_event("order-1", 2)], 1)})


def test_a_conflict_that_is_over_when_it_is_looked_at_is_none(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Version 2 is expected when there is only 1, and is there when the reason of the refusal is looked up."""
    with EventStore(store_url) as store, EventStore(store_url) as other:
        store.append("order-1", [new_event("order-1", 1)], 0)
        look_up = store._appender._refusal

        def overtaken(*about: Any) -> Exception | None:
            other.append("order-1", [new_event("order-1", 2)], 1)
            return look_up(*about)

        monkeypatch.setattr(store._appender, "_refusal", overtaken)
        store.append("order-1", [new_event("order-1", 3)], 2)
        assert [event.version for event in store.get_events("order-1")] == [1, 2, 3]


def test_a_refusal_is_told_to_the_caller_and_to_nobody_else(
    store_url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])  # as in a program that has set up no log
    with EventStore(store_url) as store:
        known = new_event("order-1", 1)
        store.append("order-1", [known], 0)
        with pytest.raises(ConcurrencyError):
            store.append("order-1", new_events("order-1", 1, 3), 0)
        again = replace(known, aggregate_id="x", version=1)
        with pytest.raises(DuplicateEvent):
            store.append("x", [again, *new_events("x", 2, 2000)], 0)
    assert capfd.readouterr() == ("", "")


# -- commands --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    by: str
    number: int


class Tally(AggregateRoot):
    """What each one counted, in the order in which it was counted."""

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.counted: dict[str, list[int]] = {}

    def count(self, by: str) -> None:
        self.apply(Counted(by, len(self.counted.get(by, ())) + 1))

    def on_counted(self, event: Counted) -> None:
        self.counted.setdefault(event.by, []).append(event.number)


def test_commands_on_one_aggregate_are_repeated_until_each_is_done_once(
    store_url: str, tmp_path: Path
) -> None:
    times = budget.count(20, "commands of each process")
    with EventStore(store_url) as store:
        CommandHandler(Repository(store, Tally)).create("tally", lambda tally: tally.count("first"))

    run_together(count_up, [(store_url, name, times) for name in WRITERS])

    with EventStore(store_url) as store:
        tally = Repository(store, Tally).get("tally")
        events = list(store.get_events("tally"))
    assert tally.counted == {"first": [1], **{name: list(range(1, times + 1)) for name in WRITERS}}
    assert [event.version for event in events] == list(range(1, 2 + times * len(WRITERS)))
    assert {event.metadata.user_id for event in events[1:]} == {*WRITERS}


def count_up(url: str, name: str, times: int) -> None:
    with EventStore(url, busy_seconds=60) as store:
        handler = CommandHandler(Repository(store, Tally), attempts=10_000)
        for _ in range(times):
            handler.change("tally", lambda tally: tally.count(name), Stamp(user_id=name))


def test_repeating_has_an_end(store_url: str) -> None:
    """Somebody else is always faster."""
    tried = 0

    def overtaken(tally: Tally) -> None:
        nonlocal tried
        tried += 1
        tally.count("slow")
        with EventStore(store_url) as other:
            CommandHandler(Repository(other, Tally)).change("tally", lambda it: it.count("fast"))

    with EventStore(store_url) as store:
        handler = CommandHandler(Repository(store, Tally), attempts=3)
        handler.create("tally", lambda tally: tally.count("first"))
        with pytest.raises(ConcurrencyError) as conflict:
            handler.change("tally", overtaken)
        counted = Repository(store, Tally).get("tally").counted

    assert tried == 3
    assert (conflict.value.expected, conflict.value.actual) == (3, 4)
    assert counted == {"first": [1], "fast": [1, 2, 3]}
