"""The part in view stays within the history, whatever is done to it."""

import random

import pytest

from auditor.gui.timeline.places import versions_extent
from auditor.gui.timeline.view_window import ViewWindow
from tests.gui.timeline.conftest import versions_window, whole_of


def assert_within(window: ViewWindow) -> None:
    extent = window.extent
    assert extent.low - 1e-9 <= window.start < window.end <= extent.high + 1e-6
    assert window.span >= min(extent.smallest, extent.size) - 1e-6


@pytest.mark.parametrize("length", [0, 1, 2, 7, 57, 5000, 100_000])
def test_no_change_leaves_the_history(length: int) -> None:
    chance = random.Random(length)
    window = whole_of(length)
    for _ in range(2000):
        one, other = chance.uniform(-10, length + 10), chance.uniform(-10, length + 10)
        changed = (
            window.zoomed(chance.uniform(0.3, 3), one),
            window.panned(chance.uniform(-length, length)),
            window.between(one, other),
            window.with_edge(start=one),
            window.with_edge(end=one),
            window.showing(chance.randint(0, length)),
        )
        window = chance.choice(changed)
        assert_within(window)


def test_zooming_keeps_what_is_under_the_pointer() -> None:
    window = whole_of(1000).zoomed(4, 300)
    before = window.x_of(310, 900)
    assert window.zoomed(1.25, 310).x_of(310, 900) == pytest.approx(before)
    assert window.zoomed(1.25, 310).span == pytest.approx(window.span / 1.25)


def test_the_window_moves_by_thirds_to_show_an_event() -> None:
    window = versions_window(1000, 100.5, 130.5)
    assert window.showing(131) == versions_window(1000, 110.5, 140.5)
    assert window.showing(100).start == pytest.approx(90.5)
    assert window.showing(115) is window
    far = window.showing(700)
    assert far.contains(700)
    assert far.span == pytest.approx(30)


def test_an_end_that_was_in_view_stays_in_view_when_the_history_grows() -> None:
    assert whole_of(10).grown(versions_extent(15)) == whole_of(15)
    assert versions_window(100, 80.5, 100.5).grown(versions_extent(110)) == versions_window(110, 90.5, 110.5)
    assert versions_window(100, 20.5, 40.5).grown(versions_extent(110)) == versions_window(110, 20.5, 40.5)


def test_an_edge_moves_alone() -> None:
    window = versions_window(100, 20.5, 60.5)
    assert window.with_edge(start=30.5) == versions_window(100, 30.5, 60.5)
    assert window.with_edge(end=80.5) == versions_window(100, 20.5, 80.5)
    assert window.with_edge(start=70).end == pytest.approx(60.5)
    assert window.with_edge(end=0).start == pytest.approx(20.5)
