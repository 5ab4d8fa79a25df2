"""The Projections view: how each projection stands, and the rebuild, the failure or the rows of the chosen one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId, Scope
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.panel_states import PanelStates
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.projections.buttons import icon_button
from auditor.gui.projections.copy import ListCopying
from auditor.gui.projections.details import Details
from auditor.gui.projections.list_model import ProjectionModel
from auditor.gui.projections.list_view import ProjectionList
from auditor.gui.projections.questions import CancelQuestion, Leaving
from auditor.gui.projections.rebuilds import Rebuilds
from auditor.gui.projections.words import why_no_catching_up
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.list_projections import ProjectionRow, ProjectionsResult

PROJECTIONS = Lane("projections")
LOOKED_EVERY_MS = 2_000
"""While another process rebuilds one of them."""


class ProjectionsView(QWidget):
    """Read anew when it is opened, after a rebuild, and when new events are taken in."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.is_reading = False
        self._wanted: str | None = None  # to be chosen once it is listed
        self.setObjectName("projections")
        self.setAccessibleName(tr("Projections"))
        self.rebuilds = Rebuilds(desk, self._look_at, self)
        self.model = ProjectionModel(desk.clock, self.rebuilds.runs, self)
        self.list = ProjectionList(desk, self.model)
        self.details = Details(desk)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list)
        column.addWidget(self.details, 1)
        self.states = PanelStates(content, "projections", desk.appearance)
        self._head = _Head(desk)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        whole.addWidget(self.states, 1)
        self._again = QTimer(self, singleShot=True, interval=LOOKED_EVERY_MS)
        self._again.timeout.connect(self.refresh)
        Leaving(desk, self.rebuilds, self)
        self._connect()

    def _connect(self) -> None:
        desk, actions, a = self._desk, self._desk.actions, ActionId
        actions.on(a.REBUILD, self._rebuild, enabled=False)
        actions.on(a.CATCH_UP, self._catch_up, enabled=False)
        actions.on(a.CANCEL_REBUILD, self._cancel, enabled=False)
        actions.on(a.SHOW_ROWS, self._show_rows, enabled=False)
        actions.adopt(Scope.PROJECTIONS, self)
        actions[a.REFRESH].triggered.connect(self.refresh)
        desk.following.grown.connect(lambda _: self.refresh())
        desk.store.opened.connect(self.refresh)
        desk.store.closed.connect(self._on_closed)
        desk.clock.changed.connect(self._on_clock_changed)
        desk.appearance.changed.connect(self._fit_list)
        desk.copying.register(self.list, ListCopying(desk, self.list, self.model))
        for name in (
            a.SHOW_ROWS,
            a.CATCH_UP,
            a.REBUILD,
            a.CANCEL_REBUILD,
            a.COPY_VALUE,
            a.COPY_JSON,
            a.COPY_COMMAND,
        ):
            self.list.addAction(actions[name])
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.list.chosen.connect(self._on_chosen)
        self.list.entered.connect(self._show_rows)
        self.details.cancel_wanted.connect(self._cancel)
        self.details.rebuild_wanted.connect(self._rebuild)
        self.details.again_wanted.connect(self._again_as_before)
        self.details.rows_wanted.connect(self._show_rows)
        self.rebuilds.changed.connect(self._on_run_changed)
        self.rebuilds.ended.connect(lambda _: self.refresh())

    @property
    def panels(self) -> tuple[QWidget, ...]:
        """In the order in which F6 goes round."""
        return (self.list, self.details)

    # -- reading the list ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Now; what is not looked at is read when it is shown."""
        if self.isVisible() and self._desk.store.is_open:
            self._ask()

    def _ask(self) -> None:
        from auditor.jobs import list_projections

        self.is_reading = True
        if self.states.state != "content":
            self.states.show_loading(tr("Reading the projections"))
        self._desk.store.ask(
            PROJECTIONS,
            list_projections.run,
            list_projections.ListProjectionsRequest(origin=self._desk.store.origin),
            done=self._on_listed,
            failed=self._on_failed,
            cancelled=self._on_cancelled,
        )

    def _on_listed(self, result: "ProjectionsResult") -> None:
        self.is_reading = False
        selected = self._wanted or self.list.selected
        self.model.set_rows(result.projections)
        self._head.tell(result.projections)
        if not result.projections:
            self._tell_empty()
        else:
            self.states.show_content()
            self._fit_list()
            if selected is None or not self.list.select(selected):
                self.list.select(result.projections[0].name)
            self._wanted = None
            self._show_chosen()
        ours = self.rebuilds.current
        if any(row.at_work and row.name != ours for row in result.projections):
            self._again.start()
        self._enable()

    def _tell_empty(self) -> None:
        how = '[projections.NAME] with python = "module:Class"'
        said = tr("Name them in an auditor.toml beside the store: {how}.", how=how)
        if self._desk.store.is_on_server:
            said = tr("Name them in an auditor.toml, and give it when connecting: {how}.", how=how)
        self.states.show_empty(
            "projections",
            tr("No projections"),
            said,
            (tr("Open the guide"), self._desk.actions[ActionId.GUIDE].trigger),
        )

    def _on_failed(self, error: Exception) -> None:
        self.is_reading = False
        self.states.show_error(error, (tr("Try again"), self.refresh))
        self._head.tell(())
        self._enable()

    def _on_cancelled(self) -> None:
        self.is_reading = False
        self.states.show_cancelled(tr("The projections were not read"), "", (tr("Read them"), self.refresh))
        self._enable()

    def _on_closed(self) -> None:
        self._again.stop()
        self.is_reading, self._wanted = False, None
        self.model.set_rows(())
        self.details.forget()
        self.states.show_empty("projections", tr("No store is open"), "")
        self._enable()

    # -- the chosen one --------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> "ProjectionRow | None":
        name = self.list.selected
        number = None if name is None else self.model.number_of(name)
        return None if number is None else self.model.row(number)

    def _on_chosen(self, _name: str) -> None:
        self._show_chosen()
        self._enable()
        self._desk.copying.refresh()

    def _show_chosen(self) -> None:
        row = self.chosen
        if row is not None:
            self.details.show_projection(row, self.rebuilds.runs.get(row.name))

    def _look_at(self, name: str) -> None:
        """From the status bar: the view with that projection's rebuild."""
        self._wanted = name
        self._desk.actions[ActionId.VIEW_PROJECTIONS].trigger()
        if self.list.select(name):
            self.details.close_rows()

    # -- commands --------------------------------------------------------------------------------------------------

    def _rebuild(self) -> None:
        self._begin(catch_up=False)

    def _catch_up(self) -> None:
        self._begin(catch_up=True)

    def _again_as_before(self) -> None:
        run = self.rebuilds.runs.get(self.list.selected or "")
        self._begin(catch_up=run is not None and run.catches_up)

    def _begin(self, *, catch_up: bool) -> None:
        row = self.chosen
        if row is not None and row.trusted is not False:
            self.details.close_rows()
            self.rebuilds.begin(row.name, catch_up=catch_up)
            self._show_chosen()
            self._enable()

    def _cancel(self) -> None:
        name = self._to_cancel()
        is_asked = any(one.isVisible() for one in self.window().findChildren(CancelQuestion))
        if name is not None and not is_asked:
            CancelQuestion(self._desk, self.window(), self.rebuilds, name).open()

    def _to_cancel(self) -> str | None:
        """The chosen one's, else the one that runs."""
        name = self.list.selected
        if name is not None and self.rebuilds.is_under_way(name):
            return name
        return self.rebuilds.current

    def _show_rows(self) -> None:
        if self.chosen is not None:
            self.details.show_rows()
            self._enable()

    def _enable(self) -> None:
        actions, a, row = self._desk.actions, ActionId, self.chosen
        unseen = "" if self.isVisible() else tr("Open the projections first.")
        none = tr("No projection is chosen.") if row is None else ""
        reason = unseen or none
        if not reason and row is not None:
            run = self.rebuilds.runs.get(row.name)
            if run is not None and self.rebuilds.is_under_way(row.name):
                reason = tr("It is catching up.") if run.catches_up else tr("It is being rebuilt.")
            elif row.trusted is False:
                reason = tr("Review its code first.")
        actions.enable(a.REBUILD, not reason, reason)
        in_the_way = reason or (why_no_catching_up(row) if row is not None else "")
        actions.enable(a.CATCH_UP, not in_the_way, in_the_way)
        actions.enable(a.SHOW_ROWS, not (unseen or none), unseen or none)
        stoppable = self._to_cancel() is not None
        actions.enable(a.CANCEL_REBUILD, stoppable and not unseen, unseen or tr("Nothing is running."))
        self._head.enable()

    # -- following -------------------------------------------------------------------------------------------------

    def _on_run_changed(self, name: str) -> None:
        self.model.tell_changed(name)
        if name == self.list.selected and self.isVisible():
            self.details.show_run(self.rebuilds.runs[name])
        if (
            self.rebuilds.runs[name].phase != "running"
            or not self._desk.actions[ActionId.CANCEL_REBUILD].isEnabled()
        ):
            self._enable()

    def _on_clock_changed(self) -> None:
        self.model.tell_titles()
        self.model.tell_changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()
        self._show_chosen()
        self._enable()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._again.stop()
        self._enable()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_list()

    def _fit_list(self) -> None:
        """As high as its rows, but no more whole ones than fit into two fifths: it keeps its height while the details
        change."""
        self.list.setFixedHeight(self.list.fitting_height(self.height() * 2 // 5))


class _Head(QWidget):
    """What is listed, and the verbs for the chosen one."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._line = ElidedLabel()
        self._line.setObjectName("projections.what")
        self._line.setProperty("type", "small")
        self._rows = icon_button(
            "projections.rows", tr("Rows"), lambda: desk.actions[ActionId.SHOW_ROWS].trigger()
        )
        self._rows.setFlat(True)
        self._catch_up = icon_button(
            "projections.catch-up", tr("Catch up"), lambda: desk.actions[ActionId.CATCH_UP].trigger()
        )
        self._rebuild = icon_button(
            "projections.rebuild", tr("Rebuild"), lambda: desk.actions[ActionId.REBUILD].trigger()
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(text_label(tr("Projections"), "title"))
        row.addWidget(self._line, 1)
        row.addWidget(self._rows)
        row.addWidget(self._catch_up)
        row.addWidget(self._rebuild)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def tell(self, rows: "tuple[ProjectionRow, ...]") -> None:
        files = list(dict.fromkeys(row.target.short_name for row in rows))
        if not rows:
            self._line.set_text("")
        elif len(files) == 1:
            self._line.set_text(tr("{count} in the read model {file}", count=len(rows), file=files[0]))
        else:
            self._line.set_text(tr("{count} in {files} read models", count=len(rows), files=len(files)))

    def enable(self) -> None:
        for button, name in (
            (self._rows, ActionId.SHOW_ROWS),
            (self._catch_up, ActionId.CATCH_UP),
            (self._rebuild, ActionId.REBUILD),
        ):
            action = self._desk.actions[name]
            button.setEnabled(action.isEnabled())
            button.setToolTip(action.toolTip())

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(self._desk.appearance.sizes(44))
        self._rows.setIcon(self._desk.appearance.icon("rows"))
        self._catch_up.setIcon(self._desk.appearance.icon("follow"))
        self._rebuild.setIcon(self._desk.appearance.icon("refresh"))
