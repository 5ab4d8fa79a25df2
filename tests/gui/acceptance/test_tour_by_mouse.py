"""The whole tour with the mouse. Keys are used for nothing but typing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex

from auditor.core import exact_json
from auditor.gui.action_table import ActionId
from auditor.gui.event.fact_view import FactView
from auditor.gui.navigator_list import AggregateList
from auditor.gui.navigator_types import TypeList
from tests.gui.acceptance.conftest import LONG, DemoCopy
from tests.gui.acceptance.driving import User
from tests.gui.acceptance.stalls import StallWatch

WANTED = 3_170


@pytest.mark.timeout(240)
def test_the_tour_by_mouse(
    remembered: DemoCopy, user_of: Callable[..., User], stall_watch: StallWatch
) -> None:
    demo = remembered
    state, event = demo.state(LONG, WANTED), demo.event(LONG, WANTED)
    link = demo.caused_elsewhere()
    user = opened(user_of, demo)
    stall_watch.start()  # how late a window is while its views are made is measured by ./dev bench
    filtered_and_chosen(user)
    dragged_to(user, WANTED)
    assert set(user.versions().values()) == {WANTED}
    assert exact_json.same(opened_wholly(user), state)
    user.click("event.tabs.1")
    assert user.event() == event
    user.click("event.tabs.0")
    played(user)
    went_to_the_cause_and_back(user, *link)
    rebuilt(user)
    cancelled_a_rebuild(user)
    followed(user, demo, stall_watch)


def opened(user_of: Callable[..., User], demo: DemoCopy) -> User:
    """From the list of recent stores."""
    user = user_of()
    user.click("start.recent.1")
    user.until(lambda: user.desk.store.is_open)
    user.rest()
    assert user.window.windowTitle() == f"{demo.path.name} · Auditor"
    return user


def filtered_and_chosen(user: User) -> None:
    user.until(lambda: user.desk.counts.types)
    types = user.find(TypeList, "navigator.types")
    names = [types.model().index(row, 0).data() for row in range(types.model().rowCount())]
    user.click_row(types, types.model().index(names.index("Order"), 0))
    user.rest()
    user.click("navigator.filter")
    user.type(LONG[:-1])
    user.rest()
    choose(user, LONG)


def choose(user: User, aggregate_id: str) -> None:
    """Clicks its row."""
    listed = user.find(AggregateList, "navigator.list")

    def row() -> QModelIndex:
        model = listed.model()
        indexes = [model.index(number, 0) for number in range(model.rowCount())]
        return next((one for one in indexes if aggregate_id in str(one.data())), QModelIndex())

    user.until(lambda: row().isValid())
    user.click_row(listed, row())
    user.until(lambda: user.chosen == aggregate_id and user.desk.loader.fold is not None)
    user.rest()


def dragged_to(user: User, ordinal: int) -> None:
    """A pixel of the slider may stand for several versions: the last few steps are single ones."""
    user.drag_slider(ordinal)
    assert abs(user.desk.cursor.ordinal - ordinal) <= 5
    while (now := user.desk.cursor.ordinal) != ordinal:
        user.click("timeline.previous" if now > ordinal else "timeline.next")
    user.rest()


def opened_wholly(user: User) -> object:
    """The state, all of its fields open."""
    user.choose_in_menu("edit", ActionId.OPEN_ALL_BELOW)
    user.until(user.is_wholly_open)
    user.rest()
    return user.state()


def played(user: User) -> None:
    before = user.desk.cursor.ordinal
    user.click("timeline.play")
    user.until(lambda: user.desk.cursor.ordinal >= before + 3)
    user.click("timeline.play")
    user.rest()
    after = user.desk.cursor.ordinal
    user.stays(lambda: user.desk.cursor.ordinal == after)


def went_to_the_cause_and_back(user: User, effect: str, version: int, cause: str, cause_version: int) -> None:
    user.click("navigator.filter")
    user.keys("Ctrl+A")
    user.type(effect)
    choose(user, effect)
    dragged_to(user, version)
    fields = user.find(FactView, "event.fields")
    at = fields.model().index(0, 0)
    while not ((fact := fields.facts.fact(at)) is not None and fact.is_cause):
        at = fields.indexBelow(at)
        assert at.isValid()
    user.click_row(fields, at)
    user.until(lambda: user.chosen == cause and user.desk.loader.fold is not None)
    user.rest()
    assert set(user.versions().values()) == {cause_version}
    user.click("toolbar.back")
    user.until(lambda: user.chosen == effect and user.desk.loader.fold is not None)
    user.rest()
    assert set(user.versions().values()) == {version}
    user.click("toolbar.forward")
    user.until(lambda: user.chosen == cause)
    user.rest()


def rebuilt(user: User) -> None:
    user.click("toolbar.view-projections")
    user.rest()
    user.click("projections.rebuild")
    user.until(lambda: user.rebuild.phase == "finished")
    user.rest()
    assert user.rebuild.done == user.rebuild.total == user.desk.counts.events
    assert user.visible("projections.run.rows").isEnabled()


def cancelled_a_rebuild(user: User) -> None:
    user.click("projections.rebuild")
    user.until(lambda: user.rebuild.phase == "running" and user.rebuild.done > 0)
    user.click("projections.run.cancel")
    user.click("dialog.cancel-rebuild.cancel")
    user.until(lambda: user.rebuild.phase == "cancelled")
    user.rest()
    assert 0 < user.rebuild.done < user.rebuild.total


def followed(user: User, demo: DemoCopy, stall_watch: StallWatch) -> None:
    user.click("toolbar.view-history")
    user.click("navigator.filter")
    user.keys("Ctrl+A")
    user.type(LONG)
    choose(user, LONG)
    user.choose_in_menu("store", ActionId.FOLLOW)
    with demo.writing(user, stall_watch, LONG, 5):
        user.until(lambda: user.length == 5_005)
    user.rest()
    assert set(user.versions().values()) == {5_005}
    user.click("timeline.previous")
    user.rest()
    with demo.writing(user, stall_watch, LONG, 2):
        user.until(lambda: user.length == 5_007)
    user.rest()
    assert set(user.versions().values()) == {5_004}
    user.choose_in_menu("store", ActionId.FOLLOW)
