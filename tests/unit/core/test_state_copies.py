"""Of which states a copy holds all that can be seen."""

import enum
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from auditor.core.class_model import model_from
from auditor.core.payload import Payload
from auditor.core.state_copies import copied, holds_all, restored
from auditor.core.state_model import ModelInfo
from auditor.core.state_text import state_text
from auditor.core.timeline import SharedState, Timeline
from tests.helpers.guest_code import stored


class Plain:
    _kept_to_itself: ClassVar[list[int]] = []
    ignores: ClassVar[set[str]] = {"Nothing"}

    def __init__(self, value: Any = None) -> None:
        self.value = value


@dataclass
class Line:
    sku: str
    tags: list[str] = field(default_factory=list)


class OnTheClass(Plain):
    lines: ClassVar[list[int]] = []


class Said(Plain):
    def to_state(self) -> Any:
        return self.value


class Lazy(Plain):
    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class Pickles(Plain):
    def __getstate__(self) -> Any:
        return {}


class Worded(Plain):
    def __repr__(self) -> str:
        return "worded"


class Colour(enum.Enum):
    RED: ClassVar[list[int]] = []  # type: ignore[misc] # what it shows may change


@pytest.mark.parametrize(
    "state",
    [
        {"a": [1, 2.5, None, True, "x", (1,), {1}, b""]},
        Plain([Line("a"), Line("b", ["c"])]),
        Plain({"at": datetime(2026, 1, 1, tzinfo=UTC), "sum": Decimal("1.50")}),
        Plain([Payload({"a": 1}), defaultdict(list)]),
    ],
)
def test_nothing_but_the_copy_is_needed(state: Any) -> None:
    kept = copied(state)
    assert holds_all(kept)
    assert state_text(restored(kept)) == state_text(state)


@pytest.mark.parametrize("kind", [OnTheClass, Said, Lazy, Pickles, Worded])
def test_what_a_class_may_add_of_its_own_is_not_in_the_copy(kind: type) -> None:
    assert not holds_all(copied(kind()))
    assert not holds_all(copied(Plain([{"deep": kind()}])))


@pytest.mark.parametrize("value", [Colour.RED, lambda: None])
def test_what_is_kept_by_its_name_is_not_in_the_copy(value: Any) -> None:
    assert not holds_all(copied(Plain(value)))


class Grows:
    """Puts what it shows on its class, from the third event on."""

    def __init__(self) -> None:
        self.count = 0

    def on_added(self, event: Any) -> None:
        self.count += 1
        if self.count == 3:
            type(self).seen = [self.count]  # type: ignore[attr-defined] # that is the fault


def test_what_comes_on_a_class_later_is_noticed_when_a_state_is_restored() -> None:
    timeline = Timeline(model_from(Grows, ModelInfo("Grows", "")), "a", lambda _: None, every=2)
    timeline.extend(stored(version, "Added", {}) for version in range(1, 5))
    timeline.advance(4)
    with pytest.raises(SharedState):
        timeline.state_at(2)
