"""Lists, timelines, events and what is new: each answer against one that Python computes from all rows."""

import json
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from auditor.jobs import list_aggregates, read_new_events, show_event, show_timeline
from auditor.jobs.list_aggregates import ListAggregatesRequest, ListAggregatesResult
from auditor.jobs.session import Session
from auditor.stores import aggregate_pages, timeline_columns
from auditor.stores.pages import AggregateOrder, AggregateRow, EventLink
from auditor.tasks.context import Progress, TaskContext
from tests.helpers.budget import count
from tests.helpers.empty_stores import PLACES
from tests.helpers.native_files import STORE_ID, Row
from tests.helpers.random_stores import TYPES, random_rows, write_rows
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.written_rows import make_store_at

SEEDS = [0, *range(1, 1 + count(3, "random stores"))]
CONTEXT = TaskContext()


class Truth:
    """What is in the store, found by walking all its rows."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.by_aggregate: dict[str, list[Row]] = {}
        for row in rows:
            self.by_aggregate.setdefault(row[2], []).append(row)

    @property
    def head(self) -> int | None:
        return self.rows[-1][0] if self.rows else None

    def aggregate(self, aggregate_id: str) -> AggregateRow:
        history = self.by_aggregate[aggregate_id]
        last = history[-1]
        return AggregateRow(aggregate_id, last[3], len(history), len(history), last[6], last[0])

    def aggregates(
        self, order: AggregateOrder, aggregate_type: str | None, prefix: str | None
    ) -> list[AggregateRow]:
        found = [
            row
            for row in map(self.aggregate, self.by_aggregate)
            if aggregate_type in (None, row.aggregate_type) and row.aggregate_id.startswith(prefix or "")
        ]
        if order == "id":
            return sorted(found, key=lambda row: row.aggregate_id)
        return sorted(found, key=lambda row: row.last_position, reverse=True)

    def link(self, row: Row) -> EventLink:
        ordinal = self.by_aggregate[row[2]].index(row) + 1
        return EventLink(row[1], row[2], row[3], row[4], row[5], ordinal, row[0], row[6])


@pytest.fixture(params=SEEDS, ids=lambda seed: f"store {seed}" if seed else "empty store")
def truth(request: pytest.FixtureRequest) -> Truth:
    return Truth(random_rows(request.param, 120) if request.param else [])


def _in_utf_16(rows: list[Row], request: pytest.FixtureRequest) -> str:
    folder: Path = request.getfixturevalue("tmp_path")
    return str(write_rows(folder / "wide.db", rows, "encoding = 'UTF-16'"))


def _at(place: Callable[[pytest.FixtureRequest], str]) -> Callable[[list[Row], pytest.FixtureRequest], str]:
    return lambda rows, request: make_store_at(place(request), rows)


STORES: dict[str, Callable[[list[Row], pytest.FixtureRequest], str]] = {
    **{name: _at(place) for name, place in PLACES.items()},
    "sqlite in UTF-16": _in_utf_16,
}


@pytest.fixture(params=STORES)
def session(truth: Truth, request: pytest.FixtureRequest) -> Iterator[Session]:
    with open_session(STORES[request.param](truth.rows, request)) as opened:
        yield opened


def page(session: Session, **asked: Any) -> ListAggregatesResult:
    result = list_aggregates.run(session, ListAggregatesRequest(origin=ORIGIN, **asked), CONTEXT)
    assert result.more == (result.after is not None)
    assert result.store_id == STORE_ID
    return result


@pytest.mark.parametrize(("few", "walked"), [(5_000, 50_000), (2, 7), (2, 1_000)])
def test_aggregates_are_paged_both_ways_in_both_orders(
    few: int, walked: int, truth: Truth, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregate_pages, "_FEW", few)
    monkeypatch.setattr(aggregate_pages, "_WALKED", walked)
    orders: tuple[AggregateOrder, ...] = ("id", "last")
    for order, aggregate_type, prefix in product(orders, (None, *TYPES, "Nothing"), (None, "a", "a%", "é")):
        expected = truth.aggregates(order, aggregate_type, prefix)
        asked = {"order": order, "aggregate_type": aggregate_type, "prefix": prefix}
        for limit in {3, max(1, len(expected)), 200}:
            pages = [page(session, limit=limit, **asked)]
            while pages[-1].after is not None:
                pages.append(page(session, limit=limit, after=pages[-1].after, **asked))
            assert [row for one in pages for row in one.aggregates] == expected
            assert {one.head for one in pages} == {truth.head}
            assert all(len(one.aggregates) == limit for one in pages[:-1])
            back = pages[-1]
            for earlier in reversed(pages[:-1]):
                assert back.before is not None
                back = page(session, limit=limit, before=back.before, **asked)
                assert back == earlier
            assert back.before is None


def test_timelines_are_what_the_events_say(
    truth: Truth, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at_once in (2, 5_000):
        monkeypatch.setattr(timeline_columns, "_AT_ONCE", at_once)
        for aggregate_id, history in truth.by_aggregate.items():
            for after in {0, 1, 2, len(history), len(history) + 3}:
                told: list[Progress] = []
                request = show_timeline.ShowTimelineRequest(
                    origin=ORIGIN, aggregate_id=aggregate_id, after=after
                )
                result = show_timeline.run(session, request, TaskContext(on_progress=told.append))
                rows = history[after:]
                assert result.aggregate == truth.aggregate(aggregate_id)
                assert (result.first_ordinal, result.head, result.notes) == (after + 1, truth.head, ())
                assert list(result.positions) == [row[0] for row in rows]
                assert list(result.versions) == [row[5] for row in rows]
                assert result.times == [row[6] for row in rows]
                assert [result.types[at] for at in result.type_of] == [row[4] for row in rows]
                assert [result.users[at] for at in result.user_of] == [user(row[9]) for row in rows]
                assert result.types == tuple(dict.fromkeys(row[4] for row in rows))
                assert result.users == tuple(dict.fromkeys(user(row[9]) for row in rows))
                is_wide = session.reader.location.short_name == "wide.db"
                encoding = "utf-16-le" if is_wide else "utf-8"
                assert list(result.sizes) == [len(row[8].encode(encoding)) for row in rows]
                if rows:
                    assert (told[-1].done, told[-1].total) == (len(history), len(history))


def user(metadata: str) -> str | None:
    return {'{"user_id": "ada"}': "ada", '{"userId": "bob"}': "bob", '{"user_id": 7}': "7"}.get(metadata)


def test_events_lead_to_their_causes_and_effects(truth: Truth, session: Session) -> None:
    by_id = {row[1]: row for row in truth.rows}
    for row in truth.rows:
        ordinal = truth.by_aggregate[row[2]].index(row) + 1
        ways: tuple[dict[str, Any], ...] = (
            {"event_id": row[1]},
            {"aggregate_id": row[2], "ordinal": ordinal},
            {"aggregate_id": row[2], "version": row[5], "aggregate_type": row[3]},
        )
        found = [
            show_event.run(session, show_event.ShowEventRequest(origin=ORIGIN, **way), CONTEXT)
            for way in ways
        ]
        result = found[0]
        assert found == [result] * 3
        assert (tuple(result.event), result.ordinal, result.head) == (row[:10], ordinal, truth.head)
        assert (result.correlation_id, result.causation_id) == row[10:]
        assert result.cause == (truth.link(by_id[row[11]]) if row[11] in by_id else None)
        assert result.cause_missing == (row[11] is not None and row[11] not in by_id)
        assert result.effects == tuple(truth.link(one) for one in truth.rows if one[11] == row[1])
        assert result.more_effects == 0
        assert result.correlated == sum(one[10] == row[10] for one in truth.rows if row[10] is not None)
        assert (result.user, result.data["data"]) == (user(row[9]), json.loads(row[8]))


def test_what_is_new_is_what_lies_beyond_a_position(
    truth: Truth, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in (3, 10_000):
        monkeypatch.setattr(read_new_events, "MOST_AGGREGATES", most)
        for after in (None, *(row[0] for row in truth.rows)):
            request = read_new_events.ReadNewEventsRequest(origin=ORIGIN, after=after)
            result = read_new_events.run(session, request, CONTEXT)
            newer = [row for row in truth.rows if row[0] > (after or 0)]
            touched = [
                row for row in truth.aggregates("last", None, None) if row.last_position > (after or 0)
            ]
            assert (result.head, result.events) == (truth.head, len(newer))
            assert result.aggregates == tuple(touched[:most])
            assert result.more == (len(touched) > most)
