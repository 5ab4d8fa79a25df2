"""A user at the real window: finds what can be seen, uses mouse or keys, and reads what the panels say."""

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QElapsedTimer, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QMenu, QPlainTextEdit, QWidget

from auditor.core import exact_json
from auditor.core.outline import OutlineRow
from auditor.gui.action_table import ActionId
from auditor.gui.event.event_list import EventTable
from auditor.gui.main_window import MainWindow
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.view import ProjectionsView
from auditor.gui.state.tree_view import StateView
from auditor.gui.timeline.bar import Readout
from auditor.gui.timeline.slider import VersionSlider

Found = TypeVar("Found", bound=QWidget)
PATIENCE_MS = 20_000
LOOKS_EVERY_MS, MOVES_EVERY_MS = 10, 4
RESTS_AFTER_LOOKS = 5
PROJECTION = "order_summaries"
LEFT = Qt.MouseButton.LeftButton


class Reading:
    """What a window says, read from the widgets that say it."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.desk = window.desk

    def find(self, kind: type[Found], name: str) -> Found:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def text(self, name: str) -> str:
        return self.find(QLabel, name).text()

    @property
    def chosen(self) -> str | None:
        """The id of the chosen aggregate."""
        place = self.desk.cursor.place
        return None if place is None else place.aggregate_id

    @property
    def length(self) -> int:
        """How many versions the chosen aggregate has, as far as is known."""
        return 0 if self.desk.cursor.history is None else self.desk.cursor.history.length

    @property
    def rebuild(self) -> RebuildRun:
        """The newest rebuild of the demo's projection."""
        return self.find(ProjectionsView, "projections").rebuilds.runs[PROJECTION]

    @property
    def rests(self) -> bool:
        """Nothing that was asked is still to be answered."""
        views = self.window.views
        is_listing = views is not None and views.history.navigator.feed.is_reading
        return not self.desk.store.is_busy and not self.desk.counts.is_counting and not is_listing

    def versions(self) -> dict[str, int | None]:
        """Every visible place that names a version, and the version that it names."""
        cursor, history = self.desk.cursor, self.desk.cursor.history
        if history is None or cursor.ordinal == 0 or not self.find(QWidget, "history").isVisible():
            return {}
        said: dict[str, int | None] = {"cursor": history.version(cursor.ordinal)}
        said["slider"] = history.version(self.find(VersionSlider, "timeline.slider").value())
        said["bar"] = int(self.find(Readout, "timeline.readout").version_text.replace(",", ""))
        said["title"] = _number(self.window.windowTitle().split(" · ")[0])
        for name in ("state.version", "event.version"):
            label = self.find(QLabel, name)
            if label.isVisible():
                said[name] = _number(label.accessibleName())
        for table in self.window.findChildren(EventTable):
            if table.isVisible():
                said["events"] = history.version(table.currentIndex().row() + 1)
        return said

    def names_one_version(self) -> bool:
        return len(set(self.versions().values())) <= 1

    # -- state and event -------------------------------------------------------------------------------------------

    def state(self) -> Any:
        """The state as the rows of the tree say it; those that were removed are left out."""
        rows = [row for row in self.find(StateView, "state.tree").tree.rows() if row.sign != "removed"]
        return _value_of(rows, "", "object")

    def is_wholly_open(self) -> bool:
        tree = self.find(StateView, "state.tree")
        holders = [row for row in tree.tree.rows() if row.kind in ("object", "array") and row.length]
        return all(tree.isExpanded(tree.tree.find(row.pointer).siblingAtColumn(0)) for row in holders)

    def event(self) -> dict[str, Any]:
        """What the JSON tab shows."""
        shown: dict[str, Any] = json.loads(self.find(QPlainTextEdit, "event.json.text").toPlainText())
        return shown


def _number(text: str) -> int | None:
    """The last number that is a word of its own, in whatever language; an id may stand before it."""
    found = re.findall(r"(?<![\w-])\d[\d,]*(?![\w-])", text)
    return int(found[-1].replace(",", "")) if found else None


def _value_of(rows: list[OutlineRow], pointer: str, kind: str) -> Any:
    depth, prefix = pointer.count("/"), f"{pointer}/"
    values = []
    for row in rows:
        if row.depth != depth or not row.pointer.startswith(prefix):
            continue
        if row.kind in ("object", "array"):
            below = [one for one in rows if one.pointer.startswith(f"{row.pointer}/")]
            value = _value_of(below, row.pointer, row.kind)
            assert len(value) == row.length
        else:
            value = row.text if row.kind == "string" else exact_json.parse(row.text)
        values.append((row.key, value))
    return [value for _, value in values] if kind == "array" else dict(values)


