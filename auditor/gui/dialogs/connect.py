"""Naming a store: a file, or a database on a server."""

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from auditor.core.server_address import is_server_address
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog
from auditor.gui.dialogs.form import Form
from auditor.gui.dialogs.server_form import ServerForm
from auditor.gui.dialogs.server_test import ServerTest
from auditor.gui.parts.segmented import Segmented

FILE, SERVER = range(2)


class ConnectDialog(Dialog):
    """`chosen` tells what to open, and the workspace file or None. A server is looked at before, here: what fails is
    told beside the fields. Its password is handed to the window's memory, and to nobody else."""

    chosen = Signal(str, object)
    fits_exactly = True

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__("dialog.connect", tr("Connect to a store"), desk.appearance, parent)
        self._access = desk.store.access
        self._ways = Segmented(
            "dialog.connect.way", (tr("SQLite file"), tr("PostgreSQL server")), tr("Kind of store")
        )
        self._ways.chosen.connect(self._show_way)
        row = QHBoxLayout()
        row.addWidget(self._ways)
        row.addStretch(1)
        self.body.addLayout(row)
        self._path, self._workspace = self._field("path"), self._field("workspace")
        self._server = ServerForm("dialog.connect.server", desk.appearance)
        self._test = ServerTest("dialog.connect.result", desk)
        self._each_page = (self._file_page(), self._server)
        for page in self._each_page:
            self.body.addWidget(page)
        self.body.addWidget(self._code_form())
        self.body.addWidget(self._test)
        self._test_button = self.add_button("test", tr("T&est"), self._on_test, left=True)
        self.add_button("cancel", tr("Cancel"), self.reject)
        self._open = self.add_button("open", tr("&Open read-only"), self._choose, primary=True)
        self._path.textChanged.connect(self._on_path_changed)
        self._server.changed.connect(self._on_server_changed)
        self._test.changed.connect(self._on_test_changed)
        self.finished.connect(self._on_finished)
        self._ways.set_index(SERVER)
        self._show_way(SERVER)

    def begin_with(self, url: str) -> None:
        """Shows the server's page with that address."""
        if self._server.take(url):
            self._ways.set_index(SERVER)
            self._show_way(SERVER)

    # -- making --------------------------------------------------------------------------------------------------

    def _field(self, role: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(f"dialog.connect.{role}")
        return field

    def _file_page(self) -> QWidget:
        form = Form(self.appearance.sizes(84))
        form.add(tr("&Store"), self._path, self._browse(self._path, tr("Choose a store")))
        self._path.setPlaceholderText(
            tr("a path, or an address like {url}", url="sqlite:///folder/orders.db")
        )
        return form

    def _code_form(self) -> QWidget:
        form = Form(self.appearance.sizes(84))
        form.add(tr("&Workspace"), self._workspace, self._browse(self._workspace, tr("Choose a workspace")))
        self._workspace_hint = form.hint("")
        return form

    def _browse(self, field: QLineEdit, title: str) -> QPushButton:
        button = QPushButton(tr("Browse…"))
        button.setObjectName(f"{field.objectName()}.browse")
        button.setAccessibleName(title)
        button.setAutoDefault(False)

        def choose() -> None:
            dialog = QFileDialog(self, title)
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.fileSelected.connect(field.setText)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        button.clicked.connect(choose)
        return button

    # -- what is shown -------------------------------------------------------------------------------------------

    def _show_way(self, way: int) -> None:
        for number, page in enumerate(self._each_page):  # the one that is not shown asks for no room
            page.setVisible(number == way)
        if way == FILE:
            self._test.clear()
            self._path.setFocus()
        else:
            self._server.focus_first()
        self._test_button.setVisible(way == SERVER)
        self._workspace_hint.setText(
            tr("May be left empty: an auditor.toml beside the store is found by itself.")
            if way == FILE
            else tr("May be left empty: an auditor.toml that names models and projections.")
        )
        self._on_changed()
        self._fit()

    def _on_path_changed(self, text: str) -> None:
        """The address of a server belongs to the other page, where its password is not seen."""
        if is_server_address(text) and self._server.take(text):
            self._path.clear()
            self._ways.set_index(SERVER)
            self._show_way(SERVER)
        self._on_changed()

    def _on_server_changed(self) -> None:
        if self._test.tried != (self._server.address, self._server.password):
            self._test.clear()
        self._on_changed()

    def _on_changed(self) -> None:
        problem = self._problem()
        runs = self._test.state == "running"
        for button in (self._open, self._test_button):
            button.setEnabled(not problem)
            button.setToolTip(problem)
        self._open.setEnabled(not problem and not runs)
        self._test_button.setText(tr("Stop th&e test") if runs else tr("T&est"))

    def _on_test_changed(self) -> None:
        self._on_changed()
        self._fit()
        if self._test.state == "failed" and self._test.wants_password:
            self._server.focus_password()

    def _fit(self) -> None:
        if self.isVisible():
            self.fit()
            QTimer.singleShot(0, self, self.fit)  # Qt asks the widgets that were just shown once more

    def _problem(self) -> str:
        if self._ways.index == SERVER:
            return self._server.problem
        return "" if self._path.text().strip() else tr("Name the store's file.")

    # -- what is done --------------------------------------------------------------------------------------------

    def _on_test(self) -> None:
        if self._test.state == "running":
            self._test.stop()
        else:
            self._test.run(self._server.address, self._server.password, lambda: None)

    def _choose(self) -> None:
        if self._problem():
            return
        if self._ways.index == FILE:
            self._tell(self._path.text().strip())
        elif self._test.state == "passed":
            self._open_server()
        else:
            self._test.run(self._server.address, self._server.password, self._open_server)

    def _open_server(self) -> None:
        url = self._server.address.url
        if self._server.password:
            self._access.remember(url, self._server.password)
        self._access.note_let_in(url)
        self._tell(url)

    def _tell(self, location: str) -> None:
        workspace = self._workspace.text().strip()
        self.accept()
        self.chosen.emit(location, Path(workspace) if workspace else None)

    def _on_finished(self) -> None:
        self._test.stop()
        self._server.forget_password()
