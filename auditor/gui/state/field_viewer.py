"""All of a long value, to be read and copied."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.copying import put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.navigator_model import shown_id
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.state.row_words import characters
from auditor.tasks.context import TaskContext
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.session import Session
    from auditor.jobs.show_field import ShowFieldRequest

VIEWED = Lane("viewed field")
COPIED = Lane("copied field")
MOST_SHOWN = 50_000
_LONG_RUN = re.compile(r"\S{500}")


class WholeField(NamedTuple):
    """A field's value: as copied, and as it can be looked at."""

    kind: str
    exact: str
    json: str
    shown: str


def read_whole(session: "Session", request: "ShowFieldRequest", context: TaskContext) -> WholeField:
    """The job `show_field`, and its text made ready for looking at; not on Qt's thread, it may be long."""
    from auditor.core import exact_json
    from auditor.jobs import show_field

    return whole_of(exact_json.parse(show_field.run(session, request, context).text))


def whole_of(value: Any) -> WholeField:
    """A value of `exact_json`, ready for looking at."""
    from auditor.core import exact_json
    from auditor.core.outline import kind_of

    text = exact_json.dump(value)
    exact = value if isinstance(value, str) else text
    json = exact_json.dump(value, indent=2) if isinstance(value, dict | list) else text
    return WholeField(
        kind=kind_of(value),
        exact=exact,
        json=json,
        shown=visible_lines(exact if isinstance(value, str) else json),
    )


def visible_lines(text: str) -> str:
    """Nothing hidden, but lines stay lines; cut after `MOST_SHOWN` characters."""
    return "\n".join(map(display, text[:MOST_SHOWN].split("\n")))


def show_wrapped(widget: QPlainTextEdit, text: str) -> None:
    """Lines end at words; anywhere where there are runs without any: looking for words in those takes Qt seconds."""
    mode = QTextOption.WrapMode
    widget.clear()  # else what is there is laid out once more, in the new mode
    widget.setWordWrapMode(mode.WrapAnywhere if _LONG_RUN.search(text) else mode.WrapAtWordBoundaryOrAnywhere)
    widget.setPlainText(text)


class FieldViewer(QDialog):
    """One window beside the main one, used again for each value."""

    def __init__(self, desk: Desk, parent: QWidget, name: str = "state.viewer") -> None:
        super().__init__(parent)
        self._desk = desk
        self._whole: WholeField | None = None
        self.setObjectName(name)
        self.setWindowTitle(tr("Value of a field"))
        self.resize(720, 480)
        self._path = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._path.setObjectName(f"{name}.path")
        self._path.setProperty("type", "strong")
        self._facts = QLabel()
        self._facts.setObjectName(f"{name}.facts")
        self._facts.setProperty("type", "small")
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._text = QPlainTextEdit()
        self._text.setObjectName(f"{name}.text")
        self._text.setAccessibleName(tr("Value"))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        copy, close = QPushButton(tr("Copy value")), QPushButton(tr("Close"))
        copy.setObjectName(f"{name}.copy")
        close.setObjectName(f"{name}.close")
        copy.clicked.connect(self._on_copy_clicked)
        close.clicked.connect(self.close)
        close.setDefault(True)
        verbs = QHBoxLayout()
        verbs.addWidget(self._facts, 1)
        verbs.addWidget(copy)
        verbs.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._path)
        column.addWidget(self._text, 1)
        column.addLayout(verbs)

    def tell(self, pointer: str, aggregate_id: str, version: int | None, whole: WholeField) -> None:
        """Shows that value."""
        self._whole = whole
        self._path.set_text(display(pointer) or tr("The state itself"))
        self._text.setFont(self._desk.appearance.mono())
        show_wrapped(self._text, whole.shown)
        facts = [characters(len(whole.exact))]
        if version is not None:
            name = shown_id(aggregate_id)
            facts.append(tr("{id} at version {version:,}", id=name, version=version))
        if len(whole.exact) > MOST_SHOWN:
            facts.append(tr("the first {count:,} are shown, Copy takes all", count=MOST_SHOWN))
        self._facts.setText(" · ".join(facts))
        self.show()
        self.raise_()
        self._text.setFocus()

    def _on_copy_clicked(self) -> None:
        if self._whole is not None:
            put_on_clipboard(self._whole.exact)
            self._desk.tasks.say(tr("Value copied"))
