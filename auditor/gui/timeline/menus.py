"""The context menus of the timeline: of a lane, and of an event or a place in the plot."""

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from auditor.core.presenter import display, display_events
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.timeline.lane_choice import LaneChoice
from auditor.gui.timeline.lanes_view import LanesView
from auditor.gui.timeline.model import TimelineModel


class TimelineMenus(QObject):
    """Opens one at a place of the screen; `lane_menu` and `event_menu` only make them."""

    def __init__(self, desk: Desk, model: TimelineModel, lanes: LanesView) -> None:
        super().__init__(lanes)
        self._desk = desk
        self._model = model
        self._lanes = lanes

    def open_lane_menu(self, lane: int, where: QPoint) -> None:
        self._open(self.lane_menu(lane), where)

    def open_event_menu(self, ordinal: int, where: QPoint) -> None:
        self._open(self.event_menu(ordinal), where)

    def open_from_keyboard(self) -> None:
        """For the lane of A, or the first one, beside its name."""
        lane = max(self._model.lane, 0)
        at = self._lanes.lane_rect(lane).bottomLeft() + QPoint(self._desk.appearance.sizes(24), 0)
        self.open_lane_menu(lane, self._lanes.mapToGlobal(at))

    def _open(self, menu: QMenu, where: QPoint) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)
        for action in menu.actions():  # keys reach the entries at once
            if action.isEnabled() and not action.isSeparator():
                menu.setActiveAction(action)
                break

    # -- lanes ---------------------------------------------------------------------------------------------------

    def lane_menu(self, lane: int) -> QMenu:
        menu, history, choice = (
            self._menu("timeline.lane-menu", tr("Lanes")),
            self._model.history,
            self._model.choice,
        )
        if history is None:
            return menu
        if 0 <= lane < self._model.lanes.count:
            name, last = self._model.lane_name(lane), self._model.lanes.count - 1
            said, types = _entry(name), history.types
            alone = "" if last else tr("This is the only lane.")
            self._choice(menu, tr("Hide {name}", name=said), choice.with_hidden(name), alone)
            self._choice(menu, tr("Show only {name}", name=said), choice.only(name, types), alone)
            menu.addSeparator()
            top, bottom = tr("It is the first lane."), tr("It is the last lane.")
            self._choice(menu, tr("Move up"), choice.moved(name, -1, types), "" if lane else top)
            self._choice(menu, tr("Move down"), choice.moved(name, 1, types), "" if lane < last else bottom)
            self._choice(menu, tr("Move to the top"), choice.moved(name, -lane, types), "" if lane else top)
        ordered = "" if choice.order else tr("They are in this order.")
        self._choice(menu, tr("Order of first appearance"), choice.in_first_order(), ordered)
        menu.addSeparator()
        menu.addMenu(self._all_lanes(menu))
        menu.addAction(self._desk.actions[ActionId.SHOW_ALL_LANES])
        return menu

    def _all_lanes(self, parent: QMenu) -> QMenu:
        """Every type with a check mark, those that are hidden too."""
        menu, history, choice = QMenu(tr("Shown lanes"), parent), self._model.history, self._model.choice
        menu.setObjectName("timeline.shown-lanes")
        menu.setToolTipsVisible(True)
        if history is None:
            return menu
        numbers = {name: number for number, name in enumerate(history.types)}
        for name in choice.arranged(history.types):
            shown = name not in choice.hidden
            count = display_events(len(self._model.by_type[numbers[name]]))
            text = tr("{name}, {events}", name=_entry(name), events=count)
            wanted = choice.with_hidden(name) if shown else choice.with_shown(name)
            alone = tr("This is the only lane.") if shown and self._model.lanes.count < 2 else ""
            entry = self._choice(menu, text, wanted, alone)
            entry.setCheckable(True)
            entry.setChecked(shown)
        return menu

    def _choice(self, menu: QMenu, text: str, choice: LaneChoice, reason: str) -> QAction:
        """An entry that chooses these lanes; with a reason it cannot be used."""
        entry = menu.addAction(text)
        entry.setEnabled(not reason)
        entry.setToolTip(reason or text.replace("&&", "&"))
        entry.triggered.connect(lambda: self._model.choose_lanes(choice))
        return entry

    # -- events --------------------------------------------------------------------------------------------------

    def event_menu(self, ordinal: int) -> QMenu:
        """A and B can be set to that event; the range is there if one is selected."""
        menu, history = self._menu("timeline.event-menu", tr("Event")), self._model.history
        if history is None:
            return menu
        version = f"{history.version(ordinal):,}"
        menu.addAction(tr("Set A to {version}", version=version)).triggered.connect(
            lambda: self._model.go(ordinal)
        )
        menu.addAction(tr("Set B to {version}", version=version)).triggered.connect(
            lambda: self._desk.cursor.set_other(ordinal)
        )
        a = ActionId
        for group in ((a.SWAP_CURSORS, a.FOLLOW_B), (a.SELECT_RANGE, a.ZOOM_RANGE, a.CLEAR_MARKS)):
            menu.addSeparator()
            for name in group:
                menu.addAction(self._desk.actions[name])
        return menu

    def _menu(self, name: str, title: str) -> QMenu:
        menu = QMenu(title, self._lanes)
        menu.setObjectName(name)
        menu.setAccessibleName(title)
        menu.setToolTipsVisible(True)
        return menu


def _entry(name: str) -> str:
    """An event type as a menu writes it."""
    return display(name, longest=60).replace("&", "&&")
