"""A panel: every value that a field had, who set it, and when."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.blame import words
from auditor.gui.blame.chart import StepChart
from auditor.gui.blame.copy import BlameCopying
from auditor.gui.blame.header import BlameHeader
from auditor.gui.blame.reader import BlameReader, Phase
from auditor.gui.blame.value_rows import VALUE, ValueRows
from auditor.gui.blame.value_table import ValueTable
from auditor.gui.blame.whole_value import WHOLE_VIEWED, read_whole_value
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.panel_states import PanelStates
from auditor.gui.state.bars import Bar
from auditor.gui.state.field_viewer import FieldViewer, WholeField
from auditor.tasks.context import Progress

if TYPE_CHECKING:
    from auditor.jobs.show_blame import BlameResult


class FieldHistory(QWidget):
    """Follows `desk.looking.pointer`; while a field is blamed, its events stand out on the timeline."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("blame")
        self.setAccessibleName(tr("Values of a field"))
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.reader = BlameReader(desk, self)
        self.rows = ValueRows(desk, self)
        self.table = ValueTable(desk, self.rows)
        self.chart = StepChart(desk)
        self.header = BlameHeader(desk)
        self._facts = QLabel()
        self._facts.setObjectName("blame.facts")
        self._facts.setProperty("type", "caption")
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._facts.setWordWrap(True)
        self._facts.setContentsMargins(16, 8, 12, 0)
        self._stopped = Bar("blame.stopped", "sunken", "stopped", "text3", desk.appearance)
        self._doubt = Bar("blame.doubt", "incomplete", "warning", "fail", desk.appearance)
        self._viewer: FieldViewer | None = None
        self.copying = BlameCopying(
            desk,
            self.rows,
            lambda: self.reader.result,
            lambda: (self.reader.pointer or "", self.reader.ordinal),
            lambda: self.table.currentIndex().row(),
        )
        self._label = ""
        content = QWidget()
        inner, outer = QVBoxLayout(content), QVBoxLayout(self)
        for layout in (inner, outer):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for widget in (self._doubt, self._stopped, self._facts, self.chart):
            inner.addWidget(widget)
        inner.addWidget(self.table, 1)
        self.states = PanelStates(content, "blame", desk.appearance)
        outer.addWidget(self.header)
        outer.addWidget(self.states, 1)
        self._connect()
        self._on_changed()

    def _connect(self) -> None:
        desk, actions = self._desk, self._desk.actions
        self.reader.changed.connect(self._on_changed)
        desk.looking.mode_changed.connect(self._on_mode_changed)
        desk.cursor.ordinal_changed.connect(lambda _: self._on_ordinal_changed())
        self.table.went_to.connect(lambda row: self._go_to(self.rows.changes[row].ordinal))
        self.table.opened.connect(self._open_whole)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: desk.copying.refresh())
        self.chart.picked.connect(self._go_to)
        self.header.copy.clicked.connect(lambda _checked=False: self.copying.copy_table())
        self.header.close_button.clicked.connect(lambda _checked=False: desk.looking.set_mode(Mode.STATE))
        actions.on(ActionId.NEXT_VALUE, lambda: self._step(1), enabled=False)
        actions.on(ActionId.PREVIOUS_VALUE, lambda: self._step(-1), enabled=False)
        desk.copying.register(self, self.copying)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        reader = self.reader
        result = reader.result
        self._stopped.hide()
        if reader.phase is Phase.NOTHING:
            self.states.show_empty(
                "search", tr("No field selected"), tr("Select one in the state to see all its values.")
            )
        elif reader.phase is Phase.FAILED and reader.error is not None:
            self.states.show_error(reader.error, (tr("Try again"), reader.ask))
        elif reader.phase is Phase.CANCELLED:
            self._show_cancelled(result)
        elif reader.phase is Phase.READY and result is not None:
            self._show_values(result)
        elif self.states.state != "content" or result is None:
            self.states.show_loading(tr("Reading the values"), reader.cancel)
            self._show_progress()
        self._name()
        self._enable()
        self._stand_out()
        self._desk.copying.refresh()

    def _show_progress(self) -> None:
        if self.reader.progress is not None:
            done, total = self.reader.progress
            text = tr("Reading {done:,} of {total:,} events", done=done, total=total)
            self.states.show_progress(text, Progress(done=done, total=total, unit=tr("events")))

    def _show_values(self, result: "BlameResult") -> None:
        self._take(result)
        if not result.ordinals:
            self.states.show_empty(
                "state", tr("No event has set this field"), tr("It had no value at any version.")
            )
            return
        self.states.show_content()

    def _show_cancelled(self, result: "BlameResult | None") -> None:
        verb = (tr("Go on"), self.reader.ask)
        if result is None or not result.changes:
            self.states.show_cancelled(tr("Cancelled"), tr("No value was read."), verb)
            return
        self._take(result)
        title = tr("Cancelled at event {done:,} of {total:,}", done=result.done, total=result.total)
        line, missing = tr("Later values are not known."), len(result.ordinals) - len(result.changes)
        if missing:
            line = tr("{line} The first {count:,} are not listed.", line=line, count=missing)
        self._stopped.tell(title, line, verb)
        self.states.show_content()

    def _take(self, result: "BlameResult") -> None:
        read, history, rows = self.reader.read, self._desk.cursor.history, self.rows
        rows.set_values(read)
        facts = [words.matched(result), read.no_chart if read is not None else ""]
        self._facts.setText(" · ".join(filter(None, facts)))
        self._facts.setVisible(any(facts))
        self.chart.setVisible(rows.are_numbers)
        if read is not None and read.heights is not None and history is not None:
            self.chart.set_steps(rows.ordinals, read.heights, lambda at: rows.text(at, VALUE), history.length)
        doubt = words.doubt(result)
        if doubt:
            self._doubt.tell("", doubt)
        else:
            self._doubt.hide()
        self.table.refresh()
        self.table.show_a()

    def _name(self) -> None:
        result, pointer = self.reader.result, self.reader.pointer
        if pointer is None:
            self.header.tell(tr("Values of a field"), "", "")
            return
        name = result.logical if result is not None else pointer.lstrip("/")
        said = ("", "")
        if result is not None and self.reader.phase is Phase.READY:
            said = (words.count_of(result), words.short_count(result))
        self.header.tell(display(name, longest=300) or tr("the state itself"), *said)
        self.header.copy.setEnabled(result is not None and bool(result.ordinals))

    # -- the timeline --------------------------------------------------------------------------------------------------

    def _stand_out(self) -> None:
        """The field's events on the timeline, and the ring on the one that set the value at A."""
        result, highlight = self.reader.result, self._desk.highlight
        blames = self._desk.looking.mode is Mode.BLAME
        if blames and result is not None and self.reader.phase in (Phase.READY, Phase.CANCELLED):
            self._label = words.highlight_label(result)
            highlight.show_events(result.ordinals, self._label)
            self._set_ring()
        elif self._label and self.reader.phase in (Phase.NOTHING, Phase.FAILED):
            self._let_go()

    def _set_ring(self) -> None:
        row = self.rows.row_at_a
        self._desk.highlight.set_ring(self.rows.changes[row].ordinal if row >= 0 else None)

    def _let_go(self) -> None:
        """What others have made stand out since then stays; the ring of the state's own row too."""
        highlight, label = self._desk.highlight, self._label
        self._label = ""
        if highlight.label == label:
            ring = highlight.ring if self._desk.looking.mode is Mode.STATE else None
            highlight.clear()
            highlight.set_ring(ring)

    def _on_mode_changed(self) -> None:
        if self._desk.looking.mode is not Mode.BLAME and self._label:
            self._let_go()
        self._enable()

    def _on_ordinal_changed(self) -> None:
        if self._label:
            self._set_ring()
        self._enable()

    # -- commands ------------------------------------------------------------------------------------------------------

    def _enable(self) -> None:
        actions, reason = self._desk.actions, tr("Blame a field first.")
        shown = self._desk.looking.mode is Mode.BLAME and self.states.state == "content"
        for name, by in ((ActionId.NEXT_VALUE, 1), (ActionId.PREVIOUS_VALUE, -1)):
            there = shown and self._other_value(by) is not None
            actions.enable(name, there, reason if not shown else tr("There is no other value that way."))

    def _other_value(self, by: int) -> int | None:
        """The event that set the next value after A, or the last one before it."""
        at = self.rows.row_at_a
        on_it = at >= 0 and self.rows.changes[at].ordinal == self._desk.cursor.ordinal
        row = at + 1 if by > 0 else at - 1 if on_it else at
        return self.rows.changes[row].ordinal if 0 <= row < len(self.rows.changes) else None

    def _step(self, by: int) -> None:
        ordinal = self._other_value(by)
        if ordinal is not None:
            self._desk.cursor.set_ordinal(ordinal)

    def _go_to(self, ordinal: int) -> None:
        place = self._desk.cursor.place
        if place is not None:
            self._desk.cursor.go_to(replace(place, ordinal=ordinal, other=None))

    def _open_whole(self, row: int) -> None:
        result, change = self.reader.result, self.rows.changes[row]
        if result is None:
            return

        def show(whole: WholeField) -> None:
            if self._viewer is None:
                self._viewer = FieldViewer(self._desk, self)
            self._viewer.tell(result.logical, result.aggregate_id, change.version, whole)

        asked = (self.reader.pointer or "", self.reader.ordinal)
        read_whole_value(self._desk, result, asked, change.ordinal, show, WHOLE_VIEWED)

    def _show_menu(self, at: QPoint) -> None:
        row, actions = self.table.currentIndex().row(), self._desk.actions
        menu = QMenu(self)
        menu.setObjectName("blame.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if 0 <= row < len(self.rows.changes):
            change = self.rows.changes[row]
            if not change.is_removal:
                menu.addAction(tr("Open"), lambda: self._open_whole(row))
            menu.addAction(tr("Set A here"), lambda: self._go_to(change.ordinal))
            menu.addAction(tr("Set B here"), lambda: self._desk.cursor.set_other(change.ordinal))
            menu.addSeparator()
        for name in (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_PATH, ActionId.COPY_COMMAND):
            menu.addAction(actions[name])
        menu.addAction(tr("Copy as table"), self.copying.copy_table)
        menu.popup(self.table.viewport().mapToGlobal(at))
