"""The window as a whole: it opens a store, and closes with nothing left."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import Qt as QtText
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from auditor.gui.main_window import MainWindow
from tests.helpers.small_stores import write_store


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


def test_a_version_is_written_alike_everywhere(
    make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    facts: list[tuple[str, dict[str, Any]]] = [("Added", {"n": n}) for n in range(1200)]
    store = write_store(tmp_path / "long.db", {"t-1": facts})
    window = make_window(store)
    qtbot.waitUntil(lambda: window.desk.loader.fold is not None)
    window.desk.cursor.set_ordinal(1199)

    def text(name: str) -> str:
        label = window.findChild(QLabel, name)
        assert label is not None, name
        return label.text()

    qtbot.waitUntil(lambda: "1,199" in text("state.version") and "1,199" in text("event.version"))
    assert window.windowTitle().startswith("t-1 at 1,199 ·")
    qtbot.waitUntil(lambda: "up to version 1,199 is" in text("state.approximation.line"))
    assert window.views is not None
    rows = window.views.history.event_panel.rows
    assert rows.index(1198, 0).data() == "1,199"
    assert (
        rows.index(1198, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("event 1,199 of 1,200, Added")
    )


def test_one_thing_is_not_said_in_the_plural(
    make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window(write_store(tmp_path / "one.db", {"t-1": [("Added", {"n": "x"})]}))
    assert window.views is not None
    state = window.views.history.state
    qtbot.waitUntil(lambda: state.states.state == "content")
    added = window.findChild(QLabel, "state.added")
    assert added is not None
    assert (added.toolTip(), added.accessibleName()) == ("1 field added", "1 field added")
    assert state.tree.find("/n").data(Qt.ItemDataRole.ToolTipRole) == "/n\nx\ntext, 1 character"


class ShownWindows(QObject):
    """Notes which widgets are shown as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


def test_no_part_of_the_views_flashes_up_as_a_window_while_they_are_made(
    make_window: Callable[..., MainWindow], demo_store: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window = make_window()
    watch = ShownWindows()
    qapp.installEventFilter(watch)
    try:
        with qtbot.waitSignal(window.desk.store.opened, timeout=10_000):
            window.open(str(demo_store))
        assert window.views is not None
        window.views.show_projections()
        projections = window.views.projections
        qtbot.waitUntil(lambda: projections.states.state == "content")
    finally:
        qapp.removeEventFilter(watch)
    assert watch.shown == []


def test_tool_tips_are_never_taken_for_html(
    make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    evil = "<b>x</b> &lt;"
    facts: list[tuple[str, dict[str, Any]]] = [(evil, {evil: {evil: evil}, "a": evil})]
    window = make_window(write_store(tmp_path / "evil.db", {evil: facts}, aggregate_type=evil))
    assert window.views is not None
    history = window.views.history
    qtbot.waitUntil(lambda: history.state.states.state == history.event_panel.states.state == "content")
    qtbot.waitUntil(lambda: history.navigator.types.model().rowCount() == 2)
    models = (
        history.state.tree,
        history.event_panel.fields.facts,
        history.event_panel.rows,
        history.navigator.model,
        history.navigator.types.model(),
    )
    tips = [
        model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or ""
        for model in models
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    tips += [widget.toolTip() for widget in window.findChildren(QWidget)]
    about_it = [tip for tip in tips if "x" in tip and "b" in tip and ("<b>" in tip or "&lt;b" in tip)]
    assert len(about_it) > 10
    shown = [
        QTextDocumentFragment.fromHtml(tip).toPlainText() if QtText.mightBeRichText(tip) else tip
        for tip in about_it
    ]
    whole = [tip.replace("~1", "/") for tip in shown]  # a pointer has its own way of writing a slash
    assert [tip for tip in whole if "<b>x</b>" not in tip] == []


def test_state_has_three_parts_of_the_width_and_the_event_two(
    make_window: Callable[..., MainWindow], demo_store: Path, qtbot: QtBot
) -> None:
    window = make_window(demo_store, (1280, 800))
    assert window.views is not None
    below = window.views.history.below
    qtbot.waitUntil(lambda: below.isVisible() and sum(below.sizes()) > 900)
    state, event = below.sizes()[:2]
    assert abs(state * 2 - event * 3) < 20
