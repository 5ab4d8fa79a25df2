"""A panel: the state at A, field by field, with what its event changed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from auditor.core.outline import OutlineRow
from auditor.core.text import tr
from auditor.gui.action_table import ActionId, Scope
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.panel_states import PanelStates
from auditor.gui.state import words
from auditor.gui.state.copy import StateCopying
from auditor.gui.state.field_viewer import VIEWED, FieldViewer, WholeField
from auditor.gui.state.header import StateHeader
from auditor.gui.state.menu import show_field_menu
from auditor.gui.state.messages import StateMessages
from auditor.gui.state.model_menu import MERGE, show_model_menu
from auditor.gui.state.notices import Notices
from auditor.gui.state.reader import Against, Phase, StateReader
from auditor.gui.state.row_words import CONTAINERS
from auditor.gui.state.search_bar import SearchBar
from auditor.gui.state.set_by import SetByReader
from auditor.gui.state.setter_links import SetterLinks
from auditor.gui.state.setters import Setters
from auditor.gui.state.tree_model import StateTree
from auditor.gui.state.tree_view import StateView
from auditor.gui.state.unfolding import Unfolding
from auditor.gui.truth.bars import TruthBars

if TYPE_CHECKING:
    from auditor.jobs.show_outline import OutlineResult


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
        self.set_by = SetByReader(
            desk, lambda: self.view.rows_in_view() if self.view.isVisible() else [], self
        )
        self.setters = Setters(desk, self.set_by)
        self.tree = StateTree(self, self.setters)
        self.view = StateView(self.tree, desk, self.setters)
        self.header = StateHeader(desk)
        self.search = SearchBar(desk, self.reader)
        look = desk.appearance
        self.notices = Notices(desk)
        self._viewer: FieldViewer | None = None
        self._row_is_newer = False
        self.copying = StateCopying(desk, self._seen, self.view.current_row, self.setters)
        self._links = SetterLinks(desk, self.view, self.set_by, self.setters, self)
        self._unfolding = Unfolding(self.reader, self.view)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.view, 1)
        self.states = PanelStates(content, "state", look)
        self._messages = StateMessages(desk, self.reader, self.states)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        outer.addWidget(self.search)
        outer.addWidget(TruthBars(desk))
        outer.addWidget(self.states, 1)
        self._connect()
        self._on_changed()

    def _connect(self) -> None:
        desk, actions, a = self._desk, self._desk.actions, ActionId
        self.reader.changed.connect(self._on_changed)
        self.reader.answered.connect(self._on_answered)
        self.reader.lateness_changed.connect(self._show_version)
        self.view.expanded.connect(lambda index: self._on_toggled(index, is_open=True))
        self.view.collapsed.connect(lambda index: self._on_toggled(index, is_open=False))
        self.view.row_entered.connect(self._on_row_entered)
        self.view.row_chosen.connect(self._on_row_chosen)
        self.view.looked_on.connect(self.set_by.look)
        self.set_by.found.connect(self.view.viewport().update)
        self.set_by.reading_changed.connect(self._on_set_by_reading)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.search.chosen.connect(self._unfolding.reveal)
        self.search.closed.connect(self.view.setFocus)
        actions.on(a.FIND, self._find, enabled=False)
        actions.on(a.FIND_NEXT, lambda: self.search.step(1), enabled=False)
        actions.on(a.FIND_PREVIOUS, lambda: self.search.step(-1), enabled=False)
        actions.on(a.OPEN_ALL_BELOW, self._open_all_below)
        actions.on_switch(a.ONLY_DIFFERING, lambda _: self._on_only_differing())
        actions.on(a.CHOOSE_MODEL, lambda: show_model_menu(desk, self.header), enabled=False)
        actions.adopt(Scope.STATE, self.view)
        desk.looking.mode_changed.connect(self._choose_row)
        desk.looking.pointer_changed.connect(self._on_field_chosen)
        desk.copying.register(self, self.copying)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        """Another phase, another A: a message where there is no state, else what is there stays."""
        self._enable()
        if self.reader.shown is None:
            self._unfolding.give_up()
        if self.reader.phase is Phase.NOTHING:
            self.tree.set_rows(())
        self._messages.show_phase()
        self._show_version()
        self._desk.copying.refresh()

    def _seen(self) -> "OutlineResult | None":
        """The answer whose rows are looked at; None where a message stands in their place."""
        return self.reader.shown if self.states.state == "content" else None

    def _on_answered(self, result: "OutlineResult") -> None:
        if result.ordinal < result.asked:
            self._messages.show_ending(result)
            self._show_version()
            self._desk.copying.refresh()
            return
        self.notices.tell(result)
        self.view.set_incomplete(not result.complete)
        self._take(result)
        self._tell_changes(result)
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

    def _take(self, result: "OutlineResult") -> None:
        """Its rows, or those that differ."""
        rows, against = result.rows, self.reader.shown_against
        if against is not Against.NOTHING and self._desk.actions[ActionId.ONLY_DIFFERING].isChecked():
            rows = tuple(row for row in rows if row.sign)
        self.notices.tell_left_out(len(result.rows) - len(rows), len(rows))
        self.set_by.take(result, against)
        self.view.take(rows, self.reader.open, turned=against is Against.OTHER)
        self._links.refresh()

    def _tell_changes(self, result: "OutlineResult") -> None:
        against, history = self.reader.shown_against, self._desk.cursor.history
        version = history.version(result.against) if history is not None else None
        if against is Against.NOTHING:
            self.header.ask_for_field()
        elif against is Against.OTHER:  # what the way from A to B adds is not there at A
            self.header.set_compared(version, result.removed, result.added, result.changed)
        else:
            self.header.set_changes(version, result.added, result.removed, result.changed)

    def _on_set_by_reading(self) -> None:
        reader, columns = self.set_by, self.view.columns
        if reader.progress is not None:
            columns.say(words.set_by_progress(*reader.progress), tr("Cancel"), reader.cancel)
        elif reader.error is not None:
            columns.say(words.set_by_failed(reader.error), tr("Try again"), reader.go_on)
        elif reader.stopped_at is not None:
            columns.say(words.set_by_ended(reader.stopped_at), tr("Try again"), reader.go_on)
        elif reader.is_stopped:
            columns.say(tr("Set by: not read"), tr("Go on"), reader.go_on)
        else:
            columns.say("")

    def _on_row_chosen(self) -> None:
        row = self.view.current_row()
        self._desk.copying.refresh()
        self._row_is_newer = row is not None and row.kind != "more"
        if self._desk.looking.mode is Mode.BLAME:
            self._choose_row()

    def _choose_row(self) -> None:
        """Blame begins with the current row, unless another field was chosen since."""
        row = self.view.current_row()
        if row is not None and self._row_is_newer and self._desk.looking.mode is Mode.BLAME:
            self._desk.looking.choose(row.pointer)

    def _on_field_chosen(self) -> None:
        self._row_is_newer = False

    def _on_only_differing(self) -> None:
        shown = self._seen()
        if shown is None:
            return
        self._take(shown)
        if self._desk.actions[ActionId.ONLY_DIFFERING].isChecked():
            self._unfolding.open_changed()

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
        row = self.view.current_row()
        is_field = row is not None and row.kind != "more"
        show_field_menu(
            self._desk.actions,
            self,
            self.view.viewport().mapToGlobal(at),
            (lambda: self._open_viewer(row)) if is_field else None,
        )

    def reveal(self, pointer: str) -> None:
        """Opens the way to that field, makes it the current row and gives it the focus."""
        self._unfolding.reveal(pointer)
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.isVisible():
            self.search.leave()
        else:
            super().keyPressEvent(event)
