"""What is below the list: the chosen projection at rest, its rebuild, its failure, or its rows."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.parts.push_button import push_button
from auditor.gui.projections.failed_page import FailedPage
from auditor.gui.projections.rows_page import RowsPage
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.run_page import RunPage
from auditor.gui.projections.standing_page import StandingPage

if TYPE_CHECKING:
    from auditor.jobs.list_projections import ProjectionRow


class Details(QWidget):
    """One page at a time; rows stay until another projection is chosen or they are closed."""

    cancel_wanted = Signal()
    rebuild_wanted = Signal()
    again_wanted = Signal()
    rows_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._row: ProjectionRow | None = None
        self._run: RebuildRun | None = None
        self.setObjectName("projections.details")
        self.setProperty("hairline", "above")
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._trust = _TrustBar(desk)
        self.standing = StandingPage(desk)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.standing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._trust)
        column.addWidget(self._pages, 1)

    # -- pages are made when they are first wanted: each takes a part of what a window may be late -------------------

    @cached_property
    def run_page(self) -> RunPage:
        page = RunPage(self._desk, self)
        page.cancel_wanted.connect(self.cancel_wanted)
        page.rows_wanted.connect(self.rows_wanted)
        page.again_wanted.connect(self.again_wanted)
        self._pages.addWidget(page)
        return page

    @cached_property
    def failed(self) -> FailedPage:
        page = FailedPage(self._desk, self)
        page.again_wanted.connect(self.again_wanted)
        self._pages.addWidget(page)
        return page

    @cached_property
    def rows(self) -> RowsPage:
        page = RowsPage(self._desk, self)
        page.rebuild_wanted.connect(self.rebuild_wanted)
        page.closed.connect(self.close_rows)
        self._pages.addWidget(page)
        return page

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def shows_rows(self) -> bool:
        return isinstance(self._pages.currentWidget(), RowsPage)

    def show_projection(self, row: "ProjectionRow", run: RebuildRun | None) -> None:
        """What is known of it now; rows that are shown of it stay."""
        is_other = self._row is None or self._row.name != row.name
        self._row, self._run = row, run
        self._trust.show_row(row)
        if is_other or not self.shows_rows:
            self._show_page()
        else:
            self.rows.take_standing(row)

    def show_run(self, run: RebuildRun) -> None:
        """Its rebuild has moved on."""
        self._run = run
        if not self.shows_rows:
            self._show_page()

    def show_rows(self) -> None:
        if self._row is not None:
            self.rows.show_projection(self._row)
            self._pages.setCurrentWidget(self.rows)
            self.rows.take_focus()

    def close_rows(self) -> None:
        self._show_page()

    def forget(self) -> None:
        """Another store is shown."""
        self._row = self._run = None
        if "rows" in self.__dict__:
            self.rows.forget()

    def _show_page(self) -> None:
        run = self._run
        if run is not None and run.phase == "failed":
            self.failed.show_run(run)
            self._pages.setCurrentWidget(self.failed)
        elif run is not None:
            self.run_page.show_run(run)
            self._pages.setCurrentWidget(self.run_page)
        elif self._row is not None:
            self.standing.show_row(self._row)
            self._pages.setCurrentWidget(self.standing)


class _TrustBar(QWidget):
    """Code that nobody has trusted is not run, and this says so."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("projections.trust")
        self.setProperty("surface", "doubt")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = QLabel()
        self._title = text_label(tr("This code was not reviewed"), "strong")
        self._title.setProperty("tone", "doubt")
        self._line = text_label("", "small")
        self._line.setWordWrap(True)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(
            push_button(
                "projections.trust.review",
                tr("Review the code…"),
                lambda: desk.actions[ActionId.REVIEW_CODE].trigger(),
            )
        )
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self.hide()

    def show_row(self, row: "ProjectionRow") -> None:
        self.setVisible(row.trusted is False)
        name = display(row.name, longest=60)
        self._line.setText(
            tr("{name} comes from the workspace's own code; nobody has trusted it as it is now. ", name=name)
            + tr("Read its files before it is rebuilt.")
        )

    def _on_appearance_changed(self) -> None:
        size = self._desk.appearance.sizes(16)
        self._sign.setPixmap(self._desk.appearance.icon("shield", "chg").pixmap(size, size))
