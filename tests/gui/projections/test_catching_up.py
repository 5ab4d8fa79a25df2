"""Catch up in the real window: a real child, by mouse and by keyboard, and why it cannot be had where it cannot."""

import os
import signal
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from auditor.gui.projections.questions import CancelQuestion, LeaveQuestion
from auditor.stores.native_store import EventStore
from tests.gui.projections.conftest import Shown, trust
from tests.gui.projections.test_rebuilding import answer_dialog, dialog, pid_of_child
from tests.helpers.command_line import answer
from tests.helpers.new_events import new_event
from tests.helpers.shop import MADE, Shop

SLOW = ("Slept", {"seconds": 0.004})


def append(shop: Shop, aggregate_id: str, *facts: tuple[str, dict[str, Any]]) -> None:
    with EventStore(str(shop.store)) as store:
        first = store.stream_versions([aggregate_id]).get(aggregate_id, (0, ""))[0]
        made = [
            new_event(aggregate_id, first + at, event_type=event_type, aggregate_type="Thing", data=data)
            for at, (event_type, data) in enumerate(facts, 1)
        ]
        store.append(aggregate_id, made, first)


def behind(show: Callable[..., Shown], shop: Shop, *facts: tuple[str, dict[str, Any]]) -> Shown:
    """A projection that was rebuilt before these facts came."""
    shop.write(a=[MADE] * 3)
    trust(shop)
    assert shop.rebuild().code == 0
    append(shop, "b", *facts)
    shown = show(shop.store)
    shown.until_listed()
    return shown


def tip(shown: Shown) -> str:
    return shown.button("projections.catch-up").toolTip()


def test_by_mouse_from_the_checkpoint_to_the_end(show: Callable[..., Shown], shop: Shop) -> None:
    shown = behind(show, shop, MADE, MADE)
    assert shown.cells("things")["State"] == "Behind"
    assert shown.button("projections.catch-up").accessibleName() == "Catch up"
    shown.click("projections.catch-up")
    assert tip(shown).endswith("It is catching up.")
    shown.until_over("things")
    run = shown.run("things")
    assert (run.phase, run.began_from, run.done, run.total, run.position) == ("finished", 3, 2, 2, 5)
    assert shown.text("projections.run.title") == "things has caught up"
    assert shown.text("projections.run.holds") == "The rows are true at position 5 of the store."
    assert [step.title for step in run.steps] == [
        "Checkpoint found at position 3",
        "Live tables opened",
        "Events applied",
        "Come to position 5",
    ]
    assert {step.state for step in run.steps} == {"done"}
    cells = shown.cells("things")
    assert (cells["State"], cells["Checkpoint"], cells["Rows"]) == ("Up to date", "5", "2")
    assert not shown.button("projections.catch-up").isEnabled()
    assert tip(shown).endswith("Its rows are up to date.")
    assert answer("rows", shop.store, "things")["position"] == 5


