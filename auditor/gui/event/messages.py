"""Bars over an event that say what is to be known of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.state import words
from auditor.gui.state.bars import Bar

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent


class EventMessages(QWidget):
    """Whether it was applied, what cannot be shown as fields, what else is odd, why a copy could not be had."""

    def __init__(self, desk: Desk, show_stored: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._show_stored = show_stored
        self._read: ReadEvent | None = None
        look = desk.appearance
        self._unapplied = Bar("event.unapplied", "incomplete", "warning", "fail", look)
        self._problem = Bar("event.problem", "doubt", "warning", "chg", look)
        self._copy = Bar("event.copy-problem", "doubt", "warning", "chg", look)
        self._notes = Bar("event.notes", "sunken", "info", "text3", look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self._unapplied, self._problem, self._copy, self._notes):
            column.addWidget(bar)
        desk.loader.folded.connect(self._show_unapplied)
        desk.loader.fold_began.connect(self._unapplied.hide)

    def tell(self, read: "ReadEvent") -> None:
        """Another event, or more of the same one."""
        if self._read is None or self._read.result.event.event_id_text != read.result.event.event_id_text:
            self._copy.hide()
        self._read = read
        self._show_problems(read)
        notes = [*(read.upcast.notes if read.upcast is not None else read.result.notes), read.problem]
        if any(notes):
            self._notes.tell("", "\n".join(filter(None, notes)))
        else:
            self._notes.hide()
        self._show_unapplied()

    def tell_not_copied(self, error: Exception) -> None:
        title, line = words.error_line(error)
        self._copy.tell(title, line, (tr("Close"), self._copy.hide))

    def _show_problems(self, read: "ReadEvent") -> None:
        result = read.result
        problems = [
            tr("{part}: {why}.", part=part, why=display(why, longest=200))
            for part, why in (
                (tr("Data"), result.data.get("data_problem")),
                (tr("Metadata"), result.metadata.get("metadata_problem")),
            )
            if why
        ]
        if not problems:
            self._problem.hide()
            return
        is_json = result.data["data"] is not None or "data_text" not in result.data
        title = tr("Not all of it can be shown as fields") if is_json else tr("The data is no JSON")
        self._problem.tell(title, " ".join(problems), (tr("Show as stored"), self._show_stored))

    def _show_unapplied(self) -> None:
        read, fold = self._read, self._desk.loader.fold
        found = None
        if read is not None and fold is not None:
            ordinal = read.result.ordinal
            found = next((one for one in fold.unapplied if one.ordinal == ordinal), None)
        if found is None:
            self._show_finding(read)
            return
        reason = display(found.reason, longest=400).rstrip(".")
        if fold is not None and fold.ordinal < found.ordinal:
            title = tr("This event ended the model's process")
            pattern = tr("{reason}. No state from version {version:,} on can be shown by this model.")
        else:
            title = tr("The state lacks this event")
            pattern = tr("It was not applied: {reason}. States from version {version:,} on are incomplete.")
        self._unapplied.tell(title, pattern.format(reason=reason, version=found.version))

    def _show_finding(self, read: "ReadEvent | None") -> None:
        """Why the model cannot read it, where the fold does not say so already."""
        if read is None or read.upcast is None or read.upcast.finding is None:
            self._unapplied.hide()
        else:
            finding = display(read.upcast.finding, longest=400)
            self._unapplied.tell(tr("The model cannot read this event"), tr("{finding}.", finding=finding))
