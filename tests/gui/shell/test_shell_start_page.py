"""The start page: ways to a store, what was opened lately, and what is said when a store cannot be opened."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings
from auditor.gui.start_rows import StartRow
from auditor.tasks.runner import Lane
from tests.gui.shell.conftest import Hand

OpenWindow = Callable[..., MainWindow]


def drop(window: MainWindow, *paths: Path) -> None:
    """As a file manager does it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    held = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), copy, mime, button, held)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), copy, mime, button, held))


def failure_of(window: MainWindow, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: window.start_page.states.state == "failed")
    title = window.start_page.states.findChild(QLabel, "start.message.title")
    assert isinstance(title, QLabel)
    return title.text()


def test_the_first_row_has_the_focus_and_enter_opens_the_file_dialog(
    open_window: OpenWindow, hand: Hand, demo_store: Path, qtbot: QtBot
) -> None:
    window = open_window()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "start.open"
    hand.keys("Enter")
    dialog = hand.find(QFileDialog, "dialog.open")
    with qtbot.waitSignal(window.desk.store.opened):
        dialog.fileSelected.emit(str(demo_store))
    dialog.close()
    assert window.views is not None
    assert window.views.isVisible()


def test_what_was_opened_is_listed_and_opened_again_by_mouse_and_by_key(
    open_window: OpenWindow, hand: Hand, demo_store: Path, qtbot: QtBot
) -> None:
    window = open_window(demo_store)
    qtbot.waitUntil(lambda: Settings().recent != ())
    qtbot.waitUntil(lambda: window.desk.counts.events is not None)
    hand.keys("Ctrl+W")
    row = hand.find(StartRow, "start.recent.1")
    assert row.text() == "orders.db"
    assert "2,000 events" in row.accessibleName()

    with qtbot.waitSignal(window.desk.store.opened):
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    hand.keys("Ctrl+W")
    with qtbot.waitSignal(window.desk.store.opened):
        hand.keys("Ctrl+1")
    assert [one.location for one in Settings().recent] == [str(demo_store)]


def test_a_store_that_is_gone_says_so_and_can_be_taken_from_the_list(
    open_window: OpenWindow, hand: Hand, tmp_path: Path, demo_store: Path, qtbot: QtBot
) -> None:
    gone = tmp_path / "gone.db"
    shutil.copy(demo_store, gone)
    window = open_window(gone)
    window.desk.store.close()
    gone.unlink()
    window.start_page.home.refresh()
    remove = hand.find(QToolButton, "start.recent.1.remove")
    assert "the file is gone" in hand.find(StartRow, "start.recent.1").accessibleName()

    QTest.mouseClick(remove, Qt.MouseButton.LeftButton)

    assert Settings().recent == ()
    assert hand.find(QLabel, "start.no_recent").text()
    assert not window.desk.actions[ActionId.RECENT_1].isVisible()


def test_delete_takes_a_recent_store_from_the_list(
    open_window: OpenWindow, hand: Hand, demo_store: Path
) -> None:
    window = open_window(demo_store)
    window.desk.store.close()
    hand.find(StartRow, "start.recent.1").setFocus()
    hand.keys("Delete")
    assert Settings().recent == ()


def test_files_dropped_on_the_window_are_opened(
    open_window: OpenWindow, demo_store: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.desk.store.opened):
        drop(window, demo_store)
    assert window.views is not None
    # a file dropped on a text field is not written there
    qtbot.waitUntil(lambda: not any(one.acceptDrops() for one in window.findChildren(QLineEdit)))

    workspace = tmp_path / "auditor.toml"
    workspace.write_text("")
    with qtbot.waitSignal(window.desk.store.opened):
        drop(window, workspace, demo_store)
    assert window.desk.store.workspace == workspace


