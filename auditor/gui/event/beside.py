"""State and event below the timeline: side by side, as tabs of one place where it is narrow, with the list of events
as a third where it is wide."""

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.event.event_list import EventList
from auditor.gui.event.panel import EventPanel
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


class StateAndEvent(QSplitter):
    """Places the panels; each of them follows the cursor by itself."""

    def __init__(
        self, desk: Desk, state: StatePanel, event_panel: EventPanel, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._desk = desk
        self.setObjectName("history.below")
        self.state = state
        self.event_panel = event_panel
        self.events = EventList(desk, self.event_panel.rows, has_title=True)
        self.events.setObjectName("history.events")
        for panel in (self.state, self.event_panel, self.events):
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
        self._switches = [self._switch("state"), self._switch("event")]
        self.state.header.row.addWidget(self._switches[0])
        self.event_panel.header.row.addWidget(self._switches[1])
        self.state.wanted.connect(lambda: self._show_tab(0))
        desk.appearance.changed.connect(self._arrange)
        self._fit()

    @property
    def panels(self) -> tuple[QWidget, ...]:
        """In the order in which F6 goes round."""
        return (self.state, self.event_panel, self.events)

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
        self.event_panel.setMinimumWidth(sizes(EVENT_LEAST))
        self.event_panel.setMaximumWidth(16_777_215 if is_narrow else sizes(EVENT_MOST))
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
        """0: the state, 1: the event. Where there is room for both, both are there."""
        self._tab = tab
        for switch in self._switches:
            switch.set_index(tab)
        is_narrow = self._room is Room.NARROW
        self.state.setVisible(not is_narrow or tab == 0)
        self.event_panel.setVisible(not is_narrow or tab == 1)

    def _on_tab_chosen(self, tab: int) -> None:
        self._show_tab(tab)
        button = self._switches[tab].button(tab)
        button.setFocus(Qt.FocusReason.TabFocusReason)

    def _switch(self, name: str) -> Segmented:
        made = Segmented(f"{name}.which", (tr("State"), tr("Event")), tr("Show"))
        made.chosen.connect(self._on_tab_chosen)
        return made
