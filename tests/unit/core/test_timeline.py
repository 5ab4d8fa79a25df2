"""One aggregate's states at any ordinal, in one process."""

from typing import Any

import pytest

from auditor.core import timeline as timeline_module
from auditor.core.class_model import model_from
from auditor.core.state_model import MergeModel, ModelInfo, StateModel
from auditor.core.timeline import ChangedType, SharedState, Timeline, Unapplied
from tests.helpers.guest_code import history, stored


class Counted:
    """Adds up, and remembers how often it was asked to."""

    applied = 0

    def __init__(self) -> None:
        self.sum = 0

    def on_added(self, event: Any) -> None:
        type(self).applied += 1
        self.sum += event.by

    def on_broken(self, event: Any) -> None:
        self.sum += 1000
        raise ValueError("broken")


class Sharing:
    names: list[str] = []  # noqa: RUF012 - that is the point

    def on_named(self, event: Any) -> None:
        self.names.append(event.name)


def of_class(code: Any) -> StateModel:
    return model_from(code, ModelInfo(code.__name__, ""))


def timeline(model: StateModel, events: list[Any], **keyframes: int) -> tuple[Timeline, list[int]]:
    met: list[int] = []
    made = Timeline(model, "a", met.append, **keyframes)
    made.extend(events)
    return made, met


def added(count: int) -> list[Any]:
    return [stored(version, "Added", {"by": version}) for version in range(1, count + 1)]


def test_a_state_costs_no_more_events_than_lie_between_two_keyframes() -> None:
    made, met = timeline(of_class(Counted), added(1000), every=100)
    assert made.state_at(1000).state_text == '{"sum":500500}'
    assert met == list(range(1, 1001))
    for ordinal in (1, 999, 500, 501, 499, 1000, 0):
        met.clear()
        assert made.state_at(ordinal).state_text == f'{{"sum":{ordinal * (ordinal + 1) // 2}}}'
        assert len(met) < 100


def test_keyframes_grow_sparse_instead_of_many() -> None:
    made, met = timeline(of_class(Counted), added(1000), every=2, most=10)
    made.advance(1000)
    assert 5 <= len(made._keyframes) <= 10
    met.clear()
    assert made.state_at(999).state_text == '{"sum":499500}'
    assert len(met) <= 128


def test_keyframes_grow_sparse_when_states_are_large() -> None:
    events = [stored(version, "A", {str(version): "x" * 100}) for version in range(1, 201)]
    made, _ = timeline(MergeModel(), events, every=1, most_bytes=50_000)
    made.advance(200)
    assert sum(keyframe.size for keyframe in made._keyframes) <= 50_000
    assert len(made._keyframes) > 3
    assert made.state_at(7).state_text.count("x" * 100) == 7


def test_what_could_not_be_applied_is_told_up_to_the_ordinal_and_once() -> None:
    events = history(("Added", {"by": 1}), "Broken", ("Added", {"by": 1}), "Unheard", ("Added", {"no": 1}))
    made, _ = timeline(of_class(Counted), events, every=2)
    broken = Unapplied(2, 2, "Broken", "ValueError: broken")
    unheard = Unapplied(
        4, 4, "Unheard", "Counted has no on_unheard and does not list Unheard in `ignores`", "no_handler"
    )
    for ordinal in (5, 1, 2, 4, 5):
        found = made.state_at(ordinal).unapplied
        assert found[:2] == [broken, unheard][: (ordinal >= 2) + (ordinal >= 4)]
        assert [one.ordinal for one in found] == [number for number in (2, 4, 5) if number <= ordinal]
    assert made.state_at(3).state_text == '{"sum":1002}'


def test_ordinals_beyond_the_events_are_refused() -> None:
    made, _ = timeline(MergeModel(), history("A"))
    for ordinal in (-1, 2):
        with pytest.raises(IndexError):
            made.state_at(ordinal)
    with pytest.raises(IndexError):
        made.advance(2)


def test_state_that_the_class_shares_is_noticed_on_the_way_back() -> None:
    Sharing.names.clear()
    made, _ = timeline(of_class(Sharing), history(*[("Named", {"name": "x"})] * 4), every=2)
    assert made.state_at(4).state_text == '{"names":["x","x","x","x"]}'
    with pytest.raises(SharedState):
        made.state_at(3)


def test_state_that_another_timeline_changed_is_noticed_at_resuming() -> None:
    Sharing.names.clear()
    one, _ = timeline(of_class(Sharing), history(("Named", {"name": "x"})))
    one.advance(1)
    Sharing.names.append("of another")
    with pytest.raises(SharedState):
        one.resume()


def test_resuming_changes_nothing_else() -> None:
    made, _ = timeline(of_class(Counted), added(10), every=4)
    before = made.state_at(7)
    made.resume()
    assert made.state_at(7) == before


def test_a_state_that_changes_its_type_is_told_from_there_on() -> None:
    def fold(state: Any, event: Any) -> Any:
        return {"A": {}, "B": [], "C": None}[event.event_type]

    made, _ = timeline(of_class(fold), history("A", "A", "B", "C", "A"), every=2)
    to_list, to_none = ChangedType(3, "dict", "list"), ChangedType(4, "list", "NoneType")
    assert made.state_at(5).changed_types == [to_list, to_none]
    assert made.state_at(2).changed_types == []
    assert made.state_at(3).changed_types == [to_list]


def test_a_keyframe_for_which_there_is_no_memory_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    model = of_class(Counted)
    made, _ = timeline(model, added(40), every=2)

    def no_memory(_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(model, "freeze", no_memory)
    assert made.state_at(40).state_text == '{"sum":820}'
    assert len(made._keyframes) == 1


def test_memory_that_does_not_come_back_ends_the_folding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fold(_state: Any, _event: Any) -> Any:
        raise MemoryError

    made, met = timeline(of_class(fold), history("A", "A"))
    monkeypatch.setattr(timeline_module, "SPARE_MEMORY", 1 << 62)
    with pytest.raises(timeline_module.MemoryExhausted):
        made.advance(2)
    assert met == [1]
