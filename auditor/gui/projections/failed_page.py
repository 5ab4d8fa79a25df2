"""A rebuild that stopped at an event, or could not begin: what stopped, where, and why."""

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from auditor.core import exact_json
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.copying import put_on_clipboard
from auditor.gui.cursor import Place
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.event.fact import Fact, members
from auditor.gui.event.fact_view import FactView
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.push_button import push_button
from auditor.gui.projections.buttons import icon_button, name_button
from auditor.gui.projections.page_head import PageHead, breakable, page_layout_margins
from auditor.gui.projections.run import FailedEvent, Failure, RebuildRun
from auditor.gui.projections.run_words import failed_title, kept_rows
from auditor.gui.state.row_words import Piece
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.show_event import EventResult

FAILED_EVENT = Lane("event of a failed rebuild")
ROOM_FOR_TIME = 1200
"""From this width on the event's time stands beside its name."""


class FailedPage(QWidget):
    """The event leads to History at its version."""

    again_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._failure: Failure | None = None
        self._event: EventResult | None = None
        self.setObjectName("projections.failed")
        self.head = PageHead(desk, "projections.failed")
        self._again = self.head.add(
            icon_button("projections.failed.again", tr("Try again"), self.again_wanted.emit)
        )
        self._why = breakable(text_label("", "body2"))
        self._why.setObjectName("projections.failed.why")
        self._warned = ElidedLabel()
        self._warned.setObjectName("projections.failed.warnings")
        self._warned.setProperty("type", "small")
        self._warned.setProperty("tone", "doubt")
        self._link = push_button("projections.failed.event", "", self._open_event)
        self._link.setProperty("link", True)
        self._owner = ElidedLabel()
        self._owner.setProperty("type", "small")
        self._time = text_label("", "quiet")
        self._fields = FactView(desk, "projections.failed.fields", tr("Data"))
        self._handler = ElidedLabel()
        self._handler.setObjectName("projections.failed.handler")
        self._handler.setProperty("type", "mono")
        self._trace = QPlainTextEdit()
        self._trace.setObjectName("projections.failed.traceback")
        self._trace.setAccessibleName(tr("Traceback"))
        self._trace.setReadOnly(True)
        self._trace.setTabChangesFocus(True)
        self._trace.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._lay_out()
        self._fields.expanded.connect(lambda _: self._fit_fields())
        self._fields.collapsed.connect(lambda _: self._fit_fields())
        desk.clock.changed.connect(self._show_time)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def _lay_out(self) -> None:
        self._left, self._right = self._event_side(), self._cause_side()
        both = QHBoxLayout()
        both.setSpacing(8)
        both.addWidget(self._left, 2)
        both.addWidget(self._right, 3)
        column = QVBoxLayout(self)
        _, top, right, bottom = page_layout_margins()
        column.setContentsMargins(0, top, right, bottom)
        column.setSpacing(8)
        column.addLayout(_inset(self.head))
        column.addLayout(_inset(self._why))
        column.addLayout(_inset(self._warned))
        column.addLayout(both, 1)

    def _event_side(self) -> QWidget:
        edge = page_layout_margins()[0] - 3  # a link has a border of its own
        event = QHBoxLayout()
        event.setContentsMargins(edge, 0, 0, 0)
        event.setSpacing(8)
        event.addWidget(self._link)
        event.addWidget(self._owner, 1)
        event.addWidget(self._time)
        self._open = icon_button("projections.failed.open", tr("Open in History"), self._open_event)
        self._copy_json = icon_button("projections.failed.copy-data", tr("Copy the payload"), self._copy_data)
        below = QHBoxLayout()
        below.setContentsMargins(edge, 4, 0, 0)
        below.setSpacing(12)
        for button in (self._open, self._copy_json):
            button.setProperty("link", True)
            below.addWidget(button)
        below.addStretch(1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(_inset(text_label(tr("Event"), "group")))
        column.addLayout(event)
        column.addWidget(self._fields, 1)
        column.addLayout(below)
        column.addStretch(0)
        return side

    def _cause_side(self) -> QWidget:
        self._handler_title = text_label(tr("Handler"), "group")
        self._trace_title = text_label(tr("Traceback"), "group")
        copy = push_button("projections.failed.copy", tr("Copy"), self._copy_trace)
        copy.setProperty("link", True)
        copy.setAccessibleName(tr("Copy the traceback"))
        head = QHBoxLayout()
        head.addWidget(self._trace_title, 1)
        head.addWidget(copy)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(page_layout_margins()[0], 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._handler_title)
        column.addWidget(self._handler)
        column.addLayout(head)
        column.addWidget(self._trace, 1)
        return side

    def show_run(self, run: RebuildRun) -> None:
        failure = run.failure
        if failure is None or failure is self._failure:
            return
        self._failure, self._event = failure, None
        event = failure.event
        self.head.tell(failed_title(run), "", "warning", "fail")
        self._why.setText(_why(run, failure))
        warnings = [one.text for one in run.log if one.is_warning][: run.warnings]
        self._warned.setVisible(bool(warnings))
        self._warned.set_text(" ".join(warnings))
        self._left.setVisible(event is not None)
        self._handler_title.setVisible(failure.handler is not None)
        self._handler.setVisible(failure.handler is not None)
        self._handler.set_text(display(failure.handler or ""))
        self._trace_title.setText(tr("Traceback") if failure.traceback else tr("What was told"))
        self._trace.setPlainText(_shown(failure.traceback or f"{failure.message}\n{failure.hint}".strip()))
        if event is not None:
            self._show_event(event)
            self._ask(event)

    def _show_event(self, event: FailedEvent) -> None:
        name_button(self._link, display(event.event_type, longest=60))
        self._link.setIcon(self._desk.event_types.icon(event.event_type))
        place = tr(
            "version {version:,} of {type} {id}",
            version=event.version,
            type=display(event.aggregate_type, longest=60),
            id=display(event.aggregate_id, longest=200),
        )
        self._owner.set_text(place)
        self._link.setAccessibleName(
            tr("{type}, {place}: open in History", type=display(event.event_type), place=place)
        )
        self._time.setText("")
        self._show_fields(event)

    def _show_fields(self, event: FailedEvent) -> None:
        self._fields.take(self._facts(event))
        self._fit_fields()

    def _fit_fields(self) -> None:
        """No higher than its rows: what can be done with the event stands right below it."""
        last = index = self._fields.facts.index(0, 0)
        while index.isValid():
            last, index = index, self._fields.indexBelow(index)
        self._fields.setMaximumHeight(
            self._fields.visualRect(last).bottom()
            + 8
            - self._fields.visualRect(self._fields.facts.index(0, 0)).top()
        )

    def _facts(self, event: FailedEvent) -> list[Fact]:
        told = [
            Fact("field", tr("position"), event.position, "/position", Piece(f"{event.position:,}")),
            Fact(
                "field",
                tr("event_id"),
                event.event_id,
                "/event_id",
                Piece(display(event.event_id), font="mono"),
            ),
        ]
        if self._event is not None:
            if self._event.user is not None:
                told.append(Fact("field", tr("user"), self._event.user, "/user"))
            if self._event.schema_version is not None:
                told.append(Fact("field", tr("schema"), self._event.schema_version, "/schema"))
        return [*told, Fact("group", tr("Data")), *_data(event)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._time.setVisible(self.width() >= self._desk.appearance.sizes(ROOM_FOR_TIME))

    # -- what the store knows of it --------------------------------------------------------------------------------

    def _ask(self, event: FailedEvent) -> None:
        from auditor.jobs import show_event

        request = show_event.ShowEventRequest(origin=self._desk.store.origin, event_id=event.event_id)
        self._desk.store.ask(FAILED_EVENT, show_event.run, request, done=self._on_event)

    def _on_event(self, result: "EventResult") -> None:
        event = self._failure.event if self._failure else None
        if event is None or result.event.event_id_text != event.event_id:
            return
        self._event = result
        self._show_fields(event)
        self._show_time()

    def _show_time(self) -> None:
        if self._event is not None:
            self._time.setText(self._desk.clock.second(self._event.event.timestamp_utc))

    # -- what can be done with it ----------------------------------------------------------------------------------

    def _open_event(self) -> None:
        event = self._failure.event if self._failure else None
        if event is None:
            return
        ordinal = event.version if self._event is None else self._event.ordinal
        self._desk.actions[ActionId.VIEW_HISTORY].trigger()
        self._desk.cursor.go_to(Place(event.aggregate_id, event.aggregate_type, ordinal))

    def _copy_data(self) -> None:
        if self._failure is not None and self._failure.event is not None:
            whole = self._event.event.data_text if self._event is not None else self._failure.event.data_text
            put_on_clipboard(whole)
            self._desk.tasks.say(tr("Payload copied as stored"))

    def _copy_trace(self) -> None:
        if self._failure is not None:
            put_on_clipboard(self._failure.traceback or f"{self._failure.message}\n{self._failure.hint}")
            self._desk.tasks.say(tr("Traceback copied"))

    def _on_appearance_changed(self) -> None:
        icon = self._desk.appearance.icon
        self._trace.setFont(self._desk.appearance.mono())
        self._again.setIcon(icon("refresh"))
        self._open.setIcon(icon("effect", "accent"))
        self._copy_json.setIcon(icon("copy", "accent"))


def _inset(widget: QWidget) -> QVBoxLayout:
    """At the left edge of the page; rows of fields begin there by themselves."""
    place = QVBoxLayout()
    place.setContentsMargins(page_layout_margins()[0], 0, 0, 0)
    place.addWidget(widget)
    return place


def _why(run: RebuildRun, failure: Failure) -> str:
    holds = kept_rows(run)
    if failure.event is None:
        way_out = f" {display(failure.hint)}" if run.catches_up and failure.hint else ""
        return f"{display(failure.message)} {holds}{way_out}"
    error = display(failure.error, longest=300)
    if failure.handler is None:
        return tr("{error}. {holds}", error=error or display(failure.message, longest=300), holds=holds)
    return tr(
        "Handler {handler} raised {error}. {holds}",
        handler=display(failure.handler.rpartition(".")[2]),
        error=error,
        holds=holds,
    )


def _data(event: FailedEvent) -> list[Fact]:
    """The payload's fields; its text where that is cut or no JSON."""
    try:
        if event.is_cut:
            raise ValueError
        value = exact_json.parse(event.data_text)
    except (ValueError, RecursionError, json.JSONDecodeError):
        note = tr("as stored, {count:,} characters", count=event.data_length)
        return [Fact("note", note), Fact("field", tr("text"), event.data_text, "/data")]
    whole = Fact("field", tr("value"), value, "/data")
    if not isinstance(value, dict):
        return [whole]
    return members(whole) or [Fact("note", tr("No fields"))]


def _shown(text: str) -> str:
    """With its line breaks, and nothing hidden."""
    return "\n".join(display(line) for line in text.split("\n"))
