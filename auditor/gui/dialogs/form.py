"""Labels at the left, fields at the right, hints close under fields."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from auditor.gui.dialogs.dialog import text_label


class Form(QWidget):
    """`names_wide` is the width of the labels. Fields are told their accessible names."""

    def __init__(self, names_wide: int) -> None:
        super().__init__()
        self._rows = QGridLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(8)
        self._rows.setColumnMinimumWidth(0, names_wide)
        self._rows.setColumnStretch(1, 1)
        self._last = QVBoxLayout()

    def add(self, name: str, field: QWidget, *more: QWidget) -> None:
        """A row of the field, which takes the room there is, and what stands beside it; `name` marks its key by `&`."""
        label = form_label(name, field)
        label.setMinimumHeight(field.sizeHint().height())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(field, 1)
        for widget in more:
            row.addWidget(widget)
        self._last = QVBoxLayout()
        self._last.setSpacing(3)
        self._last.addLayout(row)
        self._add(label, self._last)

    def add_text(self, name: str, text: str) -> None:
        value = text_label(text, "small")
        value.setProperty("tone", "text")
        value.setWordWrap(True)
        value.setAccessibleName(f"{name}: {text}")
        column = QVBoxLayout()
        column.addWidget(value)
        self._add(text_label(name, "small"), column)

    def hint(self, text: str) -> QLabel:
        """Under the row before."""
        label = text_label(text, "caption")
        label.setWordWrap(True)
        self._last.addWidget(label)
        return label

    def _add(self, label: QLabel, column: QVBoxLayout) -> None:
        row = self._rows.rowCount()
        self._rows.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._rows.addLayout(column, row, 1)


def form_label(name: str, field: QWidget) -> QLabel:
    """The name of a field, which its key leads to."""
    label = text_label(name, "small")
    label.setBuddy(field)
    field.setAccessibleName(name.replace("&", ""))
    return label
