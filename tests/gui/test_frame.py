"""What all panels stand on: cursor, history, actions, settings, times, fonts."""

import os
import subprocess
import sys
from array import array
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from auditor import folders
from auditor.core.type_marks import TypeMark
from auditor.gui.action_table import ActionId, Scope, action_table
from auditor.gui.actions import Actions
from auditor.gui.app import make_appearance
from auditor.gui.clock import Clock
from auditor.gui.cursor import Cursor, Place
from auditor.gui.history import History, history_of
from auditor.gui.icons import pixmap
from auditor.gui.settings import FILE_NAME, Settings
from auditor.jobs.show_timeline import TimelineResult
from auditor.resources import resource
from auditor.stores.pages import AggregateRow


def timeline(count: int, first: int = 1, types: tuple[str, ...] = ("Created", "Changed")) -> TimelineResult:
    """Events `first` to `first + count - 1` of an order, of alternating types."""
    last = first + count - 1
    return TimelineResult(
        aggregate=AggregateRow("o-1", "Order", last, last, "2026-03-01T12:00:00.000000Z"),
        first_ordinal=first,
        versions=array("q", range(first, last + 1)),
        positions=array("q", range(first * 10, last * 10 + 1, 10)),
        times=["2026-03-01T12:00:00.000000Z"] * count,
        types=types,
        type_of=array("I", [number % len(types) for number in range(count)]),
        users=("anna", None),
        user_of=array("I", [0] * count),
        sizes=array("q", [10] * count),
        notes=(),
        store_id="s",
        head=last * 10,
    )


def shown(cursor: Cursor, place: Place, count: int = 10) -> History:
    cursor.go_to(place)
    history = history_of(timeline(count))
    history = replace(history, aggregate=history.aggregate._replace(aggregate_id=place.aggregate_id))
    cursor.set_history(history)
    return history


def test_a_history_grows_by_what_was_read_further() -> None:
    whole = history_of(timeline(7)).extended(timeline(5, first=8, types=("Changed", "Closed")))
    assert whole.length == 12
    assert whole.types == ("Created", "Changed", "Closed")
    assert [whole.event_type(n) for n in (1, 2, 8, 9)] == ["Created", "Changed", "Changed", "Closed"]
    assert whole.counts() == [4, 6, 2]
    assert sum(whole.counts()) == whole.length
    assert whole.version(0) is None
    assert (whole.version(12), whole.user(12), whole.ordinal_of_version(12)) == (12, "anna", 12)
    assert whole.ordinal_of_version(13) is None
    assert (whole.same_type(1, 1), whole.same_type(3, -1), whole.same_type(1, -1)) == (3, 1, None)
    assert whole.positions.dtype == np.int64


def test_a_new_aggregate_is_shown_at_its_end_and_follows_it_only_from_there(qapp: QApplication) -> None:
    cursor = Cursor(qapp)
    history = shown(cursor, Place("o-1", "Order"))
    assert cursor.ordinal == 10
    cursor.set_history(history.extended(timeline(2, first=11)))
    assert cursor.ordinal == 12
    cursor.set_ordinal(5)
    assert cursor.history is not None
    cursor.set_history(cursor.history.extended(timeline(2, first=13)))
    assert cursor.ordinal == 5
    cursor.set_ordinal(99)
    assert cursor.ordinal == 14
    cursor.step(-99)
    assert cursor.ordinal == 1
    cursor.set_ordinal(0)  # before the first event is nothing
    assert cursor.ordinal == 1


def test_the_way_back_leads_to_the_same_place(qapp: QApplication) -> None:
    cursor = Cursor(qapp)
    shown(cursor, Place("o-1", "Order"))
    cursor.set_ordinal(4)
    shown(cursor, Place("o-2", "Order", 3))
    assert (cursor.ordinal, cursor.can_go_back, cursor.can_go_forward) == (3, True, False)
    cursor.back()
    assert cursor.place == Place("o-1", "Order", 4)
    shown_again = history_of(timeline(10))
    cursor.set_history(shown_again)
    assert (cursor.ordinal, cursor.can_go_forward) == (4, True)
    cursor.forward()
    assert cursor.place == Place("o-2", "Order", 3)


def test_a_jump_to_the_end_of_what_is_shown_can_be_taken_back(qapp: QApplication) -> None:
    """Choosing the chosen aggregate once more leads to its last event."""
    cursor = Cursor(qapp)
    shown(cursor, Place("o-1", "Order"))
    cursor.go_to(Place("o-1", "Order"))
    assert not cursor.can_go_back
    cursor.set_ordinal(4)
    cursor.go_to(Place("o-1", "Order"))
    assert (cursor.ordinal, cursor.can_go_back) == (10, True)
    cursor.back()
    assert cursor.ordinal == 4


