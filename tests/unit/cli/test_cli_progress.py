"""The bar and the lines, on a clock of the test's."""

import io

from auditor.cli.diagnostics import Diagnostics
from auditor.cli.progress import Pace, ProgressBar, ProgressLines, bar_text, duration_text
from auditor.tasks.context import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bar_says_done_total_rate_and_time_left() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.note(Progress(done=0, total=20_000, unit="events"))
    clock.now += 2
    half = Progress(done=10_000, total=20_000, unit="events")
    pace.note(half)
    assert bar_text(half, pace) == "██████████░░░░░░░░░░  10,000 of 20,000 events · 5,000/s · 0:02 left"


def test_nothing_is_made_up_before_it_is_known() -> None:
    pace = Pace(Clock())
    first = Progress(done=0, total=5, unit="events")
    pace.note(first)
    assert bar_text(first, pace) == "░░░░░░░░░░░░░░░░░░░░  0 of 5 events"
    empty = Progress(done=0, total=0, unit="events")
    assert bar_text(empty, pace) == "████████████████████  0 of 0 events"
    assert bar_text(Progress(done=1200, total=None, unit="lines"), pace) == "1,200 lines"


def test_short_work_draws_nothing_and_long_work_at_most_twenty_times_a_second() -> None:
    clock, stream = Clock(), io.StringIO()
    bar = ProgressBar(Diagnostics(stream), clock)
    bar(Progress(done=1, total=1000, unit="events"))
    assert stream.getvalue() == ""
    clock.now += 0.3
    for done in range(2, 1000):
        clock.now += 0.001
        bar(Progress(done=done, total=1000, unit="events"))
    drawn = stream.getvalue().count("\r")
    assert 15 <= drawn <= 21
    bar(Progress(done=1000, total=1000, unit="events"))
    assert "1,000 of 1,000" in stream.getvalue()


def test_a_log_gets_a_plain_line_now_and_then() -> None:
    clock, stream = Clock(), io.StringIO()
    lines = ProgressLines(Diagnostics(stream), clock)
    for done in range(0, 1200, 100):
        lines(Progress(done=done, total=1200, unit="events"))
        clock.now += 1
    assert stream.getvalue().splitlines() == [
        "500 of 1,200 events · 100/s · 0:07 left",
        "1,000 of 1,200 events · 100/s · 0:02 left",
    ]


def test_durations() -> None:
    assert [duration_text(seconds) for seconds in (0.4, 7, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]
