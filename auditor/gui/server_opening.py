"""Opening a store on a server: the open one stays until the new one is certain, and a password is asked for."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from auditor.core.errors import PasswordNeeded
from auditor.core.presenter import display
from auditor.core.server_address import is_server_address
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.password import PasswordDialog
from auditor.gui.dialogs.running import RunningDialog
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.main_window import MainWindow
    from auditor.jobs.look_at_server import LookAtServerResult
    from auditor.tasks.context import TaskContext

CONNECTING = Lane("connect to a server")
WORKSPACES = ".toml"
"""May name a server, which only reading them tells."""


class ServerOpening(QObject):
    """While a store is open, the server is looked at first; what fails or is cancelled leaves all as it was."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._desk: Desk = window.desk
        self._store = window.desk.store
        self._store.entrances.append(self._may_enter)
        self._store.opening_changed.connect(self._on_opening_changed)

    def _may_enter(self, location: str, workspace: Path | None) -> bool:
        if not self._store.is_open or self._store.access.was_let_in(location):
            return True
        if not (is_server_address(location) or location.endswith(WORKSPACES)):
            return True
        self._look_first(location, workspace)
        return False

    def _look_first(self, location: str, workspace: Path | None) -> None:
        origin, password = self._store.origin, self._store.access.password(location)

        def work(context: "TaskContext") -> "LookAtServerResult":
            from auditor.jobs import look_at_server
            from auditor.jobs.perform import perform_alone

            request = look_at_server.LookAtServerRequest(
                origin=origin, store=location, workspace=workspace, password=password
            )
            return perform_alone(look_at_server.run, request, context)

        def done(found: "LookAtServerResult") -> None:
            if found.refused is not None:
                self._ask(location, workspace, found.refused)
                return
            self._store.access.note_let_in(location)
            self._store.open(location, workspace)

        dialog = RunningDialog(
            self._desk,
            self._window,
            name="dialog.connecting",
            title=tr("Connecting"),
            line=tr(
                "To {name}. The store that is shown stays open until this one is.", name=display(location)
            ),
        )
        dialog.run(CONNECTING, work, done=done)

    def _on_opening_changed(self) -> None:
        failure = self._store.failure
        if isinstance(failure, PasswordNeeded) and not self._store.is_opening:
            self._ask(self._store.location, self._store.workspace, failure)

    def _ask(self, location: str, workspace: Path | None, why: PasswordNeeded) -> None:
        was_wrong = self._store.access.password(location) is not None
        dialog = PasswordDialog(self._desk, self._window, location, why, was_wrong=was_wrong)
        dialog.given.connect(partial(self._on_given, location, workspace))
        dialog.rejected.connect(self._on_not_given)
        dialog.open()

    def _on_given(self, location: str, workspace: Path | None, password: str) -> None:
        self._store.access.remember(location, password)
        self._store.open(location, workspace)

    def _on_not_given(self) -> None:
        if not self._store.is_open and not self._store.is_opening:
            self._window.start_page.show_home()
