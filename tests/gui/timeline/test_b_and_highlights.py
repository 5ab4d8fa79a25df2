"""B, what lies between A and B, and what others let stand out."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.history import History
from auditor.gui.looking import Mode
from auditor.gui.timeline.lanes import is_among
from auditor.gui.timeline.model import AxisKind
from auditor.gui.timeline.panel import TimelinePanel
from tests.gui.timeline.hand import CONTROL, LEFT, click, drag, place

MakeHistory = Callable[..., History]
MakePanel = Callable[..., TimelinePanel]


@pytest.fixture
def panel(make_history: MakeHistory, make_panel: MakePanel) -> TimelinePanel:
    """A hundred events, A in the midst of them."""
    made = make_panel(make_history(100))
    made.model.go(50)
    return made


def other(panel: TimelinePanel) -> int | None:
    """Where B is, once all parts have been asked whether they agree."""
    ordinal, readout = panel._desk.cursor.other, panel.bar.readout
    assert readout.other_text == ("" if ordinal is None else f"{ordinal:,}")
    assert (readout.accessibleName().count("B ") == 1) == (ordinal is not None)
    flag = panel.lanes.overlay.other_flag
    assert flag.isEmpty() == (ordinal is None)
    if ordinal is not None:
        assert panel.lanes.overlay.flag_text("B").strip("‹› ") == f"B {ordinal}"
    return ordinal


# -- B ---------------------------------------------------------------------------------------------------------------


def test_control_and_a_click_set_b(panel: TimelinePanel) -> None:
    assert other(panel) is None
    lane = panel.model.lane_of(70)
    click(panel.lanes, place(panel, 70, lane), LEFT, CONTROL)
    assert other(panel) == 70
    assert panel.model.ordinal == 50
    click(panel.lanes, place(panel, 70, lane))
    assert panel.model.ordinal == 70
    assert other(panel) == 70


def test_b_is_dragged_by_line_flag_and_handle(panel: TimelinePanel) -> None:
    cursor = panel._desk.cursor
    cursor.set_other(70)
    drag(panel.lanes, place(panel, 70, 2) + QPointF(2, 0), place(panel, 80, 2))
    assert other(panel) == 80
    drag(panel.lanes, panel.lanes.overlay.other_flag.center(), place(panel, 90))
    assert other(panel) == 90
    slider, y = panel.slider, panel.slider.height() / 2
    drag(slider, QPointF(slider.x_of(90), y), QPointF(slider.x_of(30), y))
    assert other(panel) == 30
    drag(slider, QPointF(slider.x_of(60), y), QPointF(slider.x_of(64), y), LEFT, CONTROL)
    assert other(panel) == 64
    assert panel.model.ordinal == 50
    drag(slider, QPointF(slider.x_of(50), y), QPointF(slider.x_of(20), y))
    assert panel.model.ordinal == 20
    assert other(panel) == 64


def test_keys_set_swap_and_free_b(panel: TimelinePanel) -> None:
    actions = panel._desk.actions
    panel._desk.cursor.set_other(20)
    panel._desk.cursor.swap()
    assert (panel.model.ordinal, other(panel)) == (20, 50)
    actions[ActionId.ZOOM_RANGE].trigger()
    assert panel.model.in_view == (20, 50)
    panel._desk.cursor.set_other(None)
    assert other(panel) is None


def test_the_two_flags_never_cover_each_other(panel: TimelinePanel) -> None:
    overlay = panel.lanes.overlay
    for a in (1, 2, 50, 99, 100):
        panel.model.go(a)
        for b in (0, 1, 2, 3, 49, 50, 51, 98, 99, 100):
            panel._desk.cursor.set_other(b)
            assert not overlay.flag.intersects(overlay.other_flag), (a, b)
            assert panel.lanes.rect().contains(overlay.other_flag.toAlignedRect())


def test_a_b_out_of_sight_is_brought_back_by_its_flag(panel: TimelinePanel) -> None:
    panel._desk.cursor.set_other(90)
    panel.model.show_events(30, 60)
    assert panel.lanes.overlay.flag_text("B") == "B 90 ›"
    click(panel.lanes, panel.lanes.overlay.other_flag.center())
    assert panel.model.window.contains(90)
    assert panel.model.ordinal == 50


def column(panel: TimelinePanel, ordinal: float) -> list[str]:
    """The colours from top to bottom of the plot there."""
    picture, plot = panel.lanes.grab().toImage(), panel.lanes.plot_rect
    x = round(place(panel, ordinal, 0).x())
    return [picture.pixelColor(x, y).name() for y in range(plot.top() + 2, plot.bottom() - 2)]


def test_b_is_dashed_and_what_lies_between_is_tinted(panel: TimelinePanel) -> None:
    ground = column(panel, 64.5)[0]
    panel._desk.cursor.set_other(80)
    assert ground in column(panel, 64.5)
    dashes = [name != ground for name in column(panel, 80)]
    changes = sum(one != following for one, following in pairwise(dashes))
    assert changes > 20
    panel._desk.looking.set_mode(Mode.COMPARE)
    assert ground not in column(panel, 64.5)
    assert ground in column(panel, 90.5)


def test_a_narrow_bar_says_both_versions(make_history: MakeHistory, make_panel: MakePanel) -> None:
    panel = make_panel(make_history(100_000), (600, 352))
    panel._desk.cursor.set_other(99_000)
    assert "100,000 of 100,000" in panel.bar.readout.text
    assert "B 99,000" in panel.bar.readout.text
    panel.bar.grab()


# -- what stands out -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [300, 5000, 60_000])
@pytest.mark.parametrize("axis", list(AxisKind))
def test_every_event_is_drawn_once_whatever_stands_out(
    length: int, axis: AxisKind, make_history: MakeHistory, make_panel: MakePanel
) -> None:
    history = make_history(length)
    panel, chance = make_panel(history), np.random.default_rng(length)
    panel.model.set_axis(axis, compresses=False)
    for number in (0, 5, length // 3, length):
        chosen = np.sort(chance.choice(length, number, replace=False)) + 1
        panel._desk.highlight.show_events(chosen, "these")
        panel.lanes.draw_now()
        assert panel.lanes.number_drawn == length
        strong = [one for one in panel.lanes.drawing.drawn if not one.is_muted]
        assert sum(one.number for one in strong) == number
        assert np.sort(np.concatenate([one.ordinals for one in strong])).tolist() == chosen.tolist()


def test_lanes_say_how_many_of_their_events_stand_out(panel: TimelinePanel) -> None:
    first = panel.model.by_type[0]
    panel._desk.highlight.show_events(first[:3], "3 events set total")
    counts = [panel.lanes.gutter.count_of(lane) for lane in range(panel.model.lanes.count)]
    assert counts[0] == f"3 of {len(first)}"
    assert counts[1] == f"0 of {len(panel.model.by_type[1])}"
    assert panel.lanes.about.sentences()[0].text == "3 events set total"
    assert f"3 of {len(first)}" in panel.lanes.gutter.accessibleDescription()
    name = panel.model.lane_name(0)
    panel.model.choose_lanes(panel.model.choice.with_hidden(name))
    assert "3 events of them in hidden lanes" in [one.text for one in panel.lanes.about.sentences()]


def test_only_these_keep_their_colour(panel: TimelinePanel) -> None:
    colors = {
        panel._desk.event_types.color(panel.model.lane_name(lane)).name()
        for lane in range(panel.model.lanes.count)
    }
    kept = panel.model.by_type[0][:1]
    panel._desk.highlight.show_events(kept, "one")
    panel.model.go(int(panel.model.by_type[1][-1]))  # its ring shows it in its colour
    panel.lanes.draw_now()
    picture, plot = panel.lanes.grab().toImage(), panel.lanes.plot_rect
    near = round(place(panel, int(kept[0]), 0).x())
    a = round(place(panel, panel.model.ordinal, 0).x())
    found = {
        x
        for x in range(plot.left(), plot.right(), 2)
        for lane in range(panel.model.lanes.count)
        if picture.pixelColor(x, panel.lanes.lane_rect(lane).center().y()).name() in colors
    }
    assert found
    assert all(abs(x - near) <= 6 or abs(x - a) <= 12 for x in found)


def test_a_click_takes_what_stands_out_first(make_history: MakeHistory, make_panel: MakePanel) -> None:
    panel = make_panel(make_history(20_000))
    lane = next(one.lane for one in panel.lanes.drawing.drawn if one.bars is not None)
    chosen = panel.model.lanes.ordinals[lane][[1000, 3000]]
    panel._desk.highlight.show_events(chosen, "two")
    panel.lanes.draw_now()
    click(panel.lanes, place(panel, int(chosen[1]) + 40, lane))
    assert panel.model.ordinal == chosen[1]


def test_a_thin_ring_is_around_the_event_pointed_at(panel: TimelinePanel) -> None:
    before = panel.lanes.grab().toImage()
    ordinal = 20
    panel._desk.highlight.set_ring(ordinal)
    after, center = (
        panel.lanes.grab().toImage(),
        place(panel, ordinal, panel.model.lane_of(ordinal)).toPoint(),
    )
    radius = panel.lanes.measures.lane // 2
    around = QRect(center.x() - radius, center.y() - radius, 2 * radius + 1, 2 * radius + 1)
    assert before.copy(around) != after.copy(around)
    away = around.translated(60, 0)
    assert before.copy(away) == after.copy(away)


def test_intervals_are_bars_and_their_number_is_said(panel: TimelinePanel) -> None:
    highlight, overlay = panel._desk.highlight, panel.lanes.overlay
    highlight.show_intervals([(10, 19), (20, 30), (60, 60)], "total > 500")
    assert panel.lanes.about.sentences()[0].text == "total > 500: 3 ranges of versions"
    bars = overlay.held()
    assert len(bars) == 2  # the first two touch
    assert bars[0] == pytest.approx((place(panel, 9.5).x(), place(panel, 30.5).x()), abs=1)
    picture = panel.lanes.grab().toImage()
    held = panel._desk.appearance.theme.color("add")
    y = panel.lanes.measures.flags - 2
    assert [picture.pixelColor(round(place(panel, at).x()), y) == held for at in (15, 45, 60)] == [
        True,
        False,
        True,
    ]
    panel.model.set_axis(AxisKind.TIME, compresses=False)
    assert len(overlay.held()) == 3
    panel._desk.actions[ActionId.CLEAR_MARKS].trigger()
    assert highlight.is_empty
    highlight.show_intervals([], "never")
    assert panel.lanes.about.sentences()[0].text == "never: 0 ranges of versions"


def test_many_intervals_are_not_more_bars_than_pixels(
    make_history: MakeHistory, make_panel: MakePanel
) -> None:
    panel = make_panel(make_history(60_000))
    panel._desk.highlight.show_intervals([(one, one) for one in range(1, 60_000, 2)], "often")
    assert 1 <= len(panel.lanes.overlay.held()) <= panel.lanes.plot_rect.width()


def test_escape_clears_the_range_first(panel: TimelinePanel) -> None:
    clear = panel._desk.actions[ActionId.CLEAR_MARKS]
    assert not clear.isEnabled()
    panel._desk.highlight.show_events([3, 4], "two")
    panel.model.set_range(10, 20)
    clear.trigger()
    assert panel.model.range is None
    assert panel._desk.highlight.events is not None
    clear.trigger()
    assert panel._desk.highlight.is_empty
    assert not clear.isEnabled()


def test_the_overview_greys_what_does_not_stand_out(panel: TimelinePanel) -> None:
    whole = panel.overview.grab().toImage()
    panel._desk.highlight.show_events([100], "one")
    now = panel.overview.grab().toImage()
    y = now.height() // 2
    muted = panel._desk.appearance.theme.color("line2")
    step = panel.overview.width() / 100
    assert now.pixelColor(round(50.4 * step), y) == muted
    assert now.pixelColor(round(99.4 * step), y) == whole.pixelColor(round(99.4 * step), y) != muted


def test_membership_by_sorted_search() -> None:
    chance = np.random.default_rng(2)
    for _ in range(50):
        ordinals = np.unique(chance.integers(1, 60, 20))
        chosen = np.unique(chance.integers(1, 60, chance.integers(0, 20)))
        assert is_among(ordinals, chosen).tolist() == np.isin(ordinals, chosen).tolist()


def test_incomplete_states_begin_where_the_history_says(
    make_history: MakeHistory, make_panel: MakePanel
) -> None:
    panel = make_panel(replace(make_history(100), unapplied=(40,)))
    assert panel.model.incomplete_from == 40


def test_who_cannot_see_them_hears_of_b_and_the_range(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel._desk.cursor.set_other(20)
    panel.model.set_range(20, 50)
    panel._desk.highlight.show_events([30], "1 event set total")
    qtbot.waitUntil(lambda: panel.slider.accessibleDescription().endswith("; B at 20"))
    assert panel.lanes.accessibleDescription().startswith(
        "20 to 50, 31 events; 1 event set total; event 50 of 100"
    )
