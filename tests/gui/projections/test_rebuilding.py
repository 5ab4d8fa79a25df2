"""Rebuilds in the real window: the child is a real one, driven once by mouse and once by keyboard."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.main_window import MainWindow
from auditor.gui.projections.questions import CancelQuestion, LeaveQuestion
from tests.gui.projections.conftest import LEFT, Shown, trust
from tests.helpers.command_line import answer
from tests.helpers.leftovers import child_processes
from tests.helpers.shop import MADE, Shop

DEMO = "order_summaries"
SLOW = [("Slept", {"seconds": 0.004})] * 6_000
"""Some 25 seconds: time enough to cancel, kill and close."""


def dialog(shown: Shown, kind: type[QWidget]) -> QWidget | None:
    return next((one for one in shown.window.findChildren(kind) if one.isVisible()), None)


def answer_dialog(shown: Shown, kind: type[QWidget], button: str) -> None:
    shown.until(lambda: dialog(shown, kind) is not None)
    asked = dialog(shown, kind)
    assert asked is not None
    found = asked.findChild(QPushButton, f"{asked.objectName()}.{button}")
    assert found is not None
    QTest.mouseClick(found, LEFT)


def begin_slow(show: Callable[..., Shown], shop: Shop) -> Shown:
    """Rows are there from before; a second rebuild has applied some events."""
    shop.write(a=[MADE], b=SLOW)
    trust(shop)
    shown = show(shop.store)
    shown.until_listed()
    shown.view.rebuilds.begin("things")
    shown.until(lambda: shown.run("things").done > 0)
    return shown


def pid_of_child(shown: Shown) -> int:
    child = shown.view.rebuilds._child._process
    assert child is not None
    return int(child.processId())


def test_to_the_end_by_mouse(show: Callable[..., Shown], demo_store: Path) -> None:
    shown = show(demo_store)
    shown.until_listed()
    shown.click("projections.rebuild")
    assert not shown.button("projections.rebuild").isEnabled()
    assert shown.button("projections.rebuild").toolTip().endswith("It is being rebuilt.")
    shown.until_over(DEMO)
    run = shown.run(DEMO)
    assert (run.phase, run.done, run.total, run.position) == ("finished", 2000, 2000, 2000)
    assert shown.text("projections.run.title") == "order_summaries was rebuilt"
    cells = shown.cells(DEMO)
    assert (cells["State"], cells["Checkpoint"], cells["Lag, events"]) == ("Up to date", "2,000", "0")
    (listed,) = answer("projections", demo_store)["projections"]
    assert listed["tables"] == run.built
    assert cells["Rows"] == f"{sum(run.built.values()):,}"
    assert shown.window.desk.tasks.newest is None
    shown.click("projections.run.rows")
    shown.until(lambda: shown.view.details.rows.states.state == "content")


def test_to_the_end_and_a_second_one_cancelled_by_keyboard(show: Callable[..., Shown], shop: Shop) -> None:
    shop.write(a=[MADE], b=SLOW)
    trust(shop)
    shown = show(shop.store)
    shown.until_listed()
    shown.view.list.setFocus()
    shown.press(Qt.Key.Key_R)
    shown.until(lambda: shown.run("things").done > 0)
    shown.press(Qt.Key.Key_Escape)
    shown.until(lambda: dialog(shown, CancelQuestion) is not None)
    asked = dialog(shown, CancelQuestion)
    assert asked is not None
    assert asked.focusWidget().objectName() == "dialog.cancel-rebuild.keep", "the safe answer has the focus"
    QTest.keyClick(asked.focusWidget(), Qt.Key.Key_Return)
    shown.until(lambda: dialog(shown, CancelQuestion) is None)
    assert shown.run("things").phase == "running"
    shown.view.list.setFocus()
    shown.press(Qt.Key.Key_Escape)
    shown.until(lambda: dialog(shown, CancelQuestion) is not None)
    asked = dialog(shown, CancelQuestion)
    assert asked is not None
    QTest.keyClick(asked.focusWidget(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(asked.focusWidget(), Qt.Key.Key_Space)
    shown.until_over("things")
    assert shown.run("things").phase == "cancelled"
    assert shown.text("projections.run.title") == "Rebuild of things cancelled"
    assert "as they were before" in shown.text("projections.run.holds")
    assert shown.cells("things")["State"] == "Never run"


def test_while_it_runs_bar_figures_status_and_log_say_the_same(
    show: Callable[..., Shown], shop: Shop
) -> None:
    shown = begin_slow(show, shop)
    run, window = shown.run("things"), shown.window
    bar = window.findChild(QProgressBar, "projections.run.bar")
    assert bar is not None
    shown.until(lambda: bar.value() == run.done)
    assert bar.maximum() == 6_001
    assert shown.text("projections.figure.0") == f"{run.done:,}"
    assert shown.cells("things")["State"].startswith("Rebuilding, ")
    task = window.desk.tasks.newest
    assert task is not None
    assert (task.name, task.done, task.total) == ("Rebuild things", run.done, 6_001)
    log = window.findChild(QPlainTextEdit, "projections.log.text")
    assert log is not None
    assert "fixed at position 6,001" in log.toPlainText()
    chart = shown.view.details.run_page.chart
    assert 0 < chart.number_of_points <= chart.width() + 2
    window.desk.actions[ActionId.VIEW_HISTORY].trigger()
    assert not shown.view.isVisible()
    assert task.open is not None
    task.open()
    assert shown.view.isVisible()
    shown.view.rebuilds.cancel("things")
    shown.until_over("things")


def test_a_second_one_waits_for_the_first_and_can_be_taken_back(
    show: Callable[..., Shown], shop: Shop
) -> None:
    toml = shop.folder / "auditor.toml"
    toml.write_text(toml.read_text() + '[projections.others]\npython = "shop:Things"\n')
    shown = begin_slow(show, shop)
    shown.view.rebuilds.begin("others")
    assert shown.run("others").phase == "waiting"
    assert shown.cells("others")["State"] == "Waiting"
    shown.view.list.select("others")
    shown.click("projections.run.cancel")
    answer_dialog(shown, CancelQuestion, "cancel")
    assert shown.run("others").phase == "cancelled"
    assert shown.run("things").phase == "running"
    shown.view.rebuilds.begin("others")
    shown.view.rebuilds.cancel("things")
    shown.until(lambda: shown.run("others").phase == "running")
    assert shown.run("things").phase == "cancelled"
    shown.view.rebuilds.cancel("others")
    shown.until_over("others")


def test_a_failure_names_event_handler_and_traceback_and_leads_to_history(
    show: Callable[..., Shown], shop: Shop
) -> None:
    shop.write(a=[MADE, MADE, ("Failed", {"why": "n\u202eone"}), MADE], b=[MADE])
    trust(shop)
    shown = show(shop.store)
    shown.until_listed()
    shown.click("projections.rebuild")
    shown.until_over("things")
    assert shown.text("projections.failed.title") == "Rebuild of things stopped at position 3"
    assert shown.cells("things")["State"] == "Failed at 3"
    why = shown.text("projections.failed.why")
    assert "on_failed" in why
    assert "\x1b" not in why
    assert "as they were before" in why
    traceback = shown.window.findChild(QPlainTextEdit, "projections.failed.traceback")
    assert traceback is not None
    assert "in on_failed" in traceback.toPlainText()
    assert "\x1b" not in traceback.toPlainText()
    shown.click("projections.failed.copy")
    assert "ValueError" in QApplication.clipboard().text()
    shown.click("projections.failed.copy-data")
    assert QApplication.clipboard().text() == '{"why":"n\u202eone"}'
    shown.click("projections.failed.event")
    cursor = shown.window.desk.cursor
    shown.until(lambda: cursor.history is not None and cursor.ordinal == 3)
    assert cursor.place is not None
    assert cursor.place.aggregate_id == "a"
    assert not shown.view.isVisible()


def test_a_killed_child_is_told_with_what_holds_and_can_be_begun_again(
    show: Callable[..., Shown], shop: Shop
) -> None:
    shown = begin_slow(show, shop)
    os.kill(pid_of_child(shown), signal.SIGKILL)
    shown.until_over("things")
    assert shown.run("things").phase == "died"
    assert shown.text("projections.run.title") == "Rebuild of things broke off"
    assert "in one transaction" in shown.text("projections.run.holds")
    assert shown.cells("things")["State"] == "Failed"
    shown.click("projections.run.again")
    shown.until(lambda: shown.run("things").done > 0)
    shown.view.rebuilds.cancel("things")
    shown.until_over("things")


def test_a_child_that_does_not_stop_is_ended_after_two_seconds(
    show: Callable[..., Shown], shop: Shop
) -> None:
    shown = begin_slow(show, shop)
    os.kill(pid_of_child(shown), signal.SIGSTOP)
    shown.view.rebuilds.cancel("things")
    assert shown.run("things").phase == "cancelling"
    shown.until_over("things")
    assert shown.run("things").phase == "cancelled"
    assert "as they were before" in shown.text("projections.run.holds")


def test_closing_the_window_asks_first_and_leaves_no_child(
    show: Callable[..., Shown], shop: Shop, qtbot: QtBot
) -> None:
    shown = begin_slow(show, shop)
    child = pid_of_child(shown)
    assert child in child_processes()
    shown.window.close()
    assert shown.window.isVisible()
    answer_dialog(shown, LeaveQuestion, "stay")
    assert shown.window.isVisible()
    assert shown.run("things").phase == "running"
    shown.window.close()
    with qtbot.waitSignal(shown.window.closing, timeout=10_000):
        answer_dialog(shown, LeaveQuestion, "leave")
    assert not shown.window.isVisible()
    assert child not in child_processes()
    assert [one for one in threading.enumerate() if one.name.startswith("auditor")] == []


def test_a_window_that_must_go_takes_its_child_along(show: Callable[..., Shown], shop: Shop) -> None:
    shown = begin_slow(show, shop)
    child = pid_of_child(shown)
    shown.window.window_actions.guards.clear()
    shown.window.close()
    assert child not in child_processes()


def test_another_store_is_opened_only_after_asking(
    show: Callable[..., Shown], shop: Shop, demo_store: Path
) -> None:
    shown = begin_slow(show, shop)
    store = shown.window.desk.store
    store.open(str(demo_store))
    answer_dialog(shown, LeaveQuestion, "stay")
    assert store.location == str(shop.store)
    assert shown.run("things").phase == "running"
    store.open(str(demo_store))
    answer_dialog(shown, LeaveQuestion, "leave")
    shown.until(lambda: store.is_open and store.location == str(demo_store))
    assert shown.view.rebuilds.runs == {}


def test_code_that_nobody_trusted_is_not_rebuilt_and_says_why(show: Callable[..., Shown], shop: Shop) -> None:
    shop.write(a=[MADE])
    shown = show(shop.store)
    shown.until_listed()
    for one in shown.window.findChildren(QWidget, "dialog.trust"):
        one.close()
    assert not shown.button("projections.rebuild").isEnabled()
    assert shown.button("projections.rebuild").toolTip().endswith("Review its code first.")
    assert shown.cells("things")["Code fingerprint"].endswith(", not trusted")
    shown.click("projections.trust.review")
    shown.until(lambda: any(one.isVisible() for one in shown.window.findChildren(QWidget, "dialog.trust")))
    (asked,) = [one for one in shown.window.findChildren(QWidget, "dialog.trust") if one.isVisible()]
    yes = asked.findChild(QPushButton, "dialog.trust.trust")
    assert yes is not None
    QTest.mouseClick(yes, LEFT)
    shown.until(lambda: shown.button("projections.rebuild").isEnabled())
    shown.click("projections.rebuild")
    shown.until_over("things")
    assert shown.run("things").phase == "finished"


def test_a_store_without_projections_says_how_to_name_some(
    show: Callable[..., Shown], tmp_path: Path, make_window: Callable[..., MainWindow]
) -> None:
    from tests.helpers.small_stores import write_store

    shown = show(write_store(tmp_path / "plain.db", {"a": [MADE]}))
    shown.until(lambda: shown.view.states.state == "empty")
    assert shown.text("projections.message.title") == "No projections"
    assert "auditor.toml" in shown.text("projections.message.line")


def test_a_workspace_that_became_wrong_fails_with_a_way_to_try_again(
    show: Callable[..., Shown], shop: Shop
) -> None:
    shop.write(a=[MADE])
    trust(shop)
    shown = show(shop.store)
    shown.until_listed()
    shop.store.unlink()
    shown.view.refresh()
    shown.until(lambda: shown.view.states.state == "failed")
    assert shown.button("projections.message.verb0").text() == "Try again"


def test_events_that_came_are_seen_as_lag(show: Callable[..., Shown], shop: Shop) -> None:
    from auditor.stores.native_store import EventStore
    from tests.helpers.new_events import new_event

    shop.write(a=[MADE])
    trust(shop)
    shown = show(shop.store)
    shown.until_listed()
    shown.click("projections.rebuild")
    shown.until_over("things")
    assert shown.cells("things")["State"] == "Up to date"
    with EventStore(str(shop.store)) as store:
        store.append("z", [new_event("z", 1), new_event("z", 2)], 0)
    shown.window.desk.actions[ActionId.FOLLOW].trigger()
    shown.until(lambda: shown.cells("things")["Lag, events"] == "2")
    assert shown.cells("things")["State"] == "Behind"


def test_who_quits_is_asked_once_for_all_windows(
    show: Callable[..., Shown], shop: Shop, make_window: Callable[..., MainWindow]
) -> None:
    shown = begin_slow(show, shop)
    other = make_window()
    shown.window.desk.actions[ActionId.QUIT].trigger()
    assert shown.window.isVisible()
    other.show()
    answer_dialog(shown, LeaveQuestion, "leave")
    shown.until(lambda: not shown.window.isVisible() and not other.isVisible())
