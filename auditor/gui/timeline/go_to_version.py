"""The dialog that asks for a version."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.cursor import Place
from auditor.gui.desk import Desk
from auditor.gui.history import History


class GoToVersion(QDialog):
    """Takes A to a version; one that is not there is told in the dialog, and nothing moves."""

    def __init__(self, desk: Desk, history: History, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._history = history
        self.setObjectName("go-to-version")
        self.setWindowTitle(tr("Go to a version"))
        label = QLabel(self._range())
        self.field = QLineEdit()
        self.field.setObjectName("go-to-version.field")
        self.field.setAccessibleName(tr("Version"))
        label.setBuddy(self.field)
        self.problem = QLabel()
        self.problem.setObjectName("go-to-version.problem")
        self.problem.setProperty("type", "small")
        self.problem.setProperty("tone", "fail")
        self.problem.setWordWrap(True)
        self.problem.setMinimumHeight(2 * self.problem.fontMetrics().height())
        go = QPushButton(tr("Go there"))
        go.setObjectName("go-to-version.go")
        go.setProperty("primary", True)
        go.setDefault(True)
        buttons = QDialogButtonBox()
        buttons.addButton(go, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = buttons.addButton(tr("Stay here"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setObjectName("go-to-version.stay")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for widget in (label, self.field, self.problem, buttons):
            column.addWidget(widget)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        self.field.textEdited.connect(lambda _: self._tell(""))
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.resize(desk.appearance.sizes(360), self.sizeHint().height())

    def _range(self) -> str:
        history = self._history
        first, last = history.version(1), history.version(history.length)
        return tr("Version, {first} to {last}", first=f"{first:,}", last=f"{last:,}")

    def _on_accepted(self) -> None:
        text = self.field.text().strip()
        plain = text.replace(",", "").replace(" ", "")
        if not plain.isdecimal():
            self._tell(
                tr("“{text}” is no version. Type a number.", text=display(text, longest=40))
                if text
                else tr("Type the number of a version.")
            )
            return
        ordinal = self._history.ordinal_of_version(int(plain)) if len(plain) < 19 else None
        if ordinal is None:
            self._tell(tr("There is no version {text} in this history.", text=display(text, longest=40)))
            return
        row = self._history.aggregate
        self._desk.cursor.go_to(Place(row.aggregate_id, row.aggregate_type, ordinal))
        self.accept()

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        if problem:
            self.field.setFocus()
            self.field.selectAll()
