"""Following a store: nothing is told twice or left out, locks are waited for, and it ends when it should."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from auditor.core.errors import AggregateNotFound, Cancelled, StoreBusy, WrongRequest
from auditor.core.events import RecordedEvent
from auditor.jobs import follow_events
from auditor.jobs.session import Session
from auditor.stores import readonly
from auditor.tasks.cancel import CancelToken
from auditor.tasks.context import TaskContext
from tests.helpers.broken_files import locked_by_another
from tests.helpers.native_files import event_rows, insert, make_store
from tests.helpers.sessions import ORIGIN, open_session


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(readonly, "LOCK_WAIT_SECONDS", 0.05)
    return make_store(tmp_path / "store.db")


@pytest.fixture
def session(store: Path) -> Iterator[Session]:
    with open_session(store) as opened:
        yield opened


def add(store: Path, first: int, count: int) -> None:
    """Events of one more aggregate, from that position and version on."""
    rows = [(*row[:2], "new", *row[3:]) for row in event_rows(1, first + count - 1)[first - 1 :]]
    connection = sqlite3.connect(store, isolation_level=None)
    connection.execute("BEGIN")
    insert(connection, [(50 + row[0], f"new-{row[0]}", *row[2:]) for row in rows])
    connection.execute("COMMIT")
    connection.close()


def follow(
    session: Session, *, between: Callable[[int], object], monkeypatch: pytest.MonkeyPatch, **asked: Any
) -> list[RecordedEvent]:
    """What is told until `most` events were; `between` is called with the number of each pause, from 1."""
    told: list[RecordedEvent] = []
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        between(len(pauses))

    monkeypatch.setattr(follow_events, "time", SimpleNamespace(sleep=pause))
    request = follow_events.FollowEventsRequest(origin=ORIGIN, on_events=told.extend, **asked)
    assert follow_events.run(session, request, TaskContext()) == len(told)
    return told


@pytest.mark.parametrize("at_once", [2, 500])
def test_each_event_is_told_once_in_order(
    at_once: int, store: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_events, "_AT_ONCE", at_once)

    def append(pause: int) -> None:
        if pause != 2:  # now and then nothing is new
            add(store, 5 * (pause - 1) + 1, 5)

    told = follow(session, between=append, monkeypatch=monkeypatch, most=12)
    assert [event.version for event in told] == [*range(1, 6), *range(11, 16), 16, 17]
    place = session.reader.events(limit=45).after
    told = follow(session, between=append, monkeypatch=monkeypatch, most=7, after=place, user="ada")
    assert [event.position for event in told] == [47, 49, 51, 53, 55, 61, 63]


def test_one_aggregate_is_followed_beyond_a_place_in_its_history(
    store: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, 1, 4)
    place = session.reader.events(aggregate_id="new", limit=2).after
    told = follow(
        session,
        between=lambda _: add(store, 5, 3),
        monkeypatch=monkeypatch,
        most=5,
        after=place,
        aggregate_id="new",
    )
    assert [event.version for event in told] == [3, 4, 5, 6, 7]


def test_a_lock_of_another_program_is_waited_for(
    store: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as lock:

        def between(pause: int) -> None:
            if pause == 1:
                lock.enter_context(locked_by_another(store))
            elif pause == 4:  # it was refused three times
                lock.close()
                add(store, 1, 1)

        told = follow(session, between=between, monkeypatch=monkeypatch, most=1)
    assert [event.version for event in told] == [1]


def test_a_lock_that_is_never_let_go_ends_it(
    store: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_events, "_BUSY_PAUSES", 2)
    pauses: list[int] = []
    with ExitStack() as lock:

        def between(pause: int) -> None:
            pauses.append(pause)
            if pause == 1:
                lock.enter_context(locked_by_another(store))

        with pytest.raises(StoreBusy):
            follow(session, between=between, monkeypatch=monkeypatch, most=1)
    assert pauses == [1, 2, 3]


def test_it_is_cancelled_between_two_looks(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    token = CancelToken()
    with session.stopped_by(token), pytest.raises(Cancelled):
        follow(session, between=lambda _: token.cancel(), monkeypatch=monkeypatch)


def test_what_cannot_be_followed_is_refused(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for asked, error in (
        ({"aggregate_id": "nobody"}, AggregateNotFound),
        ({"since": "yesterday"}, WrongRequest),
        ({"after": "nonsense"}, WrongRequest),
    ):
        with pytest.raises(error):
            follow(session, between=lambda _: None, monkeypatch=monkeypatch, **asked)
