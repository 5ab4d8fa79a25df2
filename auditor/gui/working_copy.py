"""*Work on a copy*: where to, copying with its progress, and opening what was made."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog, FactList
from auditor.gui.dialogs.running import RunningDialog
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.stores.copying import CopyReport
    from auditor.tasks.context import TaskContext

COPYING = Lane("copy the store")


class WorkingCopy(QObject):
    """Of the open store, or of one that could not be opened."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        desk.actions.on(ActionId.COPY_STORE, self._copy_open_store, enabled=False)
        desk.store.opened.connect(self._on_store_changed)
        desk.store.closed.connect(self._on_store_changed)
        self._on_store_changed()

    def begin(self, source: str) -> None:
        """Asks where to, beginning beside the store."""
        path = Path(source)
        dialog = QFileDialog(self._window, tr("Copy {name} to", name=display(path.name)))
        dialog.setObjectName("dialog.copy_to")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # what is there is never written over
        dialog.setDirectory(str(path.parent))
        dialog.selectFile(f"{path.stem}-copy{path.suffix}")
        dialog.fileSelected.connect(lambda target: self.copy(source, Path(target)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def copy(self, source: str, target: Path) -> None:
        """Copies at once; a target that exists is refused in words."""
        origin = self._desk.store.origin

        def work(context: "TaskContext") -> "CopyReport":
            from auditor.jobs import copy_store
            from auditor.jobs.perform import perform_alone

            request = copy_store.CopyStoreRequest(origin=origin, source=source, target=target)
            return perform_alone(copy_store.run, request, context)

        dialog = RunningDialog(
            self._desk,
            self._window,
            name="dialog.copying",
            title=tr("Copying {name}", name=display(Path(source).name)),
            line=tr(
                "The store and the files that SQLite keeps beside it, compared by hash before and after."
            ),
        )
        dialog.run(COPYING, work, done=self._on_copied)

    def _copy_open_store(self) -> None:
        self.begin(self._desk.store.session.reader.location.address)

    def _on_store_changed(self) -> None:
        store = self._desk.store
        if store.is_open and store.is_on_server:
            from auditor.jobs.copy_store import why_no_copy

            self._desk.actions.enable(ActionId.COPY_STORE, False, why_no_copy())
            return
        self._desk.actions.enable(ActionId.COPY_STORE, store.is_open, tr("No store is open."))

    def _on_copied(self, report: "CopyReport") -> None:
        dialog = CopiedDialog(self._desk, self._window, report)
        dialog.open()


class CopiedDialog(Dialog):
    """What was copied, and the offer to open it."""

    def __init__(self, desk: Desk, parent: QWidget, report: "CopyReport") -> None:
        name = display(report.target.name)
        super().__init__(
            "dialog.copied", tr("The copy is {name}", name=name), desk.appearance, parent, width=640
        )
        self.add_heading(tr("The copy is {name}", name=name), "check", "add")
        facts = FactList("dialog.copied.facts", desk.appearance)
        facts.set(tr("path"), display(str(report.target)), mono=True)
        for file in report.files:
            facts.set(display(file.name), file.sha256_before, mono=True)
        facts.set(tr("size"), tr("{size:,} bytes", size=sum(file.size for file in report.files)))
        self.body.addWidget(facts)
        said = report.notes or [tr("Every file has the same SHA-256 after copying as before.")]
        self.add_note("\n".join(said))
        self._desk = desk
        self._target = str(report.target)
        self.add_button("close", tr("Close"), self.accept)
        self.add_button("open", tr("Open the copy"), self._open, primary=True).setFocus()

    def _open(self) -> None:
        self.accept()
        self._desk.store.open(self._target)
