"""The History view: navigator, header, timeline, state and event, and which of them gives way when it is narrow."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.as_of.command import AsOfCommand
from auditor.gui.below_timeline import BelowTimeline
from auditor.gui.desk import Desk
from auditor.gui.event.panel import EventPanel
from auditor.gui.header import AggregateHeader
from auditor.gui.navigator import Navigator
from auditor.gui.state.panel import StatePanel
from auditor.gui.timeline.panel import TimelinePanel
from auditor.gui.toolbar import NARROW
from auditor.gui.when.become import WhenBecame
from auditor.gui.when.panel import WhenPanel


class HistoryView(QWidget):
    """Assembles the panels; each of them follows the cursor by itself."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("history")
        self._wants_navigator = True

    def building(self) -> Iterator[None]:
        """Makes the panels, some in each step; see `StoreView.building`."""
        desk = self._desk
        self.navigator = Navigator(desk, self)
        self.header = AggregateHeader(desk, self)
        yield
        self.timeline = TimelinePanel(desk, self)
        yield
        self.state = StatePanel(desk, self)
        yield
        self.event_panel = EventPanel(desk, self)
        yield
        self.below = BelowTimeline(desk, self.state, self.event_panel, self)
        yield
        self.as_of = AsOfCommand(desk, self)
        self.when = WhenPanel(desk, self)
        self.became = WhenBecame(desk, self.state, self.when)
        self.when.closed.connect(self.timeline.slider.setFocus)
        self._lay_out()
        desk.actions.on_switch(ActionId.NAVIGATOR, self._on_navigator_switched)
        self.navigator.left.connect(self._on_navigator_left)

    def _lay_out(self) -> None:
        self.right = QSplitter(Qt.Orientation.Vertical, self)
        self.right.setObjectName("history.right")
        self.right.addWidget(self.timeline)
        self.right.addWidget(self.below)
        self.right.setStretchFactor(1, 1)
        self.right.setChildrenCollapsible(False)
        self.right.setHandleWidth(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.when)
        column.addWidget(self.right, 1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.navigator)
        self._row.addLayout(column, 1)

    @property
    def panels(self) -> tuple[QWidget, ...]:
        """In the order in which F6 goes round."""
        return (self.navigator, self.when, self.timeline, *self.below.panels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        was_narrow = event.oldSize().width() < NARROW
        if event.oldSize().width() < 0 or was_narrow != self._is_narrow:
            self._place_navigator()
        elif self._is_narrow:
            self.navigator.resize(self.navigator.width(), self.height())

    def _place_navigator(self) -> None:
        """Beside the view, or over it where that is narrow: then only for as long as it is needed."""
        if self._is_narrow:
            self._row.removeWidget(self.navigator)
            self.navigator.setGeometry(0, 0, self.navigator.width(), self.height())
            self.navigator.raise_()
            self._show_navigator(self._desk.cursor.place is None)
        else:
            self._row.insertWidget(0, self.navigator)
            self._show_navigator(self._wants_navigator)

    @property
    def _is_narrow(self) -> bool:
        return self.width() < NARROW

    def _on_navigator_switched(self, shown: bool) -> None:
        if not self._is_narrow:
            self._wants_navigator = shown
        self._show_navigator(shown)
        if shown:
            self.navigator.list.setFocus()

    def _on_navigator_left(self) -> None:
        if self._is_narrow:
            self._show_navigator(False)

    def _show_navigator(self, shown: bool) -> None:
        self.navigator.setVisible(shown)
        self._desk.actions[ActionId.NAVIGATOR].setChecked(shown)
