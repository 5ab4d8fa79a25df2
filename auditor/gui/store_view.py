"""What a window shows of an open store: one of its views."""

from collections.abc import Iterator

from PySide6.QtWidgets import QStackedLayout, QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.history_view import HistoryView
from auditor.gui.projections.view import ProjectionsView


class StoreView(QWidget):
    """History and Projections, chosen by their actions."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("views")
        self._stack = QStackedLayout(self)

    def building(self) -> Iterator[None]:
        """Makes everything, some panels in each step: all of it at once would keep the window waiting for a quarter of
        a second. Used only when it has ended."""
        desk = self._desk
        self.history = HistoryView(desk, self)
        yield from self.history.building()
        yield
        self._stack.addWidget(self.history)
        yield
        self.projections = ProjectionsView(desk, self)
        yield
        self._stack.addWidget(self.projections)
        desk.actions.on_switch(ActionId.VIEW_HISTORY, lambda _: self._show(self.history))
        desk.actions.on_switch(ActionId.VIEW_PROJECTIONS, lambda _: self._show(self.projections))
        desk.actions[ActionId.VIEW_HISTORY].setChecked(True)

    @property
    def panels(self) -> tuple[QWidget, ...]:
        """Of the view that is shown, in the order in which F6 goes round."""
        return self.history.panels if self._stack.currentWidget() is self.history else self.projections.panels

    def show_history(self) -> None:
        self._desk.actions[ActionId.VIEW_HISTORY].trigger()

    def show_projections(self) -> None:
        self._desk.actions[ActionId.VIEW_PROJECTIONS].trigger()

    def _show(self, view: QWidget) -> None:
        self._stack.setCurrentWidget(view)
