"""The password that a server wants."""

from pathlib import PurePath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from auditor.core.errors import PasswordNeeded
from auditor.core.presenter import display
from auditor.core.server_address import server_address
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog, text_label
from auditor.gui.dialogs.form import Form


def kept() -> str:
    return tr("Kept in memory until this window is closed, never in a file.")


class PasswordDialog(Dialog):
    """`given` tells what was typed; closing it is a no."""

    given = Signal(str)
    fits_exactly = True

    def __init__(
        self, desk: Desk, parent: QWidget, location: str, why: PasswordNeeded, *, was_wrong: bool
    ) -> None:
        """`was_wrong`: a password was tried, and refused for the reason `why`."""
        found = server_address(location)
        database = found[0].database if found is not None else ""
        title = tr("Password for {name}", name=display(database or PurePath(location).name, longest=60))
        super().__init__("dialog.password", title, desk.appearance, parent, width=480)
        self.add_heading(title, "lock", "text2")
        if was_wrong:
            said = text_label(why.message, "small")
            said.setObjectName("dialog.password.problem")
            said.setWordWrap(True)
            said.setProperty("surface", "incomplete")
            said.setProperty("tone", "fail")
            said.setContentsMargins(12, 8, 12, 8)
            self.body.addWidget(said)
        elif found is None:  # a workspace file, which names the server
            self.add_text(why.message, "small")
        form = Form(self.appearance.sizes(84))
        if found is not None:
            form.add_text(tr("Server"), display(found[0].place))
        if found is not None and found[0].user:
            form.add_text(tr("Role"), display(found[0].user))
        self._field = QLineEdit()
        self._field.setObjectName("dialog.password.field")
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.textChanged.connect(self._on_changed)
        form.add(tr("Password"), self._field)
        form.hint(kept())
        self.body.addWidget(form)
        self.add_button("cancel", tr("Cancel"), self.reject)
        self._go_on = self.add_button("open", tr("Open read-only"), self._give, primary=True)
        self.finished.connect(self._field.clear)
        self._on_changed()
        self._field.setFocus()

    def _on_changed(self) -> None:
        given = bool(self._field.text())
        self._go_on.setEnabled(given)
        self._go_on.setToolTip("" if given else tr("Type the password."))

    def _give(self) -> None:
        password = self._field.text()
        if password:
            self.accept()
            self.given.emit(password)