def test_from_nothing_by_keyboard(show: Callable[..., Shown], shop: Shop) -> None:
    shop.write(a=[MADE] * 3)
    trust(shop)
    shown = show(shop.store)
    shown.until_listed()
    shown.view.list.setFocus()
    QTest.keyClick(shown.view.list, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    shown.until_over("things")
    run = shown.run("things")
    assert (run.catches_up, run.made_tables, run.phase, run.position) == (True, True, "finished", 3)
    assert run.steps[0].title == "No rows yet: it begins at the first event"
    log = shown.window.findChild(QPlainTextEdit, "projections.log.text")
    assert log is not None
    assert "There were no rows" in log.toPlainText()
    assert shown.cells("things")["State"] == "Up to date"


def test_stopped_it_keeps_what_it_has_and_goes_on_there(show: Callable[..., Shown], shop: Shop) -> None:
    shown = behind(show, shop, *[SLOW] * 3_000, MADE)
    shown.click("projections.catch-up")
    shown.until(lambda: shown.run("things").done > 0)
    assert shown.cells("things")["State"].startswith("Catching up, ")
    task = shown.window.desk.tasks.newest
    assert task is not None
    assert task.name == "Catch up things"
    shown.view.list.setFocus()
    shown.press(Qt.Key.Key_Escape)
    shown.until(lambda: dialog(shown, CancelQuestion) is not None)
    asked = dialog(shown, CancelQuestion)
    assert asked is not None
    assert asked.windowTitle() == "Stop catching up things?"
    answer_dialog(shown, CancelQuestion, "cancel")
    shown.until_over("things")
    stopped = shown.run("things")
    assert stopped.phase == "cancelled"
    assert stopped.position is not None
    assert stopped.position > 3
    assert shown.text("projections.run.title") == "Catching up of things stopped"
    assert f"at position {stopped.position:,}" in shown.text("projections.run.holds")
    assert shown.cells("things")["Checkpoint"] == f"{stopped.position:,}"
    again = shown.button("projections.run.again")
    assert again.accessibleName() == "Go on catching up"
    shown.click("projections.run.again")
    shown.until(lambda: shown.run("things").has_started)
    assert (shown.run("things").catches_up, shown.run("things").began_from) == (True, stopped.position)
    shown.view.rebuilds.cancel("things")
    shown.until_over("things")


def test_killed_it_says_what_holds(show: Callable[..., Shown], shop: Shop) -> None:
    shown = behind(show, shop, *[SLOW] * 3_000)
    shown.click("projections.catch-up")
    shown.until(lambda: shown.run("things").done > 0)
    os.kill(pid_of_child(shown), signal.SIGKILL)
    shown.until_over("things")
    assert shown.text("projections.run.title") == "Catching up of things broke off"
    assert "goes on from there" in shown.text("projections.run.holds")
    checkpoint = int(shown.cells("things")["Checkpoint"].replace(",", ""))
    assert checkpoint >= (shown.run("things").position or 0) > 3


def test_a_handler_that_fails_leaves_the_rows_true_at_their_checkpoint(
    show: Callable[..., Shown], shop: Shop
) -> None:
    shown = behind(show, shop, MADE, ("Failed", {"why": "none"}))
    shown.click("projections.catch-up")
    shown.until_over("things")
    assert shown.text("projections.failed.title") == "Catching up of things stopped at position 5"
    assert "true at position 3" in shown.text("projections.failed.why")
    assert shown.cells("things")["Checkpoint"] == "3"
    shown.click("projections.failed.again")
    assert shown.run("things").catches_up
    shown.until_over("things")
    assert shown.run("things").phase == "failed"


def test_closing_the_window_while_it_runs_asks_in_its_words(show: Callable[..., Shown], shop: Shop) -> None:
    shown = behind(show, shop, *[SLOW] * 3_000)
    shown.click("projections.catch-up")
    shown.until(lambda: shown.run("things").done > 0)
    shown.window.close()
    shown.until(lambda: dialog(shown, LeaveQuestion) is not None)
    asked = dialog(shown, LeaveQuestion)
    assert asked is not None
    assert asked.windowTitle() == "things is catching up"
    leave = asked.findChild(QPushButton, "dialog.leave-rebuild.leave")
    assert leave is not None
    assert leave.text().strip() == "Stop catching up and close"
    answer_dialog(shown, LeaveQuestion, "leave")
    shown.until(lambda: not shown.window.isVisible())


def test_rows_that_cannot_be_gone_on_with_say_why(show: Callable[..., Shown], shop: Shop) -> None:
    shown = behind(show, shop, MADE)
    with (shop.folder / "shop.py").open("a") as module:
        module.write("# edited\n")
    trust(shop)
    shown.view.refresh()
    shown.until(lambda: shown.cells("things")["State"] == "Code changed")
    assert not shown.button("projections.catch-up").isEnabled()
    assert tip(shown).endswith("Its code has changed since its rows were made: rebuild it.")
    assert shown.button("projections.rebuild").isEnabled()


def test_code_that_nobody_has_trusted_is_not_run(show: Callable[..., Shown], shop: Shop) -> None:
    shop.write(a=[MADE])
    shown = show(shop.store)
    shown.until_listed()
    assert not shown.button("projections.catch-up").isEnabled()
    assert tip(shown).endswith("Review its code first.")
