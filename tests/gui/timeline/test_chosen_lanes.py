"""Lanes that are hidden and ordered, and the range that is selected."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.history import History
from auditor.gui.main_window import MainWindow
from auditor.gui.timeline.lane_choice import LaneChoice
from auditor.gui.timeline.model import AxisKind
from auditor.gui.timeline.panel import TimelinePanel
from tests.gui.timeline.hand import LEFT, RIGHT, SHIFT, click, drag, place

MakeHistory = Callable[..., History]
MakePanel = Callable[..., TimelinePanel]


def names(panel: TimelinePanel) -> list[str]:
    return [panel.model.lane_name(lane) for lane in range(panel.model.lanes.count)]


def gutter(panel: TimelinePanel, lane: int) -> QPointF:
    return QPointF(40, panel.lanes.lane_rect(lane).center().y())


def said(panel: TimelinePanel) -> list[str]:
    panel.lanes.draw_now()
    return [one.text for one in panel.lanes.about.sentences()]


def entry(menu: QMenu, text: str) -> QAction:
    return next(one for one in menu.actions() if one.text() == text)


def opened_menu(panel: TimelinePanel, qtbot: QtBot, name: str) -> QMenu:
    def found() -> QMenu | None:
        menus = [one for one in panel.lanes.findChildren(QMenu, name) if one.isVisible()]
        return menus[0] if menus else None

    qtbot.waitUntil(lambda: found() is not None)
    menu = found()
    assert menu is not None
    return menu


# -- the choice itself -----------------------------------------------------------------------------------------------


def test_lanes_are_moved_past_hidden_ones() -> None:
    types = ("A", "B", "C", "D")
    choice = LaneChoice().with_hidden("B")
    assert choice.shown(types) == ["A", "C", "D"]
    assert choice.moved("A", 1, types).shown(types) == ["C", "A", "D"]
    assert choice.moved("D", -2, types).shown(types) == ["D", "A", "C"]
    assert choice.moved("A", 9, types).all_shown().shown(types) == ["B", "C", "D", "A"]
    assert choice.moved("A", 9, types).in_first_order().shown(types) == ["A", "C", "D"]
    assert choice.only("C", types).shown(types) == ["C"]


def test_types_that_come_later_follow_behind() -> None:
    choice = LaneChoice(order=("B", "A"))
    assert choice.shown(("A", "B", "New", "Newer")) == ["B", "A", "New", "Newer"]


# -- in the panel ----------------------------------------------------------------------------------------------------


def test_a_hidden_lane_is_said_with_its_events(
    make_history: MakeHistory, make_panel: MakePanel, qtbot: QtBot
) -> None:
    history = make_history(500, kinds=4)
    panel = make_panel(history)
    first, second = names(panel)[:2]
    click(panel.lanes, gutter(panel, 1), RIGHT)
    menu = opened_menu(panel, qtbot, "timeline.lane-menu")
    entry(menu, f"Hide {second}").trigger()
    menu.close()
    count = history.counts()[1]
    assert second not in names(panel)
    assert f"1 of 4 types hidden, {count} events" in said(panel)
    assert panel.lanes.number_drawn == 500 - count
    panel.model.go(int(panel.model.by_type[1][5]))
    assert panel.model.lane == -1
    assert panel._desk.actions[ActionId.NEXT_OF_TYPE].isEnabled()
    panel.lanes.grab()
    entry(panel.menus.lane_menu(0), f"Show only {first}").trigger()
    assert names(panel) == [first]
    assert not entry(panel.menus.lane_menu(0), f"Hide {first}").isEnabled()
    panel._desk.actions[ActionId.SHOW_ALL_LANES].trigger()
    assert len(names(panel)) == 4
    assert not any("hidden" in text for text in said(panel))
    assert not panel._desk.actions[ActionId.SHOW_ALL_LANES].isEnabled()


def test_lanes_are_ordered_by_menu_and_by_dragging(make_history: MakeHistory, make_panel: MakePanel) -> None:
    history = make_history(300, kinds=5)
    panel = make_panel(history)
    before = names(panel)
    entry(panel.menus.lane_menu(3), "Move to the top").trigger()
    assert names(panel) == [before[3], *before[:3], before[4]]
    drag(panel.lanes, gutter(panel, 0), gutter(panel, 2))
    assert names(panel) == [before[0], before[1], before[3], before[2], before[4]]
    assert panel.model.ordinal == 300  # a drag is no click
    for lane, name in enumerate(names(panel)):
        (drawn,) = panel.lanes.drawing.parts(lane)
        panel.lanes.draw_now()
        (drawn,) = panel.lanes.drawing.parts(lane)
        assert drawn.number == history.counts()[history.types.index(name)]
        click(panel.lanes, place(panel, 200.2, lane))
        assert history.event_type(panel.model.ordinal) == name
    entry(panel.menus.lane_menu(0), "Order of first appearance").trigger()
    assert names(panel) == before


def test_every_lane_can_be_switched_by_keys(
    make_history: MakeHistory, make_panel: MakePanel, qtbot: QtBot
) -> None:
    panel = make_panel(make_history(300, kinds=3))
    panel.window().activateWindow()
    panel.lanes.setFocus()
    qtbot.waitUntil(panel.lanes.hasFocus)
    panel.model.go(int(panel.model.by_type[1][0]))
    hidden = names(panel)[1]
    QTest.keyClick(panel.lanes, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    menu = opened_menu(panel, qtbot, "timeline.lane-menu")
    assert menu.activeAction().text() == f"Hide {hidden}"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert hidden not in names(panel)
    submenu = next(one.menu() for one in panel.menus.lane_menu(0).actions() if one.menu() is not None)
    assert isinstance(submenu, QMenu)
    switches = {one.text().split(",")[0]: one for one in submenu.actions()}
    assert [one.isChecked() for one in switches.values()] == [name != hidden for name in switches]
    switches[hidden].trigger()
    assert hidden in names(panel)


def test_the_choice_is_remembered_for_type_and_store(
    make_window: Callable[..., MainWindow], demo_store: Path, qtbot: QtBot
) -> None:
    def shown(aggregate_id: str) -> TimelinePanel:
        window = make_window(demo_store)
        return go(window, aggregate_id)

    def go(window: MainWindow, aggregate_id: str) -> TimelinePanel:
        assert window.views is not None
        panel = window.views.history.timeline
        window.desk.cursor.go_to(Place(aggregate_id, None))
        qtbot.waitUntil(
            lambda: (
                panel.model.history is not None and panel.model.history.aggregate.aggregate_id == aggregate_id
            )
        )
        return panel

    panel = shown("order-1003")
    panel.model.choose_lanes(LaneChoice(order=("ItemRemoved",), hidden=frozenset({"QuantityChanged"})))
    again = shown("order-1003")
    assert names(again)[0] == "ItemRemoved"
    assert "QuantityChanged" not in names(again)
    other = go(again.window(), "c-20001")  # type: ignore[arg-type] # it is the window that make_window made
    assert other.model.hidden == (0, 0)


# -- a range ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["axis", "lanes"])
def test_a_drag_selects_a_range_and_says_it(
    where: str, make_history: MakeHistory, make_panel: MakePanel
) -> None:
    panel = make_panel(make_history(100))
    begin, end = place(panel, 39.6, 2), place(panel, 72.4, 1)
    if where == "axis":
        drag(panel.axis, QPointF(end.x(), 5), QPointF(begin.x(), 8))
    else:
        drag(panel.lanes, begin, end, LEFT, SHIFT)
    assert panel.model.range == (40, 72)
    assert said(panel)[0] == "40 to 72, 33 events"
    assert panel.model.ordinal == 100
    assert panel.model.window.is_whole
    panel.model.set_axis(AxisKind.TIME, compresses=False)
    history = panel.model.history
    assert history is not None
    clock = panel._desk.clock
    first, last = (clock.second(history.time(one) or "") for one in (40, 72))
    assert said(panel)[0] == f"{first} to {last}, 33 events"
    panel.lanes.grab()
    panel._desk.actions[ActionId.ZOOM_RANGE].trigger()
    assert panel.model.in_view == (40, 72)


def test_a_click_in_the_axis_selects_nothing(make_history: MakeHistory, make_panel: MakePanel) -> None:
    panel = make_panel(make_history(100))
    click(panel.axis, QPointF(place(panel, 30).x(), 5))
    assert panel.model.range is None
    assert panel.model.ordinal == 30


def test_the_range_by_keys(make_history: MakeHistory, make_panel: MakePanel, qtbot: QtBot) -> None:
    panel = make_panel(make_history(100))
    panel.window().activateWindow()
    panel.lanes.setFocus()
    qtbot.waitUntil(panel.lanes.hasFocus)
    told: list[object] = []
    panel.model.range_changed.connect(lambda: told.append(panel.model.range))
    panel.model.go(60)
    assert not panel._desk.actions[ActionId.SELECT_RANGE].isEnabled()
    panel._desk.cursor.set_other(20)
    QTest.keyClick(panel.lanes, Qt.Key.Key_R)
    assert panel.model.range == (20, 60)
    panel._desk.cursor.set_other(None)
    QTest.keyClick(panel.lanes, Qt.Key.Key_Escape)
    assert told == [(20, 60), None]
    assert not panel._desk.actions[ActionId.ZOOM_RANGE].isEnabled()


def test_a_range_ends_with_its_aggregate(
    make_history: MakeHistory, make_panel: MakePanel, show: Callable[..., None]
) -> None:
    panel = make_panel(make_history(100))
    panel.model.set_range(50, 40)
    assert panel.model.range == (40, 50)
    show(panel, make_history(60))
    assert panel.model.range is None