class User(Reading):
    """Acts as a hand does."""

    def until(self, holds: Callable[[], object]) -> None:
        """The event loop runs until that holds; it must within 20 s."""
        clock = QElapsedTimer()
        clock.start()
        while not holds():
            if clock.elapsed() > PATIENCE_MS:
                raise TimeoutError(f"{self.chosen} in {self.window.windowTitle()}: it never held")
            QTest.qWait(LOOKS_EVERY_MS)

    def until_open(self) -> None:
        self.until(lambda: self.desk.store.is_open)

    def rest(self) -> None:
        """Until all is answered, every place names the same version, and both have stayed so for a moment."""
        looks = 0

        def stays() -> bool:
            nonlocal looks
            looks = looks + 1 if self.rests and self.names_one_version() else 0
            return looks == RESTS_AFTER_LOOKS

        try:
            self.until(stays)
        except TimeoutError:
            busy, versions = not self.rests, self.versions()
            raise AssertionError(f"no rest: busy {busy}, versions {versions}") from None

    def stays(self, holds: Callable[[], bool], milliseconds: int = 400) -> None:
        """That it holds now, and goes on to."""
        clock = QElapsedTimer()
        clock.start()
        self.until(lambda: not holds() or clock.elapsed() > milliseconds)
        assert holds()

    def visible(self, name: str) -> QWidget:
        """The visible widget of that object name in any window; waits for it."""
        found: list[QWidget] = []

        def is_there() -> bool:
            found[:] = [
                one for one in QApplication.allWidgets() if one.objectName() == name and one.isVisible()
            ]
            return bool(found)

        self.until(is_there)
        return found[-1]

    # -- the mouse -------------------------------------------------------------------------------------------------

    def click(self, name: str, at: QPoint | None = None) -> QWidget:
        """On the middle of a widget that is there and can be used."""
        widget = self.visible(name)
        self.until(widget.isEnabled)
        QTest.mouseClick(widget, LEFT, pos=at or widget.rect().center())
        return widget

    def click_row(self, view: QAbstractItemView, index: QModelIndex) -> None:
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())

    def choose_in_menu(self, menu_name: str, name: ActionId) -> None:
        """Opens a menu of the menu bar and clicks an entry."""
        bar, action = self.window.menuBar(), self.desk.actions[name]
        menu = self.find(QMenu, f"menu.{menu_name}")
        self.until(action.isEnabled)
        QTest.mouseClick(bar, LEFT, pos=bar.actionGeometry(menu.menuAction()).center())
        self.until(menu.isVisible)
        self._click_entry(menu, action)

    def _click_entry(self, menu: QMenu, action: QAction) -> None:
        at = menu.actionGeometry(action).center()
        QTest.mouseMove(menu, at)
        QTest.mouseClick(menu, LEFT, pos=at)
        self.until(lambda: not menu.isVisible())

    def drag_slider(self, ordinal: int, steps: int = 24) -> None:
        """Grabs the handle and moves it there, over what lies between."""
        slider, history = self.find(VersionSlider, "timeline.slider"), self.desk.cursor.history
        assert history is not None
        begin, end = (slider.x_of(at) for at in (self.desk.cursor.ordinal, ordinal))
        y = slider.height() // 2
        QTest.mousePress(slider, LEFT, pos=QPoint(round(begin), y))
        for step in range(1, steps + 1):
            QTest.mouseMove(slider, QPoint(round(begin + (end - begin) * step / steps), y))
            QTest.qWait(MOVES_EVERY_MS)
        QTest.mouseRelease(slider, LEFT, pos=QPoint(round(end), y))

    # -- the keyboard ----------------------------------------------------------------------------------------------

    def keys(self, keys: str) -> None:
        """To what has the focus: `Ctrl+K`, `F6`, `/`."""
        QTest.keySequence(self.focused(), QKeySequence(keys))

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focused(), text)

    def focused(self) -> QWidget:
        """What gets the keys. Off screen no window becomes active by itself when a dialog has been closed."""
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
            self.until(lambda: QApplication.activeWindow() is not None)
        target = QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None
        return target

    def until_focus(self, name: str) -> None:
        """Until the widget of that object name has the focus."""
        self.until(lambda: (at := QApplication.focusWidget()) is not None and at.objectName() == name)

    def round_to(self, name: str, keys: str = "F6", most: int = 12) -> None:
        """Presses the keys until the focus is in that widget."""
        wanted = self.find(QWidget, name)
        for _ in range(most):
            self.keys(keys)
            focused = QApplication.focusWidget()
            if focused is not None and (focused is wanted or wanted.isAncestorOf(focused)):
                return
        focused = QApplication.focusWidget()
        raise AssertionError(f"{keys} never came to {name}; it is at {focused and focused.objectName()}")
