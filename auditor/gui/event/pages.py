"""The ways in which an event is looked at: its fields, as JSON, as it is stored, what it is linked to."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.event.bytes_page import BytesPage
from auditor.gui.event.copy import EventCopying
from auditor.gui.event.fact import Fact
from auditor.gui.event.fact_view import FactView
from auditor.gui.event.facts import facts_of
from auditor.gui.event.finding import Run, Sought
from auditor.gui.event.header import BYTES, FIELDS, JSON, LINKS
from auditor.gui.event.links_page import LinksPage
from auditor.gui.event.text_page import TextPage, TextPart
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent
    from auditor.gui.event.text_parts import TextParts

AS_JSON = Lane("event as JSON")


def _flat(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """With all that stand below others."""
    found = list(facts)
    for one in found:
        found.extend(one.below)
    return tuple(found)


class EventPages(QStackedWidget):
    """Only the page that is seen is filled: a long text takes its time to be made and laid out.

    `filled` when a text has come that was asked for.
    """

    filled = Signal()

    def __init__(self, desk: Desk, fields: FactView, copying: EventCopying) -> None:
        super().__init__()
        self._desk = desk
        self._read: ReadEvent | None = None
        self._json_of: ReadEvent | None = None
        self._parts: TextParts | None = None
        self.fields = fields
        self.json = TextPart("event.json", tr("Event as JSON"), desk.appearance, copying.copy_json, self)
        self.bytes = BytesPage(desk, copying)
        self.links = LinksPage(desk)
        json_page = TextPage("event.json-page")
        json_page.add(self.json, 1)
        self._by_tab: dict[int, QWidget] = {
            FIELDS: self.fields,
            JSON: json_page,
            BYTES: self.bytes,
            LINKS: self.links,
        }
        for page in self._by_tab.values():
            self.addWidget(page)
        self._tab = FIELDS
        desk.clock.changed.connect(self._fill_fields)

    def tell(self, read: "ReadEvent") -> None:
        """Another event."""
        self._read = read
        self._fill_fields()
        self.links.tell(read)
        self._fill()

    def show_tab(self, tab: int) -> None:
        self._tab = tab
        self.setCurrentWidget(self._by_tab[tab])
        self._fill()

    def take_focus(self) -> None:
        """To what can be gone through with the keys on this page."""
        focused = {JSON: self.json.text, BYTES: self.bytes.data.text, LINKS: self.links.view}
        focused.get(self._tab, self.fields).setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_fields(self) -> None:
        if self._read is not None:
            self.fields.take(facts_of(self._read, self._desk.clock))

    def _fill(self) -> None:
        read = self._read
        if read is None:
            return
        if self._tab == BYTES:
            self.bytes.tell(read)
        elif self._tab == JSON and read.json is not None:
            self._desk.store.forget(AS_JSON)
            self._on_json(read.json)
        elif self._tab == JSON and self._json_of is not read:
            from auditor.gui.event import reading

            self._json_of = read
            self._desk.store.ask(AS_JSON, reading.read_json, read, done=self._on_json)

    def _on_json(self, parts: "TextParts") -> None:
        if self._parts is not parts:
            self._parts = parts
            self.json.tell(parts)
            self.filled.emit()

    # -- finding -------------------------------------------------------------------------------------------------------

    def sought(self, text: str) -> Sought | None:
        """That text in what is looked at; None where there is nothing yet."""
        read = self._read
        if read is None:
            return None
        if self._tab == JSON:
            return None if self._parts is None else Sought(text, texts=(self._parts,))
        if self._tab == BYTES:
            return Sought(text, texts=(read.data, read.metadata))
        if self._tab == LINKS:
            return Sought(text, facts=_flat(self.links.facts))
        return Sought(text, facts=tuple(facts_of(read, self._desk.clock)))

    def go_to(self, place: "str | Run") -> None:
        """A place that was found in it."""
        if isinstance(place, str):
            (self.links.view if self._tab == LINKS else self.fields).reveal(place)
        elif self._tab == JSON:
            self.json.reveal(place.at, place.length)
        else:
            (self.bytes.data, self.bytes.metadata)[place.number].reveal(place.at, place.length)
