"""A history that grows keeps its place; lanes beyond the room are scrolled; few or no events are no trouble."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from auditor.gui.action_table import ActionId
from auditor.gui.history import History
from auditor.gui.timeline.days import calendar_of, local_seconds, seconds_of
from auditor.gui.timeline.panel import TimelinePanel
from auditor.gui.timeline.ticks import nice_step, version_ticks
from tests.gui.timeline.conftest import events_in_view, versions_window, whole_of

MakeHistory = Callable[..., History]
MakePanel = Callable[..., TimelinePanel]


def beginning(history: History, length: int) -> History:
    """The history when it had so many events only."""
    kinds = int(history.type_of[:length].max()) + 1
    return replace(
        history,
        versions=history.versions[:length],
        positions=history.positions[:length],
        times=history.times[:length],
        types=history.types[:kinds],
        type_of=history.type_of[:length],
        user_of=history.user_of[:length],
        sizes=history.sizes[:length],
    )


def test_new_events_leave_zoom_and_place_alone(make_history: MakeHistory, make_panel: MakePanel) -> None:
    whole = make_history(1000)
    panel = make_panel(beginning(whole, 900))
    cursor = panel._desk.cursor
    cursor.set_ordinal(300)
    panel.model.set_window(panel.model.window.between(200, 400))
    window = panel.model.window
    cursor.set_history(beginning(whole, 950))
    assert (panel.model.window.start, panel.model.window.end) == (window.start, window.end)
    assert panel.model.ordinal == 300
    assert panel.bar.readout.text.startswith("300 of 950")
    panel.model.set_window(panel.model.window.between(851, 951))
    cursor.set_ordinal(950)
    cursor.set_history(whole)
    assert panel.model.window.end == pytest.approx(1000.5)
    assert panel.model.window.span == pytest.approx(100)
    assert panel.model.ordinal == 1000
    assert panel.slider.maximum() == 1000
    panel.lanes.draw_now()
    assert panel.lanes.number_drawn == events_in_view(panel)


def test_another_aggregate_is_shown_as_a_whole(
    make_history: MakeHistory, make_panel: MakePanel, show: Callable[..., None]
) -> None:
    panel = make_panel(make_history(1000))
    panel.model.set_window(panel.model.window.between(200, 400))
    show(panel, make_history(60), 7)
    assert panel.model.window == whole_of(60)
    assert panel.model.ordinal == 7


def test_the_way_back_leads_to_the_same_zoom(
    make_history: MakeHistory, make_panel: MakePanel, show: Callable[..., None]
) -> None:
    long, short = make_history(1000), make_history(60)
    panel = make_panel(long)
    panel.model.go(300)
    panel.model.set_window(panel.model.window.between(200.5, 400.5))
    show(panel, short)
    panel._desk.cursor.back()
    panel._desk.cursor.set_history(long)
    assert panel.model.window == versions_window(1000, 200.5, 400.5)
    assert panel.model.ordinal == 300
    show(panel, short)
    show(panel, long)  # chosen anew
    assert panel.model.window.is_whole


def test_eighty_types_are_scrolled_to_where_a_is(make_history: MakeHistory, make_panel: MakePanel) -> None:
    history = replace(
        make_history(400),
        types=tuple(f"Event{number:02}" for number in range(80)),
        type_of=np.arange(400) % 80,
    )
    panel = make_panel(history)
    height = panel.lanes.plot_rect.height()
    for ordinal in (80, 1, 40):
        panel.model.go(ordinal)
        rect = panel.lanes.lane_rect(panel.model.lane)
        top = panel.lanes.measures.flags
        assert top <= rect.top() < rect.bottom() <= top + height + 1
    panel.lanes.draw_now()
    assert all(one.number == 5 for one in panel.lanes.drawing.drawn)
    assert panel.axis.isVisible()
    assert panel.slider.isVisible()


def test_one_event_and_none(
    make_history: MakeHistory, make_panel: MakePanel, show: Callable[..., None]
) -> None:
    panel = make_panel(make_history(1))
    actions = panel._desk.actions
    assert panel.bar.readout.text.startswith("1 of 1, 2025-09-01 00:00:00.000000 UTC")
    for name in (ActionId.NEXT, ActionId.PREVIOUS, ActionId.PLAY, ActionId.ZOOM_IN):
        assert not actions[name].isEnabled()
    one = make_history(2)
    show(
        panel,
        replace(beginning(one, 1), versions=one.versions[:0], times=[], type_of=one.type_of[:0], types=()),
    )
    assert panel.states.state == "empty"


def test_ticks_are_round_versions(make_history: MakeHistory) -> None:
    assert [nice_step(value) for value in (0.2, 1, 1.1, 3, 6, 70, 1200)] == [1, 1, 2, 5, 10, 100, 2000]
    versions = np.arange(0, 500)  # a store that counts from 0
    ticks = version_ticks(versions, whole_of(500), 900, 64)
    assert [int(versions[ordinal - 1]) for ordinal in ticks] == list(range(0, 500, 50))
    holes = np.array([3, 1007, 2011, 90_013])
    assert version_ticks(holes, whole_of(4), 900, 64) == [1, 2, 3, 4]


def test_days_begin_where_their_first_event_is() -> None:
    times = [
        "2025-12-30T23:59:59.000000Z",
        "2025-12-31T00:00:00.000000Z",
        "2025-12-31T10:00:00.000000Z",
        "2026-01-01T00:00:00.000000Z",
        "no time",
        "2026-02-03T00:00:00.000000Z",
    ]
    calendar = calendar_of(times, local=False)
    assert [(one.ordinal, one.text) for one in calendar.marks(1, 6, 10)] == [
        (1, "30 Dec 2025"),
        (2, "31 Dec"),
        (4, "1 Jan 2026"),
        (6, "3 Feb"),
    ]
    assert [(one.ordinal, one.text) for one in calendar.marks(1, 6, 2)] == [
        (1, "Dec 2025"),
        (4, "Jan 2026"),
        (6, "Feb 2026"),
    ]
    assert calendar.day_around(3) == (2, 3)
    assert calendar.day_around(6) == (6, 6)


def test_many_days_of_one_month_are_thinned_out_and_stay_days() -> None:
    times = [f"2010-12-{day:02}T{hour:02}:00:00.000000Z" for day in range(1, 24) for hour in (8, 16)]
    marks = calendar_of(times, local=False).marks(1, len(times), 6)
    assert [mark.text for mark in marks] == ["1 Dec", "5 Dec", "9 Dec", "13 Dec", "17 Dec", "21 Dec"]
    assert [mark.ordinal for mark in marks] == [1, 9, 17, 25, 33, 41]
    assert len(calendar_of(times, local=False).marks(1, len(times), 30)) == 23


def test_local_days_follow_the_offset_of_each_event(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Europe/Amsterdam")
    time.tzset()
    try:
        texts = ["2026-03-28T22:59:59", "2026-03-28T23:00:00", "2026-03-29T00:59:59", "2026-03-29T01:00:00"]
        moved = local_seconds(seconds_of(texts)) - seconds_of(texts)
        assert moved.tolist() == [3600, 3600, 3600, 7200]
    finally:
        monkeypatch.undo()
        time.tzset()
