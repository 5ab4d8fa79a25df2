"""By time: where events stand, what the axis says, which gaps are drawn short, and what is said of bad clocks."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton

from auditor.gui.action_table import ActionId
from auditor.gui.history import History
from auditor.gui.timeline.instants import instants_of, microseconds_of, out_of_order
from auditor.gui.timeline.model import AxisKind
from auditor.gui.timeline.panel import TimelinePanel
from auditor.gui.timeline.time_scale import by_time
from auditor.gui.timeline.time_ticks import DAY, HOUR, Step, duration_text, step_for, tick_text, ticks

MakeHistory = Callable[..., History]
MakePanel = Callable[..., TimelinePanel]
MINUTE = 60_000_000


def text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def moment_of(written: str) -> int:
    return int(np.datetime64(written, "us").astype(np.int64))


def at_times(history: History, times: list[str]) -> History:
    return replace(history, times=times)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def choose(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield choose
    monkeypatch.undo()
    time.tzset()


def by_clock(panel: TimelinePanel, *, compresses: bool = False) -> None:
    panel.model.set_axis(AxisKind.TIME, compresses=compresses)
    panel.lanes.draw_now()


def is_by_time(panel: TimelinePanel) -> bool:
    return panel.model.scale is not None


# -- where events stand --------------------------------------------------------------------------------------------


def fewest_to_remove(values: list[int]) -> int:
    """By trying."""
    for gone in range(len(values)):
        for kept in combinations(values, len(values) - gone):
            if list(kept) == sorted(kept):
                return gone
    return 0


def test_as_few_events_as_possible_leave_their_time() -> None:
    chance = random.Random(5)
    for _ in range(300):
        values = [chance.randint(0, 6) for _ in range(chance.randint(0, 8))]
        away = out_of_order(np.array(values, dtype=np.int64))
        kept = [value for value, gone in zip(values, away, strict=True) if not gone]
        assert kept == sorted(kept)
        assert int(away.sum()) == fewest_to_remove(values)
    assert out_of_order(np.array([5, 3])).tolist() == [False, True]  # the later one of two


def test_what_is_no_time_stands_at_the_event_before() -> None:
    times = [
        "",
        "2026-03-01T10:00:00.000000Z",
        "yesterday",
        "2026-03-01T09:00:00.000000Z",
        "2026-03-01T14:00:00.000000+02:00",
    ]
    instants = instants_of(times)
    assert instants.unreadable.tolist() == [1, 3]
    assert instants.displaced.tolist() == [4]
    ten, noon = moment_of("2026-03-01T10:00:00"), moment_of("2026-03-01T12:00:00")
    assert instants.at.tolist() == [ten, ten, ten, ten, noon]
    assert not instants_of(["", "soon"]).can_be_drawn


def test_fast_and_slow_reading_agree() -> None:
    chance = random.Random(3)
    texts = [
        text(datetime(1900, 1, 1, tzinfo=UTC) + timedelta(microseconds=chance.randrange(10**16)))
        for _ in range(200)
    ]
    fast, _ = microseconds_of(texts)
    slow, readable = microseconds_of([*texts, ""])
    assert fast.tolist() == slow[:-1].tolist()
    assert readable.tolist() == [True] * 200 + [False]


def test_short_gaps_are_true_to_time_and_long_ones_are_short() -> None:
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    minutes = [*range(0, 60, 2), *range(10_000, 10_060, 2), *range(30_000, 30_040, 2)]
    instants = instants_of([text(begin + timedelta(minutes=one)) for one in minutes])
    plain, short = by_time(instants, compress=False), by_time(instants, compress=True)
    assert plain.breaks == ()
    assert [(gap.after, duration_text(gap.microseconds)) for gap in short.breaks] == [
        (30, "6 d 21 h"),
        (60, "13 d 20 h"),
    ]
    for one, other in zip(plain.places.at, plain.places.at[1:], strict=False):
        assert other > one
    steps = np.diff(short.places.at)
    assert steps[[0, 40, -1]].tolist() == [2 * MINUTE] * 3
    assert (steps[[29, 59]] < 20 * MINUTE).all()
    assert (steps > 0).all()
    for scale in (plain, short):
        for ordinal, moment in enumerate(instants.at.tolist(), 1):
            assert scale.moment(scale.places.of(ordinal)) == pytest.approx(moment, abs=1)
            assert scale.place(moment) == pytest.approx(scale.places.of(ordinal), abs=1)


@pytest.mark.parametrize("minutes", [[], [0], [0, 1], [0, 5, 10, 15], [0, 0, 0], [0, 0, 10_000]])
def test_histories_without_long_gaps_stay_as_they_are(minutes: list[int]) -> None:
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    instants = instants_of([text(begin + timedelta(minutes=one)) for one in minutes])
    scale = by_time(instants, compress=True)
    assert scale.breaks == ()
    assert scale.places.extent.size > 0


# -- what is written -----------------------------------------------------------------------------------------------


def written(first: str, last: str, step: Step, *, local: bool = True) -> list[str]:
    found = ticks(moment_of(first), moment_of(last), step, local=local)
    return [tick_text(one, step, local=local, is_first=not place) for place, one in enumerate(found)]


def test_ticks_follow_the_clock_on_the_wall(zone: Callable[[str], None]) -> None:
    zone("Europe/Amsterdam")
    hours = Step("clock", HOUR)
    assert written("2026-03-28T23:00:00", "2026-03-29T02:00:00", hours) == [
        "29 Mar 00:00",
        "01:00",
        "03:00",
        "04:00",
    ]
    assert written("2026-10-24T22:00:00", "2026-10-25T02:00:00", hours)[1:] == [
        "01:00",
        "02:00",
        "02:00",
        "03:00",
    ]
    assert written("2026-03-28T12:00:00", "2026-03-29T11:00:00", Step("clock", 6 * HOUR)) == [
        "28 Mar 18:00",
        "29 Mar",
        "06:00",
        "12:00",
    ]
    assert written("2026-10-24T12:00:00", "2026-10-26T00:00:00", Step("day", 1)) == ["25 Oct 2026", "26 Oct"]
    assert written("2026-10-24T22:00:00", "2026-10-25T02:00:00", hours, local=False)[:2] == [
        "24 Oct 22:00",
        "23:00",
    ]


def test_ticks_from_years_to_parts_of_a_millisecond() -> None:
    def told(first: str, last: str, step: Step) -> list[str]:
        return written(first, last, step, local=False)

    assert told("1995-01-01", "2030-01-01", Step("year", 10)) == ["2000", "2010", "2020", "2030"]
    assert told("2025-11-28", "2026-08-01", Step("month", 3)) == ["Jan 2026", "Apr", "Jul"]
    assert told("2025-11-28", "2026-02-11", Step("day", 10)) == [
        "Dec 2025", "10 Dec", "20 Dec", "Jan 2026", "10 Jan", "20 Jan", "Feb", "10 Feb",
    ]  # fmt: skip
    assert told("2026-03-01T12:00:00", "2026-03-01T12:00:02", Step("clock", 10**6))[1:] == [
        "12:00:01",
        "12:00:02",
    ]
    assert told("2026-03-01T12:00:00.000", "2026-03-01T12:00:00.004", Step("clock", 2000)) == [
        "1 Mar 12:00:00.000", ":00.002", ":00.004",
    ]  # fmt: skip
    assert told("2026-03-01T12:00:00.0001", "2026-03-01T12:00:00.0003", Step("clock", 100))[1] == ":00.0002"


def test_steps_are_never_smaller_than_asked() -> None:
    for smallest in (1, 99, 101, 7 * 10**5, MINUTE, 13 * HOUR, DAY, 40 * DAY, 900 * DAY):
        assert step_for(smallest).microseconds >= smallest


def test_durations_in_two_units() -> None:
    assert [duration_text(one) for one in (3, 1500, 90 * 10**6, 25 * HOUR, 400 * DAY, DAY)] == [
        "3 µs", "1 ms", "1 min 30 s", "1 d 1 h", "1 y 35 d", "1 d",
    ]  # fmt: skip


# -- the panel -----------------------------------------------------------------------------------------------------


def test_all_events_in_view_are_drawn_by_time_too(make_history: MakeHistory, make_panel: MakePanel) -> None:
    chance = random.Random(8)
    for length in (1, 30, 5000, 100_000):
        panel = make_panel(make_history(length))
        for compresses in (False, True):
            by_clock(panel, compresses=compresses)
            extent = panel.model.places.extent
            for _ in range(8):
                one, other = chance.uniform(extent.low, extent.high), chance.uniform(extent.low, extent.high)
                panel.model.set_window(panel.model.window.between(one, other))
                panel.lanes.draw_now()
                inside = (panel.model.places.at >= panel.model.window.start) & (
                    panel.model.places.at <= panel.model.window.end
                )
                assert panel.lanes.number_drawn == int(inside.sum())


def test_the_same_events_stay_in_view_when_the_axis_changes(
    make_history: MakeHistory, make_panel: MakePanel
) -> None:
    panel = make_panel(make_history(1000))
    panel.model.go(250)
    panel.model.show_events(200, 300)
    for axis, compresses in ((AxisKind.TIME, False), (AxisKind.TIME, True), (AxisKind.VERSION, True)):
        panel.model.set_axis(axis, compresses=compresses)
        assert panel.model.in_view == (200, 300)
        assert panel.model.ordinal == 250
    assert panel.model.window.start == pytest.approx(199.5)
    panel._desk.actions[ActionId.TIME_AXIS].trigger()
    assert is_by_time(panel)
    assert panel.bar.axis.index == 1
    panel.bar.axis.button(0).click()
    assert not is_by_time(panel)
    assert not panel._desk.actions[ActionId.TIME_AXIS].isChecked()
    assert not panel._desk.actions[ActionId.COMPRESS_GAPS].isEnabled()


def test_every_version_is_reached_by_slider_and_steps(
    make_history: MakeHistory, make_panel: MakePanel
) -> None:
    """Though all of them were recorded in the same microsecond."""
    history = make_history(40)
    panel = make_panel(at_times(history, [history.times[0]] * 40))
    by_clock(panel)
    reached: set[int] = set()
    panel.slider.chosen.connect(reached.add)
    for x in range(panel.slider.width()):
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            where = QPointF(x, 5)
            event = QMouseEvent(kind, where, where, Qt.MouseButton.LeftButton, _HELD[kind], _PLAIN)
            QApplication.sendEvent(panel.slider, event)
    assert reached == set(range(1, 41))
    panel.model.go(17)
    panel._desk.actions[ActionId.NEXT].trigger()
    assert panel.model.ordinal == 18
    assert panel.lanes.number_drawn == 40


def test_a_click_goes_to_what_was_true_then(make_history: MakeHistory, make_panel: MakePanel) -> None:
    history = make_history(100)
    times = [*history.times[:50], *[history.times[50]] * 10, *history.times[60:]]
    panel = make_panel(at_times(history, times))
    by_clock(panel)
    model, width = panel.model, panel.axis.plot_width
    assert model.places.nearest(model.places.of(51), model.window) == 60
    assert model.places.nearest(model.window.at(-50, width), model.window) == 1
    assert model.places.nearest(model.window.at(width + 50, width), model.window) == 100


def test_a_clock_that_stepped_back_is_said_in_the_window(
    make_history: MakeHistory, make_panel: MakePanel
) -> None:
    history = make_history(300)
    times = list(history.times)
    for ordinal in (100, 101, 200):
        times[ordinal - 1] = times[20]
    times[249] = "no time"
    panel = make_panel(at_times(history, times), (1300, 352))
    assert panel.lanes.about.sentences() == []  # by version nothing is wrong with them
    by_clock(panel)
    said, shown = [one.text for one in panel.lanes.about.sentences()], panel.model.history
    assert shown is not None
    assert said[:2] == [
        "3 events out of order in time, placed by version",
        "1 event without a readable time, placed by version",
    ]
    assert [one.text for one in panel.lanes.head][:2] == said[:2]
    assert panel.model.places.of(100) == panel.model.places.of(99)
    assert "out of order in time, placed by version" in panel.hover.event_lines(shown, 200)
    assert "without a readable time, placed by version" in panel.hover.event_lines(shown, 250)
    assert panel.hover.event_lines(shown, 201)[2] != "out of order in time, placed by version"


def test_a_history_without_times_is_shown_by_version(
    make_history: MakeHistory, make_panel: MakePanel
) -> None:
    panel = make_panel(at_times(make_history(30), ["?"] * 30))
    by_clock(panel)
    assert panel.model.scale is None
    assert panel.lanes.about.sentences()[0].text == "no event has a readable time: shown by version"
    assert panel.axis.versions_shown()
    assert panel.lanes.number_drawn == 30


def test_compressed_gaps_are_drawn_and_said(make_history: MakeHistory, make_panel: MakePanel) -> None:
    history = make_history(60)
    begin = datetime(2026, 3, 1, 8, tzinfo=UTC)
    times = [text(begin + timedelta(minutes=one + 60 * 24 * 9 * (one >= 30))) for one in range(60)]
    panel = make_panel(at_times(history, times))
    by_clock(panel)
    assert panel.axis.gaps_shown() == []
    switch = panel.findChild(QToolButton, "timeline.compress-gaps")
    assert switch is not None
    assert switch.isVisible()
    switch.click()
    panel.lanes.draw_now()
    (gap,) = panel.axis.gaps_shown()
    assert gap.text == "9 d"
    assert panel.axis.tip_at(QPointF(panel.lanes.plot_rect.left() + (gap.left + gap.right) / 2, 5)) == (
        "9 d without an event, drawn short"
    )
    assert panel.axis.accessibleDescription() == "1 long gap without an event is drawn short"
    said = panel.axis.moments_shown()
    assert not any(gap.left < one.x < gap.right for one in said)
    middle = round(panel.lanes.plot_rect.left() + (gap.left + gap.right) / 2)
    theme = panel._desk.appearance.theme
    picture = panel.lanes.grab().toImage()
    assert picture.pixelColor(middle, panel.lanes.height() - 6) == theme.color("sunken")
    panel.model.set_axis(AxisKind.VERSION, compresses=True)
    assert not switch.isVisible()


def test_the_axis_says_when_and_which_version(
    make_history: MakeHistory, make_panel: MakePanel, zone: Callable[[str], None]
) -> None:
    zone("Europe/Amsterdam")
    history = make_history(1000)  # from 1 September 2025, one each 7 minutes
    panel = make_panel(history)
    by_clock(panel)
    scale, said = panel.model.scale, panel.axis.moments_shown()
    assert scale is not None
    assert panel.axis.labels.caption(panel.axis.plot_width) == "2025, time, UTC"
    assert said[0].text.startswith("1 Sep")
    for one in said:
        place = panel.model.window.at(one.x, panel.axis.plot_width)
        seconds = scale.moment(place) / 10**6 - datetime(2025, 9, 1, tzinfo=UTC).timestamp()
        assert int(one.version.replace(",", "")) == pytest.approx(seconds // 420 + 1, abs=1)
    panel._desk.clock.set_local(True)
    local = panel.axis.moments_shown()
    assert [one.text for one in local if one.text == "2 Sep"] == ["2 Sep"]
    two = next(one for one in said if one.text == "2 Sep").x
    assert next(one for one in local if one.text == "2 Sep").x == pytest.approx(
        two - 2 / 24 * panel.axis.plot_width / (panel.model.window.span / DAY), abs=2
    )


def test_a_double_click_shows_one_day(make_history: MakeHistory, make_panel: MakePanel) -> None:
    panel = make_panel(make_history(1000))
    by_clock(panel)
    scale = panel.model.scale
    assert scale is not None
    noon = scale.place(moment_of("2025-09-03T12:00:00"))
    x = panel.lanes.plot_rect.left() + panel.model.window.x_of(noon, panel.axis.plot_width)
    where = QPointF(x, 5)
    event = QMouseEvent(
        QEvent.Type.MouseButtonDblClick,
        where,
        where,
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        _PLAIN,
    )
    QApplication.sendEvent(panel.axis, event)
    assert scale.moment(panel.model.window.start) == moment_of("2025-09-03T00:00:00")
    assert scale.moment(panel.model.window.end) == moment_of("2025-09-04T00:00:00")


def test_new_events_leave_a_zoomed_time_alone(make_history: MakeHistory, make_panel: MakePanel) -> None:
    whole = make_history(1000)
    short = replace(
        whole,
        versions=whole.versions[:900],
        positions=whole.positions[:900],
        times=whole.times[:900],
        type_of=whole.type_of[:900],
        user_of=whole.user_of[:900],
        sizes=whole.sizes[:900],
    )
    panel = make_panel(short)
    by_clock(panel)
    panel._desk.cursor.set_ordinal(300)
    panel.model.show_events(200, 400)
    before = panel.model.window
    panel._desk.cursor.set_history(whole)
    assert (panel.model.window.start, panel.model.window.end) == (before.start, before.end)
    panel.model.show_events(850, 1000)
    assert panel.model.in_view == (850, 1000)


def test_the_way_back_leads_to_the_same_time(
    make_history: MakeHistory, make_panel: MakePanel, show: Callable[..., None]
) -> None:
    long, short = make_history(1000), make_history(60)
    panel = make_panel(long)
    by_clock(panel)
    panel.model.go(300)
    panel.model.show_events(250, 350)
    before = panel.model.window
    show(panel, short)
    assert panel.model.window.is_whole
    panel._desk.cursor.back()
    panel._desk.cursor.set_history(long)
    assert panel.model.window == before


_PLAIN = Qt.KeyboardModifier.NoModifier
_HELD = {
    QEvent.Type.MouseButtonPress: Qt.MouseButton.LeftButton,
    QEvent.Type.MouseButtonRelease: Qt.MouseButton.NoButton,
}
