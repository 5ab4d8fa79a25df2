"""The rate's curve has a point a pixel at most, and its axes hold what is drawn."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.gui.projections.rate import (
    MOST_SAMPLES,
    Samples,
    axis_end,
    rate_step,
    time_ticks,
)


def steady(count: int, every: float = 0.1, events: int = 500) -> Samples:
    samples = Samples()
    for number in range(count):
        samples.add(number * every, number * events)
    return samples


def test_a_steady_rate_is_that_rate_everywhere() -> None:
    samples = steady(200)
    seconds, rates = samples.curve(20.0, 400)
    assert seconds[0] == rates[0] == 0
    assert all(abs(rate - 5000) < 1 for rate in rates[1:])
    assert abs((samples.recent_rate or 0) - 5000) < 1
    assert abs((samples.average or 0) - 5000) < 1


def test_many_samples_are_one_point_a_pixel() -> None:
    seconds, _ = steady(3_000).curve(300.0, 100)
    assert 90 <= len(seconds) <= 102


def test_a_stall_is_seen() -> None:
    samples = steady(100)
    for number in range(100, 130):
        samples.add(number * 0.1, 99 * 500)
    _, rates = samples.curve(13.0, 1000)
    assert rates[-1] == 0


def test_a_long_run_keeps_few_samples_and_its_average() -> None:
    samples = steady(50_000)
    assert len(samples) <= MOST_SAMPLES
    assert abs((samples.average or 0) - 5000) < 1
    seconds, _ = samples.curve(5_000.0, 900)
    assert seconds == sorted(seconds)
    assert seconds[-1] == (50_000 - 1) * 0.1


@given(
    gaps=st.lists(st.floats(0.001, 5), max_size=300),
    events=st.lists(st.integers(0, 10_000), min_size=300, max_size=300),
    pixels=st.integers(1, 500),
)
def test_at_most_one_point_a_pixel_and_no_rate_below_zero(
    gaps: list[float], events: list[int], pixels: int
) -> None:
    samples, at, done = Samples(), 0.0, 0
    for gap, more in zip(gaps, events, strict=False):
        samples.add(at, done)
        at, done = at + gap, done + more
    seconds, rates = samples.curve(max(at, 0.5), pixels)
    assert len(seconds) == len(rates) <= pixels + 2
    assert seconds == sorted(seconds)
    assert min(rates) >= 0


@given(most=st.floats(0, 1e9))
def test_three_lines_and_the_highest_value_are_below_the_top(most: float) -> None:
    step = rate_step(most)
    assert step >= 1
    assert most <= step * 3.5
    assert most < 4 or step <= most


def test_the_time_axis_stays_while_the_end_is_about_where_it_was() -> None:
    end = axis_end(0.0, 30.0)
    assert end >= 30
    assert axis_end(end, 29.0) == end
    assert axis_end(end, 25.0) == end
    assert axis_end(end, 33.0) > 33
    assert axis_end(end, 10.0) < end


@given(end=st.floats(0.5, 1e6), pixels=st.integers(100, 3000))
def test_ticks_are_apart_and_within(end: float, pixels: int) -> None:
    ticks = time_ticks(end, pixels, 72)
    assert all(0 < tick <= end for tick in ticks)
    assert len(ticks) <= max(pixels / 72, end / 86_400) + 1
