"""The window: it assembles, and has no behaviour of its own but opening and closing."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.completeness import Completeness
from auditor.gui.desk import furnished_desk
from auditor.gui.looking_actions import LookingActions
from auditor.gui.menus import fill_menus
from auditor.gui.settings import Settings
from auditor.gui.shell import Shell
from auditor.gui.start_page import StartPage
from auditor.gui.status_bar import StatusBar
from auditor.gui.toolbar import NARROW, ToolBar
from auditor.gui.window_actions import WindowActions

if TYPE_CHECKING:
    from auditor.gui.store_view import StoreView


class MainWindow(QMainWindow):
    """One store at a time; several windows are possible. `desk` is what its panels share."""

    closing = Signal()
    """It was closed and everything of it has ended."""

    def __init__(self, appearance: Appearance, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setMinimumSize(960, 640)
        self.desk = furnished_desk(self, appearance, settings)
        store, cursor = self.desk.store, self.desk.cursor
        fill_menus(self.menuBar(), self.desk)
        self.tool_bar = ToolBar(self.desk)
        self.tool_bar.hide()  # it has nothing to do without a store
        self.status = StatusBar(self.desk)
        Completeness(cursor, self.desk.loader, self.status.set_sentence, self)
        self.start_page = StartPage(self.desk)
        self.views: StoreView | None = None  # made when a store is first opened: not before the first paint
        self._building: Iterator[None] = iter(())
        self._pages = QStackedWidget()
        self._pages.addWidget(self.start_page)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self.tool_bar, 0), (self._pages, 1), (self.status, 0)):
            column.addWidget(widget, stretch)
        central = QWidget()
        central.setLayout(column)
        self.setCentralWidget(central)
        self.window_actions = WindowActions(self)
        LookingActions(self.desk, self)
        self.shell = Shell(self)
        column.insertWidget(column.indexOf(self.status), self.shell.crash_bar)
        store.views_made.clear()
        store.views_loaded.connect(self._on_views_loaded)
        store.opened.connect(self._on_opened)
        store.closed.connect(self._on_closed)
        cursor.ordinal_changed.connect(self._name_window)
        cursor.aggregate_changed.connect(self._name_window)
        self._name_window()
        self.resize(1440, 900)
        layout = settings.text("layout/window", "")
        if layout:
            self.restoreGeometry(QByteArray.fromBase64(layout.encode()))

    def open(self, location: str, workspace: Path | None = None) -> None:
        """Shows that store as soon as the window is painted."""
        QTimer.singleShot(0, lambda: self.desk.store.open(location, workspace))

    def _on_views_loaded(self) -> None:
        if self.views is None:
            from auditor.gui.store_view import StoreView

            self.views = StoreView(self.desk, self)
            self.views.hide()
            self._building = self._views_building(self.views)
            self._build_further()

    def _views_building(self, views: "StoreView") -> Iterator[None]:
        yield from views.building()
        yield
        self.shell.trust.changed.connect(views.projections.refresh)
        self._pages.addWidget(views)
        self._put_status_last(views)

    def _build_further(self) -> None:
        """One step a turn of the event loop; the store is opened when all is made."""
        if next(self._building, "over") is None:
            QTimer.singleShot(0, self, self._build_further)
        else:
            self.desk.store.views_made.set()

    def _on_opened(self) -> None:
        assert self.views is not None  # noqa: S101 - begun before the store was opened
        for _ in self._building:
            pass
        session = self.desk.store.session
        self.desk.event_types.use_store(session.reader.store_id)
        self._pages.setCurrentWidget(self.views)
        self.tool_bar.show()
        self._name_window()

    def _put_status_last(self, views: QWidget) -> None:
        """Tab goes through the views before it comes to the status bar, which was made before them."""
        before = _tab_stops(views)[-1]
        for stop in _tab_stops(self.status):
            self.setTabOrder(before, stop)
            before = stop

    def _on_closed(self) -> None:
        self.desk.cursor.clear()
        self.tool_bar.hide()
        self._pages.setCurrentWidget(self.start_page)
        self._name_window()

    def _name_window(self) -> None:
        """`7f3a91c4…e2d0 at 31 · orders.db · Auditor`"""
        desk, parts = self.desk, []
        if desk.cursor.place is not None:
            name = display(desk.cursor.place.aggregate_id)
            short = name if len(name) <= 16 else f"{name[:8]}…{name[-4:]}"
            version = desk.cursor.history.version(desk.cursor.ordinal) if desk.cursor.history else None
            parts.append(short if version is None else tr("{id} at {version:,}", id=short, version=version))
        if desk.store.is_open:
            parts.append(desk.store.name)
        self.setWindowTitle(" · ".join([*parts, tr("Auditor")]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tool_bar.set_narrow(self.width() < NARROW)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.window_actions.may_close():
            event.ignore()
            return
        settings = self.desk.settings
        settings.set("layout/window", self.saveGeometry().toBase64().toStdString())
        settings.flush()
        self.desk.store.shut_down()
        event.accept()
        self.closing.emit()


def _tab_stops(part: QWidget) -> list[QWidget]:
    """What Tab stops at in that part of the window, in its order."""
    stops: list[QWidget] = []
    at = _next_in_focus_chain(part)
    while at is not None and at is not part:
        if part.isAncestorOf(at) and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(at)
        at = _next_in_focus_chain(at)
    return stops


def _next_in_focus_chain(widget: QWidget) -> QWidget | None:
    """PySide takes the next one for a child of this one, and would let go of it together with this one: it is told its
    parent again, which changes nothing else."""
    following = widget.nextInFocusChain()
    if following is not None and following.parentWidget() is not None:
        following.setParent(following.parentWidget())
    return following
