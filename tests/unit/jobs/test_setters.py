"""Who set which field last: for every version, in whatever order it is asked, and when events have come."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.fields import fields_of
from auditor.eventsourcing import EventStore
from auditor.jobs import show_blame, show_set_by, show_state
from auditor.jobs.origin import origin_of_process
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext
from tests.helpers.sessions import open_session
from tests.helpers.small_stores import events_of, write_store
from tests.laws.test_blame_laws import MISSING, follower, set_at

FACTS: list[tuple[str, Any]] = [
    ("Made", {"status": "new", "lines": [{"sku": "A", "n": 1}]}),
    ("Changed", {"lines": [{"sku": "B", "n": 2}, {"sku": "A", "n": 1}]}),
    ("Changed", {"status": "new", "total": 3}),
    ("Changed", {"lines": [{"sku": "A", "n": 5}]}),
    ("Cleared", {"total": None}),
    ("Changed", {"total": True, "lines": [{"sku": "A", "n": 5}, {"sku": "A", "n": 6}]}),
    ("Changed", {"total": 1, "status": "done"}),
]
ORIGIN = origin_of_process("test")


def states_of(session: Session, count: int) -> list[Any]:
    """Before the first event and after each."""
    found: list[Any] = [MISSING]
    for ordinal in range(1, count + 1):
        request = show_state.ShowStateRequest(origin=ORIGIN, aggregate_id="t-1", ordinal=ordinal)
        text = show_state.run(session, request, TaskContext()).state_text
        found.append(exact_json.parse(text or "null"))
    return found


def set_by(session: Session, ordinal: int, pointers: list[str], **more: Any) -> show_set_by.SetByResult:
    request = show_set_by.SetByRequest(
        origin=ORIGIN, aggregate_id="t-1", ordinal=ordinal, pointers=tuple(pointers), **more
    )
    return show_set_by.run(session, request, TaskContext())


@pytest.mark.parametrize("seed", range(3))
def test_at_every_version_it_is_the_last_comparison_that_found_a_difference(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    with open_session(write_store(tmp_path / "s.db", {"t-1": FACTS})) as session:
        states = states_of(session, len(FACTS))
        asked = [(ordinal, since) for ordinal in range(1, len(states)) for since in range(ordinal)]
        chance.shuffle(asked)
        for ordinal, since in asked:
            pointers = [one for one in ["", *fields_of(states[ordinal])] if chance.random() < 0.8]
            result = set_by(session, ordinal, [*pointers, "/none"], since=since)
            assert (result.ordinal, result.done, result.more) == (ordinal, len(FACTS), False)
            expected = {}
            for pointer in pointers:
                changed = set_at(follower(states[ordinal], pointer), states)
                inside = [one for one in changed if since < one <= ordinal]
                if inside:
                    expected[pointer] = (inside[-1], len(inside))
            assert dict(result.by) == expected, (ordinal, since)


def test_events_that_have_come_are_looked_through_too(tmp_path: Path) -> None:
    path = write_store(tmp_path / "s.db", {"t-1": FACTS[:3]})
    with open_session(path) as session:
        assert set_by(session, 3, ["/total"]).by["/total"] == (3, 1)
        with EventStore(f"sqlite:///{path}") as store:
            store.append("t-1", events_of("t-1", FACTS)[3:], expected_version=3)
        assert set_by(session, 7, ["/total", "/status"]).by == {"/total": (7, 4), "/status": (7, 2)}


def test_a_field_that_is_not_there_is_in_no_answer(tmp_path: Path) -> None:
    with open_session(write_store(tmp_path / "s.db", {"t-1": FACTS})) as session:
        assert set_by(session, 5, ["/total", "/none", "odd"]).by == {}
        assert set_by(session, 0, ["/status"]).by == {}


def test_how_items_were_told_apart_is_said(tmp_path: Path) -> None:
    with open_session(write_store(tmp_path / "s.db", {"t-1": FACTS})) as session:
        assert set_by(session, 4, ["/lines/0/n"]).matched == (("/lines", "sku"),)
        assert set_by(session, 6, ["/lines/0/n"]).matched == (("/lines", None),)


def test_blame_of_the_window_goes_beyond_the_version_and_that_of_the_terminal_does_not(
    tmp_path: Path,
) -> None:
    with open_session(write_store(tmp_path / "s.db", {"t-1": FACTS})) as session:

        def blame(**more: Any) -> show_blame.BlameResult:
            request = show_blame.BlameRequest(
                origin=ORIGIN, aggregate_id="t-1", ordinal=3, pointer="/total", **more
            )
            return show_blame.run(session, request, TaskContext())

        whole = blame(whole=True)
        assert (whole.ordinal, list(whole.ordinals)) == (3, [3, 5, 6, 7])
        assert [one.text for one in whole.changes] == ["3", None, "true", "1"]
        assert list(blame().ordinals) == [3]
        last = blame(whole=True, most=2)
        assert list(last.ordinals) == [3, 5, 6, 7]
        assert [one.ordinal for one in last.changes] == [6, 7]


def test_a_cut_value_says_how_long_it_is(tmp_path: Path) -> None:
    path = write_store(tmp_path / "s.db", {"t-1": [("Made", {"text": "x" * 100})]})
    with open_session(path) as session:
        request = show_blame.BlameRequest(origin=ORIGIN, aggregate_id="t-1", pointer="/text", longest=10)
        (change,) = show_blame.run(session, request, TaskContext()).changes
        assert (change.text, change.length, change.cut) == ('"xxxxxxxxx', 102, True)
        assert json.loads(json.dumps(show_blame.change_document(change)))["value_left_out"] == 102


def test_of_the_last_values_only_so_many_are_told(tmp_path: Path) -> None:
    path = write_store(tmp_path / "s.db", {"t-1": [("Set", {"n": number}) for number in range(5)]})

    def blame(most: int | None) -> show_blame.BlameResult:
        asked = show_blame.BlameRequest(origin=ORIGIN, aggregate_id="t-1", pointer="/n", most=most)
        return show_blame.run(session, asked, TaskContext())

    with open_session(path) as session:
        for most, texts in (
            (2, ["3", "4"]),
            (0, []),
            (9, ["0", "1", "2", "3", "4"]),
            (None, ["0", "1", "2", "3", "4"]),
        ):
            found = blame(most)
            assert [one.text for one in found.changes] == texts
            assert [one.ordinal for one in found.changes] == [1, 2, 3, 4, 5][5 - len(texts) :]
            assert list(found.ordinals) == [1, 2, 3, 4, 5]
