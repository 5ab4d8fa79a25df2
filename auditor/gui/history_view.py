"""The History view: navigator, header, timeline, state and event, and which of them gives way when it is narrow."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.event.panel import EventPanel
from auditor.gui.header import AggregateHeader
from auditor.gui.navigator import Navigator
from auditor.gui.state.panel import StatePanel
from auditor.gui.timeline.panel import TimelinePanel
from auditor.gui.toolbar import NARROW


class HistoryView(QWidget):
    """Assembles the panels; each of them follows the cursor by itself."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("history")
        self.navigator = Navigator(desk)
        self.header = AggregateHeader(desk)
        self.timeline = TimelinePanel(desk)
        self.state = StatePanel(desk)
        self.event_panel = EventPanel(desk)
        self.below = QSplitter(Qt.Orientation.Horizontal)
        self.below.setObjectName("history.below")
        self.below.addWidget(self.state)
        self.below.addWidget(self.event_panel)
        self.below.setStretchFactor(0, 3)
        self.below.setStretchFactor(1, 2)
        self.right = QSplitter(Qt.Orientation.Vertical)
        self.right.setObjectName("history.right")
        self.right.addWidget(self.timeline)
        self.right.addWidget(self.below)
        self.right.setStretchFactor(1, 1)
        for splitter in (self.below, self.right):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.right, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigator)
        row.addLayout(column, 1)
        self._wants_navigator = True
        desk.actions.on_switch(ActionId.NAVIGATOR, self._on_navigator_switched)

    @property
    def panels(self) -> tuple[QWidget, ...]:
        """In the order in which F6 goes round."""
        return (self.navigator, self.timeline, self.state, self.event_panel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        was_narrow = event.oldSize().width() < NARROW
        if event.oldSize().width() < 0 or was_narrow != self._is_narrow:
            self._show_navigator(not self._is_narrow and self._wants_navigator)

    @property
    def _is_narrow(self) -> bool:
        return self.width() < NARROW

    def _on_navigator_switched(self, shown: bool) -> None:
        if not self._is_narrow:
            self._wants_navigator = shown
        self._show_navigator(shown)

    def _show_navigator(self, shown: bool) -> None:
        self.navigator.setVisible(shown)
        self._desk.actions[ActionId.NAVIGATOR].setChecked(shown)
