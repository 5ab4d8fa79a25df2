"""Naming a store: a file, an address, or one day a server."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog, text_label
from auditor.gui.parts.segmented import Segmented

FILE, ADDRESS, SERVER = range(3)


class ConnectDialog(Dialog):
    """`chosen` tells what to open, and the workspace file or None."""

    chosen = Signal(str, object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__("dialog.connect", tr("Connect to a store"), desk.appearance, parent)
        self._ways = Segmented(
            "dialog.connect.way", (tr("SQLite file"), tr("Address"), tr("Server")), tr("Kind of store")
        )
        self._ways.chosen.connect(self._show_way)
        row = QHBoxLayout()
        row.addWidget(self._ways)
        row.addStretch(1)
        self.body.addLayout(row)
        self._path, self._workspace = self._field("path"), self._field("workspace")
        self._address = self._field("address")
        self._pages = QStackedWidget()
        for page in (self._file_page(), self._address_page(), self._server_page()):
            self._pages.addWidget(page)
        self.body.addWidget(self._pages)
        self.add_button("cancel", tr("Cancel"), self.reject)
        self._open = self.add_button("open", tr("Open read-only"), self._choose, primary=True)
        for field in (self._path, self._address):
            field.textChanged.connect(self._on_changed)
        self._show_way(FILE)

    def _field(self, role: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(f"dialog.connect.{role}")
        return field

    def _file_page(self) -> QWidget:
        form = _Form(self.appearance.sizes(108))
        form.add(tr("Store"), self._path, self._browse(self._path, tr("Choose a store")))
        form.add(tr("Workspace"), self._workspace, self._browse(self._workspace, tr("Choose a workspace")))
        form.hint(tr("May be left empty: an auditor.toml beside the store is found by itself."))
        return form

    def _address_page(self) -> QWidget:
        form = _Form(self.appearance.sizes(108))
        self._address.setPlaceholderText("sqlite:///folder/orders.db")
        form.add(tr("Address"), self._address)
        form.hint(tr("An SQLAlchemy URL. A password in it is neither shown nor kept."))
        return form

    def _server_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        note = text_label(
            tr(
                "This version opens SQLite files and workspaces, by path or by an address like "
                "sqlite:///folder/orders.db. It cannot connect to PostgreSQL or other servers yet."
            ),
            "small",
        )
        note.setObjectName("dialog.connect.server_note")
        note.setWordWrap(True)
        note.setProperty("surface", "note")
        column.addWidget(note)
        column.addStretch(1)
        return page

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

    def _show_way(self, way: int) -> None:
        self._pages.setCurrentIndex(way)
        for field, at in ((self._path, FILE), (self._address, ADDRESS)):
            if at == way:
                field.setFocus()
        self._on_changed()

    def _on_changed(self) -> None:
        reasons = {
            FILE: tr("Name the store's file."),
            ADDRESS: tr("Write the store's address."),
            SERVER: tr("Servers cannot be opened by this version."),
        }
        given = bool(self._location())
        self._open.setEnabled(given)
        self._open.setToolTip("" if given else reasons[self._ways.index])

    def _location(self) -> str:
        field = {FILE: self._path, ADDRESS: self._address}.get(self._ways.index)
        return "" if field is None else field.text().strip()

    def _choose(self) -> None:
        location = self._location()
        if not location:
            return
        workspace = self._workspace.text().strip() if self._ways.index == FILE else ""
        self.accept()
        self.chosen.emit(location, Path(workspace) if workspace else None)


class _Form(QWidget):
    """Labels at the left, fields at the right, hints under fields."""

    def __init__(self, names_wide: int) -> None:
        super().__init__()
        self._names_wide = names_wide
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 4, 0, 0)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(10)

    def add(self, name: str, field: QLineEdit, *more: QWidget) -> None:
        label = text_label(name, "small")
        label.setFixedWidth(self._names_wide)
        label.setMinimumHeight(field.sizeHint().height())
        label.setBuddy(field)
        field.setAccessibleName(name)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(field, 1)
        for widget in more:
            row.addWidget(widget)
        self._rows.addRow(label, row)

    def hint(self, text: str) -> None:
        label = text_label(text, "caption")
        label.setWordWrap(True)
        self._rows.addRow("", label)
