"""The fields of a server's address and its URL, each following the other."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from auditor.core.server_address import (
    TLS_MODES,
    USUAL_PORT,
    ServerAddress,
    is_server_address,
    server_address,
)
from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.dialogs.form import Form, form_label
from auditor.gui.dialogs.password import kept
from auditor.gui.parts.chooser import Chooser

_FIELDS = ("host", "port", "database", "user", "schema")


class ServerForm(QWidget):
    """What is typed in the fields stands in the URL at once, and the other way round. The password stands in its own
    field alone: one that comes with a URL is moved there."""

    changed = Signal()
    """By the user, in any field."""

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__()
        self._parameters: tuple[tuple[str, str], ...] = ()
        self._last_url = ""
        self._is_url = True  # what stands in the URL's field can be understood
        self._names_wide = appearance.sizes(84)
        self._fields = {role: self._field(f"{name}.{role}") for role in _FIELDS}
        self._password, self._url = self._field(f"{name}.password"), self._field(f"{name}.url")
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._tls = Chooser(appearance)
        self._tls.setObjectName(f"{name}.tls")
        self._fill_tls()
        self._arrange(appearance)
        for field in self._fields.values():
            field.textEdited.connect(self._on_field_edited)
            field.editingFinished.connect(self._on_field_left)
        self._tls.activated.connect(self._on_field_edited)
        self._password.textEdited.connect(self.changed)
        self._url.textEdited.connect(self._on_url_edited)
        self._url.editingFinished.connect(self._on_url_left)
        self._show_url()

    @property
    def address(self) -> ServerAddress:
        """As the fields say it."""
        texts = {role: field.text().strip() for role, field in self._fields.items()}
        return ServerAddress(**texts, tls=self._tls.currentData(), parameters=self._parameters)

    @property
    def password(self) -> str:
        return self._password.text()

    @property
    def is_empty(self) -> bool:
        """Nothing was given: not even what would be left to the system on purpose."""
        return not any((*(field.text() for field in self._fields.values()), self._url.text()))

    @property
    def problem(self) -> str:
        """Why it cannot be tried; empty where it can."""
        if self.is_empty:
            return tr("Name the server and the database, or give its address.")
        if not self._is_url:
            return tr("The address is none of PostgreSQL: write it like postgresql://user@host/database.")
        return self.address.problem

    def take(self, url: str) -> bool:
        """Puts a URL into the fields; whether it is one of a server."""
        found = server_address(url)
        if found is None:
            return False
        self._show_parts(*found)
        self._show_url()
        return True

    def forget_password(self) -> None:
        self._password.clear()

    def focus_first(self) -> None:
        self._fields["host"].setFocus()

    def focus_password(self) -> None:
        self._password.setFocus()
        self._password.selectAll()

    # -- making ------------------------------------------------------------------------------------------------

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        return field

    def _fill_tls(self) -> None:
        self._tls.addItem(tr("as usual (prefer)"), "")
        for mode in TLS_MODES:
            self._tls.addItem(mode, mode)

    def _arrange(self, appearance: Appearance) -> None:
        fields, sizes = self._fields, appearance.sizes
        fields["host"].setPlaceholderText(tr("this machine"))
        fields["port"].setPlaceholderText(str(USUAL_PORT))
        fields["port"].setFixedWidth(sizes(76))
        fields["port"].setAccessibleName(tr("Port"))
        fields["port"].setToolTip(tr("Port"))
        fields["database"].setPlaceholderText(tr("named like the role"))
        fields["user"].setPlaceholderText(tr("your own name on this machine"))
        fields["schema"].setPlaceholderText(tr("as the role has it"))
        self._password.setPlaceholderText(tr("asked for when the server wants one"))
        self._url.setPlaceholderText(tr("postgresql://user@host/database"))
        self._url.setProperty("type", "mono")
        form = Form(self._names_wide)
        form.add(tr("&Host"), fields["host"], fields["port"])
        form.add(tr("&Database"), fields["database"])
        form.add(tr("&Role"), fields["user"])
        form.add(tr("&Password"), self._password)
        form.hint(kept())
        form.add(tr("&Schema"), fields["schema"], form_label(tr("&TLS"), self._tls), self._tls)
        self._tls_hint = form.hint("")
        form.add(tr("&Address"), self._url)
        form.hint(tr("The same in one line. A password in what is pasted goes into its field."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(form)

    # -- following ---------------------------------------------------------------------------------------------

    def _on_field_edited(self) -> None:
        pasted = next((f.text() for f in self._fields.values() if is_server_address(f.text())), "")
        if not pasted or not self.take(pasted):
            self._is_url = True
            self._show_url()
        self.changed.emit()

    def _on_field_left(self) -> None:
        """A host that was typed with its port is taken apart."""
        host, colon, port = self._fields["host"].text().strip().partition(":")
        if colon and port.isdecimal() and not host.startswith("/"):
            self._fields["host"].setText(host)
            self._fields["port"].setText(port)
            self._show_url()
            self.changed.emit()

    def _on_url_edited(self, text: str) -> None:
        found = server_address(text)
        self._is_url = found is not None or not text.strip()
        if found is not None:
            self._show_parts(*found)
            was_pasted = abs(len(text) - len(self._last_url)) > 1
            if (
                was_pasted or found[1] is not None
            ):  # a password is not to stand here, not even while the rest is typed
                self._show_url()
        elif not text.strip():
            self._show_parts(ServerAddress(), None)
        self._last_url = self._url.text()
        self.changed.emit()

    def _on_url_left(self) -> None:
        if self._is_url:
            self._show_url()

    def _show_parts(self, address: ServerAddress, password: str | None) -> None:
        for role, field in self._fields.items():
            field.setText(getattr(address, role))
        self._tls.setCurrentIndex(self._tls.findData(address.tls))
        self._parameters = address.parameters
        self._is_url = True
        if password is not None:
            self._password.setText(password)
        self._show_tls()

    def _show_url(self) -> None:
        address = self.address
        self._url.setText("" if address == ServerAddress() else address.url)
        self._last_url = self._url.text()
        self._url.setCursorPosition(len(self._url.text()) if self._url.hasFocus() else 0)
        self._show_tls()

    def _show_tls(self) -> None:
        said = {
            "": tr("Encrypted if the server can; its certificate is not checked."),
            "disable": tr("Never encrypted."),
            "allow": tr("Encrypted only if the server insists."),
            "prefer": tr("Encrypted if the server can; its certificate is not checked."),
            "require": tr("Always encrypted; the server's certificate is not checked."),
            "verify-ca": tr("Always encrypted; the server's certificate is checked."),
            "verify-full": tr("Always encrypted; the server's certificate and its name are checked."),
        }
        self._tls_hint.setText(said[self._tls.currentData()])
