"""The window as a whole: it opens a store, and closes with nothing left."""

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from auditor.gui.main_window import MainWindow


def test_opens_a_store_and_names_it(make_window: Callable[..., MainWindow], demo_store: Path) -> None:
    window = make_window(demo_store)
    assert window.windowTitle() == "orders.db · Auditor"
    assert window.views is not None
    assert window.views.isVisible()


def test_a_file_that_is_no_store_is_told(
    make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("no store")
    window = make_window()
    window.open(str(path))
    qtbot.waitUntil(lambda: window.desk.store.failure is not None)
    assert not window.desk.store.is_open
