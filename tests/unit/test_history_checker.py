"""The checker of histories finds each kind of lie, and none in an honest history."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.core.events import RecordedEvent, recorded
from auditor.eventsourcing import EventStore
from tests.helpers.history_checker import Call, Journal, findings, read_journals
from tests.helpers.new_events import new_event, new_events

History = tuple[list[Call], list[RecordedEvent]]


def honest() -> History:
    """a: one event, then two by `many` together with one of b, then one whose process was killed. A conflict on the
    way, an append that met a lock, and one that was killed before it was stored."""
    a, b = new_events("a", 1, 4), new_events("b", 1, 1)
    lost = [str(new_event("a", 9).event_id) for _ in range(4)]
    ids = [str(event.event_id) for event in (*a, *b)]
    calls = [
        Call("one", 1.0, {"a": 0}, {"a": ids[:1]}, 2.0, "ok", {ids[0]: 1}),
        Call("late", 1.5, {"a": 0}, {"a": lost[:1]}, 2.5, "conflict", conflict=("a", 0, 1)),
        Call(
            "many",
            3.0,
            {"a": 1, "b": 0},
            {"a": ids[1:3], "b": ids[4:]},
            4.0,
            "ok",
            {ids[1]: 4, ids[2]: 5, ids[4]: 6},
        ),
        Call("waited", 3.0, {"b": 0}, {"b": lost[1:2]}, 3.5, "busy"),
        Call("killed", 5.0, {"a": 3}, {"a": ids[3:4]}),
        Call("nothing", 5.0, {"a": 3}, {"a": lost[2:]}),
    ]
    stored = [
        recorded(event, position)
        for event, position in ((a[0], 1), (a[1], 4), (a[2], 5), (b[0], 6), (a[3], 7))
    ]
    return calls, stored


def test_an_honest_history_has_no_findings() -> None:
    assert findings(*honest()) == []


def replaced(number: int, **changes: Any) -> Callable[[History], History]:
    def lie(history: History) -> History:
        calls, stored = history
        calls[number] = calls[number]._replace(**changes)
        return calls, stored

    return lie


def without(position: int) -> Callable[[History], History]:
    return lambda history: (history[0], [event for event in history[1] if event.position != position])


def stored_as(at: int, /, **changes: Any) -> Callable[[History], History]:
    def lie(history: History) -> History:
        calls, stored = history
        changed = [event._replace(**changes) if event.position == at else event for event in stored]
        return calls, sorted(changed, key=lambda event: event.position)

    return lie


def of_nobody(history: History) -> History:
    return history[0], [*history[1], recorded(new_event("c", 1), 9)]


def of_a_failed_call(history: History) -> History:
    calls, stored = history
    return calls, [*stored, recorded(new_event("a", 5), 9)._replace(event_id_text=calls[1].ids[0])]


def torn(history: History) -> History:
    calls, stored = history
    return calls, [*stored, recorded(new_event("a", 5), 9)._replace(event_id_text=calls[5].ids[0])]


def twice(history: History) -> History:
    return history[0], [*history[1], history[1][-1]._replace(position=8, version=5)]


def two_winners(history: History) -> History:
    calls, stored = history
    extra = new_event("a", 4)
    call = Call("second", 5.0, {"a": 3}, {"a": [str(extra.event_id)]}, 6.0, "ok", {str(extra.event_id): 8})
    return [*calls, call], [*stored, recorded(extra, 8)]


def behind(history: History) -> History:
    """The first call's event is moved behind those that began when it had ended."""
    calls, stored = history
    calls[0] = calls[0]._replace(positions={calls[0].ids[0]: 8})
    return calls, [*stored[1:], stored[0]._replace(position=8)]


def read_backwards(history: History) -> History:
    return history[0], history[1][::-1]


LIES: dict[str, tuple[Callable[[History], History], str]] = {
    "an acknowledged event is gone": (without(6), "acknowledged, and 1 of its events"),
    "an acknowledged call is gone": (without(1), "one was acknowledged"),
    "a refused event is there": (of_a_failed_call, "late ended as conflict"),
    "an unknown call is torn": (torn, "nothing is torn: 1 of its 2"),
    "an event is there twice": (twice, "is in the store 2 times"),
    "an event of nobody": (of_nobody, "given to the store by nobody"),
    "a version has a hole": (stored_as(7, version=5), "version 5 where 4 was due"),
    "a version is there twice": (stored_as(7, version=3), "version 3 where 4 was due"),
    "a position is there twice": (stored_as(7, position=6), "position 6 is in the store 2 times"),
    "another position than told": (stored_as(7, position=70), ""),
    "another position than acknowledged": (stored_as(1, position=2), "told position 1, stored is 2"),
    "another aggregate than given": (stored_as(6, aggregate_id="c"), "many gave b 1, stored is c 1"),
    "a batch in another order": (stored_as(6, position=3), "another order than it was given"),
    "two winners of one version": (two_winners, "both won version 3 of a"),
    "an order against time": (behind, "one had ended when"),
    "a read in another order": (read_backwards, "not read in the order"),
    "a refusal without a conflict": (replaced(1, conflict=("a", 0, 0)), "for the version it expected, 0"),
    "a refusal that misquotes": (replaced(1, conflict=("a", 2, 1)), "its refusal says 2"),
    "a refusal by another aggregate": (replaced(1, conflict=("z", 0, 1)), "was refused for ('z', 0, 1)"),
    "a refusal by what never was": (
        replaced(1, conflict=("a", 0, 2)),
        "version 2 of a, which was never true",
    ),
    "a refusal by what came later": (
        replaced(1, conflict=("a", 0, 3)),
        "version 3 of a, which was never true",
    ),
    "a refusal by what had passed": (
        replaced(1, began=4.5, ended=4.6, conflict=("a", 0, 1)),
        "version 1 of a, which was never true",
    ),
}


@pytest.mark.parametrize("what", [name for name, (_, found) in LIES.items() if found])
def test_a_lie_is_found(what: str) -> None:
    lie, found = LIES[what]
    assert [finding for finding in findings(*lie(honest())) if found in finding] != []


def test_a_position_that_nobody_was_told_may_be_any() -> None:
    assert findings(*LIES["another position than told"][0](honest())) == []


def test_a_journal_tells_what_came_of_each_call(tmp_path: Path) -> None:
    first = new_event("a", 1)
    with (
        EventStore(str(tmp_path / "orders.db")) as store,
        Journal(store, tmp_path / "1.journal", "p") as journal,
    ):
        assert journal.append({"a": ([first], 0)}) == "ok"
        assert journal.append({"b": ([new_event("b", 1)], 0), "a": ([new_event("a", 1)], 0)}) == "conflict"
        assert journal.append({"c": ([new_event("c", 2)], 0)}) == "failed"
        stored = list(store.read_all())
    with (tmp_path / "1.journal").open("a") as unfinished:
        unfinished.write('{"name": "p-4", "began": 1.0, "expected": {"a": 1}, "events": {"a": ["x"]}}\n')
        unfinished.write('{"name": "p-4", "ended": 2.0, "outc')

    calls = {call.name: call for call in read_journals(tmp_path.glob("*.journal"))}

    assert [calls[f"p-{n}"].outcome for n in range(1, 5)] == ["ok", "conflict", "failed", "unknown"]
    assert calls["p-1"].positions == {str(first.event_id): 1}
    assert calls["p-2"].conflict == ("a", 0, 1)
    assert "ValueError" in calls["p-3"].error
    assert calls["p-4"].ended == math.inf
    assert calls["p-1"].began <= calls["p-1"].ended <= calls["p-2"].began
    assert findings([*calls.values()], stored) == []
