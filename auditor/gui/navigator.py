"""A panel: aggregates and their types."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from auditor.core.errors import AuditorError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.desk import Desk
from auditor.gui.navigator_copying import AggregateCopying
from auditor.gui.navigator_feed import AggregateFeed, Listed, Part
from auditor.gui.navigator_list import AggregateList
from auditor.gui.navigator_model import ID, AggregateModel
from auditor.gui.navigator_parts import LEFT, LONGEST_SHOWN, Captions, FilterField, Footer, Grip, ListHeader
from auditor.gui.navigator_types import TypeList
from auditor.gui.navigator_words import what_is_listed
from auditor.gui.panel_states import PanelStates
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.list_aggregates import ListAggregatesResult
    from auditor.jobs.read_new_events import NewEventsResult
    from auditor.stores.pages import AggregateOrder

FIND_ID = Lane("find id")
AGES_EVERY_MS = 30_000


class Navigator(QWidget):
    """Filter, types, list, and what the list is. Choosing moves the cursor; the selection is where the cursor is.

    `left` tells that an aggregate was chosen deliberately: a navigator that lies over the view can go.
    """

    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("navigator")
        self.setAccessibleName(tr("Navigator"))
        self.setProperty("surface", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = AggregateModel(desk.clock, self)
        self.feed = AggregateFeed(desk.store, self.model, self)
        self.filter = FilterField(desk)
        self.types = TypeList(desk)
        self.header = ListHeader(desk)
        self.list = AggregateList(desk, self.model)
        self.states = PanelStates(self.list, "navigator", desk.appearance)
        self.footer = Footer(desk)
        self._is_choosing = False
        self._is_new = False  # nothing was shown of this store yet
        self._is_sought = False  # what was chosen elsewhere is not in the list yet
        self._had_focus = False  # the list will have it when it is shown again
        self._wanted_end: Part | None = None
        self._ages = QTimer(self, interval=AGES_EVERY_MS)
        self._ages.timeout.connect(self.model.tell_ages)
        self._lay_out()
        self._connect()
        order = desk.settings.text("navigator/order", "last")
        self.header.set_order("id" if order == "id" else "last")
        self._on_appearance_changed()
        if desk.store.is_open:
            self._on_opened()

    def _lay_out(self) -> None:
        self._captions = Captions(tr("Type"), tr("Aggregates"))
        line = QFrame()
        line.setFixedHeight(1)
        line.setProperty("hairline", "above")
        lined, filtered = QHBoxLayout(), QHBoxLayout()
        lined.setContentsMargins(LEFT, 11, LEFT - 4, 5)
        lined.addWidget(line)
        filtered.setContentsMargins(12, 11, 8, 6)
        filtered.addWidget(self.filter)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(filtered)
        column.addWidget(self._captions)
        column.addWidget(self.types)
        column.addLayout(lined)
        column.addWidget(self.header)
        column.addWidget(self.states, 1)
        column.addWidget(self.footer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(column, 1)
        self.grip = Grip(self._desk, self)
        row.addWidget(self.grip)

    def _connect(self) -> None:
        desk = self._desk
        self.filter.narrowed.connect(lambda _: self._show_list())
        self.filter.entered.connect(self._on_entered)
        self.filter.moved_down.connect(self._on_moved_down)
        self.types.chosen.connect(lambda _: self._show_list())
        self.header.ordered.connect(self._on_ordered)
        self.footer.retried.connect(self.list.tell_seen)
        self.list.columns_changed.connect(self._on_columns_changed)
        self.list.chosen.connect(self._on_chosen)
        self.list.typed.connect(self.filter.take)
        self.list.ended.connect(self._on_ended)
        self.list.seen.connect(self.feed.read_beyond)
        self.feed.began.connect(self._on_began)
        self.feed.shown.connect(self._on_shown)
        self.feed.extended.connect(self._on_rows_changed)
        self.feed.failed.connect(
            lambda error: self.states.show_error(error, (tr("Retry"), self.feed.show_again))
        )
        self.feed.stuck.connect(self._on_stuck)
        desk.copying.register(self.list, AggregateCopying(desk, self.list, self.model))
        self.list.selectionModel().selectionChanged.connect(lambda *_: desk.copying.refresh())
        for name in (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_COMMAND):
            self.list.addAction(desk.actions[name])
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        desk.store.opened.connect(self._on_opened)
        desk.store.closed.connect(self._on_closed)
        desk.counts.changed.connect(self._on_counts_changed)
        desk.following.grown.connect(self._on_grown)
        desk.cursor.aggregate_changed.connect(self._on_aggregate_changed)
        desk.cursor.history_changed.connect(self._seek)  # its type is known then
        desk.clock.changed.connect(self.model.tell_ages)
        desk.appearance.changed.connect(self._on_appearance_changed)
        desk.actions.on(ActionId.FILTER, self._on_filter_asked, enabled=desk.store.is_open)

    def _on_appearance_changed(self) -> None:
        self._captions.setFixedHeight(self._desk.appearance.sizes(24))
        self._on_columns_changed()

    def _on_columns_changed(self) -> None:
        self.header.lay_out(self.list.versions_width, self.list.ages_width)

    # -- the store ---------------------------------------------------------------------------------------------------

    def _on_opened(self) -> None:
        self._is_new = True
        self._desk.actions.enable(ActionId.FILTER, True)
        self._ages.start()
        self.filter.reset()
        self.types.select(None)
        self._show_list()
        self._on_counts_changed()
        self._had_focus = True

    def _on_closed(self) -> None:
        self._ages.stop()
        self._desk.actions.enable(ActionId.FILTER, False, tr("No store is open."))
        self.feed.forget()
        self.footer.tell("")

    def _on_counts_changed(self) -> None:
        self.types.show_types(self._desk.counts.types)
        self._tell_what_is_listed()

    def _on_grown(self, result: "NewEventsResult") -> None:
        if not result.more:
            self.feed.take_newer(result.aggregates)
        if result.more or self.model.is_unwieldy:
            self._read_again_in_place()
        elif not self.feed.is_reading:
            self._on_rows_changed()

    def _read_again_in_place(self) -> None:
        number = self.list.first_seen
        if not self.model.rowCount() or (self.model.before is None and number <= self.model.rowCount() // 8):
            self.feed.show(self.feed.listed)
        else:
            self.feed.show(self.feed.listed, Part.AROUND, self.model.row(number).aggregate_id)

    # -- what the list is of -----------------------------------------------------------------------------------------

    def _show_list(self) -> None:
        self._wanted_end = None
        self.feed.show(Listed(self.types.type, self.filter.prefix, self.header.order))

    def _on_ordered(self, order: "AggregateOrder") -> None:
        self._desk.settings.set("navigator/order", order)
        listed, place = Listed(self.types.type, self.filter.prefix, order), self._desk.cursor.place
        if place is not None and self.list.selected is not None:
            self.feed.show(listed, Part.AROUND, place.aggregate_id)
        else:
            self.feed.show(listed)

    def _on_filter_asked(self) -> None:
        if not self.isVisible():
            self._desk.actions[ActionId.NAVIGATOR].trigger()
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _on_entered(self, text: str) -> None:
        """A whole id leads to its aggregate, whatever its type."""
        from auditor.jobs import list_aggregates

        if not text:
            self._on_moved_down()
            return
        request = list_aggregates.ListAggregatesRequest(origin=self._desk.store.origin, limit=2, prefix=text)
        self._desk.store.ask(
            FIND_ID, list_aggregates.run, request, done=lambda page: self._on_found(text, page)
        )

    def _on_found(self, text: str, page: "ListAggregatesResult") -> None:
        rows = page.aggregates
        if rows and (len(rows) == 1 or rows[0].aggregate_id == text):
            self._desk.cursor.go_to(Place(rows[0].aggregate_id, rows[0].aggregate_type))
            self.list.setFocus()
            self.left.emit()
        else:
            self._on_moved_down()

    def _on_moved_down(self) -> None:
        if self.model.rowCount() and not self.feed.is_reading:
            self.list.setFocus()
            if self.list.selected is None:
                self.list.setCurrentIndex(self.model.index(self.list.first_seen, ID))

    # -- pages ---------------------------------------------------------------------------------------------------

    def _on_began(self) -> None:
        self._had_focus = self._had_focus or self.list.hasFocus()
        self.header.set_type(self.feed.listed.aggregate_type)
        self.states.show_loading(tr("Reading the list"))
        self._tell_what_is_listed()

    def _on_shown(self, part: Part) -> None:
        self._on_rows_changed()
        if part is Part.AROUND and (number := self.model.number_of(self.feed.around or "")) is not None:
            self.list.scrollTo(self.model.index(number, ID), QAbstractItemView.ScrollHint.PositionAtCenter)
        if self._wanted_end is part and self.model.rowCount():
            self._wanted_end = None
            self.list.setCurrentIndex(self.model.index(self._end_row(part), ID))
        if self._had_focus:
            self._had_focus = False
            self.list.setFocus()
        self._choose_the_only_one()

    def _on_rows_changed(self) -> None:
        if self.model.rowCount():
            self.states.show_content()
        else:
            self._show_nothing()
        self._show_selection(scroll=False)
        self._tell_what_is_listed()
        self.list.tell_seen()

    def _on_stuck(self, error: Exception) -> None:
        why = error.message if isinstance(error, AuditorError) else type(error).__name__
        self.footer.tell_problem(tr("The list ends here: {why}", why=why))

    def _on_ended(self, at_end: bool) -> None:
        part = Part.LAST if at_end else Part.FIRST
        beyond = self.model.after if at_end else self.model.before
        if beyond is not None:
            self._wanted_end = part
            self.feed.show(self.feed.listed, part)
        elif self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(self._end_row(part), ID))

    def _end_row(self, part: Part) -> int:
        return self.model.rowCount() - 1 if part is Part.LAST else 0

    def _show_nothing(self) -> None:
        listed = self.feed.listed
        if listed.prefix:
            self.states.show_empty(
                "filter",
                tr("No id begins with “{text}”", text=display(listed.prefix, longest=LONGEST_SHOWN)),
                ""
                if listed.aggregate_type is None
                else tr("Only aggregates of the chosen type were looked at."),
                (tr("Clear the filter"), self.filter.clear),
            )
        elif listed.aggregate_type is not None:
            self.states.show_empty("info", tr("No aggregate of this type"), "")
        else:
            self.states.show_empty(
                "database", tr("No events in this store"), tr("F5 looks for new ones, Follow keeps looking.")
            )

    def _tell_what_is_listed(self) -> None:
        text = what_is_listed(self.feed, self.model, self._desk.counts)
        self.footer.tell(text, self._desk.counts.problem)

    # -- the cursor --------------------------------------------------------------------------------------------------

    def _on_chosen(self, number: int, deliberate: bool) -> None:
        row = self.model.row(number)
        self._is_choosing = True
        self._desk.cursor.go_to(Place(row.aggregate_id, row.aggregate_type))
        self._is_choosing = False
        if deliberate:
            self.left.emit()

    def _choose_the_only_one(self) -> None:
        is_new, self._is_new = self._is_new, False
        if is_new and self.model.rowCount() == 1 and self.model.is_whole and self._desk.cursor.place is None:
            row = self.model.row(0)
            self._desk.cursor.go_to(Place(row.aggregate_id, row.aggregate_type))

    def _on_aggregate_changed(self) -> None:
        self._is_sought = False
        if self._is_choosing or not self._desk.store.is_open:
            return
        place = self._desk.cursor.place
        self._is_sought = not self._show_selection(scroll=True) and place is not None
        self._seek()
        if place is not None:
            self.left.emit()

    def _seek(self) -> None:
        """Reads the surroundings of the chosen aggregate, if the list is of such ones."""
        place, listed = self._desk.cursor.place, self.feed.listed
        if place is None or not self._is_sought or (listed.aggregate_type and place.aggregate_type is None):
            return
        self._is_sought = False
        is_listed = listed.aggregate_type in (None, place.aggregate_type)
        if is_listed and place.aggregate_id.startswith(listed.prefix):
            self.feed.show(listed, Part.AROUND, place.aggregate_id)

    def _show_selection(self, *, scroll: bool) -> bool:
        """Whether the chosen aggregate stands in the list."""
        place = self._desk.cursor.place
        number = None if place is None else self.model.number_of(place.aggregate_id)
        self.list.select(number, scroll=scroll)
        return number is not None
