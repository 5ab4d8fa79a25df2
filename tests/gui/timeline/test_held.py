"""Bars of ranges, made all at once, are those that one after the other gives."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.gui.timeline.held import as_columns, bars_of
from auditor.gui.timeline.places import by_version
from auditor.gui.timeline.view_window import ViewWindow

LEAST = 3.0


@st.composite
def rising(draw: st.DrawFn) -> list[tuple[int, int]]:
    ranges, at = [], 0
    for gap, length in draw(st.lists(st.tuples(st.integers(2, 30), st.integers(0, 40)), max_size=12)):
        ranges.append((at + gap, at + gap + length))
        at += gap + length
    return ranges


@given(rising(), st.floats(0, 0.9), st.floats(0.1, 1), st.integers(1, 900))
def test_bars_of_many_ranges(ranges: list[tuple[int, int]], start: float, share: float, width: int) -> None:
    places = by_version(max((last for _, last in ranges), default=5))
    whole = ViewWindow.whole(places.extent)
    window = whole.between(
        whole.start + start * whole.span, whole.start + min(start + share, 1.0) * whole.span
    )
    slowly: list[list[float]] = []
    for first, last in ranges:
        low = window.x_of(first - 0.5, width)
        high = min(max(window.x_of(last + 0.5, width), low + LEAST), width)
        low = max(low, 0.0)
        if high <= low:
            continue
        if slowly and low <= slowly[-1][1]:
            slowly[-1][1] = max(high, slowly[-1][1])
        else:
            slowly.append([low, high])
    found = bars_of(as_columns(ranges), places, window, width, LEAST)
    assert len(found) == len(slowly)
    for (low, high), (low_slow, high_slow) in zip(found, slowly, strict=True):
        assert abs(low - low_slow) < 1e-6
        assert abs(high - high_slow) < 1e-6


def test_no_ranges_are_no_bars() -> None:
    places = by_version(10)
    assert bars_of(as_columns(None), places, ViewWindow.whole(places.extent), 500, LEAST) == []
    assert bars_of(as_columns([(20, 30)]), places, ViewWindow.whole(places.extent), 500, LEAST) == []
