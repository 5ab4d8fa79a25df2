"""`given(…).when_applied(event, to=model).then(state)`."""

from dataclasses import dataclass
from typing import Any

import pytest

from auditor.core.errors import ModelError
from auditor.eventsourcing import AggregateRoot
from auditor.testing import Stored, given


@dataclass(frozen=True)
class Added:
    amount: int


class Sum(AggregateRoot):
    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.total = 0

    def on_added(self, event: Added) -> None:
        if event.amount < 0:
            raise ValueError("below nothing")
        self.total += event.amount


def counted(state: Any, event: Any) -> dict[str, Any]:
    return {"count": 1 + (state or {"count": 0})["count"], "of": event.aggregate_id}


def test_the_state_after_one_more_event() -> None:
    begun = given(Sum, "s-1", Added(2), Added(3))
    assert begun.when_applied(Added(4), to=Sum).then({"total": 9}).state == {"total": 9}
    begun.when_applied(Added(4), to=counted).then({"of": "s-1", "count": 3})


def test_events_of_other_aggregates_are_left_alone() -> None:
    begun = given(Sum, "s-1", Added(2)).and_given(Sum, "s-2", Added(30))
    begun.when_applied(Added(4), to=Sum).then({"total": 34})


@pytest.mark.parametrize(
    "wrong", [{"total": 5.0}, {"total": True}, {"total": "5"}, {}, None, {"total": 5, "x": 1}]
)
def test_another_state_is_told_side_by_side(wrong: Any) -> None:
    with pytest.raises(AssertionError, match="The state is not the one that was expected"):
        given(Sum, "s-1", Added(2)).when_applied(Added(3), to=Sum).then(wrong)


def test_events_that_are_not_applied_must_be_named() -> None:
    result = given(Sum, "s-1", Added(-1), Added(2)).when_applied(Stored("Unheard", {}), to=Sum)
    result.then({"total": 2}, unapplied={1: "ValueError: below", 3: result.unapplied[3]})
    for wrong in (None, {1: "ValueError"}, {1: "KeyError", 3: ""}, {1: "", 2: "", 3: ""}):
        with pytest.raises(AssertionError, match="Other events could not be applied"):
            result.then({"total": 2}, unapplied=wrong)


def test_what_is_no_event_or_no_model_is_refused() -> None:
    begun = given(Sum, "s-1", Added(2))
    with pytest.raises(TypeError, match="a class, and an event is due"):
        begun.when_applied(Added, to=Sum)
    with pytest.raises(ModelError):
        begun.when_applied(Added(1), to=3)
