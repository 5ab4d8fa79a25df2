"""The ways to a store: file dialog, recent ones, the demo, files dropped; and which were opened is remembered."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.core.timestamps import format_timestamp
from auditor.gui.action_table import RECENT, ActionId
from auditor.gui.dialogs.connect import ConnectDialog
from auditor.gui.dialogs.running import RunningDialog
from auditor.gui.drop_zone import FileDrops
from auditor.gui.server_opening import ServerOpening
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.main_window import MainWindow
    from auditor.jobs.look_at_files import LookAtFilesResult
    from auditor.jobs.make_demo import MakeDemoResult
    from auditor.tasks.context import TaskContext

LOOK_AFTER_MS = 200  # not while the window is painted for the first time
LOOKING = Lane("look at recent stores")
LOOKING_AT_FAILED = Lane("look at the store that could not be opened")
MAKING_DEMO = Lane("make the demo")


class Opening(QObject):
    """Connects what opens stores. Settings are written when a store was opened or one is taken from the list."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.desk
        self._page = window.start_page
        actions, a = self._desk.actions, ActionId
        actions.on(a.OPEN, self._choose_file)
        actions.on(a.CONNECT, self._connect)
        actions.on(a.OPEN_DEMO, self._open_demo)
        for number, name in enumerate(RECENT):
            actions.on(name, partial(self._open_recent, number))
        self._servers = ServerOpening(window)
        FileDrops(window, self._on_dropped, self._page.home.drop_zone.set_awaited)
        self._looking = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._looking.timeout.connect(self._look)
        self._page.home.refreshed.connect(self._looking.start)
        self._page.home.forgotten.connect(self._forget)
        self._desk.store.opened.connect(self._on_opened)
        self._desk.store.opening_changed.connect(self._on_opening_changed)
        self._desk.counts.changed.connect(self._on_counts_changed)
        self._name_recent()

    # -- ways to a store ---------------------------------------------------------------------------------------------

    def _choose_file(self) -> None:
        dialog = QFileDialog(self._window, tr("Open a store"))
        dialog.setObjectName("dialog.open")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        stores = tr("Stores and workspaces")
        dialog.setNameFilters([f"{stores} (*.db *.sqlite *.sqlite3 *.db3 *.toml)", tr("All files") + " (*)"])
        dialog.fileSelected.connect(lambda path: self._desk.store.open(path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _connect(self) -> None:
        dialog = ConnectDialog(self._desk, self._window)
        dialog.chosen.connect(self._desk.store.open)
        dialog.open()

    def _open_recent(self, number: int) -> None:
        stores = self._desk.settings.recent
        if number < len(stores):
            store = stores[number]
            workspace = None if store.workspace is None else Path(store.workspace)
            self._desk.store.open(store.location, workspace)

    def _open_demo(self) -> None:
        store = self._desk.store
        origin = store.origin

        def work(context: "TaskContext") -> "MakeDemoResult":
            from auditor.jobs import make_demo
            from auditor.jobs.perform import perform_alone

            return perform_alone(make_demo.run, make_demo.MakeDemoRequest(origin=origin), context)

        def opened(made: "MakeDemoResult") -> None:
            store.open(str(made.path))

        dialog = RunningDialog(
            self._desk,
            self._window,
            name="dialog.demo",
            title=tr("Making the demo store"),
            line=tr("It is made once, by running the shop's commands; the next time it is there."),
        )
        dialog.run(MAKING_DEMO, work, done=opened)

    def _on_dropped(self, paths: list[str]) -> None:
        workspaces = [path for path in paths if path.endswith(".toml")]
        others = [path for path in paths if not path.endswith(".toml")]
        if len(workspaces) == 1 and len(others) == 1:
            self._desk.store.open(others[0], Path(workspaces[0]))
            return
        self._desk.store.open(paths[0])
        if len(paths) > 1:
            name, count = display(Path(paths[0]).name), len(paths)
            self._desk.tasks.say(tr("{count} files were dropped; {name} is opened", count=count, name=name))

    # -- remembered ------------------------------------------------------------------------------------------------

    def _on_opened(self) -> None:
        store, settings = self._desk.store, self._desk.settings
        workspace = None if store.workspace is None else str(store.workspace.absolute())
        now = format_timestamp(datetime.now(UTC))
        settings.remember(self._remembered(), self._shown_name(), now, workspace)
        self._changed()

    def _remembered(self) -> str:
        """Where the open store or its workspace is found from any folder; never with a password."""
        store = self._desk.store
        given = store.location
        return store.session.reader.location.address if "://" in given else str(Path(given).absolute())

    def _shown_name(self) -> str:
        store = self._desk.store
        return store.name if "://" in store.location else Path(store.location).name

    def _on_counts_changed(self) -> None:
        events = self._desk.counts.events
        if self._desk.store.is_open and events is not None:
            self._desk.settings.note_events(self._remembered(), events)

    def _forget(self, location: str) -> None:
        self._desk.settings.forget(location)
        self._changed()
        self._page.home.refresh()

    def _changed(self) -> None:
        self._desk.settings.flush()
        self._name_recent()

    def _name_recent(self) -> None:
        stores = self._desk.settings.recent
        for number, name in enumerate(RECENT):
            action: QAction = self._desk.actions[name]
            action.setVisible(number < len(stores))
            if number < len(stores):
                action.setText(display(stores[number].name).replace("&", "&&"))
                self._desk.actions.enable(name, True)

    # -- what is there -----------------------------------------------------------------------------------------------

    def _look(self) -> None:
        paths = tuple(store.location for store in self._desk.settings.recent)
        if paths:
            self._look_at(LOOKING, paths, lambda found: self._page.home.set_gone(found.gone))

    def _on_opening_changed(self) -> None:
        store = self._desk.store
        if store.failure is None or store.is_opening or "://" in store.location:
            return
        path = str(Path(store.location).absolute())

        def told(found: "LookAtFilesResult") -> None:
            if path in found.files and not path.endswith(".toml"):
                self._page.offer_copy(path)

        self._look_at(LOOKING_AT_FAILED, (path,), told)

    def _look_at(
        self, lane: Lane, paths: tuple[str, ...], told: "Callable[[LookAtFilesResult], None]"
    ) -> None:
        origin = self._desk.store.origin

        def work(context: "TaskContext") -> "LookAtFilesResult":
            from auditor.jobs import look_at_files
            from auditor.jobs.perform import perform_alone

            request = look_at_files.LookAtFilesRequest(origin=origin, paths=paths)
            return perform_alone(look_at_files.run, request, context)

        self._desk.store.ask_alone(lane, work, done=told)
