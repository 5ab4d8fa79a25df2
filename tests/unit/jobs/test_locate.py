"""Which version a time, a position or an event's id means, and what is said of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.core.asked_time import UnclearTime
from auditor.core.errors import AggregateNotFound, WorkspaceError, WrongRequest
from auditor.jobs import locate, show_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext
from tests.helpers.command_line import answer, auditor
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.stepping_clock import at, store_of_stepping_clock

CONTEXT = TaskContext()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return store_of_stepping_clock(tmp_path)


@pytest.fixture
def session(store: Path) -> Iterator[Session]:
    with open_session(store) as opened:
        yield opened


def located(session: Session, aggregate_id: str = "one", **asked: Any) -> locate.LocateResult:
    request = locate.LocateRequest(origin=ORIGIN, aggregate_id=aggregate_id, **asked)
    return locate.run(session, request, CONTEXT)


def test_the_last_event_at_or_before_a_time(session: Session) -> None:
    found = located(session, as_of=at("10:04"))
    assert (found.ordinal, found.version, found.timestamp, found.position) == (1, 1, at("10:00"), 1)
    assert (found.moment, found.time, found.following) == (at("10:04"), at("10:00"), at("10:05"))
    assert found.notes == ()


def test_before_the_first_and_after_the_last(session: Session) -> None:
    before = located(session, as_of=at("09:59"))
    assert (before.ordinal, before.version, before.timestamp, before.following) == (
        0,
        None,
        None,
        at("10:00"),
    )
    after = located(session, as_of="2027-01-01")
    assert (after.version, after.time, after.following, after.notes) == (7, at("13:00"), None, ())


def test_of_events_at_one_time_the_last_counts_and_it_is_said(session: Session) -> None:
    found = located(session, as_of=at("10:05"))
    assert found.version == 3
    [note] = found.notes
    assert note == "2 events have exactly the time 2026-03-01 10:05:00Z; the last of them, version 3, counts."


def test_a_clock_that_was_set_back_is_said(session: Session) -> None:
    found = located(session, as_of=at("10:45"))
    assert (found.version, found.time) == (5, at("10:30"))
    [note] = found.notes
    assert (
        "The clock was set back: 1 of the events up to version 5 are stamped later than 2026-03-01 10:45:00Z"
        in note
    )
    assert located(session, as_of=at("11:00")).notes == ()


def test_by_effective_time(session: Session) -> None:
    found = located(session, as_of=at("10:03"), by="effective")
    assert (found.version, found.timestamp, found.time, found.following) == (
        2,
        at("10:05"),
        at("10:01"),
        at("10:05"),
    )
    assert found.notes == (
        "3 of 7 events name no effective time that can be read: they count from when they were recorded.",
    )
    later = located(session, as_of=at("10:45"), by="effective")
    assert later.version == 5
    assert later.notes[0].startswith(
        "1 of the events up to version 5 take effect later than 2026-03-01 10:45:00Z"
    )


def test_effective_times_that_nobody_named(tmp_path: Path, store: Path) -> None:
    (tmp_path / "auditor.toml").unlink()
    with open_session(store) as session, pytest.raises(WrongRequest) as caught:
        located(session, as_of=at("10:03"), by="effective")
    assert "effective_time" in caught.value.hint


def test_a_workspace_that_is_wrong_bars_only_the_way_to_effective_times(tmp_path: Path, store: Path) -> None:
    with open_session(store) as session:
        assert located(session, as_of=at("10:03")).has_effective
    (tmp_path / "auditor.toml").write_text("[store]\neffective_time = 5\n")
    with open_session(store) as session:
        found = located(session, as_of=at("10:03"))
        assert (found.version, found.has_effective) == (1, False)
        with pytest.raises(WorkspaceError):
            located(session, as_of=at("10:03"), by="effective")


def test_by_position_and_event(session: Session) -> None:
    assert located(session, position=7).version == 6
    assert located(session, position=0).ordinal == 0
    assert located(session, event_id="e-5").version == 5
    other = located(session, event_id="e-7")
    assert other.version == 6
    assert other.notes == (
        "That event is one of two and stands at position 7: what is shown was true there.",
    )
    assert located(session, "two", event_id="e-6").ordinal == 0
    assert located(session).version == 7
    assert located(session, version=3).ordinal == 3
    for wrong in ({"event_id": "no"}, {"version": 9}, {"position": 1, "by": "effective"}):
        with pytest.raises(WrongRequest):
            located(session, **wrong)
    with pytest.raises(AggregateNotFound):
        located(session, "nobody", as_of=at("10:00"))


def test_a_time_without_a_zone_is_refused_and_one_that_is_there_twice_is_asked_about(
    session: Session,
) -> None:
    with pytest.raises(WrongRequest, match="no zone"):
        located(session, as_of="2026-03-01 10:00")
    with pytest.raises(UnclearTime):
        located(session, as_of="2026-10-25 02:30 Europe/Amsterdam")


def test_a_state_says_how_its_version_was_found(session: Session) -> None:
    request = show_state.ShowStateRequest(
        origin=ORIGIN, aggregate_id="one", as_of="2026-03-01 11:45 Europe/Amsterdam"
    )
    result = show_state.run(session, request, CONTEXT)
    assert (result.version, result.state_text) == (5, '{"n":5}')
    assert any("The clock was set back" in note for note in result.notes)


def test_in_a_terminal(store: Path) -> None:
    assert answer("state", store, "one", "--as-of", "2026-03-01 11:05 Europe/Amsterdam")["version"] == 3
    assert answer("state", store, "one", "--as-of", at("10:03"), "--by", "effective")["version"] == 2
    assert answer("state", store, "one", "--at-event", "e-7")["version"] == 6
    told = auditor("state", store, "one", "--as-of", at("10:45"))
    assert "Warning: The clock was set back: 1 of the events" in told.err
    twice = auditor("state", store, "one", "--as-of", "2026-10-25T02:30 Europe/Amsterdam", "--json")
    assert (twice.code, twice.out) == (2, "")
    assert "2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00" in twice.error["hint"]
    for wrong in (("--by", "effective"), ("--as-of", "2026-03-01 11:00"), ("--at-event", "no")):
        assert auditor("state", store, "one", *wrong).code == 2
