"""Asks with which other aggregate of the type the state at A is to be compared."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode


class OtherDialog(QDialog):
    """Takes an id; whether there is such an aggregate is found out, and said, where the comparison is."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        history = desk.cursor.history
        self._type = history.aggregate.aggregate_type if history is not None else ""
        self.setObjectName("compare.with")
        self.setWindowTitle(tr("Compare with another aggregate"))
        self.setMinimumWidth(desk.appearance.sizes(460))
        label = QLabel(
            tr("Id of another {type}. Its last state stands at B.", type=display(self._type, longest=60))
        )
        label.setWordWrap(True)
        self._id = QLineEdit()
        self._id.setObjectName("compare.with.id")
        self._id.setAccessibleName(tr("Id of the other aggregate"))
        self._id.setProperty("mono", True)
        self._id.textChanged.connect(self._on_text_changed)
        label.setBuddy(self._id)
        buttons = QDialogButtonBox()
        self._compare = buttons.addButton(tr("Compare"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._compare.setObjectName("compare.with.compare")
        self._compare.setProperty("primary", True)
        self._compare.setEnabled(False)
        cancel = buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setObjectName("compare.with.cancel")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        for widget in (label, self._id, buttons):
            column.addWidget(widget)

    def accept(self) -> None:
        aggregate_id = self._id.text().strip()
        if not aggregate_id:
            return
        self._desk.looking.compare_with((aggregate_id, self._type))
        self._desk.looking.set_mode(Mode.COMPARE)
        super().accept()

    def _on_text_changed(self, text: str) -> None:
        self._compare.setEnabled(bool(text.strip()))
