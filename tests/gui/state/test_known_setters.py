"""What is known of one version answers for others, where it may, and never wrongly."""

from bisect import bisect_right
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.gui.state import known_setters
from auditor.gui.state.known_setters import KnownSetters


def test_between_the_event_and_where_it_was_seen_from_it_is_known() -> None:
    known = KnownSetters()
    known.learn("/total", 9, 4)
    assert [known.setter("/total", ordinal) for ordinal in (3, 4, 6, 9, 10)] == [None, 4, 4, 4, None]
    assert known.setter("/other", 5) is None


def test_below_a_list_only_the_asked_version_is_known() -> None:
    known = KnownSetters()
    known.learn("/items/1/sku", 9, 4)
    assert [known.setter("/items/1/sku", ordinal) for ordinal in (8, 9)] == [None, 4]


def test_that_no_event_set_it_is_known_of_the_asked_version_alone() -> None:
    known = KnownSetters()
    known.learn("/total", 9, 0)
    assert [known.setter("/total", ordinal) for ordinal in (8, 9, 10)] == [None, 0, None]


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_setters, "MOST_KNOWN", 3)
    known = KnownSetters()
    for number in range(1, 8):
        known.learn(f"/f{number}", 9, number)
    assert known.setter("/f1", 9) is None
    assert known.setter("/f7", 9) == 7


@given(
    changes=st.sets(st.integers(1, 30), min_size=1),
    looks=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=40),
)
def test_in_any_order_of_looking_nothing_wrong_is_answered(
    changes: set[int], looks: list[tuple[int, int]]
) -> None:
    order, known = [0, *sorted(changes)], KnownSetters()

    def truth(ordinal: int) -> int:
        return order[bisect_right(order, ordinal) - 1]

    for learned, asked in looks:
        known.learn("/f", learned, truth(learned))
        assert known.setter("/f", learned) == truth(learned)
        assert known.setter("/f", asked) in (None, truth(asked))
    assert all(one < other for one, other in pairwise(known._spans.get("/f", [])))
