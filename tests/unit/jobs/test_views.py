"""What lists, timelines and events answer where they are asked wrongly, stopped, or shown a store that is damaged."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import AggregateNotFound, Cancelled, StoreDamaged, StoreReplaced, WrongRequest
from auditor.core.ports import NeverStopped
from auditor.jobs import list_aggregates, list_events, read_new_events, show_event, show_timeline
from auditor.jobs.session import Session
from auditor.stores import aggregate_pages, timeline_columns
from auditor.stores.reader import StoreReader
from auditor.tasks.cancel import CancelToken
from auditor.tasks.context import TaskContext
from tests.helpers.broken_files import table_pages, write_ahead_store
from tests.helpers.native_files import INSERT_EVENT, Row, event_rows, insert, make_store
from tests.helpers.random_stores import write_rows
from tests.helpers.sessions import ORIGIN, open_session

CONTEXT = TaskContext()
TIME = "2026-04-01T00:00:00.000000Z"


def event(position: int, aggregate_id: str = "odd", version: object = 1, **values: object) -> Row:
    columns = {
        "position": position,
        "event_id": f"e-{position}",
        "aggregate_id": aggregate_id,
        "aggregate_type": "Order",
        "event_type": "Odd",
        "version": version,
        "timestamp": TIME,
        "timestamp_text": None,
        "data": "{}",
        "metadata": "{}",
        "correlation_id": None,
        "causation_id": None,
    }
    return tuple({**columns, **values}.values())


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(make_store(tmp_path / "store.db")) as opened:
        yield opened


def aggregates(session: Session, **asked: Any) -> list_aggregates.ListAggregatesResult:
    request = list_aggregates.ListAggregatesRequest(origin=ORIGIN, **{"limit": 3, **asked})
    return list_aggregates.run(session, request, CONTEXT)


def timeline(session: Session, aggregate_id: str, **asked: Any) -> show_timeline.TimelineResult:
    request = show_timeline.ShowTimelineRequest(origin=ORIGIN, aggregate_id=aggregate_id, **asked)
    return show_timeline.run(session, request, CONTEXT)


def one_event(session: Session, **asked: Any) -> show_event.EventResult:
    return show_event.run(session, show_event.ShowEventRequest(origin=ORIGIN, **asked), CONTEXT)


def new_events(session: Session, after: int | None) -> read_new_events.NewEventsResult:
    request = read_new_events.ReadNewEventsRequest(origin=ORIGIN, after=after)
    return read_new_events.run(session, request, CONTEXT)


# -- asked wrongly -----------------------------------------------------------------------------------------------


def test_an_unknown_aggregate_is_named(session: Session) -> None:
    for ask in (
        lambda: timeline(session, "nobody"),
        lambda: timeline(session, "order-0001", aggregate_type="Basket"),
        lambda: one_event(session, aggregate_id="nobody", ordinal=1),
        lambda: one_event(session, aggregate_id="order-0001", aggregate_type="Basket", ordinal=1),
    ):
        with pytest.raises(AggregateNotFound):
            ask()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"aggregate_id": "order-0001", "ordinal": 6}, "no event number 6"),
        ({"aggregate_id": "order-0001", "version": 6}, "no version 6"),
        ({"aggregate_id": "order-0001", "version": 0}, "Before the first event"),
        ({"aggregate_id": "order-0001", "ordinal": 0}, "Before the first event"),
        ({"aggregate_id": "order-0001", "ordinal": 2**70}, "no event number"),
        ({"event_id": "nothing"}, "No event of this store has the id nothing"),
        ({}, "No single event"),
        ({"aggregate_id": "order-0001"}, "No single event"),
        ({"aggregate_id": "order-0001", "ordinal": 1, "version": 1}, "No single event"),
        ({"aggregate_id": "order-0001", "event_id": "nothing"}, "No single event"),
        ({"ordinal": 1}, "No single event"),
    ],
)
def test_an_event_that_is_not_there_is_a_wrong_request(
    session: Session, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(WrongRequest, match=said) as caught:
        one_event(session, **asked)
    assert caught.value.hint


def test_a_token_goes_one_way_and_belongs_to_one_order(session: Session) -> None:
    by_id, by_last = aggregates(session), aggregates(session, order="last")
    for asked in (
        {"after": by_id.after, "before": by_id.after},
        {"after": by_id.after, "order": "last"},
        {"before": by_last.after},
        {"before": "nonsense"},
    ):
        with pytest.raises(WrongRequest):
            aggregates(session, **asked)
    with pytest.raises(WrongRequest):
        timeline(session, "order-0001", after=-1)


def test_before_the_first_aggregate_there_is_an_empty_page(session: Session) -> None:
    first = aggregates(session, limit=1)
    second = aggregates(session, limit=1, after=first.after)
    assert aggregates(session, limit=1, before=second.before) == first
    empty = aggregates(session, before=second.before, prefix="order-0001")
    assert (empty.aggregates, empty.before) == ((), None)


# -- what is odd -------------------------------------------------------------------------------------------------


def test_values_of_a_wrong_kind_are_told_and_do_not_stop_a_timeline(tmp_path: Path) -> None:
    rows = [
        event(1, version=1),
        event(2, version=2.5, event_type=b"Bytes"),
        event(3, version="x", metadata=b'{"user_id": "ada"}'),
    ]
    with open_session(write_rows(tmp_path / "store.db", rows)) as session:
        result = timeline(session, "odd")
        assert list(result.versions) == [1, 0, 0]
        assert [result.types[at] for at in result.type_of] == ["Odd", "Bytes", "Odd"]
        assert len(result.notes) == 3
        assert "position 2 has a number with a fraction as its version: 2.5" in result.notes[0]
        assert list(timeline(session, "odd", after=2).positions) == [3]
        assert one_event(session, aggregate_id="odd", ordinal=3).ordinal == 3


def test_ordinals_count_where_versions_have_holes(tmp_path: Path) -> None:
    rows = [
        event(1, "a", 3),
        event(2, "a", 7, causation_id="e-1"),
        event(3, "a", 12, causation_id="e-1"),
        event(4, "b", 1, causation_id="e-3"),
    ]
    with open_session(write_rows(tmp_path / "store.db", rows)) as session:
        first = one_event(session, aggregate_id="a", version=3)
        assert [(link.version, link.ordinal) for link in first.effects] == [(7, 2), (12, 3)]
        assert one_event(session, event_id="e-2").ordinal == 2
        assert one_event(session, aggregate_id="a", ordinal=3).event.version == 12
        last = one_event(session, event_id="e-4")
        assert last.cause is not None
        assert (last.cause.ordinal, last.cause.version, last.ordinal) == (3, 12, 1)


def test_of_many_effects_the_first_hundred_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    rows = [event(1, "a", 1)] + [event(1 + at, f"b{at}", 1, causation_id="e-1") for at in range(1, 251)]
    with open_session(write_rows(tmp_path / "store.db", rows)) as session:
        result = one_event(session, event_id="e-1")
        assert [link.position for link in result.effects] == list(range(2, 102))
        assert result.more_effects == 150
        assert result.document()["effects"][0]["event_id"] == "e-2"


def test_metadata_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    rows = [event(1, "a", 1, metadata="{"), event(2, "a", 2, metadata='{"schemaVersion": 3}')]
    with open_session(write_rows(tmp_path / "store.db", rows)) as session:
        broken, sound = (one_event(session, aggregate_id="a", ordinal=ordinal) for ordinal in (1, 2))
        assert (broken.schema_version, broken.user, sound.schema_version) == (None, None, 3)
        assert broken.metadata["metadata_text"] == "{"
        assert broken.document()["metadata_problem"]


def test_metadata_nested_without_end_is_said(tmp_path: Path) -> None:
    rows = [event(1, "a", 1, metadata="[" * 100_000)]
    with open_session(write_rows(tmp_path / "store.db", rows)) as session:
        nested = one_event(session, aggregate_id="a", ordinal=1)
        assert (nested.schema_version, nested.user) == (None, None)
        assert nested.metadata["metadata_problem"]


def test_damage_is_said_with_the_last_good_event(tmp_path: Path) -> None:
    path = make_store(tmp_path / "store.db", aggregates=3, each=400)
    page = table_pages(path, "events")[7]
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with open_session(path) as session:
        with pytest.raises(StoreDamaged, match=r"reading stopped after position \d+ \(version \d+\)"):
            timeline(session, "order-0001")
        assert timeline(session, "order-0001", after=395).length == 5
        assert len(aggregates(session, order="last").aggregates) == 3


def test_a_store_that_lost_events_is_not_taken_for_the_same(session: Session) -> None:
    assert new_events(session, 50).events == 0
    with pytest.raises(StoreReplaced, match="it ended at position 51, now at 50"):
        new_events(session, 51)


# -- one moment --------------------------------------------------------------------------------------------------


def _ask_aggregates(session: Session) -> tuple[int | None, int]:
    result = aggregates(session, order="last")
    return result.head, max(row.last_position for row in result.aggregates)


def _ask_events(session: Session) -> tuple[int | None, int]:
    request = list_events.ListEventsRequest(origin=ORIGIN, limit=1_000)
    result = list_events.run(session, request, CONTEXT)
    return result.head, result.events[-1].position


def _ask_timeline(session: Session) -> tuple[int | None, int]:
    result = timeline(session, "order-0009")
    return result.head, result.positions[-1]


@pytest.mark.parametrize("ask", [_ask_aggregates, _ask_events, _ask_timeline])
def test_the_head_is_that_of_the_page(
    ask: Callable[[Session], tuple[int | None, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program appends just before the head is read."""
    path = write_ahead_store(tmp_path / "store.db")
    writer = sqlite3.connect(path, isolation_level=None)
    head_of_now = StoreReader.head
    appended: list[int] = []

    def append_and_ask(reader: StoreReader) -> int | None:
        position = 100 + len(appended)
        insert(writer, [event(position, "order-0009", position)])
        appended.append(position)
        return head_of_now(reader)

    monkeypatch.setattr(StoreReader, "head", append_and_ask)
    with open_session(path) as session:
        assert ask(session) == (50, 50)
        assert ask(session) == (100, 100)
    writer.close()


