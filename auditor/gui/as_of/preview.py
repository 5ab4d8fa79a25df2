"""Which version it will be, and why; or why it cannot be told yet."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from auditor.core.asked_time import UnclearTime
from auditor.core.errors import AuditorError
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.parts.push_button import push_button

LEAST_HEIGHT = 132


class Preview(QWidget):
    """Keeps its place whatever it says. Of a time that is there twice, `choose` is given the one that is meant."""

    def __init__(self, desk: Desk, choose: Callable[[str], object]) -> None:
        super().__init__()
        self._choose = choose
        self.setObjectName("as-of.preview")
        self.setProperty("surface", "note")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(desk.appearance.sizes(LEAST_HEIGHT))
        self._title = text_label("", "title")
        self._title.setObjectName("as-of.version")
        self._event, self._reason, self._notes = (text_label("", "small") for _ in range(3))
        self._event.setProperty("tone", "text")
        self._notes.setProperty("tone", "doubt")
        self._choices = QHBoxLayout()
        self._choices.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        for label in (self._title, self._event, self._reason, self._notes):
            label.setWordWrap(True)
            label.hide()
            column.addWidget(label)
        column.addLayout(self._choices)
        column.addStretch(1)

    @property
    def text(self) -> str:
        """All that is said, a line each."""
        labels = (self._title, self._event, self._reason, self._notes)
        return "\n".join(label.text() for label in labels if not label.isHidden())

    def show_found(self, title: str, event: str, reason: str, notes: Sequence[str]) -> None:
        self._say(title, event, reason, "\n".join(f"! {note}" for note in notes))

    def show_waiting(self) -> None:
        self._say("", "", tr("Looking for the version…"), "")

    def show_nothing(self, reason: str) -> None:
        self._say("", "", reason, "")

    def show_error(self, error: Exception) -> None:
        message = error.message if isinstance(error, AuditorError) else str(error)
        hint = error.hint if isinstance(error, AuditorError) else ""
        if isinstance(error, UnclearTime):
            self._say("", "", message, "")
            for text, _ in error.choices:
                self._choices.addWidget(push_button("as-of.choice", text, partial(self._choose, text)))
            self._choices.addStretch(1)
        else:
            self._say("", "", hint, f"! {message}")

    def _say(self, title: str, event: str, reason: str, notes: str) -> None:
        while (item := self._choices.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        for label, text in (
            (self._title, title),
            (self._event, event),
            (self._reason, reason),
            (self._notes, notes),
        ):
            _set(label, text)
        self.setAccessibleName(self.text)


def _set(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