def test_what_is_no_store_gives_a_sentence_and_ways_on(
    open_window: OpenWindow, hand: Hand, tmp_path: Path, demo_store: Path, qtbot: QtBot
) -> None:
    window = open_window()
    drop(window, tmp_path)
    assert "is a folder, not a file" in failure_of(window, qtbot)
    (tmp_path / "events.ndjson").write_text('{"a": 1}\n' * 100)
    drop(window, tmp_path / "events.ndjson")
    qtbot.waitUntil(lambda: "text file" in failure_of(window, qtbot))
    line = hand.find(QLabel, "start.message.line")
    assert "auditor import" in line.text()

    late = tmp_path / "late.db"
    window.open(str(late))
    qtbot.waitUntil(lambda: "There is no file" in failure_of(window, qtbot))
    qtbot.waitUntil(lambda: QApplication.focusWidget() is hand.find(QPushButton, "start.message.verb0"))
    assert not late.exists()
    shutil.copy(demo_store, late)
    with qtbot.waitSignal(window.desk.store.opened):
        hand.keys("Space")  # Try again has the focus


def test_escape_leads_from_a_failure_back_to_the_start(
    open_window: OpenWindow, hand: Hand, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.open(str(tmp_path / "absent.db"))
    failure_of(window, qtbot)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QPushButton))
    hand.keys("Escape")
    assert window.start_page.states.state == "content"
    hand.find(StartRow, "start.open")


def test_after_a_failure_another_store_is_opened_from_the_start(
    open_window: OpenWindow, hand: Hand, tmp_path: Path, demo_store: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.open(str(tmp_path / "absent.db"))
    failure_of(window, qtbot)
    window.start_page.show_home()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    with qtbot.waitSignal(window.desk.store.opened):
        window.open(str(demo_store))
    assert window.views is not None
    assert window.views.isVisible()


def test_opening_can_be_cancelled(
    open_window: OpenWindow, hand: Hand, demo_store: Path, qtbot: QtBot
) -> None:
    """The compute thread is held until the user has stopped the opening."""
    window = open_window()
    began, go_on = threading.Event(), threading.Event()

    def held(_: object) -> None:
        began.set()
        assert go_on.wait(30)

    window.desk.store.ask_alone(Lane("held"), held, done=lambda _: None)
    assert began.wait(10)
    window.desk.store.open(str(demo_store))
    hand.click("start.opening.cancel")
    go_on.set()
    qtbot.waitUntil(lambda: not window.desk.store.is_opening)
    hand.find(StartRow, "start.open")
    assert not window.desk.store.is_open


def test_a_password_is_neither_shown_nor_kept(
    open_window: OpenWindow, auditor_home: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.open("postgresql://auditor:hunter2@db.example/shop?password=hunter3")
    shown = failure_of(window, qtbot)
    texts = [shown, window.windowTitle(), *(label.text() for label in window.findChildren(QLabel))]
    assert not any("hunter" in text for text in texts)
    window.desk.settings.flush()
    kept = [path.read_text() for path in auditor_home.rglob("*") if path.is_file()]
    assert not any("hunter" in text for text in kept)


def test_the_demo_store_is_made_once(
    open_window: OpenWindow, hand: Hand, auditor_home: Path, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.desk.store.opened, timeout=60_000):
        hand.keys("Ctrl+D")
    made = list((auditor_home / "data" / "demo").iterdir())
    assert [path.name for path in made] == ["orders-20000-seed-1.db"]
    hand.keys("Ctrl+W")
    with qtbot.waitSignal(window.desk.store.opened, timeout=60_000):
        hand.keys("Ctrl+D")
    assert list((auditor_home / "data" / "demo").iterdir()) == made


def test_making_the_demo_store_can_be_cancelled(
    open_window: OpenWindow, hand: Hand, auditor_home: Path, qtbot: QtBot
) -> None:
    window = open_window()
    hand.keys("Ctrl+D")
    hand.click("dialog.demo.cancel")
    qtbot.waitUntil(lambda: hand.is_gone("dialog.demo"))
    qtbot.waitUntil(lambda: list((auditor_home / "data" / "demo").iterdir()) == [])
    assert not window.desk.store.is_open
