"""The timeline: what happened when, and where A stands in it."""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSplitter, QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import Scope
from auditor.gui.desk import Desk
from auditor.gui.panel_states import PanelStates
from auditor.gui.timeline.axis import Axis
from auditor.gui.timeline.bar import TimelineBar
from auditor.gui.timeline.commands import TimelineCommands
from auditor.gui.timeline.gestures import Gestures
from auditor.gui.timeline.go_to_version import GoToVersion
from auditor.gui.timeline.hover import Hover
from auditor.gui.timeline.lanes_view import LanesView
from auditor.gui.timeline.look_commands import LookCommands
from auditor.gui.timeline.measures import Measures
from auditor.gui.timeline.menus import TimelineMenus
from auditor.gui.timeline.model import TimelineModel
from auditor.gui.timeline.overview import Overview
from auditor.gui.timeline.player import Player
from auditor.gui.timeline.slider import VersionSlider
from auditor.gui.timeline.spoken import spoken_event
from auditor.gui.timeline.transport import Transport

SAID_AFTER_MS = 500
MOST_OF_VIEW = 0.45
LANES_ALWAYS = 8


class TimelinePanel(QWidget):
    """Assembles the timeline's parts. It wants the height of its lanes, and at most 45 % of the view."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("timeline")
        self.setAccessibleName(tr("Timeline"))
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = TimelineModel(desk, self)
        self.player = Player(self.model, self)
        self.bar = TimelineBar(desk, self.model)
        self.lanes = LanesView(desk, self.model)
        self.axis = Axis(desk, self.model)
        self.overview = Overview(desk, self.model)
        self.slider = VersionSlider(desk, self.model)
        self.transport = Transport(desk, self.player)
        content = QWidget()
        content.setObjectName("timeline.content")
        self._lay_out(content)
        self.states = PanelStates(content, "timeline", desk.appearance)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.states)
        self.gestures = Gestures(desk, self.lanes)
        self.hover = Hover(desk, self.model, self.lanes, self.gestures, content)
        self.menus = TimelineMenus(desk, self.model, self.lanes)
        self._commands = TimelineCommands(desk, self.model, self.player, self._ask_version)
        self._look_commands = LookCommands(desk, self.model, self.menus.open_from_keyboard, self)
        self._rest = QTimer(self, singleShot=True, interval=SAID_AFTER_MS)
        self._rest.timeout.connect(self._say_a)
        self._fit = QTimer(self, singleShot=True, interval=0)
        self._fit.timeout.connect(self._take_height)
        self._view_height = 0
        self._was_moved = False
        self._height = 0  # asked for by layouts at each change of any text
        self._connect()
        self._on_appearance_changed()
        self._on_aggregate_changed()

    def _lay_out(self, content: QWidget) -> None:
        self._foot = QGridLayout()
        self._foot.setSpacing(0)
        self._foot.addWidget(self.transport, 0, 0, 2, 1)
        self._foot.addWidget(self.overview, 0, 2)
        self._foot.addWidget(self.slider, 1, 1, 1, 3)
        self._foot.setColumnStretch(2, 1)
        self._foot.setRowStretch(1, 1)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.lanes, 1)
        column.addWidget(self.axis)
        column.addLayout(self._foot)

    def _connect(self) -> None:
        desk, model = self._desk, self.model
        self.slider.chosen.connect(model.go)
        self.slider.other_chosen.connect(desk.cursor.set_other)
        desk.actions.adopt(Scope.TIMELINE, self)
        desk.appearance.changed.connect(self._on_appearance_changed)
        desk.cursor.aggregate_changed.connect(self._on_aggregate_changed)
        desk.loader.reading_failed.connect(self._on_reading_failed)
        model.history_changed.connect(self._on_history_changed)
        model.lanes_changed.connect(self._take_height)
        for signal in (
            model.moved,
            model.range_changed,
            model.axis_changed,
            desk.cursor.other_changed,
            desk.highlight.changed,
        ):
            signal.connect(self._rest.start)
        self.gestures.lane_menu_asked.connect(self.menus.open_lane_menu)
        self.gestures.menu_asked.connect(self.menus.open_event_menu)

    # -- states --------------------------------------------------------------------------------------------------

    def _on_aggregate_changed(self) -> None:
        if self._desk.cursor.place is None:
            self.states.show_empty(
                "history", tr("No aggregate selected"), tr("Choose one on the left, or type its id.")
            )
        else:
            self.states.show_loading(tr("Reading the history"))

    def _on_reading_failed(self, error: Exception) -> None:
        if self._desk.cursor.history is None:
            self.states.show_error(error, (tr("Read the history again"), self._desk.loader.read_again))

    def _on_history_changed(self) -> None:
        history = self.model.history
        if history is None or history.length == 0:
            self.states.show_empty("history", tr("No events"), tr("This aggregate has none so far."))
            return
        self.states.show_content()
        self._take_height()

    # -- height --------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(700, self._height)

    def _wanted_height(self) -> int:
        measures = self.lanes.measures
        rest = measures.bar + measures.axis + measures.foot
        natural = rest + self.lanes.natural_height()
        splitter = self.parentWidget()
        around = splitter.parentWidget() if splitter is not None else None
        view = around.height() if around is not None else 800
        least = rest + measures.flags + LANES_ALWAYS * measures.lane + 1
        return min(natural, max(round(view * MOST_OF_VIEW), least))

    def _take_height(self) -> None:
        """Asks the splitter for the height of the lanes, until the user moves its handle."""
        splitter, self._height = self.parentWidget(), self._wanted_height()
        if not isinstance(splitter, QSplitter) or self._was_moved:
            return
        wanted, sizes = self._height, splitter.sizes()
        if len(sizes) == 2 and sum(sizes) > 0 and sizes[0] != wanted:
            splitter.setSizes([wanted, max(sum(sizes) - wanted, 0)])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        splitter = self.parentWidget()
        if event.type() == QEvent.Type.ParentChange and isinstance(splitter, QSplitter):
            splitter.splitterMoved.connect(self._on_splitter_moved)

    def _on_splitter_moved(self) -> None:
        self._was_moved = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        around = self.parentWidget()
        if around is not None and around.height() != self._view_height:
            self._view_height = around.height()
            self._fit.start()

    def _measure(self) -> None:
        measures = Measures(self._desk.appearance.sizes, self.window().height())
        if measures != self.lanes.measures:
            self.lanes.place(measures)
            self.axis.place(measures)
            self._take_height()

    # -- appearance and words --------------------------------------------------------------------------------------

    def _on_appearance_changed(self) -> None:
        measures = Measures(self._desk.appearance.sizes, self.window().height())
        self.lanes.place(measures)
        self.axis.place(measures)
        inset = VersionSlider.INSET
        self._foot.setColumnMinimumWidth(0, measures.gutter - inset)
        self._foot.setColumnMinimumWidth(1, inset)
        self._foot.setColumnMinimumWidth(3, inset)
        self._foot.setContentsMargins(0, 0, measures.right - inset, 0)
        self.transport.setFixedWidth(measures.gutter - inset)
        self.overview.setFixedHeight(self._desk.appearance.sizes(18))
        self.slider.setFixedHeight(self._desk.appearance.sizes(24))
        self._take_height()

    def _say_a(self) -> None:
        """Once A rests, what it stands on is said to who cannot see it, and what is said above the lanes."""
        history = self.model.history
        if history is None:
            return
        text = spoken_event(history, self.model.ordinal, self._desk.clock)
        other = self.bar.readout.other_text
        spoken = tr("{event}; B at {version}", event=text, version=other) if other else text
        self.slider.setAccessibleDescription(spoken)
        above = (said.text for said in self.lanes.about.sentences())
        self.lanes.setAccessibleDescription("; ".join((*above, spoken)))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.slider, text))

    def _ask_version(self) -> None:
        history = self._desk.cursor.history
        if history is not None and history.length:
            dialog = GoToVersion(self._desk, history, self.window())
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
