"""A panel: the state at A, field by field, with what its event changed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from auditor.core.errors import NotTrusted, StoreError
from auditor.core.outline import OutlineRow
from auditor.core.text import tr
from auditor.gui.action_table import ActionId, Scope
from auditor.gui.copying import put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.panel_states import PanelStates, Verb
from auditor.gui.state import words
from auditor.gui.state.bars import Bar
from auditor.gui.state.copy import StateCopying
from auditor.gui.state.field_viewer import VIEWED, FieldViewer, WholeField
from auditor.gui.state.header import StateHeader
from auditor.gui.state.model_menu import show_model_menu
from auditor.gui.state.reader import Phase, StateReader
from auditor.gui.state.row_words import CONTAINERS
from auditor.gui.state.search_bar import SearchBar
from auditor.gui.state.tree_model import StateTree
from auditor.gui.state.tree_view import StateView
from auditor.gui.state.unfolding import Unfolding
from auditor.tasks.context import Progress

if TYPE_CHECKING:
    from auditor.jobs.show_outline import OutlineResult

MERGE = "merge"


class StatePanel(QWidget):
    """Shows the state at A. `wanted`: it must be seen, though another panel may have its place."""

    wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("state")
        self.setAccessibleName(tr("State"))
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.reader = StateReader(desk, self)
        self.tree = StateTree(self)
        self.view = StateView(self.tree, desk.appearance)
        self.header = StateHeader(desk)
        self.search = SearchBar(desk, self.reader)
        look = desk.appearance
        self._incomplete = Bar("state.incomplete", "incomplete", "warning", "fail", look)
        self._approximation = Bar("state.approximation", "approximation", "info", "chg", look)
        self._notes = Bar("state.notes", "sunken", "info", "text3", look)
        self._viewer: FieldViewer | None = None
        self.copying = StateCopying(desk, self._seen, self.view.current_row)
        self._unfolding = Unfolding(self.reader, self.view)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._incomplete, self._approximation, self._notes):
            column.addWidget(widget)
        column.addWidget(self.view, 1)
        self.states = PanelStates(content, "state", look)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        outer.addWidget(self.search)
        outer.addWidget(self.states, 1)
        self._connect()
        self._on_changed()

    def _connect(self) -> None:
        desk, actions, a = self._desk, self._desk.actions, ActionId
        self.reader.changed.connect(self._on_changed)
        self.reader.answered.connect(self._on_answered)
        self.reader.lateness_changed.connect(self._show_version)
        desk.loader.fold_progress.connect(self._on_fold_progress)
        self.view.expanded.connect(lambda index: self._on_toggled(index, is_open=True))
        self.view.collapsed.connect(lambda index: self._on_toggled(index, is_open=False))
        self.view.row_entered.connect(self._on_row_entered)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.search.chosen.connect(self._unfolding.reveal)
        self.search.closed.connect(self.view.setFocus)
        actions.on(a.FIND, self._find, enabled=False)
        actions.on(a.FIND_NEXT, lambda: self.search.step(1), enabled=False)
        actions.on(a.FIND_PREVIOUS, lambda: self.search.step(-1), enabled=False)
        actions.on(a.OPEN_ALL_BELOW, self._open_all_below)
        actions.on(a.CHOOSE_MODEL, lambda: show_model_menu(desk, self.header), enabled=False)
        actions.adopt(Scope.STATE, self.view)
        desk.copying.register(self, self.copying)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        """Another phase, another A: a message where there is no state, else what is there stays."""
        self._enable()
        self._show_version()
        if self.reader.shown is None:
            self._unfolding.give_up()
        self._show_phase()
        self._desk.copying.refresh()

    def _show_phase(self) -> None:
        phase, cursor, reader = self.reader.phase, self._desk.cursor, self.reader
        if phase is Phase.NOTHING:
            self.tree.set_rows(())
            self.states.show_empty(
                "state", tr("No aggregate selected"), tr("Choose one on the left, or type its id.")
            )
        elif phase is Phase.READING:
            self.states.show_loading(tr("Reading the events"))
        elif reader.not_answered is not None:
            self._show_failure(reader.not_answered)
        elif cursor.history is not None and cursor.ordinal == 0:
            self.states.show_empty("state", tr("No events"), tr("Without an event there is no state."))
        elif phase is Phase.FAILED and not reader.can_ask and reader.error is not None:
            self._show_failure(reader.error)
        elif phase is Phase.FOLDING and self._is_still_true():
            return  # events have come: what is shown of earlier ones holds
        elif phase is Phase.FOLDING:
            self.states.show_loading(tr("Replaying the events"), self._desk.loader.cancel_fold)
        elif phase is Phase.CANCELLED and not reader.can_ask:
            self._show_cancelled()
        elif reader.shown is None or self.states.state != "content":
            self.states.show_loading(tr("Reading the state"))

    def _seen(self) -> "OutlineResult | None":
        """The answer whose rows are looked at; None where a message stands in their place."""
        return self.reader.shown if self.states.state == "content" else None

    def _is_still_true(self) -> bool:
        shown = self._seen()
        return shown is not None and shown.asked == self._desk.cursor.ordinal

    def _on_fold_progress(self, progress: Progress) -> None:
        done, total = progress.done, progress.total
        if total is not None:
            text = tr("Replaying {done:,} of {total:,} events", done=done, total=total)
            self.states.show_progress(text, progress)

    def _on_answered(self, result: "OutlineResult") -> None:
        if result.ordinal < result.asked:
            self._show_ending(result)
            return
        self._show_bars(result)
        self.view.set_incomplete(not result.complete)
        self.view.take(result.rows, self.reader.open)
        self.header.set_changes(
            self._desk.cursor.history.version(result.against) if self._desk.cursor.history else None,
            result.added,
            result.removed,
            result.changed,
        )
        self.header.set_model(
            words.model_name(result.model),
            words.model_tip(result.model),
            complete=result.complete,
            exact=result.model.kind != MERGE,
        )
        self.states.show_content()
        self._show_version()
        self._unfolding.go_on()
        self._desk.copying.refresh()

    def _show_bars(self, result: "OutlineResult") -> None:
        if result.unapplied:
            details = words.incomplete_details(result.unapplied)
            copy: Verb = (tr("Copy details"), lambda: self._copy_details(details))
            self._incomplete.tell(*words.incomplete(result.unapplied), copy)
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

    def _copy_details(self, details: str) -> None:
        put_on_clipboard(details)
        self._desk.tasks.say(tr("Details copied"))

    def _show_version(self) -> None:
        """The number over the tree is always that of the tree; over a message it is A's."""
        history, shown = self._desk.cursor.history, self._seen()
        if history is None:
            self.header.clear()
            return
        if shown is not None and shown.version is not None:
            self.header.set_version(shown.version, is_late=self.reader.is_late)
            return
        version = history.version(self._desk.cursor.ordinal)
        if version is None:
            self.header.clear()
        else:
            self.header.set_version(version, is_late=False)
            self.header.forget_changes()

    # -- messages ------------------------------------------------------------------------------------------------------

    def _show_cancelled(self) -> None:
        history, done = self._desk.cursor.history, self._desk.loader.folded_events
        total = history.length if history is not None else 0
        last = history.version(done) if history is not None else None
        line = (
            tr("Versions up to {version:,} can be shown.", version=last)
            if last is not None
            else tr("No version can be shown yet.")
        )
        self.states.show_cancelled(
            tr("Cancelled at event {done:,} of {total:,}", done=done, total=total),
            line,
            (tr("Go on"), self._desk.loader.fold_again),
        )
        self._show_version()

    def _show_failure(self, error: Exception) -> None:
        desk = self._desk
        merge: Verb = (tr("Use the generic merge"), lambda: desk.cursor.set_model(MERGE))
        if isinstance(error, NotTrusted):
            review: Verb = (tr("Review the code…"), desk.actions[ActionId.REVIEW_CODE].trigger)
            self.states.show_failed(*words.not_trusted(), review, merge)
        elif desk.cursor.history is None:
            self.states.show_failed(*words.error_line(error), (tr("Try again"), desk.loader.read_again))
        else:
            again: Verb = (tr("Try again"), desk.loader.fold_afresh)
            is_of_model = desk.cursor.model != MERGE and not isinstance(error, StoreError)
            verbs = (again, merge) if is_of_model else (again,)
            self.states.show_failed(*words.error_line(error), *verbs)
        self._show_version()

    def _show_ending(self, result: "OutlineResult") -> None:
        ending = result.unapplied[-1] if result.unapplied else None
        verbs: list[Verb] = [(tr("Try again"), self._desk.loader.fold_afresh)]
        if self._desk.cursor.model != MERGE:
            verbs.append((tr("Use the generic merge"), lambda: self._desk.cursor.set_model(MERGE)))
        self.states.show_failed(*words.ended_at(result.version, ending), *verbs)
        self._show_version()
        self._desk.copying.refresh()

    # -- commands ------------------------------------------------------------------------------------------------------

    def _enable(self) -> None:
        actions, chosen = self._desk.actions, self._desk.cursor.history is not None
        reason = tr("Choose an aggregate first.")
        for name in (ActionId.FIND, ActionId.FIND_NEXT, ActionId.FIND_PREVIOUS, ActionId.CHOOSE_MODEL):
            actions.enable(name, chosen, reason)

    def _find(self) -> None:
        self.wanted.emit()
        if not self.isVisible():
            self._desk.actions[ActionId.VIEW_HISTORY].trigger()
        self.search.enter()

    def _on_toggled(self, index: object, *, is_open: bool) -> None:
        row = self.tree.row(index)  # type: ignore[arg-type] # Qt's signal gives a QModelIndex
        if row is not None:
            self.reader.set_open(row.pointer, is_open)

    def _on_row_entered(self, row: OutlineRow) -> None:
        if row.kind == "more":
            self.reader.show_more(row.pointer)
        elif row.kind not in CONTAINERS or row.length == 0:
            self._open_viewer(row)

    def _open_viewer(self, row: OutlineRow | None) -> None:
        place, version = self._desk.cursor.place, self.copying.version_of(row)
        name = place.aggregate_id if place is not None else ""

        def show(whole: WholeField) -> None:
            if self._viewer is None:
                self._viewer = FieldViewer(self._desk, self)
            self._viewer.tell(row.pointer if row is not None else "", name, version, whole)

        self.copying.read(row, show, lane=VIEWED)

    def _open_all_below(self) -> None:
        row = self.view.current_row()
        if row is None:
            self._unfolding.open_below("")
        else:
            is_container = row.kind in CONTAINERS
            self._unfolding.open_below(row.pointer if is_container else row.pointer.rpartition("/")[0])

    def _show_menu(self, at: QPoint) -> None:
        row, actions = self.view.current_row(), self._desk.actions
        menu = QMenu(self)
        if row is not None and row.kind != "more":
            menu.addAction(tr("Open"), lambda: self._open_viewer(row))
        menu.addAction(actions[ActionId.OPEN_ALL_BELOW])
        menu.addSeparator()
        for name in (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_PATH, ActionId.COPY_COMMAND):
            menu.addAction(actions[name])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.viewport().mapToGlobal(at))

    def reveal(self, pointer: str) -> None:
        """Opens the way to that field, makes it the current row and gives it the focus."""
        self._unfolding.reveal(pointer)
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.isVisible():
            self.search.leave()
        else:
            super().keyPressEvent(event)
