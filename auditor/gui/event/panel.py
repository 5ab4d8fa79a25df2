"""A panel: the event at A, what is stored of it, what caused it and what it caused."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.desk import Desk
from auditor.gui.event.copy import EventCopying
from auditor.gui.event.event_list import EventList, EventRows
from auditor.gui.event.fact_view import FactView
from auditor.gui.event.facts import Fact, facts_of, missing_cause
from auditor.gui.event.header import EVENTS, FIELDS, JSON, STORED, EventHeader
from auditor.gui.event.read_form import ReadForm
from auditor.gui.event.reader import EventReader
from auditor.gui.event.text_page import TextPage, TextPart
from auditor.gui.panel_states import PanelStates
from auditor.gui.state import words
from auditor.gui.state.bars import Bar

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent
    from auditor.stores.pages import EventLink


class EventPanel(QWidget):
    """Shows the event at A. `rows` are the events of the aggregate, for the list beside it too."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("event")
        self.setAccessibleName(tr("Event"))
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.form = ReadForm(desk)
        self.reader = EventReader(desk, self.form.wants_upcast, self)
        self.header = EventHeader(desk)
        self.fields = FactView(desk)
        self.copying = EventCopying(desk, self._seen, self._current_fact)
        self.rows = EventRows(desk, self)
        self.events = EventList(desk, self.rows, has_title=False)
        look = desk.appearance
        self._unapplied = Bar("event.unapplied", "incomplete", "warning", "fail", look)
        self._problem = Bar("event.problem", "doubt", "warning", "chg", look)
        self._notes = Bar("event.notes", "sunken", "info", "text3", look)
        self._json = TextPart("event.json", tr("Event as JSON"), look, self.copying.copy_json, self)
        self._data = TextPart("event.data", tr("Data"), look, self.copying.copy_stored_data, self)
        self._metadata = TextPart(
            "event.metadata", tr("Metadata"), look, self.copying.copy_stored_metadata, self
        )
        self._pages = self._made_pages()
        event_page = QWidget()
        column = QVBoxLayout(event_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.form, self._unapplied, self._problem, self._notes):
            column.addWidget(widget)
        column.addWidget(self._pages, 1)
        self.states = PanelStates(event_page, "event", look)
        self._either = QStackedWidget()  # the list of events is there whatever becomes of the one at A
        self._either.addWidget(self.states)
        self._either.addWidget(self.events)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        outer.addWidget(self._either, 1)
        self._connect()
        self._on_changed()

    def _made_pages(self) -> QStackedWidget:
        pages = QStackedWidget()
        json_page, stored_page = TextPage("event.json-page"), TextPage("event.stored-page")
        json_page.add(self._json, 1)
        stored_page.add(self._data, 3)
        stored_page.add(self._metadata, 2)
        for page in (self.fields, json_page, stored_page):
            pages.addWidget(page)
        return pages

    def _connect(self) -> None:
        desk, a = self._desk, ActionId
        self.reader.changed.connect(self._on_changed)
        self.reader.answered.connect(self._on_answered)
        self.reader.lateness_changed.connect(self._show_version)
        desk.loader.folded.connect(self._show_unapplied)
        desk.loader.fold_began.connect(self._unapplied.hide)
        desk.clock.changed.connect(self._on_clock_changed)
        self.header.tabs.chosen.connect(self._on_tab_chosen)
        self.form.changed.connect(self.reader.ask_in_form)
        self.fields.link_followed.connect(self.follow)
        self.fields.selectionModel().currentChanged.connect(lambda *_: desk.copying.refresh())
        self.fields.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.fields.customContextMenuRequested.connect(self._show_menu)
        desk.actions.on(a.GO_TO_CAUSE, self._go_to_cause, enabled=False)
        desk.actions.on(a.GO_TO_EFFECT, self._go_to_effect, enabled=False)
        desk.copying.register(self, self.copying)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def offer_events(self, offered: bool) -> None:
        """Whether the list of events is a tab here, or stands beside."""
        self.header.offer_events(offered)
        if not offered and self.header.tabs.index == EVENTS:
            self.header.tabs.set_index(FIELDS)
            self._on_tab_chosen(FIELDS)

    def _on_tab_chosen(self, tab: int) -> None:
        self._either.setCurrentIndex(1 if tab == EVENTS else 0)
        if tab != EVENTS:
            self._pages.setCurrentIndex(tab)
        self._fill_texts()
        self._show_form()

    def _on_changed(self) -> None:
        cursor, reader = self._desk.cursor, self.reader
        if cursor.place is None:
            self.states.show_empty("event", tr("No event selected"), tr("Choose an aggregate first."))
        elif reader.error is not None:
            verb = self._desk.loader.read_again if cursor.history is None else reader.ask
            self.states.show_failed(*words.error_line(reader.error), (tr("Try again"), verb))
        elif cursor.history is not None and cursor.ordinal == 0:
            self.states.show_empty("event", tr("No events"), tr("This aggregate has none so far."))
        elif reader.shown is None or self.states.state != "content":
            self.states.show_loading(tr("Reading the event"))
        self._show_version()
        self._enable_links()
        self._desk.copying.refresh()

    def _seen(self) -> "ReadEvent | None":
        """What is looked at; None where a message stands in its place."""
        return self.reader.shown if self.states.state == "content" else None

    def _on_answered(self, read: "ReadEvent") -> None:
        result = read.result
        self._desk.event_types.see([result.event.event_type])
        self.fields.take(facts_of(read, self._desk.clock))
        self._show_form()
        problems = [
            tr("{part}: {why}.", part=part, why=display(why, longest=200))
            for part, why in (
                (tr("Data"), result.data.get("data_problem")),
                (tr("Metadata"), result.metadata.get("metadata_problem")),
            )
            if why
        ]
        if problems:
            stored = (tr("Show as stored"), lambda: self.show_tab(STORED))
            is_json = result.data["data"] is not None or "data_text" not in result.data
            title = tr("Not all of it can be shown as fields") if is_json else tr("The data is no JSON")
            self._problem.tell(title, " ".join(problems), stored)
        else:
            self._problem.hide()
        notes = [*(read.upcast.notes if read.upcast is not None else result.notes), read.problem]
        if any(notes):
            self._notes.tell("", "\n".join(filter(None, notes)))
        else:
            self._notes.hide()
        self.states.show_content()
        self._fill_texts()
        self._show_unapplied()
        self._show_version()
        self._enable_links()
        self._desk.copying.refresh()

    def show_tab(self, tab: int) -> None:
        """As if the user had chosen it."""
        self.header.tabs.set_index(tab)
        self._on_tab_chosen(tab)

    def _fill_texts(self) -> None:
        """Only what can be seen: a long text takes its time to be laid out."""
        read, tab = self.reader.shown, self.header.tabs.index
        if read is None:
            return
        if tab == JSON:
            self._json.tell(read.json_seen)
        elif tab == STORED:
            self._data.tell(read.data)
            self._metadata.tell(read.metadata)

    def _show_form(self) -> None:
        """What is looked at as stored has no other form."""
        read, is_text = self.reader.shown, self.header.tabs.index in (STORED, EVENTS)
        self.form.set_event(None if read is None or is_text else read.result.event.event_type)

    def _show_unapplied(self) -> None:
        read, fold = self.reader.shown, self._desk.loader.fold
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

    def _show_version(self) -> None:
        read = self._seen()
        if read is not None:
            event = read.result.event
            self.header.set_event(event.event_type, event.version, is_late=self.reader.is_late)
            return
        history, ordinal = self._desk.cursor.history, self._desk.cursor.ordinal
        version = history.version(ordinal) if history is not None else None
        if history is None or version is None:
            self.header.clear()
        else:
            self.header.set_event(history.event_type(ordinal) or "", version, is_late=False)

    def _on_clock_changed(self) -> None:
        if self.reader.shown is not None:
            self.fields.take(facts_of(self.reader.shown, self._desk.clock))

    # -- links ---------------------------------------------------------------------------------------------------------

    def follow(self, link: "EventLink") -> None:
        """Goes to another event; Back leads here again."""
        self._desk.cursor.go_to(Place(link.aggregate_id, link.aggregate_type, link.ordinal))

    def _go_to_cause(self) -> None:
        read = self._seen()
        if read is not None and read.result.cause is not None:
            self.follow(read.result.cause)

    def _go_to_effect(self) -> None:
        read = self._seen()
        if read is not None and read.result.effects:
            self.follow(read.result.effects[0])

    def _enable_links(self) -> None:
        read, enable = self._seen(), self._desk.actions.enable
        if read is None:
            for name in (ActionId.GO_TO_CAUSE, ActionId.GO_TO_EFFECT):
                enable(name, False, tr("No event is shown."))
            return
        result = read.result
        why = missing_cause(result) if result.cause_missing else tr("This event names no cause.")
        enable(ActionId.GO_TO_CAUSE, result.cause is not None, why)
        enable(
            ActionId.GO_TO_EFFECT,
            bool(result.effects),
            tr("No event of this store names this one as its cause."),
        )

    def _current_fact(self) -> Fact | None:
        return self.fields.current_fact() if self.header.tabs.index == FIELDS else None

    def _show_menu(self, at: QPoint) -> None:
        actions, fact = self._desk.actions, self.fields.current_fact()
        menu = QMenu(self)
        if fact is not None and fact.link is not None:
            link = fact.link
            menu.addAction(tr("Open"), lambda: self.follow(link))
        menu.addAction(actions[ActionId.GO_TO_CAUSE])
        menu.addAction(actions[ActionId.GO_TO_EFFECT])
        menu.addSeparator()
        for name in (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_PATH, ActionId.COPY_COMMAND):
            menu.addAction(actions[name])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.fields.viewport().mapToGlobal(at))
