"""A row of choices of which one holds."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QToolButton, QWidget


class Segmented(QFrame):
    """Checkable buttons in a frame; arrows move between them, Tab leaves. `chosen` tells the index a user chose."""

    chosen = Signal(int)

    def __init__(self, name: str, texts: Sequence[str], title: str, parent: QWidget | None = None) -> None:
        """`name` is the object name, `title` the accessible one."""
        super().__init__(parent)
        self._title = title
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("segments", True)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for number in range(len(texts)):
            button = QToolButton(self)
            button.setCheckable(True)
            button.setObjectName(f"{name}.{number}")
            self._group.addButton(button, number)
            row.addWidget(button)
        self.name_segments(texts)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)

    def name_segments(self, texts: Sequence[str]) -> None:
        """Other words for the same choices."""
        for button, text in zip(self._group.buttons(), texts, strict=True):
            button.setText(text)
            button.setAccessibleName(f"{self._title}: {text}")

    @property
    def index(self) -> int:
        return self._group.checkedId()

    def button(self, index: int) -> QAbstractButton:
        return self._group.button(index)

    def set_index(self, index: int) -> None:
        """Tells nobody."""
        self._group.button(index).setChecked(True)
