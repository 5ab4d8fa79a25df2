"""Notices that the model's files have changed on the disk, and takes the new code when the user wants it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from auditor.core.errors import AuditorError
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.look_for_changed_code import ChangedCode

CHANGED_CODE = Lane("changed code")
TAKING = Lane("take changed code")
EVERY_MS = 3000


class ChangedModel(QObject):
    """Looks every few seconds while the program is in front, and whenever it comes to the front.

    `files` are the names of those that have changed since their code was first used here. `taken` when the new code
    folds from now on because of `take`: what the code before gave can be compared with.
    """

    changed = Signal()
    taken = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.files: tuple[str, ...] = ()
        self._wanted = False
        self.timer = QTimer(self, interval=EVERY_MS)
        self.timer.timeout.connect(self._on_time)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.applicationStateChanged.connect(self._on_application_state)
        desk.store.opened.connect(self.timer.start)
        desk.store.closed.connect(self._on_closed)
        desk.loader.folded.connect(self.look)

    def look(self) -> None:
        """Now; nothing is waited for."""
        self._ask(take=False)

    def take(self) -> None:
        """Folds by the code on the disk. Where it is not trusted, the user is asked for trust first."""
        self._wanted = True
        self._ask(take=True)

    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.look()

    def _on_time(self) -> None:
        if QApplication.activeWindow() is not None:
            self.look()

    def _ask(self, *, take: bool) -> None:
        from auditor.jobs import look_for_changed_code

        request = look_for_changed_code.ChangedCodeRequest(origin=self._desk.store.origin, take=take)

        def done(result: "ChangedCode") -> None:
            self._on_looked(result, take=take)

        def failed(error: Exception) -> None:
            if take and isinstance(error, AuditorError):
                self._wanted = False
                self._desk.tasks.say(error.message)

        lane = TAKING if take else CHANGED_CODE
        self._desk.store.ask(lane, look_for_changed_code.run, request, done=done, failed=failed)

    def _on_looked(self, result: "ChangedCode", *, take: bool) -> None:
        if take and result.files and not result.is_trusted:
            self._set(result.files)
            self._desk.actions[
                ActionId.REVIEW_CODE
            ].trigger()  # its answer folds again, and so comes back here
        elif take and result.files:
            self._desk.loader.fold_again()
        elif self._wanted and not result.files:
            self._wanted = False
            self._set(())
            if self._desk.loader.fold is not None:
                self.taken.emit()
        else:
            self._set(result.files)

    def _set(self, files: tuple[str, ...]) -> None:
        if files != self.files:
            self.files = files
            self.changed.emit()

    def _on_closed(self) -> None:
        self.timer.stop()
        self._desk.store.forget(CHANGED_CODE)
        self._wanted = False
        self._set(())

    def words(self) -> tuple[str, str]:
        """Title and sentence of the bar."""
        names = ", ".join(self.files[:5])
        if len(self.files) > 5:
            names = tr("{names} and {count:,} more", names=names, count=len(self.files) - 5)
        return (
            tr("The model has changed on disk"),
            tr("{files}: what is shown was made by the code as it was before.", files=names),
        )
