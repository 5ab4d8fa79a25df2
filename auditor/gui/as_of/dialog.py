"""The dialog that goes to what was true at a time, a position in the store, or an event."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from auditor.core.asked_time import LOCAL, UTC, says_zone
from auditor.core.text import tr
from auditor.gui.as_of import words
from auditor.gui.as_of.preview import Preview
from auditor.gui.cursor import Place
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog, text_label
from auditor.gui.history import History
from auditor.gui.parts.segmented import Segmented
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.locate import By, LocateRequest, LocateResult

LOCATE = Lane("as of")
REST_MS = 150
TIME, POSITION, EVENT = range(3)
OTHER = 2


class AsOf(Dialog):
    """Says which version it will be, and why, before one goes there. Nothing moves until then."""

    def __init__(self, desk: Desk, history: History, parent: QWidget) -> None:
        super().__init__("as-of", tr("As of"), desk.appearance, parent)
        self._desk = desk
        self._history = history
        self.found: LocateResult | None = None
        self.which = Segmented("as-of.which", (tr("Time"), tr("Position"), tr("Event id")), tr("Find by"))
        self.time, self.position, self.event_id = (
            _field(name, title)
            for name, title in (
                ("time", tr("Date and time")),
                ("position", tr("Position in the store")),
                ("event", tr("Id of the event")),
            )
        )
        self.zone = Segmented("as-of.zone", (UTC, tr("Local"), tr("Other zone")), tr("Zone"))
        self.zone_name = _field("zone-name", tr("Offset or name of the zone"))
        self.by = Segmented("as-of.by", (tr("Recorded"), tr("Effective")), tr("Which time"))
        self.preview = Preview(desk, self._choose)
        self._fields = QStackedWidget()
        self._lay_out()
        self.stay = self.add_button("stay", tr("Stay here"), self.reject)
        self.go = self.add_button("go", tr("Go there"), self._go, primary=True)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.ask)
        self._begin_at_a()
        self._connect()
        self.ask()

    def _lay_out(self) -> None:
        self.zone_name.setPlaceholderText(tr("+01:00, or a name like Europe/Amsterdam"))
        self.zone_name.hide()
        self._offer_effective(is_known=False)
        self.position.setPlaceholderText(tr("a number, as lists of events show it"))
        self.event_id.setPlaceholderText(tr("of any aggregate: what is shown was true right after it"))
        for line in (self._time_page(), _page(self.position), _page(self.event_id)):
            self._fields.addWidget(line)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.which)
        top.addStretch(1)
        top.addWidget(self.by)
        self.body.addLayout(top)
        self.body.addWidget(self._fields)
        self.body.addWidget(self.preview)

    def _time_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.time, 1)
        row.addWidget(self.zone)
        column.addLayout(row)
        column.addWidget(self.zone_name)
        column.addWidget(text_label(tr("A date alone is its first instant there."), "caption"))
        return page

    def _offer_effective(self, *, is_known: bool) -> None:
        button = self.by.button(1)
        button.setEnabled(is_known)
        unknown = tr("The store's workspace file names no effective_time under [store].")
        button.setToolTip("" if is_known else unknown)

    def _begin_at_a(self) -> None:
        """With A's own time: a little of it is to be changed, mostly."""
        clock, time = self._desk.clock, self._history.time(self._desk.cursor.ordinal)
        self.zone.set_index(1 if clock.is_local else 0)
        moment = None if time is None else clock.moment(time)
        if moment is not None:
            self.time.setText(f"{moment:%Y-%m-%d %H:%M:%S}{f'.{moment:%f}' if moment.microsecond else ''}")
            self.time.selectAll()
        self.time.setFocus()

    def _connect(self) -> None:
        self.which.chosen.connect(self._on_which)
        self.by.chosen.connect(lambda _: self.ask())
        self.zone.chosen.connect(self._on_zone)
        for field in (self.time, self.zone_name, self.position, self.event_id):
            field.textEdited.connect(lambda _: self._wait())
        self.finished.connect(lambda _: self._desk.store.forget(LOCATE))

    # -- asking ------------------------------------------------------------------------------------------------

    def _on_which(self, which: int) -> None:
        self._fields.setCurrentIndex(which)
        self.by.setVisible(which == TIME)
        (self.time, self.position, self.event_id)[which].setFocus()
        self.ask()

    def _on_zone(self, zone: int) -> None:
        self.zone_name.setVisible(zone == OTHER)
        if zone == OTHER:
            self.zone_name.setFocus()
        self.fit()
        self.ask()

    @property
    def _zone(self) -> str:
        return (UTC, LOCAL, self.zone_name.text().strip())[self.zone.index]

    def _wait(self) -> None:
        """What is shown is no longer what is asked for."""
        self._set_found(None)
        self._rest.start()

    def ask(self) -> None:
        """For what stands in the fields now."""
        self._rest.stop()
        self._set_found(None)
        self._desk.store.forget(LOCATE)
        request = self._request()
        if request is None:
            return
        from auditor.jobs import locate

        self.preview.show_waiting()
        self._desk.store.ask(
            LOCATE,
            locate.run,
            request,
            done=lambda result: self._on_found(request, result),
            failed=self.preview.show_error,
        )

    def _request(self) -> "LocateRequest | None":
        from auditor.jobs import locate

        which = self.which.index
        text = (self.time, self.position, self.event_id)[which].text().strip()
        if not text:
            self.preview.show_nothing(
                (tr("Type a date and a time."), tr("Type a position."), tr("Type an event's id."))[which]
            )
            return None
        as_of = position = event_id = None
        by: By = "recorded"
        if which == TIME:
            if not says_zone(text) and not self._zone:
                self.preview.show_nothing(tr("Say the zone: an offset like +01:00, or a name."))
                return None
            as_of = text if says_zone(text) else f"{text} {self._zone}"
            by = "effective" if self.by.index else "recorded"
        elif which == POSITION:
            plain = text.replace(",", "")
            if not (plain.isascii() and plain.isdigit() and len(plain) < 19):
                self.preview.show_nothing(tr("A position is a whole number."))
                return None
            position = int(plain)
        else:
            event_id = text
        row = self._history.aggregate
        return locate.LocateRequest(
            origin=self._desk.store.origin,
            aggregate_id=row.aggregate_id,
            aggregate_type=row.aggregate_type,
            as_of=as_of,
            by=by,
            position=position,
            event_id=event_id,
        )

    def _on_found(self, request: "LocateRequest", result: "LocateResult") -> None:
        clock = self._desk.clock
        self.preview.show_found(
            words.title(result, self._history),
            words.event(result, self._history, clock),
            words.reason(request, result, clock),
            result.notes,
        )
        self._set_found(result)
        self._offer_effective(is_known=result.has_effective)
        self.fit()

    def _set_found(self, result: "LocateResult | None") -> None:
        self.found = result
        can_go = result is not None and result.ordinal > 0
        self.go.setEnabled(can_go)
        self.go.setToolTip("" if can_go else tr("There is no version to go to yet."))

    def _choose(self, text: str) -> None:
        """One of two instants that the clocks showed at the same time."""
        self.time.setText(text)
        self.time.setFocus()
        self.ask()

    def _go(self) -> None:
        if self.found is None or not self.found.ordinal:
            return
        row = self._history.aggregate
        self._desk.cursor.go_to(Place(row.aggregate_id, row.aggregate_type, self.found.ordinal))
        self.accept()


def _field(name: str, title: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(f"as-of.{name}")
    field.setAccessibleName(title)
    return field


def _page(field: QLineEdit) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(field)
    column.addStretch(1)
    return page
