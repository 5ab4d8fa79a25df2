"""Two states against each other: rows, patch, and what is said of each of the two."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.compare import Counts
from auditor.core.compared_rows import UNCHANGED
from auditor.core.errors import WrongRequest
from auditor.core.patch import apply_patch
from auditor.jobs import compare_states, list_aggregates, make_demo, make_patch, show_state
from auditor.jobs.session import Session
from auditor.stores.native_store import EventStore
from auditor.tasks.context import TaskContext
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.small_stores import events_of

ONE: list[tuple[str, dict[str, Any]]] = [
    ("Began", {"name": "Lamp", "price": 150, "items": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}]}),
    ("Changed", {"price": 175, "name": None}),
    ("Changed", {"items": [{"sku": "b", "n": 3}], "tags": ["x"]}),
]
OTHER: list[tuple[str, dict[str, Any]]] = [("Began", {"name": "Lamp", "price": 150.0})]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("compared") / "things.db"
    with EventStore(f"sqlite:///{path}") as made:
        for name, facts, kind in (("one", ONE, "Thing"), ("two", OTHER, "Thing"), ("odd", OTHER, "Odd")):
            made.append(name, events_of(name, facts, kind), 0)
    return path


@pytest.fixture
def viewed(store: Path) -> Iterator[Session]:
    with open_session(store) as session:
        yield session


def compared(viewed: Session, a: int, b: int | None, **more: Any) -> compare_states.CompareResult:
    request = compare_states.CompareRequest(
        origin=ORIGIN, **{"aggregate_id": "one", "ordinal": a, "other": b, **more}
    )
    return compare_states.run(viewed, request, TaskContext())


def told(result: compare_states.CompareResult) -> list[tuple[str, str]]:
    return [(row.place, row.sign) for row in result.rows]


def patch(viewed: Session, a: int, b: int | None, **more: Any) -> Any:
    request = make_patch.MakePatchRequest(
        origin=ORIGIN, **{"aggregate_id": "one", "ordinal": a, "other": b, **more}
    )
    return exact_json.parse(make_patch.run(viewed, request, TaskContext()).text)


def test_rows_and_counts_are_of_the_two_versions(viewed: Session) -> None:
    result = compared(viewed, 1, 3)

    assert told(result) == [
        ("-/name", "removed"),
        ("/price", "changed"),
        ("/items", "inside"),
        ("-/items/0", "removed"),
        ("/items/0", "inside"),
        ("/items/0/n", "changed"),
        ("/tags", "added"),
        (UNCHANGED, ""),
    ]
    assert result.counts == Counts(1, 2, 2, 0, 1)
    assert result.matched == (("/items", "sku"),)
    assert (result.a.version, result.b.version, result.is_of_one) == (1, 3, True)
    assert result.a.timestamp != result.b.timestamp


def test_backwards_it_says_what_would_undo_it(viewed: Session) -> None:
    result = compared(viewed, 3, 1)

    assert ("/name", "added") in told(result)
    assert ("-/tags", "removed") in told(result)
    assert (result.a.version, result.b.version) == (3, 1)
    assert patch(viewed, 2, 1) == [
        {"op": "replace", "path": "/price", "value": 150},
        {"op": "add", "path": "/name", "value": "Lamp"},
    ]


def test_the_same_version_differs_in_nothing(viewed: Session) -> None:
    result = compared(viewed, 2, 2)

    assert [(row.kind, row.total) for row in result.rows] == [("unchanged", 2)]
    assert [row.place for row in compared(viewed, 2, 2, open={UNCHANGED: 1}).rows] == [
        "/price",
        "/items",
        UNCHANGED,
    ]
    assert patch(viewed, 2, 2) == []


def test_before_the_first_event_there_is_no_state(viewed: Session) -> None:
    result = compared(viewed, 0, 1)

    assert [row.sign for row in result.rows] == ["added"] * 3
    assert (result.a.version, result.a.timestamp, result.a.ordinal) == (None, None, 0)
    assert [row.sign for row in compared(viewed, 1, 0).rows] == ["removed"] * 3
    assert compared(viewed, 0, 0).rows == ()
    assert apply_patch(None, patch(viewed, 0, 1)) == ONE[0][1]
    assert patch(viewed, 1, 0) == [{"op": "replace", "path": "", "value": None}]


def test_states_of_two_aggregates_of_a_type(viewed: Session) -> None:
    result = compared(viewed, 1, None, other_aggregate=("two", None))

    assert told(result)[:2] == [("/price", "changed"), ("-/items", "removed")]
    assert [(row.a and row.a.text, row.b and row.b.text) for row in result.rows[:1]] == [("150", "150.0")]
    assert (result.a.aggregate_id, result.b.aggregate_id, result.is_of_one) == ("one", "two", False)
    assert (result.a.version, result.b.version) == (1, 1)
    found = patch(viewed, 1, None, other_aggregate=("two", "Thing"))
    assert found[0] == {"op": "replace", "path": "/price", "value": exact_json.Digits("150.0")}
    none = compared(viewed, 1, 0, other_aggregate=("two", None))
    assert [row.sign for row in none.rows] == ["removed"] * 3
    assert [row.sign for row in compared(viewed, 0, 1, other_aggregate=("two", None)).rows] == ["added"] * 2


def test_aggregates_of_two_types_are_not_compared(viewed: Session) -> None:
    with pytest.raises(WrongRequest, match="of the type Odd") as raised:
        compared(viewed, 1, None, other_aggregate=("odd", None))
    assert raised.value.hint == "Name two aggregates of one type."


def test_versions_name_the_states_too(viewed: Session) -> None:
    result = compared(viewed, None, None, version=1, other_version=2)  # type: ignore[arg-type]

    assert (result.a.version, result.b.version) == (1, 2)
    with pytest.raises(WrongRequest, match="4"):
        compared(viewed, 1, 4)


def test_the_patch_between_any_two_versions_leads_from_one_to_the_other(tmp_path: Path) -> None:
    demo = make_demo.MakeDemoRequest(origin=ORIGIN, events=400, seed=3, to=tmp_path / "demo.db")
    path = make_demo.run(demo, TaskContext()).path
    with open_session(path) as session:
        page = list_aggregates.ListAggregatesRequest(origin=ORIGIN, limit=1000, aggregate_type="Order")
        rows = list_aggregates.run(session, page, TaskContext()).aggregates
        order = min(rows, key=lambda row: abs(row.events - 16))
        states = []
        for ordinal in range(order.events + 1):
            asked = show_state.ShowStateRequest(
                origin=ORIGIN, aggregate_id=order.aggregate_id, ordinal=ordinal
            )
            text = show_state.run(session, asked, TaskContext()).state_text
            states.append(exact_json.parse(text) if text is not None else None)
        for a, before in enumerate(states):
            for b, after in enumerate(states):
                found = patch(session, a, b, aggregate_id=order.aggregate_id)
                assert exact_json.same(apply_patch(before, found), after), (a, b)
