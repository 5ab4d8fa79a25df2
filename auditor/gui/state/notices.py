"""The bars over the state: what it lacks, what it was merged from, what is left out of it."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.copying import put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.panel_states import Verb
from auditor.gui.state import words
from auditor.gui.state.bars import Bar
from auditor.gui.state.model_menu import MERGE

if TYPE_CHECKING:
    from auditor.jobs.show_outline import OutlineResult


class Notices(QWidget):
    """One below the other; each is there only while there is something to say."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        look = desk.appearance
        self._incomplete = Bar("state.incomplete", "incomplete", "warning", "fail", look)
        self._approximation = Bar("state.approximation", "approximation", "info", "chg", look)
        self._notes = Bar("state.notes", "sunken", "info", "text3", look)
        self._left_out = Bar("state.left_out", "sunken", "filter", "text3", look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self._incomplete, self._approximation, self._notes, self._left_out):
            column.addWidget(bar)

    def tell(self, result: "OutlineResult") -> None:
        """What is to be known about that state."""
        if not result.complete:
            details = words.incomplete_details(result.unapplied)
            verb: Verb = (tr("Copy details"), lambda: self._copy_details(details))
            if result.holes or len(result.unapplied) > 1:
                verb = (tr("List them"), self._desk.actions[ActionId.LIST_GAPS].trigger)
            self._incomplete.tell(*words.incomplete(result.holes, result.unapplied), verb)
        else:
            self._incomplete.hide()
        if result.model.kind == MERGE:
            version = result.version or 0
            said = (
                words.approximation(result.aggregate_type, version)
                if self._desk.cursor.model is None
                else words.chosen_merge(version)
            )
            choose: Verb = (tr("Choose model"), self._desk.actions[ActionId.CHOOSE_MODEL].trigger)
            self._approximation.tell(*said, choose)
        else:
            self._approximation.hide()
        if result.notes:
            self._notes.tell("", "\n".join(result.notes))
        else:
            self._notes.hide()

    def tell_left_out(self, count: int, differing: int) -> None:
        """So many rows are not shown because they do not differ; `differing` are."""
        if not count:
            self._left_out.hide()
            return
        if not differing:
            said = tr("No field differs.")
        elif count == 1:
            said = tr("Only differing fields: 1 row without a change is not shown.")
        else:
            said = tr("Only differing fields: {count:,} rows without a change are not shown.", count=count)
        self._left_out.tell("", said, (tr("Show all"), self._desk.actions[ActionId.ONLY_DIFFERING].trigger))

    def _copy_details(self, details: str) -> None:
        put_on_clipboard(details)
        self._desk.tasks.say(tr("Details copied"))
