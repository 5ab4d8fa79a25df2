"""The bars over a comparison: what the states lack, whose they are, and that B was not set."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.compare.which import Compared, version_text
from auditor.gui.copying import put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.panel_states import Verb
from auditor.gui.state import words
from auditor.gui.state.bars import Bar
from auditor.gui.state.model_menu import MERGE

if TYPE_CHECKING:
    from auditor.jobs.asked_state import DatedAnswer
    from auditor.jobs.compare_states import CompareResult


class CompareNotices(QWidget):
    """One below the other; each is there only while there is something to say."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        look = desk.appearance
        self._ended = Bar("compare.ended", "incomplete", "warning", "fail", look)
        self._incomplete = Bar("compare.incomplete", "incomplete", "warning", "fail", look)
        self._approximation = Bar("compare.approximation", "approximation", "info", "chg", look)
        self._other = Bar("compare.other", "sunken", "info", "text3", look)
        self._same = Bar("compare.nothing", "sunken", "check", "text3", look)
        self._notes = Bar("compare.notes", "sunken", "info", "text3", look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bars = (self._ended, self._incomplete, self._approximation, self._other, self._same, self._notes)
        for bar in bars:
            column.addWidget(bar)

    def tell(self, result: "CompareResult", which: Compared) -> None:
        """What is to be known about these two states."""
        self._tell_incomplete(result)
        self._tell_ended(result)
        self._tell_model(result)
        self._tell_which(result, which)
        self._tell_same(result)
        notes = list(dict.fromkeys((*result.a.notes, *result.b.notes)))
        if notes:
            self._notes.tell("", "\n".join(notes))
        else:
            self._notes.hide()

    def _tell_incomplete(self, result: "CompareResult") -> None:
        worse = max((result.a, result.b), key=lambda state: len(state.unapplied) + len(state.holes))
        if worse.complete:
            self._incomplete.hide()
            return
        details = words.incomplete_details(worse.unapplied)
        copy: Verb = (tr("Copy details"), lambda: self._copy_details(details))
        self._incomplete.tell(*words.incomplete(worse.holes, worse.unapplied), copy)

    def _tell_ended(self, result: "CompareResult") -> None:
        """An event ended the model's process: one state stands for another that cannot be had."""
        short = [state for state in (result.a, result.b) if state.ordinal < state.asked]
        if not short:
            self._ended.hide()
            return
        self._ended.tell(
            tr("Compared up to version {version}", version=version_text(short[0].version)),
            tr("The model's process ended at the next event; later states cannot be had."),
        )

    def _tell_model(self, result: "CompareResult") -> None:
        if result.b.model.kind != MERGE:
            self._approximation.hide()
            return
        choose: Verb = (tr("Choose model"), self._desk.actions[ActionId.CHOOSE_MODEL].trigger)
        self._approximation.tell(
            tr("Generic merge, an approximation"),
            tr("Both states are the data of their events, merged in order; no model's rules are used."),
            choose,
        )

    def _tell_which(self, result: "CompareResult", which: Compared) -> None:
        if which.second is None:
            back: Verb = (tr("Compare A and B"), lambda: self._desk.looking.compare_with(None))
            self._other.tell(
                tr("B is the last state of {id}", id=display(result.b.aggregate_id, longest=80)),
                tr("The two have no events in common: none is responsible for the difference."),
                back,
            )
        elif which.follows:
            self._other.tell(
                "",
                tr(
                    "B is not set: it follows the version before A. Press ] to set it where A is, then move A."
                ),
            )
        elif which.first == which.second:
            self._other.tell(
                "", tr("A and B are the same version. Move A, or Ctrl-click the timeline to move B.")
            )
        else:
            self._other.hide()

    def _tell_same(self, result: "CompareResult") -> None:
        if any(result.counts[:4]) or _same_version(result.a, result.b):
            self._same.hide()
        else:
            self._same.tell(tr("No difference"), tr("Every field has the same value in both states."))

    def _copy_details(self, details: str) -> None:
        put_on_clipboard(details)
        self._desk.tasks.say(tr("Details copied"))


def _same_version(a: "DatedAnswer", b: "DatedAnswer") -> bool:
    return (a.aggregate_id, a.ordinal) == (b.aggregate_id, b.ordinal)
