"""What folds: the merge, classes by their shape, functions."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from auditor.core.class_model import model_from
from auditor.core.errors import ModelError
from auditor.core.events import Envelope
from auditor.core.state_copies import copied, restored
from auditor.core.state_model import CannotFold, MergeModel, ModelInfo, merge
from tests.helpers.guest_code import stored

INFO = ModelInfo("Thing", "")

# RFC 7386, appendix A
CASES = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "merged"), CASES)
def test_the_merge_is_that_of_rfc_7386(target: Any, patch: Any, merged: Any) -> None:
    before = json.dumps([target, patch])
    assert merge(target, patch) == merged
    assert json.dumps([target, patch]) == before


def test_the_merge_keeps_the_order_of_keys() -> None:
    model = MergeModel()
    state = model.start("a")
    for text in ('{"b":1,"a":2}', '{"c":3,"b":4}', '{"b":null}', '{"b":5}'):
        state = model.apply(state, stored(1, "A", text))
    assert model.to_text(state) == '{"a":2,"c":3,"b":5}'


def state_of(code: Any, *events: tuple[str, Any]) -> Any:
    model = model_from(code, INFO)
    state = model.start("a-1")
    for version, (event_type, data) in enumerate(events, 1):
        state = model.apply(state, stored(version, event_type, data))
    return json.loads(model.to_text(state))


@dataclass(frozen=True)
class Shipped:
    to: str
    boxes: tuple[int, ...] = ()


class Snake:
    def on_shipped(self, event: Shipped, envelope: Envelope) -> None:
        self.shipped = event
        self.version = envelope.version

    def on_noted(self, event: Any) -> None:
        self.note = [event.text, event["text"], event.by.name, [one.x for one in event.many]]


class Camel:
    def __init__(self, an_id: str) -> None:
        self.known_as = an_id

    def onShipped(self, event: Any) -> None:  # noqa: N802 - the form under test
        self.to = event.to


class Applying:
    def __init__(self, seen: Any = None) -> None:
        self.seen = seen or []

    def apply(self, event: Envelope) -> None:
        self.seen.append([event.event_type, event.data, event.aggregate_id, event.metadata.user_id])


class When:
    _hidden = 1

    def when(self, event: Envelope) -> None:
        self.at = event.timestamp


def counting(state: Any, event: Envelope) -> Any:
    return {"count": (state or {"count": 0})["count"] + 1, "last": event.event_type}


def test_a_handler_gets_a_typed_payload_where_it_says_so() -> None:
    assert state_of(Snake, ("Shipped", {"to": "Delft", "boxes": [1, 2]})) == {
        "shipped": {"to": "Delft", "boxes": [1, 2]},
        "version": 1,
    }


def test_a_handler_gets_attributes_and_items_where_it_says_nothing() -> None:
    data = {"text": "hi", "by": {"name": "ada"}, "many": [{"x": 1}, {"x": 2}]}
    assert state_of(Snake, ("Noted", data)) == {"note": ["hi", "hi", "ada", [1, 2]]}


@dataclass(frozen=True)
class Weighed:
    grams: int
    schema_version = 2


class Scale:
    def on_weighed(self, event: Weighed) -> None:
        self.grams = event.grams


def test_an_event_newer_than_its_payload_class_is_not_misread() -> None:
    model = model_from(Scale, INFO)
    state = model.start("a-1")
    weighed = stored(1, "Weighed", {"grams": 5})
    for schema_version in (1, 2):
        model.apply(state, weighed._replace(metadata_text=f'{{"schema_version":{schema_version}}}'))
    with pytest.raises(
        CannotFold, match=r"^Weighed version 3 is unknown to this code, whose newest is version 2$"
    ):
        model.apply(state, weighed._replace(metadata_text='{"schema_version":3}'))


def test_a_class_may_want_the_id_of_its_aggregate() -> None:
    assert state_of(Camel, ("Shipped", {"to": "Delft"})) == {"known_as": "a-1", "to": "Delft"}


def test_apply_and_when_get_the_envelope() -> None:
    assert state_of(Applying, ("Any", {"x": 1})) == {"seen": [["Any", {"x": 1}, "a-1", "ada"]]}
    assert state_of(When, ("Any", None)) == {"at": "2026-01-01T00:00:00.000001+00:00"}


def test_a_function_gets_the_state_and_the_envelope() -> None:
    assert state_of(counting, ("A", None), ("B", None)) == {"count": 2, "last": "B"}


def test_the_kind_is_found_by_shape() -> None:
    from auditor.demo import Order

    kinds = {code: model_from(code, INFO).info.kind for code in (Snake, Applying, counting, Order)}
    assert list(kinds.values()) == ["class", "class", "function", "aggregate"]


class KeywordOnly:
    def __init__(self, *, name: str) -> None: ...

    def when(self, event: Any) -> None: ...


@pytest.mark.parametrize("code", [3, "text", type("Empty", (), {}), KeywordOnly])
def test_what_cannot_fold_is_refused(code: Any) -> None:
    with pytest.raises(ModelError):
        model_from(code, INFO)


class Local:
    """Cannot be pickled: it holds a function of its own."""

    def __init__(self) -> None:
        self.values = [1]
        self.function = lambda: None


@pytest.mark.parametrize("state", [{"a": [1]}, Local()])
def test_a_frozen_state_is_out_of_reach(state: Any) -> None:
    values = state["a"] if isinstance(state, dict) else state.values
    kept = copied(state)
    values.append(2)
    first = restored(kept)
    (first["a"] if isinstance(first, dict) else first.values).append(3)
    second = restored(kept)
    assert (second["a"] if isinstance(second, dict) else second.values) == [1]
