"""The timeline in the real window: whatever moves A, everything names the same version."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.timeline.go_to_version import GoToVersion
from auditor.gui.timeline.panel import TimelinePanel
from tests.gui.timeline.conftest import versions_window
from tests.gui.timeline.hand import NO, RIGHT, click, drag, mouse, place

LONG = "order-1003"  # 500 events in the demo store of 2,000


@pytest.fixture
def shown(
    make_window: Callable[..., MainWindow], demo_store: Path, qtbot: QtBot
) -> Callable[..., TimelinePanel]:
    def show(aggregate_id: str = LONG, ordinal: int | None = None) -> TimelinePanel:
        window = make_window(demo_store)
        window.activateWindow()
        window.desk.cursor.go_to(Place(aggregate_id, None, ordinal))
        assert window.views is not None
        panel = window.views.history.timeline
        qtbot.waitUntil(lambda: panel.states.state == "content" and panel.lanes.number_drawn > 0)
        panel.lanes.setFocus()
        return panel

    return show


def at(panel: TimelinePanel) -> int:
    """Where A is, once all parts have been asked whether they agree."""
    ordinal = panel.model.ordinal
    history = panel.model.history
    assert history is not None
    version = f"{history.version(ordinal):,}"
    assert panel.slider.value() == ordinal == panel._desk.cursor.ordinal
    assert panel.bar.readout.version_text == version
    assert panel.lanes.overlay.flag_text("A").strip("‹› ") == f"A {version}"
    return ordinal


def wheel(panel: TimelinePanel, ordinal: float, turn: int, keys: Qt.KeyboardModifier) -> None:
    where = place(panel, ordinal, 0)
    event = QWheelEvent(
        where,
        QPointF(panel.lanes.mapToGlobal(where)),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel.lanes, event)


def test_the_slider_takes_a_along_at_every_pixel(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown()
    assert at(panel) == 500
    slider, seen = panel.slider, []
    y = slider.height() / 2
    mouse(slider, QEvent.Type.MouseButtonPress, QPointF(slider.x_of(500), y))
    for x in range(round(slider.x_of(500)), round(slider.x_of(400)), -1):
        mouse(slider, QEvent.Type.MouseMove, QPointF(x, y))
        seen.append(at(panel))
    mouse(slider, QEvent.Type.MouseMove, QPointF(-500, y))
    assert at(panel) == 1
    mouse(slider, QEvent.Type.MouseButtonRelease, QPointF(-500, y))
    mouse(slider, QEvent.Type.MouseMove, QPointF(200, y))
    assert at(panel) == 1
    assert seen == sorted(seen, reverse=True)
    assert set(range(401, 501)) <= set(seen)


def test_keys_move_a_and_say_when_they_cannot(shown: Callable[..., TimelinePanel], qtbot: QtBot) -> None:
    panel = shown()
    actions = panel._desk.actions
    qtbot.waitUntil(lambda: panel.lanes.hasFocus())
    for key, keys, wanted in (
        (Qt.Key.Key_Home, NO, 1),
        (Qt.Key.Key_Right, NO, 2),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 102),
        (Qt.Key.Key_J, NO, 103),
        (Qt.Key.Key_K, NO, 102),
        (Qt.Key.Key_Left, NO, 101),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 1),
        (Qt.Key.Key_End, NO, 500),
    ):
        QTest.keyClick(panel.lanes, key, keys)
        assert at(panel) == wanted
    assert not actions[ActionId.NEXT].isEnabled()
    assert "last event" in actions[ActionId.NEXT].toolTip()
    assert actions[ActionId.PREVIOUS].isEnabled()


def test_the_next_event_of_the_same_type(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown(ordinal=2)
    history = panel.model.history
    assert history is not None
    panel._desk.actions[ActionId.NEXT_OF_TYPE].trigger()
    assert at(panel) == history.same_type(2, 1)
    panel._desk.actions[ActionId.PREVIOUS_OF_TYPE].trigger()
    assert at(panel) == 2
    panel.model.go(1)
    assert not panel._desk.actions[ActionId.NEXT_OF_TYPE].isEnabled()  # OrderCreated comes once


def test_clicks_choose_the_nearest_event(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown()
    history, lanes = panel.model.history, panel.model.lanes
    assert history is not None
    for lane in range(lanes.count):
        click(panel.lanes, place(panel, 333.3, lane))
        (drawn,) = panel.lanes.drawing.parts(lane)
        if drawn.bars is None:
            assert at(panel) == lanes.nearest(lane, 333.3)
        assert history.event_type(at(panel)) == history.types[lane]
    click(panel.lanes, place(panel, 250))
    assert at(panel) == 250
    panel.model.go(250)
    click(panel.lanes, QPointF(20, panel.lanes.lane_rect(0).center().y()))
    assert at(panel) == 1  # the only OrderCreated


def test_a_click_on_a_bar_goes_to_its_first_event(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown()
    dense = next(one for one in panel.lanes.drawing.drawn if one.bars is not None)
    bars, width = dense.bars, panel.lanes.drawing.bar_width
    assert bars is not None
    bar = next(n for n in range(30, len(bars)) if bars[n] > 1)
    first = int(dense.ordinals[int(bars[:bar].sum())])
    y = panel.lanes.lane_rect(dense.lane).center().y()
    click(panel.lanes, QPointF(panel.lanes.plot_rect.left() + (bar + 0.8) * width, y))
    assert at(panel) == first


def test_the_line_and_the_flag_can_be_dragged(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown(ordinal=200)
    drag(panel.lanes, place(panel, 200, 2) + QPointF(3, 0), place(panel, 240, 2))
    assert at(panel) == 240
    assert panel.model.window.is_whole
    drag(panel.lanes, panel.lanes.overlay.flag.center(), place(panel, 100))
    assert at(panel) == 100


def test_zooming_panning_and_fitting(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown(ordinal=300)
    wheel(panel, 300, 120, Qt.KeyboardModifier.ControlModifier)
    assert panel.model.window.span == pytest.approx(500 / 1.25)
    for _ in range(4):
        wheel(panel, 300, 120, Qt.KeyboardModifier.ControlModifier)
    before = panel.model.window
    drag(panel.lanes, place(panel, 280, 1), place(panel, 290, 1))
    assert panel.model.window.start == pytest.approx(before.start - 10)
    assert at(panel) == 300  # panning is no click
    drag(panel.lanes, place(panel, 280, 1), place(panel, 2000, 1))
    assert panel.model.window.start == pytest.approx(0.5)
    wheel(panel, 50, -120, Qt.KeyboardModifier.ShiftModifier)
    assert panel.model.window.start > 0.5
    panel._desk.actions[ActionId.ZOOM_FIT].trigger()
    assert panel.model.window.is_whole
    assert not panel._desk.actions[ActionId.ZOOM_OUT].isEnabled()
    panel._desk.actions[ActionId.ZOOM_IN].trigger()
    assert panel.model.window.contains(300)


def test_a_box_is_what_is_shown_then(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown()
    drag(panel.lanes, place(panel, 320, 3), place(panel, 120, 1), RIGHT)
    window = panel.model.window
    assert [window.start, window.end] == pytest.approx([120, 320], abs=0.1)
    assert panel.lanes.overlay.box is None
    assert at(panel) == 500


def test_a_moved_by_key_stays_in_view(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown(ordinal=100)
    panel.model.set_window(panel.model.window.between(90.5, 105.5))
    for _ in range(40):
        QTest.keyClick(panel.lanes, Qt.Key.Key_Right)
        assert panel.model.window.contains(at(panel))
        assert panel.model.window.span == pytest.approx(15)
    assert panel.model.ordinal == 140


def test_the_overview_moves_and_resizes_the_window(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown()
    overview = panel.overview
    y, scale = overview.height() / 2, overview.width() / 500
    drag(overview, QPointF(100 * scale, y), QPointF(200 * scale, y))
    window = panel.model.window
    assert [window.start, window.end] == pytest.approx([100.5, 200.5], abs=0.1)
    drag(overview, QPointF(150 * scale, y), QPointF(160 * scale, y))
    assert panel.model.window.start == pytest.approx(110.5, abs=0.1)
    drag(overview, QPointF(210 * scale, y), QPointF(260 * scale, y))
    assert panel.model.window.end == pytest.approx(260.5, abs=0.1)
    assert panel.model.window.start == pytest.approx(110.5, abs=0.1)
    mouse(overview, QEvent.Type.MouseButtonDblClick, QPointF(5, y))
    assert panel.model.window.is_whole


def test_playing_ends_at_the_last_event(shown: Callable[..., TimelinePanel], qtbot: QtBot) -> None:
    panel = shown(ordinal=497)
    play = panel.findChild(QToolButton, "timeline.play")
    assert play is not None
    QTest.keyClick(panel.lanes, Qt.Key.Key_Space)
    assert panel.player.is_playing
    assert play.accessibleName() == "Pause"
    for _ in range(3):
        panel._desk.actions[ActionId.FASTER].trigger()
    assert panel.player.speed == 32
    qtbot.waitUntil(lambda: not panel.player.is_playing)
    assert at(panel) == 500
    assert not panel._desk.actions[ActionId.PLAY].isChecked()
    assert play.accessibleName() == "Play"
    play.click()
    assert panel.player.is_playing
    assert at(panel) < 500
    play.click()
    assert not panel.player.is_playing


def test_space_presses_the_button_that_has_the_focus(
    shown: Callable[..., TimelinePanel], qtbot: QtBot
) -> None:
    panel = shown(ordinal=100)
    button = panel.findChild(QToolButton, "timeline.next")
    assert button is not None
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert at(panel) == 101
    assert not panel.player.is_playing


def test_going_to_a_version(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown()
    panel._desk.actions[ActionId.GO_TO_VERSION].trigger()
    dialog = panel.window().findChild(GoToVersion)
    assert dialog is not None
    field = dialog.findChild(QLineEdit, "go-to-version.field")
    go, problem = (
        dialog.findChild(QPushButton, "go-to-version.go"),
        dialog.findChild(QLabel, "go-to-version.problem"),
    )
    assert field is not None
    assert go is not None
    assert problem is not None
    for text, part in (("9,999", "no version 9,999"), ("twelve", "is no version"), ("", "Type the number")):
        field.setText(text)
        go.click()
        assert part in problem.text()
        assert at(panel) == 500
        assert dialog.isVisible()
    field.setText("123")
    go.click()
    assert not dialog.isVisible()
    assert at(panel) == 123
    assert panel._desk.cursor.can_go_back


def test_the_card_says_what_is_under_the_pointer(shown: Callable[..., TimelinePanel], qtbot: QtBot) -> None:
    panel = shown()
    qtbot.waitUntil(lambda: panel._desk.loader.fold is not None, timeout=20_000)
    history, card = panel.model.history, panel.hover.card
    assert history is not None
    marks = next(
        one
        for one in panel.lanes.drawing.drawn
        if one.bars is None and history.types[one.lane] == "ItemAdded"
    )
    ordinal = int(marks.ordinals[5])
    mouse(panel.lanes, QEvent.Type.MouseMove, place(panel, ordinal, marks.lane), Qt.MouseButton.NoButton)
    assert panel.model.hovered == marks.lane
    qtbot.waitUntil(lambda: any("sets" in line for line in card.lines), timeout=5000)
    assert card.isVisible()
    assert card.lines[0] == f"{ordinal} ItemAdded"
    assert card.lines[1].endswith(" UTC")
    assert card.lines[-1].startswith(("by ", "no user"))
    mark = panel.lanes.mapTo(card.panel, place(panel, ordinal, marks.lane).toPoint())
    assert not card.geometry().contains(mark)
    mouse(panel.lanes, QEvent.Type.MouseMove, place(panel, ordinal, 0), Qt.MouseButton.NoButton)
    assert not card.isVisible()


def test_who_cannot_see_it_hears_where_a_is(shown: Callable[..., TimelinePanel], qtbot: QtBot) -> None:
    panel = shown(ordinal=1)
    qtbot.waitUntil(lambda: panel.slider.accessibleDescription().startswith("event 1 of 500, OrderCreated, "))
    assert panel.lanes.accessibleDescription().endswith(" UTC")
    panel.model.go(31)
    qtbot.waitUntil(lambda: panel.slider.accessibleDescription().startswith("event 31 of 500"))


def test_without_an_aggregate_the_panel_says_what_to_do(
    make_window: Callable[..., MainWindow], demo_store: Path, qtbot: QtBot
) -> None:
    window = make_window(demo_store)
    assert window.views is not None
    panel = window.views.history.timeline
    window.desk.cursor.clear()
    assert panel.states.state == "empty"
    title = panel.findChild(QLabel, "timeline.message.title")
    assert title is not None
    assert title.text() == "No aggregate selected"
    assert "No aggregate" in window.desk.actions[ActionId.PLAY].toolTip()
    window.desk.cursor.go_to(Place("nothing-of-this-name", None))
    qtbot.waitUntil(lambda: panel.states.state == "failed")
    assert "nothing-of-this-name" in title.text()
    button = panel.findChild(QPushButton, "timeline.message.verb0")
    assert button is not None
    with qtbot.waitSignal(window.desk.loader.reading_failed):
        button.click()


def test_another_theme_paints_marks_line_and_overview_anew(
    shown: Callable[..., TimelinePanel], qtbot: QtBot
) -> None:
    panel = shown(ordinal=250)
    appearance, types = panel._desk.appearance, panel._desk.event_types
    for scheme in ("dark", "light"):
        with qtbot.waitSignal(panel.lanes.drawn):
            appearance.set(scheme=scheme)
        picture = panel.lanes.grab().toImage()
        mark = place(panel, 1, 0).toPoint()
        assert picture.pixelColor(mark).name() == types.color("OrderCreated").name()
        line = place(panel, 250, 0).toPoint()
        ground, accent = appearance.theme.color("bg"), appearance.theme.color("accent")
        painted = picture.pixelColor(line)
        assert abs(painted.red() - accent.red()) < abs(painted.red() - ground.red())
        where = QRect(panel.overview.mapTo(panel, QPoint()), panel.overview.size())
        strip = panel.grab(where).toImage()
        panel.overview._image = None
        assert panel.grab(where).toImage() == strip
        assert strip.pixelColor(strip.width() // 2, 1) == ground
        assert strip.pixelColor(strip.width() // 2, strip.height() // 2) != ground


def test_the_axis_says_days_and_within_a_day_times(shown: Callable[..., TimelinePanel]) -> None:
    panel = shown()
    assert [text for _, text in panel.axis.versions_shown()][:3] == ["50", "100", "150"]
    months = [text for _, text in panel.axis.days_shown()]
    assert months[0] == "Jan 2026"
    history = panel.model.history
    assert history is not None
    days = [time[:10] for time in history.times]
    first = next(n for n in range(400) if len(set(days[n : n + 4])) == 1)
    panel.model.set_window(versions_window(500, first + 0.6, first + 4.4))
    texts = [text for _, text in panel.axis.days_shown()]
    assert ":" not in texts[0]
    assert texts[1:] == [time[11:16] for time in history.times[first : first + 4]]
