"""The whole tour without a mouse: every key goes to what has the focus."""

from collections.abc import Callable

import pytest

from auditor.core import exact_json
from tests.gui.acceptance.conftest import LONG, DemoCopy
from tests.gui.acceptance.driving import User
from tests.gui.acceptance.stalls import StallWatch

WANTED = 3_170


@pytest.mark.timeout(240)
def test_the_tour_by_keyboard(demo: DemoCopy, user_of: Callable[..., User], stall_watch: StallWatch) -> None:
    state, event = demo.state(LONG, WANTED), demo.event(LONG, WANTED)
    link = demo.caused_elsewhere()
    user = user_of()
    opened(user, demo)
    stall_watch.start()  # how late a window is while its views are made is measured by ./dev bench
    filtered_and_chosen(user, LONG)
    moved_to(user, WANTED)
    assert exact_json.same(opened_wholly(user), state)
    assert read_event(user) == event
    played(user)
    went_to_the_cause_and_back(user, *link)
    rebuilt(user)
    cancelled_a_rebuild(user)
    followed(user, demo, stall_watch)


def opened(user: User, demo: DemoCopy) -> None:
    """By its path, in the dialog."""
    user.keys("Ctrl+O")
    user.until_focus("fileNameEdit")
    user.type(str(demo.path))
    user.keys("Enter")
    user.until(lambda: user.desk.store.is_open)
    user.rest()
    assert user.window.windowTitle() == f"{demo.path.name} · Auditor"


def filtered_and_chosen(user: User, aggregate_id: str) -> None:
    """The filter, then down into the list, and Enter there."""
    user.keys("/")
    assert user.focused().objectName() == "navigator.filter"
    user.keys("Ctrl+A")
    user.type(aggregate_id)
    user.rest()
    user.keys("Down")
    assert user.focused().objectName() == "navigator.list"
    user.keys("Enter")
    user.until(lambda: user.chosen == aggregate_id and user.desk.loader.fold is not None)
    user.rest()


def moved_to(user: User, version: int) -> None:
    """Roughly by asking for it, then a hundred and single versions by the arrows."""
    user.keys("Ctrl+G")
    user.until_focus("go-to-version.field")
    user.type(str(version - 203))
    user.keys("Enter")
    user.until(lambda: user.desk.cursor.ordinal == version - 203)
    user.round_to("timeline")
    for keys in ("Home", "End"):
        user.keys(keys)
    assert user.desk.cursor.ordinal == user.length
    user.keys("Ctrl+L")
    user.until_focus("go-to-version.field")
    user.type(str(version - 203))
    user.keys("Enter")
    user.until(lambda: user.desk.cursor.ordinal == version - 203)
    user.round_to("timeline")
    for keys in ("Shift+Right", "Shift+Right", "Right", "Right", "Right", "Right", "Left"):
        user.keys(keys)
    user.rest()
    assert set(user.versions().values()) == {version}


def opened_wholly(user: User) -> object:
    user.round_to("state.tree")
    user.keys("*")
    user.until(user.is_wholly_open)
    user.rest()
    return user.state()


def read_event(user: User) -> dict[str, object]:
    user.round_to("event.tabs", "Tab", most=30)
    user.until(lambda: user.focused().objectName().startswith("event.tabs."))
    user.keys("Right")
    user.keys("Space")
    user.rest()
    shown = user.event()
    user.keys("Left")
    user.keys("Space")
    return shown


def played(user: User) -> None:
    user.round_to("timeline", "Shift+F6")
    before = user.desk.cursor.ordinal
    user.keys("+")
    user.keys("Space")
    user.until(lambda: user.desk.cursor.ordinal >= before + 3)
    user.keys("Space")
    user.rest()
    after = user.desk.cursor.ordinal
    user.stays(lambda: user.desk.cursor.ordinal == after)


def went_to_the_cause_and_back(user: User, effect: str, version: int, cause: str, cause_version: int) -> None:
    filtered_and_chosen(user, effect)
    user.round_to("timeline")
    user.keys("Home")
    while user.desk.cursor.ordinal < version:
        user.keys("J")
    user.rest()
    user.keys("Ctrl+Up")
    user.until(lambda: user.chosen == cause and user.desk.loader.fold is not None)
    user.rest()
    assert set(user.versions().values()) == {cause_version}
    user.keys("Alt+Left")
    user.until(lambda: user.chosen == effect and user.desk.loader.fold is not None)
    user.rest()
    assert set(user.versions().values()) == {version}
    user.keys("Alt+Right")
    user.until(lambda: user.chosen == cause)
    user.rest()


def by_palette(user: User, command: str) -> None:
    """A command that has no key of its own."""
    user.keys("Ctrl+K")
    user.until_focus("palette.field")
    user.type(f">{command}")
    user.keys("Enter")


def rebuilt(user: User) -> None:
    by_palette(user, "Projections")
    user.visible("projections.list")
    user.rest()
    user.round_to("projections")
    user.keys("R")
    user.until(lambda: user.rebuild.phase == "finished")
    user.rest()
    assert user.rebuild.done == user.rebuild.total == user.desk.counts.events


def cancelled_a_rebuild(user: User) -> None:
    user.round_to("projections.list", "Tab", most=30)
    user.keys("R")
    user.until(lambda: user.rebuild.phase == "running" and user.rebuild.done > 0)
    user.keys("Escape")
    user.until_focus("dialog.cancel-rebuild.keep")
    user.keys("Tab")
    assert user.focused().objectName() == "dialog.cancel-rebuild.cancel"
    user.keys("Space")
    user.until(lambda: user.rebuild.phase == "cancelled")
    user.rest()
    assert 0 < user.rebuild.done < user.rebuild.total


def followed(user: User, demo: DemoCopy, stall_watch: StallWatch) -> None:
    by_palette(user, "History")
    filtered_and_chosen(user, LONG)
    user.round_to("timeline")
    user.keys("F")
    with demo.writing(user, stall_watch, LONG, 5):
        user.until(lambda: user.length == 5_005)
    user.rest()
    assert set(user.versions().values()) == {5_005}
    user.keys("Left")
    with demo.writing(user, stall_watch, LONG, 2):
        user.until(lambda: user.length == 5_007)
    user.rest()
    assert set(user.versions().values()) == {5_004}
    user.keys("F")
