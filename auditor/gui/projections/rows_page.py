"""The rows of a read model: which table, which keys, true at which position."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from auditor.core.presenter import display, display_events
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.panel_states import PanelStates
from auditor.gui.parts.chooser import Chooser
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.projections.buttons import icon_button
from auditor.gui.projections.copy_rows import RowsCopying
from auditor.gui.projections.page_head import PageHead
from auditor.gui.projections.rows_feed import RowsFeed
from auditor.gui.projections.rows_model import RowsModel
from auditor.gui.projections.rows_table import RowsTable
from auditor.gui.projections.words import count_rows

if TYPE_CHECKING:
    from auditor.jobs.list_projections import ProjectionRow
    from auditor.jobs.list_rows import RowsResult


class RowsPage(QWidget):
    """Says at which position the rows are true, whatever runs beside it."""

    closed = Signal()
    rebuild_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._row: ProjectionRow | None = None
        self._total: int | None = None
        self._wants_focus = False
        self.setObjectName("projections.rows-page")
        self.model = RowsModel(self)
        self.feed = RowsFeed(desk, self.model, self)
        self.table = RowsTable(desk, self.model)
        self.states = PanelStates(self.table, "projections.rows", desk.appearance)
        self.head = PageHead(desk, "projections.rows-page")
        self._tables = Chooser(desk.appearance)
        self._tables.setObjectName("projections.rows-page.table")
        self._tables.setAccessibleName(tr("Table"))
        self._filter = _KeyField()
        self._close = icon_button("projections.rows-page.close", tr("Close the rows"), self.closed.emit)
        controls: tuple[QWidget, ...] = (self._tables, self._filter, self._close)
        for widget in controls:
            self.head.add(widget)
        self._foot = ElidedLabel()
        self._foot.setObjectName("projections.rows-page.foot")
        self._foot.setProperty("type", "small")
        top = QVBoxLayout()
        top.setContentsMargins(16, 4, 16, 0)
        top.addWidget(self.head)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 4, 16, 6)
        foot.addWidget(self._foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.states, 1)
        column.addLayout(foot)
        self._connect()

    def _connect(self) -> None:
        self._tables.activated.connect(lambda _: self._show_table())
        self._filter.narrowed.connect(lambda _: self._show_table())
        self._filter.moved_down.connect(self.take_focus)
        self.table.seen.connect(self._on_seen)
        self.feed.began.connect(self._on_began)
        self.feed.shown.connect(self._on_shown)
        self.feed.failed.connect(self._on_failed)
        self.feed.page_failed.connect(self._on_page_failed)
        self._desk.copying.register(self.table, RowsCopying(self._desk, self.table, self.feed))
        for name in (ActionId.COPY_VALUE, ActionId.COPY_JSON, ActionId.COPY_COMMAND):
            self.table.addAction(self._desk.actions[name])
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    # -- what is asked ---------------------------------------------------------------------------------------------

    def show_projection(self, row: "ProjectionRow") -> None:
        """From the beginning, its first table."""
        self._row = row
        self._tables.clear()
        self._tables.addItems([display(name) for name in row.tables])
        self._tables.setVisible(len(row.tables) > 1)
        self._filter.reset()
        name = display(row.name, longest=60)
        self.head.tell(tr("Rows of {name}", name=name), "", "rows", "text2")
        self.feed.show(row.name, next(iter(row.tables), None))

    def take_standing(self, row: "ProjectionRow") -> None:
        """The list was read again: rows that were rebuilt are read again too."""
        before, self._row = self._row, row
        if before is not None and before.built_at != row.built_at:
            if list(before.tables) != list(row.tables):
                self.show_projection(row)
            else:
                self._show_table()
        elif self.feed.newest is not None:
            self._tell_position(self.feed.newest)

    def take_focus(self) -> None:
        """Now, or when rows have come."""
        if self.states.state == "content":
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._wants_focus = self.states.state == "loading"

    def forget(self) -> None:
        self._row = None
        self.feed.forget()

    def _show_table(self) -> None:
        if self._row is not None:
            names = list(self._row.tables)
            at = self._tables.currentIndex()
            table = names[at] if 0 <= at < len(names) else None
            self.feed.show(self._row.name, table, self._filter.text())

    # -- what came -------------------------------------------------------------------------------------------------

    def _on_began(self) -> None:
        self.states.show_loading(tr("Reading rows"))

    def _on_shown(self, page: "RowsResult") -> None:
        key = display(page.key[0], longest=40) if page.key else ""
        self._filter.setPlaceholderText(tr("{key} begins with", key=key))
        self._filter.setAccessibleName(tr("Only rows whose {key} begins with", key=key))
        self._total = self._row.tables.get(page.table) if self._row is not None else None
        self._tell_position(page)
        if self.model.rowCount() == 0:
            self._tell_empty(page)
        elif self.states.state != "content":
            self.states.show_content()
        if self._wants_focus:
            self.take_focus()
        self._tell_foot()

    def _tell_empty(self, page: "RowsResult") -> None:
        if self.feed.prefix:
            line = tr("No {key} begins with {prefix}.", key=page.key[0], prefix=display(self.feed.prefix))
            clear = (tr("Show all rows"), self._filter.clear)
            self.states.show_empty("search", tr("No such rows"), line, clear)
        else:
            line = tr("The projection made none of the events up to {at:,}.", at=page.position)
            self.states.show_empty("rows", tr("No rows in {table}", table=display(page.table)), line)

    def _tell_position(self, page: "RowsResult") -> None:
        at = tr("true at position {position:,}", position=page.position)
        behind = self._row.lag if self._row is not None else None
        if page.built_from != page.store_id:
            at = tr("{at} of another store", at=at)
        elif behind:
            at = tr("{at}, {events} behind", at=at, events=display_events(behind))
        elif behind == 0:
            at = tr("{at}, the end of the store", at=at)
        self.head.tell(self._title(page), at, "rows", "text2")

    def _title(self, page: "RowsResult") -> str:
        name = display(page.projection, longest=60)
        if len(page.tables) == 1 and page.table != page.projection:
            return tr("Rows of {name}, {table}", name=name, table=display(page.table, longest=60))
        return tr("Rows of {name}", name=name)

    def _tell_foot(self) -> None:
        held = self.model.rowCount()
        if not held or self.feed.newest is None:
            self._foot.set_text(" ".join(self.feed.newest.notes) if self.feed.newest else "")
            return
        first, last = self.table.seen_rows
        shown = tr(
            "Rows {first:,} to {last:,}",
            first=self.model.first_row + first + 1,
            last=self.model.first_row + last + 1,
        )
        if not self.feed.prefix and self._total is not None:
            shown = tr("{shown} of {total:,}", shown=shown, total=self._total)
        elif self.model.is_at_end:
            total = self.model.first_row + held
            shown = tr("{shown} of {total}", shown=shown, total=count_rows(total))
        by = tr("by {key}", key=display(", ".join(self.feed.newest.key)))
        notes = " ".join(self.feed.newest.notes)
        self._foot.set_text(f"{shown}, {by}. {notes}".strip())

    def _on_failed(self, error: Exception) -> None:
        from auditor.stores.read_model_view import (
            NothingRebuilt,
        )  # it brings SQLAlchemy, which is there by now

        self.model.clear()
        self._foot.set_text("")
        if isinstance(error, NothingRebuilt):
            name = display(self.feed.name, longest=60)
            self.states.show_empty(
                "rows",
                tr("No rows of {name} yet", name=name),
                tr("A rebuild makes them from all events of the store."),
                (tr("Rebuild {name}", name=name), self.rebuild_wanted.emit),
            )
            return
        self.states.show_error(error, (tr("Try again"), self._show_table))

    def _on_page_failed(self, error: Exception) -> None:
        self._foot.set_text(tr("Further rows could not be read: {why}", why=str(error)))

    def _on_seen(self, first: int, last: int) -> None:
        self.feed.look_at(first, last)
        self._tell_foot()

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        self._filter.setFixedWidth(sizes(220))
        self._tables.setMinimumWidth(sizes(150))
        self._close.setIcon(self._desk.appearance.icon("close"))


class _KeyField(QLineEdit):
    """The beginning of a key. Esc empties it."""

    narrowed = Signal(str)
    moved_down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("projections.rows-page.filter")
        self.setClearButtonEnabled(True)
        self.textChanged.connect(self.narrowed)

    def reset(self) -> None:
        """Empty, and nobody is told."""
        self.blockSignals(True)
        self.clear()
        self.blockSignals(False)

    def event(self, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.text():
            if event.type() == QKeyEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QKeyEvent.Type.KeyPress:
                self.clear()
                return True
        return super().event(event)  # type: ignore[arg-type] # handed on as it came

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.moved_down.emit()
        else:
            super().keyPressEvent(event)
