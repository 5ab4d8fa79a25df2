"""Jobs of which a window asks a part: a page around an aggregate, the last page, a fold in pieces."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import AggregateNotFound
from auditor.jobs import fold_history, list_aggregates
from auditor.jobs.session import Session
from auditor.tasks.context import Progress, TaskContext
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.small_stores import write_store

IDS = [f"{number:02}" for number in range(20)]
APPENDED = [IDS[number * 7 % 20] for number in range(20)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("parts") / "parts.db"
    long = [("Put", {"n": number}) for number in range(5_500)]
    return write_store(path, {**{name: [("Put", {"n": 1})] for name in APPENDED}, "long": long})


@pytest.fixture
def viewed(store: Path) -> Iterator[Session]:
    with open_session(store) as session:
        yield session


def page(viewed: Session, **wanted: Any) -> list_aggregates.ListAggregatesResult:
    request = list_aggregates.ListAggregatesRequest(origin=ORIGIN, **{"limit": 4, "prefix": None, **wanted})
    return list_aggregates.run(viewed, request, TaskContext())


def ids(result: list_aggregates.ListAggregatesResult) -> list[str]:
    return [row.aggregate_id for row in result.aggregates]


def in_order(order: str) -> list[str]:
    return [*IDS, "long"] if order == "id" else ["long", *APPENDED[::-1]]


@pytest.mark.parametrize("order", ["id", "last"])
@pytest.mark.parametrize("place", [0, 1, 9, 19, 20])
def test_a_page_around_an_aggregate_goes_on_in_both_directions(
    order: str, place: int, viewed: Session
) -> None:
    wanted = in_order(order)
    middle = page(viewed, order=order, around=wanted[place])
    first = max(0, place - 2)
    assert ids(middle) == wanted[first : place + 3]
    if middle.before is not None:
        front = page(viewed, order=order, before=middle.before)
        assert ids(front) == wanted[max(0, first - 4) : first]
    if middle.after is not None:
        back = page(viewed, order=order, after=middle.after)
        assert ids(back) == wanted[place + 3 : place + 7]
    assert (middle.before is None) <= (first == 0)
    assert (middle.after is None) == (place + 3 >= len(wanted))


def test_around_an_unknown_one_there_is_no_page(viewed: Session) -> None:
    with pytest.raises(AggregateNotFound):
        page(viewed, around="none")


@pytest.mark.parametrize("order", ["id", "last"])
def test_the_last_page_ends_the_list(order: str, viewed: Session) -> None:
    wanted = in_order(order)
    last = page(viewed, order=order, before="")
    assert (ids(last), last.after, last.more) == (wanted[-4:], None, False)
    assert ids(page(viewed, order=order, before=last.before)) == wanted[-8:-4]


def test_what_a_filter_lets_through_is_counted_up_to_a_number(viewed: Session) -> None:
    assert page(viewed, prefix="0").matching is None
    assert page(viewed, prefix="0", count_to=10).matching == 10
    assert page(viewed, prefix="0", count_to=9).matching is None
    assert page(viewed, prefix="x", count_to=9).matching == 0


def test_a_fold_in_pieces_ends_with_all_events(viewed: Session) -> None:
    told: list[Progress] = []
    request = fold_history.FoldHistoryRequest(origin=ORIGIN, aggregate_id="long", seconds=0)
    lengths = []
    more = True
    while more:
        result = fold_history.run(viewed, request, TaskContext(on_progress=told.append))
        lengths.append(result.length)
        more = result.more
    assert lengths == [1000, 2000, 3000, 4000, 5000, 5500]
    assert {progress.total for progress in told} == {5500}
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
