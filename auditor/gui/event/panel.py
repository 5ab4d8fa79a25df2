"""A panel: the event at A, what is stored of it, what it changed, what caused it and what it caused."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.event.copy import EventCopying
from auditor.gui.event.event_list import EventList, EventRows
from auditor.gui.event.fact import Fact
from auditor.gui.event.fact_view import FactView
from auditor.gui.event.header import BYTES, EVENTS, FIELDS, LINKS, EventHeader
from auditor.gui.event.leading import EventLeading
from auditor.gui.event.messages import EventMessages
from auditor.gui.event.pages import EventPages
from auditor.gui.event.read_form import ReadForm
from auditor.gui.event.reader import EventReader
from auditor.gui.event.search import EventSearch
from auditor.gui.event.value import ValueShown
from auditor.gui.panel_states import PanelStates
from auditor.gui.state import words

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent


class EventPanel(QWidget):
    """Shows the event at A. `rows` are the events of the aggregate, for the list beside it too.

    `wanted`: it must be seen, though another panel may have its place; `field_wanted` with the pointer of a field of
    the state at A that is to be shown.
    """

    wanted = Signal()
    field_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("event")
        self.setAccessibleName(tr("Event"))
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.form = ReadForm(desk)
        self.reader = EventReader(desk, self.form.wants_upcast, self.isVisible, self)
        self.header = EventHeader(desk)
        self.fields = FactView(desk, "event.fields", tr("Fields of the event"))
        self.copying = EventCopying(desk, self._seen, self._current_fact, self)
        self.rows = EventRows(desk, self)
        self.events = EventList(desk, self.rows, has_title=False)
        self.messages = EventMessages(desk, lambda: self.show_tab(BYTES))
        self.pages = EventPages(desk, self.fields, self.copying)
        self.search = EventSearch(desk, self.pages.sought, self.pages.go_to, self)
        self.leading = EventLeading(desk, self._seen, self)
        self._values = ValueShown(desk, self)
        event_page = QWidget()
        column = QVBoxLayout(event_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.search.bar, self.form, self.messages):
            column.addWidget(widget)
        column.addWidget(self.pages, 1)
        self.states = PanelStates(event_page, "event", desk.appearance)
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

    def _connect(self) -> None:
        desk, actions = self._desk, self._desk.actions
        self.reader.changed.connect(self._on_changed)
        self.reader.answered.connect(self._on_answered)
        self.reader.lateness_changed.connect(self._show_version)
        self.header.tabs.chosen.connect(self._on_tab_chosen)
        self.form.changed.connect(self.reader.ask_in_form)
        self.copying.failed.connect(self.messages.tell_not_copied)
        self.pages.filled.connect(self.search.find_again)
        self.search.bar.closed.connect(self._leave_search)
        self.fields.field_wanted.connect(self.field_wanted)
        self.fields.opened.connect(lambda _: self.show_links())
        self.fields.value_wanted.connect(self._show_value)
        self.pages.links.view.value_wanted.connect(self._show_value)
        for view in (self.fields, self.pages.links.view):
            view.link_followed.connect(self.leading.follow)
            view.selectionModel().currentChanged.connect(lambda *_: desk.copying.refresh())
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(lambda at, view=view: self._show_menu(view, at))
        actions.on(ActionId.FIND_IN_EVENT, self.find_text, enabled=False)
        actions.on(ActionId.EVENT_LINKS, self.show_links, enabled=False)
        desk.copying.register(self, self.copying)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def offer_events(self, offered: bool) -> None:
        """Whether the list of events is a tab here, or stands beside."""
        self.header.offer_events(offered)
        if not offered and self.header.tabs.index == EVENTS:
            self.show_tab(FIELDS)

    def show_tab(self, tab: int) -> None:
        """As if the user had chosen it."""
        self.header.tabs.set_index(tab)
        self._on_tab_chosen(tab)

    def show_links(self) -> None:
        """All causes and effects, with the focus in them."""
        self.wanted.emit()
        self.show_tab(LINKS)
        self.pages.take_focus()

    def _on_tab_chosen(self, tab: int) -> None:
        self._either.setCurrentIndex(1 if tab == EVENTS else 0)
        if tab != EVENTS:
            self.pages.show_tab(tab)
        self._show_form()
        self.search.find_again()

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
        self._enable()

    def _seen(self) -> "ReadEvent | None":
        """What is looked at; None where a message stands in its place."""
        return self.reader.shown if self.states.state == "content" else None

    def _on_answered(self, read: "ReadEvent") -> None:
        self._desk.event_types.see([read.result.event.event_type])
        self.pages.tell(read)
        self.messages.tell(read)
        self._show_form()
        self.states.show_content()
        self._show_version()
        self._enable()
        self.search.find_again()

    def _show_form(self) -> None:
        """What is looked at as stored has no other form."""
        read, is_fixed = self.reader.shown, self.header.tabs.index in (BYTES, EVENTS, LINKS)
        self.form.set_event(None if read is None or is_fixed else read.result.event.event_type)

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

    def _enable(self) -> None:
        is_seen = self._seen() is not None
        for name in (ActionId.FIND_IN_EVENT, ActionId.EVENT_LINKS):
            self._desk.actions.enable(name, is_seen, tr("No event is shown."))
        self.leading.enable()
        self.copying.enable()
        self._desk.copying.refresh()

    # -- finding -------------------------------------------------------------------------------------------------------

    def find_text(self) -> None:
        self.wanted.emit()
        if self.header.tabs.index == EVENTS:
            self.show_tab(FIELDS)
        self.search.enter()

    def _leave_search(self) -> None:
        self.search.leave()
        self.pages.take_focus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.ask_changes()

    def event(self, event: QEvent) -> bool:
        """With the focus in here, the keys that find in the state find in the event."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._finding_of(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = self._finding_of(event)
        if name is ActionId.FIND:
            self.find_text()
        elif name is not None:
            self.search.step(1 if name is ActionId.FIND_NEXT else -1)
        elif event.key() == Qt.Key.Key_Escape and self.search.is_open:
            self._leave_search()
        else:
            super().keyPressEvent(event)

    def _finding_of(self, event: QKeyEvent) -> ActionId | None:
        pressed = QKeySequence(event.keyCombination())
        names = [ActionId.FIND]
        if self.search.is_open:
            names += [ActionId.FIND_NEXT, ActionId.FIND_PREVIOUS]
        return next((one for one in names if pressed in self._desk.actions[one].shortcuts()), None)

    # -- single values -------------------------------------------------------------------------------------------------

    def _show_value(self, fact: Fact) -> None:
        read = self._seen()
        if read is not None:
            self._values.show(fact, read)

    def _current_fact(self) -> Fact | None:
        views = {FIELDS: self.fields, LINKS: self.pages.links.view}
        view = views.get(self.header.tabs.index)
        return None if view is None else view.current_fact()

    def _show_menu(self, view: FactView, at: QPoint) -> None:
        actions, fact = self._desk.actions, view.current_fact()
        menu = QMenu(self)
        if fact is not None and fact.link is not None and not fact.is_here:
            link = fact.link
            menu.addAction(tr("Open"), lambda: self.leading.follow(link))
        elif fact is not None and fact.kind == "field":
            menu.addAction(tr("Open"), lambda: self._show_value(fact))
        menu.addAction(actions[ActionId.EVENT_LINKS])
        menu.addSeparator()
        for name in (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_PATH, ActionId.COPY_COMMAND):
            menu.addAction(actions[name])
        menu.addSeparator()
        for name in (ActionId.COPY_EVENT_JSON, ActionId.COPY_EVENT_PYTHON, ActionId.COPY_EVENT_TEST):
            menu.addAction(actions[name])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(view.viewport().mapToGlobal(at))
