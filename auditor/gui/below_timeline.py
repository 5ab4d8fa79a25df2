"""What is below the timeline: a panel at the left and one at the right by the mode, as tabs of one place where it is
narrow, with the list of events as a third where it is wide."""

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QWidget

from auditor.core.text import tr
from auditor.gui.blame.panel import FieldHistory
from auditor.gui.compare.between import EventsBetween
from auditor.gui.compare.panel import ComparePanel
from auditor.gui.desk import Desk
from auditor.gui.event.event_list import EventList
from auditor.gui.event.panel import EventPanel
from auditor.gui.looking import Mode
from auditor.gui.mode_switch import ModeSwitch
from auditor.gui.parts.segmented import Segmented
from auditor.gui.state.panel import StatePanel
from auditor.gui.toolbar import NARROW

WIDE = 1900
EVENT_LEAST, EVENT_MOST, LIST_LEAST, LIST_MOST = 360, 560, 520, 600


class Room(Enum):
    """How much there is, by the width of the window."""

    NARROW = "narrow"
    USUAL = "usual"
    WIDE = "wide"


class BelowTimeline(QSplitter):
    """Places the panels; each of them follows the cursor by itself.

    At the left the state, in blame too, or the comparison; at the right the event, the events between A and B, or the
    values of a field. Panels that are not shown are hidden: they ask for nothing.
    """

    def __init__(
        self, desk: Desk, state: StatePanel, event_panel: EventPanel, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._desk = desk
        self.setObjectName("history.below")
        self.state = state
        self.event_panel = event_panel
        self.compare, self.between = ComparePanel(desk), EventsBetween(desk)
        self.field_history = FieldHistory(desk)
        self.events = EventList(desk, self.event_panel.rows, has_title=True)
        self.events.setObjectName("history.events")
        self._left = _stack("history.left", self.state, self.compare)
        self._right = _stack("history.beside", self.event_panel, self.between, self.field_history)
        for panel in (self._left, self._right, self.events):
            self.addWidget(panel)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.setStretchFactor(2, 0)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        desk.copying.register(self.events, self.event_panel.copying)
        self._room: Room | None = None
        self._was_shown = False
        self._tab = 0
        self._switches: list[Segmented] = []
        for name, row in (("state", self.state.header.row), ("compare", self.compare.header.row)):
            row.addWidget(ModeSwitch(desk, name))
            row.addWidget(self._switch(name))
        for name, row in (
            ("event", self.event_panel.header.row),
            ("between", self.between.header.row),
            ("blame", self.field_history.header.row),
        ):
            row.addWidget(self._switch(name))
        self.state.wanted.connect(self._on_state_wanted)
        self.event_panel.wanted.connect(self._on_event_wanted)
        self.event_panel.field_wanted.connect(self._on_field_wanted)
        desk.looking.mode_changed.connect(self._on_mode_changed)
        desk.appearance.changed.connect(self._arrange)
        self._fit()

    @property
    def panels(self) -> tuple[QWidget, ...]:
        """In the order in which F6 goes round."""
        return (self.state, self.compare, self.event_panel, self.between, self.field_history, self.events)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:  # only now it has its width: what was shared before was another's
            self._was_shown, self._room = True, None
        self._fit()

    def _fit(self) -> None:
        width = self.window().width()
        room = Room.NARROW if width < NARROW else Room.WIDE if width >= WIDE else Room.USUAL
        if room is not self._room:
            self._room = room
            self._arrange()

    def _arrange(self) -> None:
        is_narrow, is_wide = self._room is Room.NARROW, self._room is Room.WIDE
        sizes = self._desk.appearance.sizes
        for switch in self._switches:
            switch.setVisible(is_narrow)
        self.event_panel.offer_events(not is_wide)
        self.events.setVisible(is_wide)
        self.events.setMaximumWidth(sizes(LIST_MOST))
        self.events.setMinimumWidth(sizes(360))
        self._right.setMinimumWidth(sizes(EVENT_LEAST))
        self._right.setMaximumWidth(16_777_215 if is_narrow else sizes(EVENT_MOST))
        self._show_tab(self._tab)
        if not is_narrow:
            self._share()

    def _share(self) -> None:
        sizes = self._desk.appearance.sizes
        room = self.width()
        list_width = (
            min(max(room // 4, sizes(LIST_LEAST)), sizes(LIST_MOST)) if self._room is Room.WIDE else 0
        )
        event_width = min(max((room - list_width) * 2 // 5, sizes(EVENT_LEAST)), sizes(EVENT_MOST))
        self.setSizes([room - list_width - event_width, event_width, list_width])

    def _show_tab(self, tab: int) -> None:
        """0: the left, 1: the right. Where there is room for both, both are there."""
        self._tab = tab
        for switch in self._switches:
            switch.set_index(tab)
        is_narrow = self._room is Room.NARROW
        self._left.setVisible(not is_narrow or tab == 0)
        self._right.setVisible(not is_narrow or tab == 1)

    def _on_tab_chosen(self, tab: int) -> None:
        self._show_tab(tab)
        for switch in self._switches:
            if switch.isVisible():
                switch.button(tab).setFocus(Qt.FocusReason.TabFocusReason)

    def _on_mode_changed(self) -> None:
        mode, focused = self._desk.looking.mode, QApplication.focusWidget()
        self._left.setCurrentWidget(self.compare if mode is Mode.COMPARE else self.state)
        beside = {Mode.COMPARE: self.between, Mode.BLAME: self.field_history}
        self._right.setCurrentWidget(beside.get(mode, self.event_panel))
        for switch in self._switches:
            switch.name_segments(_tabs_of(mode))
        self._show_tab(0)
        if focused is not None and self._left.isAncestorOf(focused) and not focused.isVisible():
            _hand_over(focused, self.compare if mode is Mode.COMPARE else self.state)

    def _on_state_wanted(self) -> None:
        if self._desk.looking.mode is Mode.COMPARE:
            self._desk.looking.set_mode(Mode.STATE)
        self._show_tab(0)

    def _on_event_wanted(self) -> None:
        if self._desk.looking.mode is not Mode.STATE:
            self._desk.looking.set_mode(Mode.STATE)
        self._show_tab(1)

    def _on_field_wanted(self, pointer: str) -> None:
        self._on_state_wanted()
        self.state.reveal(pointer)

    def _switch(self, name: str) -> Segmented:
        made = Segmented(f"{name}.which", _tabs_of(self._desk.looking.mode), tr("Show"))
        made.chosen.connect(self._on_tab_chosen)
        self._switches.append(made)
        return made


def _tabs_of(mode: Mode) -> tuple[str, str]:
    """What is at the left and at the right, where it is too narrow for both."""
    if mode is Mode.COMPARE:
        return tr("Fields"), tr("Events")
    return tr("State"), tr("Values") if mode is Mode.BLAME else tr("Event")


def _stack(name: str, *panels: QWidget) -> QStackedWidget:
    stack = QStackedWidget()
    stack.setObjectName(name)
    for panel in panels:
        stack.addWidget(panel)
    return stack


def _hand_over(focused: QWidget, panel: QWidget) -> None:
    """A segment of the switch gives its focus to the same one over there, anything else to the panel."""
    same = focused.objectName().partition(".")[2]
    twin = panel.findChild(QWidget, f"{panel.objectName()}.{same}") if same else None
    (twin if twin is not None and twin.isVisible() else panel).setFocus(Qt.FocusReason.OtherFocusReason)