def test_a_place_without_a_type_has_it_once_it_is_read(qapp: QApplication) -> None:
    cursor = Cursor(qapp)
    shown(cursor, Place("o-1", None, 4))
    assert cursor.place == Place("o-1", "Order", 4)


def test_a_history_that_comes_late_is_not_shown(qapp: QApplication) -> None:
    cursor = Cursor(qapp)
    cursor.go_to(Place("o-2", "Order"))
    cursor.set_history(history_of(timeline(3)))
    assert cursor.history is None


def test_no_key_means_two_things() -> None:
    keys: dict[tuple[Scope, str], ActionId] = {}
    for spec in action_table():
        for scope in tuple(Scope) if spec.scope is Scope.WINDOW else (spec.scope, Scope.WINDOW):
            for key in spec.keys:
                taken = keys.get((scope, key))
                assert taken is None, (key, taken, spec.id)
        for key in spec.keys:
            keys[spec.scope, key] = spec.id
    assert {spec.id for spec in action_table()} == set(ActionId)


def test_an_action_says_why_it_cannot_be_used(qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = Actions(window, make_appearance(qapp, Settings()))
    assert not actions[ActionId.REFRESH].isEnabled()
    done: list[str] = []
    actions.on(ActionId.REFRESH, lambda: done.append("refreshed"))
    actions[ActionId.REFRESH].trigger()
    actions.enable(ActionId.REFRESH, enabled=False, reason="No store is open.")
    actions[ActionId.REFRESH].trigger()
    assert done == ["refreshed"]
    assert actions[ActionId.REFRESH].toolTip() == "Read new events (F5)\nNo store is open."


def test_settings_are_kept_and_two_windows_do_not_undo_each_other() -> None:
    one, other = Settings(), Settings()
    one.set("look/scheme", "dark")
    one.remember("/data/orders.db", "orders.db", "2026-03-01T12:00:00.000000Z")
    one.set_type_marks("s", {"Created": TypeMark(1, 2)})
    one.flush()
    other.set("look/text_size", 15)
    other.flush()
    again = Settings()
    assert (again.text("look/scheme", ""), again.number("look/text_size", 0)) == ("dark", 15)
    assert [recent.name for recent in again.recent] == ["orders.db"]
    assert again.type_marks("s") == {"Created": TypeMark(1, 2)}
    again.note_events("/data/orders.db", 12)
    again.remember("/data/orders.db", "orders.db", "2026-03-02T12:00:00.000000Z")
    assert (again.recent[0].events, len(again.recent)) == (12, 1)


def test_settings_that_cannot_be_read_count_as_not_there() -> None:
    path = folders.state_folder() / FILE_NAME
    path.parent.mkdir(parents=True)
    for text in (
        "{",
        "[]",
        '{"recent": [1, {"location": 5}], "look/scheme": 7, "type_marks": {"s": {"A": [1]}}}',
    ):
        path.write_text(text)
        settings = Settings()
        assert (settings.recent, settings.text("look/scheme", "system"), settings.type_marks("s")) == (
            (),
            "system",
            {},
        )


def test_times_carry_their_zone(qapp: QApplication) -> None:
    clock = Clock(qapp)
    assert clock.full("2026-03-02T14:11:07.482913Z") == "2026-03-02 14:11:07.482913 UTC"
    assert clock.minute("2026-03-02T14:11:07.482913Z") == "2026-03-02 14:11"
    assert clock.full("no time \u202e") == "no time ‹U+202E›"
    clock.set_local(True)
    assert clock.other_zone("2026-03-02T14:11:07.482913Z").endswith("UTC")
    assert clock.zone_name == "local"


def test_months_are_named_in_the_language_of_the_texts() -> None:
    """Qt takes over the system's locale, in which Python would name them."""
    code = "import locale, auditor.gui.app as a; x = a.make_application(); print(locale.setlocale(locale.LC_TIME))"
    environment = os.environ | {"LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.stdout == "C\n"


def test_figures_are_equally_wide_and_the_hyphen_is_narrow(qapp: QApplication) -> None:
    metrics = QFontMetricsF(make_appearance(qapp, Settings()).body())
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")
    assert metrics.horizontalAdvance("-") < metrics.horizontalAdvance("0")


def test_every_icon_draws_something(qapp: QApplication) -> None:
    names = {path.stem for path in Path(resource("icons")).glob("*.svg")}
    assert {spec.icon for spec in action_table() if spec.icon} <= names
    for name in sorted(names):
        image = pixmap(name, "#ff0000", 16, 2.0).toImage()
        painted = [image.pixelColor(x, y).alpha() for x in range(32) for y in range(32)]
        assert sum(alpha > 128 for alpha in painted) > 20, name
