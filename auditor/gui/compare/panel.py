"""A panel: two states against each other, field by field, with the events that made the difference."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from auditor.core.compared_rows import ComparedRow
from auditor.core.errors import NotTrusted
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.compare import notices
from auditor.gui.compare.copy import CompareCopying
from auditor.gui.compare.header import CompareHeader
from auditor.gui.compare.other_dialog import OtherDialog
from auditor.gui.compare.reader import CompareReader
from auditor.gui.compare.rows_model import ComparedRows
from auditor.gui.compare.table import CompareTable
from auditor.gui.compare.which import version_text
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.panel_states import PanelStates, Verb
from auditor.gui.state import words as state_words
from auditor.gui.state.field_viewer import VIEWED, FieldViewer, WholeField
from auditor.gui.state.model_menu import MERGE
from auditor.tasks.context import Progress

if TYPE_CHECKING:
    from auditor.jobs.compare_states import CompareResult

_COPIES = (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_PATH, ActionId.COPY_COMMAND)


class ComparePanel(QWidget):
    """Follows both cursors. The event responsible for the current row has the ring on the timeline; who gives the
    ring to another event makes its first field the current one."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("compare")
        self.setAccessibleName(tr("Compare"))
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.reader = CompareReader(desk, self)
        self.rows = ComparedRows(self)
        self.table = CompareTable(desk, self.rows)
        self.setFocusProxy(self.table)
        self.header = CompareHeader(desk)
        self.notices = notices.CompareNotices(desk)
        self.copying = CompareCopying(desk, self.reader, self.table.current_row)
        self._viewer: FieldViewer | None = None
        self._ring: int | None = None  # that was given while two states were compared
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.table, 1)
        self.states = PanelStates(content, "compare", desk.appearance)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        outer.addWidget(self.states, 1)
        self._connect()
        self._on_changed()

    def _connect(self) -> None:
        desk, reader, a = self._desk, self.reader, ActionId
        reader.changed.connect(self._on_changed)
        reader.answered.connect(self._on_answered)
        reader.responsible_changed.connect(self._on_responsible)
        reader.progress.connect(self._on_progress)
        reader.lateness_changed.connect(lambda: self.header.set_late(reader.is_late))
        desk.loader.fold_progress.connect(self._on_progress)
        self.table.toggled.connect(reader.toggle)
        self.table.entered.connect(self._open_viewer)
        self.table.chosen.connect(self._on_chosen)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        desk.highlight.changed.connect(self._on_ring)
        desk.looking.mode_changed.connect(self._on_mode_changed)
        desk.actions.on(a.NEXT_DIFFERENCE, lambda: self._step(1), enabled=False)
        desk.actions.on(a.PREVIOUS_DIFFERENCE, lambda: self._step(-1), enabled=False)
        desk.actions.on(a.COPY_PATCH, self.copying.copy_patch, enabled=False)
        desk.actions.on(a.COMPARE_WITH, self._ask_for_other, enabled=False)
        desk.copying.register(self, self.copying)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        """Other cursors, another phase: a message where nothing can be compared, else what is there stays."""
        reader, loader = self.reader, self._desk.loader
        self._enable()
        if reader.shown is None:
            self.header.clear()
        if self._desk.cursor.place is None:
            self.states.show_empty(
                "state", tr("No aggregate selected"), tr("Choose one on the left, or type its id.")
            )
        elif reader.error is not None:
            self._show_failure(reader.error)
        elif self._desk.cursor.history is None:
            self.states.show_loading(tr("Reading the events"))
        elif reader.wanted is None:
            self.states.show_empty("state", tr("No events"), tr("Without an event there is no state."))
        elif reader.was_cancelled:
            again: Verb = (tr("Compare"), reader.ask)
            self.states.show_cancelled(tr("Cancelled"), tr("The two states were not compared."), again)
        elif not reader.can_ask:
            if reader.shown is None:
                self.states.show_loading(tr("Replaying the events"), loader.cancel_fold)
        elif reader.shown is None:
            self.states.show_loading(tr("Comparing"), reader.cancel)

    def _on_answered(self, result: "CompareResult") -> None:
        which = self.reader.which
        if which is None:
            return
        letters = which.letters
        versions = (version_text(result.a.version), version_text(result.b.version))
        self.header.set_versions(letters, versions)
        complete = result.a.complete and result.b.complete
        self.header.set_result(result.counts, complete=complete)
        self.notices.tell(result, which)
        self.table.set_incomplete(not complete)
        current = self.table.current_row()
        names = tuple(
            tr("At {letter} {version}", letter=letter, version=version)
            for letter, version in zip(letters, versions, strict=True)
        )
        self.rows.set_rows(result.rows, (names[0], names[1]), self.reader.responsible)
        if current is not None:
            self.table.select(self.rows.find(current.place), quietly=True)
        self.states.show_content()
        self._enable()
        self._desk.copying.refresh()

    def _on_responsible(self) -> None:
        self.rows.set_responsible(self.reader.responsible)
        row = self.table.current_row()
        if row is not None and self._desk.looking.mode is Mode.COMPARE:
            self._give_ring(row)

    def _on_progress(self, progress: Progress) -> None:
        if progress.total is not None and self.states.state == "loading":
            text = tr("Replaying {done:,} of {total:,} events", done=progress.done, total=progress.total)
            self.states.show_progress(text, progress)

    def _show_failure(self, error: Exception) -> None:
        desk = self._desk
        merge: Verb = (tr("Use the generic merge"), lambda: desk.cursor.set_model(MERGE))
        again: Verb = (tr("Try again"), self.reader.ask)
        if isinstance(error, NotTrusted):
            review: Verb = (tr("Review the code…"), desk.actions[ActionId.REVIEW_CODE].trigger)
            self.states.show_failed(*state_words.not_trusted(), review, merge)
        elif desk.looking.compared_with is not None:
            back: Verb = (tr("Compare A and B"), lambda: desk.looking.compare_with(None))
            self.states.show_failed(*state_words.error_line(error), back, again)
        else:
            self.states.show_failed(*state_words.error_line(error), again)

    # -- the current row and its event -----------------------------------------------------------------------------

    def _on_chosen(self, row: ComparedRow) -> None:
        self._give_ring(row)
        self._desk.looking.choose(self._pointer_at_a(row))
        self._desk.copying.refresh()

    def _pointer_at_a(self, row: ComparedRow) -> str | None:
        """In the state at the cursor A, which stands right where B only follows it."""
        which = self.reader.which
        if row.kind != "field" or which is None:
            return None
        if which.follows:
            return row.pointer if row.b is not None else None
        return row.pointer_a

    def _give_ring(self, row: ComparedRow) -> None:
        found = self.reader.responsible.get(row.place)
        self._ring = found.ordinal if found is not None else None
        self._desk.highlight.set_ring(self._ring)

    def _on_mode_changed(self) -> None:
        """Elsewhere nothing says what the ring is about."""
        self._enable()
        is_ours = self._ring is not None and self._desk.highlight.ring == self._ring
        if self._desk.looking.mode is not Mode.COMPARE and is_ours:
            self._desk.highlight.set_ring(None)

    def _on_ring(self) -> None:
        """Somebody points at an event: the first field that it set last becomes the current row."""
        ring = self._desk.highlight.ring
        if ring is None or self._desk.looking.mode is not Mode.COMPARE:
            return
        self._ring = ring
        row = self.table.current_row()
        found = self.reader.responsible.get(row.place) if row is not None else None
        if found is None or found.ordinal != ring:
            self.table.select(self.rows.first_set_by(ring), quietly=True)
            self._desk.copying.refresh()

    # -- commands --------------------------------------------------------------------------------------------------

    def _enable(self) -> None:
        actions, a, shown = self._desk.actions, ActionId, self.reader.shown
        here = self._desk.looking.mode is Mode.COMPARE and shown is not None
        reason = tr("Compare two versions first.")
        actions.enable(a.COPY_PATCH, here, reason)
        differs = here and shown is not None and any(shown.counts[:4])
        for name in (a.NEXT_DIFFERENCE, a.PREVIOUS_DIFFERENCE):
            actions.enable(name, differs, tr("There is no difference.") if here else reason)
        actions.enable(
            a.COMPARE_WITH, self._desk.cursor.history is not None, tr("Choose an aggregate first.")
        )

    def _step(self, step: int) -> None:
        at = self.table.currentIndex().row()
        found = self.rows.next_difference(at if at >= 0 or step > 0 else self.rows.rowCount(), step)
        if found < 0:
            self._desk.tasks.say(tr("No further difference") if step > 0 else tr("No earlier difference"))
            return
        self.table.select(found)
        self.table.setFocus()

    def _ask_for_other(self) -> None:
        dialog = OtherDialog(self._desk, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _open_viewer(self, row: ComparedRow) -> None:
        shown = self.reader.shown
        if row.kind != "field" or shown is None:
            return
        state = shown.b if row.b is not None else shown.a

        def show(whole: WholeField) -> None:
            if self._viewer is None:
                self._viewer = FieldViewer(self._desk, self)
            self._viewer.tell(row.pointer, state.aggregate_id, state.version, whole)

        self.copying.read(row, show, lane=VIEWED)

    def _show_menu(self, at: QPoint) -> None:
        row, actions = self.table.current_row(), self._desk.actions
        menu = QMenu(self)
        menu.setObjectName("compare.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        found = self.reader.responsible.get(row.place) if row is not None else None
        if row is not None and row.kind == "field":
            menu.addAction(tr("Open"), lambda: self._open_viewer(row))
        if found is not None:
            text = tr("Set A to version {version:,}", version=found.version)
            menu.addAction(text, lambda: self._desk.cursor.set_ordinal(found.ordinal))
        if row is not None and self._pointer_at_a(row) is not None:
            menu.addAction(actions[ActionId.BLAME])
        menu.addSeparator()
        for name in (*_COPIES, ActionId.COPY_PATCH):
            menu.addAction(actions[name])
        menu.popup(self.table.viewport().mapToGlobal(at))
