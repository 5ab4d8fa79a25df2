"""A panel: the events between A and B, and what each of them changed."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.compare.between_copy import BetweenCopying
from auditor.gui.compare.between_reader import REST_MS, BetweenReader
from auditor.gui.compare.between_rows import BetweenRow, between_rows
from auditor.gui.compare.between_table import BetweenModel, BetweenTable
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.panel_states import PanelStates
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.panel_header import PanelHeader
from auditor.gui.state.bars import Bar

MOST_AT_ONCE = 500
"""Rows that are made anew at each move of a cursor."""


class EventsBetween(QWidget):
    """Follows both cursors. The current row is the event with the ring, which is the one that the current field of
    the comparison was set by; choosing another row gives the ring to its event."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("between")
        self.setAccessibleName(tr("Events between"))
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.reader = BetweenReader(desk, self)
        self.rows = BetweenModel(desk, self)
        self.table = BetweenTable(desk, self.rows)
        self.setFocusProxy(self.table)
        self.header = PanelHeader(desk, "between", tr("Events between"))
        self._range = ElidedLabel()
        self._range.setObjectName("between.range")
        self._range.setProperty("type", "small")
        self.header.row.insertWidget(1, self._range, 100)
        self._left_out = Bar("between.left_out", "sunken", "info", "text3", desk.appearance)
        self._failed = Bar("between.failed", "incomplete", "warning", "fail", desk.appearance)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._failed, self._left_out):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        self.states = PanelStates(content, "between", desk.appearance)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        outer.addWidget(self.states, 1)
        self._soon = QTimer(
            self, singleShot=True, interval=REST_MS
        )  # while the cursors move, long lists wait
        self._soon.timeout.connect(self._show_rows)
        self.reader.changed.connect(self._on_changed)
        self.reader.learned.connect(self._on_learned)
        self.table.chosen.connect(self._on_chosen)
        self.table.entered.connect(lambda row: desk.cursor.set_ordinal(row.last))
        desk.highlight.changed.connect(self._follow_ring)
        desk.copying.register(self, BetweenCopying(desk, self.table.current_row))
        self._on_changed()

    def _on_changed(self) -> None:
        """Other events lie between the two states."""
        which, history = self.reader.which, self._desk.cursor.history
        ordinals = self.reader.ordinals
        if self._desk.cursor.place is None:
            self._name(0, "")
            self.states.show_empty(
                "event", tr("No aggregate selected"), tr("Choose one on the left, or type its id.")
            )
        elif history is None:
            self._name(0, "")
            self.states.show_loading(tr("Reading the events"))
        elif which is None:
            self._name(0, "")
            self.states.show_empty("event", tr("No events"), tr("This aggregate has none in this store."))
        elif which.second is None:
            self._name(0, "")
            self.states.show_empty(
                "event",
                tr("No events in between"),
                tr("Two aggregates are compared: each has a history of its own."),
            )
        elif not ordinals:
            self._name(0, "")
            self.states.show_empty("event", tr("No events in between"), tr("A and B are the same version."))
        else:
            first, last = history.version(which.between[0]), history.version(which.between[-1])
            span = tr("{first:,} to {last:,}, oldest first", first=first, last=last)
            self._name(
                len(which.between), span if first != last else tr("version {version:,}", version=first)
            )
            self._tell_left_out()
            if len(ordinals) <= MOST_AT_ONCE:
                self._show_rows()
            else:
                self._soon.start()
            self.states.show_content()

    def _on_learned(self) -> None:
        self._show_rows()
        error = self.reader.error
        if error is None:
            self._failed.hide()
        else:
            self._failed.tell(tr("What the events changed could not be found out"), str(error))

    def _show_rows(self) -> None:
        history, reader = self._desk.cursor.history, self.reader
        if history is not None and reader.which is not None:
            rows = between_rows(
                history, reader.ordinals, reader.changes, reader.known, has_ended=reader.has_ended
            )
            self.rows.set_rows(rows)
            self._follow_ring()

    def _tell_left_out(self) -> None:
        if not self.reader.left_out:
            self._left_out.hide()
            return
        self._left_out.tell(
            "",
            tr(
                "The first {count:,} events are listed; {left_out:,} more are not. Move A or B closer to see them.",
                count=len(self.reader.ordinals),
                left_out=self.reader.left_out,
            ),
        )

    def _name(self, count: int, span: str) -> None:
        title = tr("Events between")
        if count:
            title = tr("1 event between") if count == 1 else tr("{count:,} events between", count=count)
        self.header.title.setText(title)
        self._range.set_text(span)

    def _on_chosen(self, row: BetweenRow) -> None:
        self._desk.highlight.set_ring(row.last)
        self._desk.copying.refresh()

    def _follow_ring(self) -> None:
        if self._desk.looking.mode is not Mode.COMPARE:
            return
        ring = self._desk.highlight.ring
        row = self.table.current_row()
        if ring is None or (row is not None and row.first <= ring <= row.last):
            return
        self.table.select(self.rows.find(ring))