# -- stopped -----------------------------------------------------------------------------------------------------


class StopsWhenAsked(NeverStopped):
    """Wants the work to stop from the so-manieth question on."""

    def __init__(self, questions: int) -> None:
        self.left = questions

    @property
    def cancelled(self) -> bool:  # type: ignore[override]  # a constant there
        self.left -= 1
        return self.left < 0


def test_a_timeline_is_stopped_between_batches(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_columns, "_AT_ONCE", 2)
    token = CancelToken()
    seen: list[int] = []

    def stop(progress: object) -> None:
        seen.append(1)
        token.cancel()

    request = show_timeline.ShowTimelineRequest(origin=ORIGIN, aggregate_id="order-0001")
    with session.stopped_by(token), pytest.raises(Cancelled):
        show_timeline.run(session, request, TaskContext(token=token, on_progress=stop))
    assert seen == [1]
    assert timeline(session, "order-0001").length == 5


def test_what_takes_long_is_stopped_in_the_midst_of_a_statement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregate_pages, "_WALKED", 1)
    path = make_store(tmp_path / "store.db", aggregates=0)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    connection.executemany(INSERT_EVENT, event_rows(1, 12_000))
    connection.execute("INSERT INTO streams SELECT event_id, 'Order', 1, '', '', position FROM events")
    connection.execute("INSERT INTO streams VALUES ('order-0000', 'Basket', 12000, '', '', 12001)")
    connection.execute("COMMIT")
    connection.close()
    with open_session(path) as session:
        for ask in (
            lambda: aggregates(session, order="last", aggregate_type="Order"),
            lambda: timeline(session, "order-0000"),
            lambda: new_events(session, 1),
        ):
            session.reader.set_token(StopsWhenAsked(1))
            with pytest.raises(Cancelled):
                ask()
            session.reader.set_token(NeverStopped())
            ask()
