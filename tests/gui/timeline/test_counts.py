"""What is drawn stands for every event in view, once: as marks or summed in bars."""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor

from auditor.gui.history import History
from auditor.gui.timeline.density import BarRow, density_pixels
from auditor.gui.timeline.lanes import FEW_MARKS, MARKS_APART, Raster, drawn_lane, events_of_bar
from auditor.gui.timeline.panel import TimelinePanel
from auditor.gui.timeline.view_window import ViewWindow
from tests.gui.timeline.conftest import all_lanes, events_in_view, whole_of

MakeHistory = Callable[..., History]
MakePanel = Callable[..., TimelinePanel]


def counted(history: History, window: ViewWindow) -> list[int]:
    """By type, what the history itself has in the window."""
    ordinals = np.arange(1, history.length + 1)
    inside = (ordinals >= window.start) & (ordinals <= window.end)
    return [int((inside & (history.type_of == lane)).sum()) for lane in range(len(history.types))]


@pytest.mark.parametrize("length", [1, 2, 30, 500, 5000, 100_000])
def test_lanes_count_what_the_history_has(make_history: MakeHistory, length: int) -> None:
    history = make_history(length)
    lanes, chance = all_lanes(history), random.Random(length)
    for _ in range(60):
        window = whole_of(length).between(chance.uniform(0, length), chance.uniform(0, length))
        width, bar_width = chance.choice([1, 317, 744, 959, 2344]), chance.choice([1.0, 2.5, 5.0])
        drawn = [drawn_lane(lanes, lane, Raster(window, width, bar_width)) for lane in range(lanes.count)]
        assert [one.number for one in drawn] == counted(history, window)
        for one in drawn:
            few = len(one.ordinals) < FEW_MARKS or width / len(one.ordinals) >= MARKS_APART
            assert (one.bars is None) == few


def test_the_plot_holds_what_the_store_has(make_history: MakeHistory, make_panel: MakePanel) -> None:
    for length in (1, 30, 5000, 100_000):
        history = make_history(length)
        for size in ((960, 400), (1175, 352), (2300, 600)):
            panel = make_panel(history, size)
            chance = random.Random(length)
            for _ in range(8):
                window = panel.model.window.between(chance.uniform(0, length), chance.uniform(0, length))
                panel.model.set_window(window)
                panel.lanes.draw_now()
                assert panel.lanes.number_drawn == sum(counted(history, window))
                assert sum(one.number for one in panel.lanes.drawing.drawn) == events_in_view(panel)
            panel.model.set_window(whole_of(length))
            panel.lanes.draw_now()
            assert panel.lanes.number_drawn == length


def test_events_that_were_not_applied_are_counted_too(
    make_history: MakeHistory, make_panel: MakePanel
) -> None:
    history = replace(make_history(300), unapplied=(17, 40, 299))
    panel = make_panel(history)
    assert panel.lanes.number_drawn == 300


@pytest.mark.parametrize("size", [(600, 352), (1175, 352), (2300, 600)])
def test_what_is_said_above_the_lanes_is_never_covered(
    size: tuple[int, int], make_history: MakeHistory, make_panel: MakePanel
) -> None:
    """By A's flag, wherever that stands."""
    history = replace(make_history(40_000), unapplied=(39_990,))
    panel = make_panel(history, size)
    for zoomed in (panel.model.window, panel.model.window.between(20_000, 36_000)):
        for ordinal in (1, 20_001, 20_400, 34_900, 36_000, 38_000, 39_700, 40_000):
            panel.model.go(ordinal)
            panel.model.set_window(zoomed)
            panel.lanes.draw_now()
            assert len(panel.lanes.head) == 2
            for text, _, place in panel.lanes.head:
                assert not place.intersects(panel.lanes.overlay.flag), (text, ordinal)


def test_the_events_of_all_bars_are_all_events(make_history: MakeHistory) -> None:
    history = make_history(20_000)
    lanes, window = all_lanes(history), whole_of(20_000).between(3000, 17_000)
    drawn = drawn_lane(lanes, 0, Raster(window, 900, 5))
    assert drawn.bars is not None
    found = [events_of_bar(drawn, bar * 5 + 2, 5) for bar in range(len(drawn.bars))]
    assert np.concatenate(found).tolist() == drawn.ordinals.tolist()
    for bar, ordinals in enumerate(found):
        for ordinal in ordinals:
            assert int(window.x_of(int(ordinal), 900) / 5) == pytest.approx(bar, abs=1)


def test_a_picture_has_a_bar_wherever_there_are_events() -> None:
    bars = np.array([0, 1, 3, 0, 400, 1])
    pixels = density_pixels([BarRow(bars, 4, 15, QColor("#2965DB"))], 60, 22, 10)
    shown = pixels[:, :, 3] > 0
    assert [bool(shown[:, x].any()) for x in range(5, 60, 10)] == (bars > 0).tolist()
    heights = [int(shown[:, x].sum()) for x in range(5, 60, 10)]
    assert heights[4] == 15
    assert 2 <= heights[1] < heights[2] < heights[4]
    assert not shown[:4].any()
    assert not shown[19:].any()


def test_a_large_history_is_never_first_drawn_as_marks(
    make_history: MakeHistory, make_panel: MakePanel, show: Callable[..., None]
) -> None:
    panel = make_panel()
    most: list[int] = []
    panel.lanes.drawn.connect(lambda: most.append(_marks(panel)))
    show(panel, make_history(100_000))
    assert most
    assert max(most) < FEW_MARKS * 9


def _marks(panel: TimelinePanel) -> int:
    return panel.lanes.number_drawn - panel.lanes.drawing.dense_events
