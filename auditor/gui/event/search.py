"""Finding a text in the event that is looked at, on whichever page."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.event.find_bar import FindBar
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.event.finding import Found, Run, Sought

FIND = Lane("find in event")


class EventSearch(QObject):
    """`seen` gives what is looked at, `go` goes to a place of it. For another event or page it is asked anew."""

    def __init__(
        self,
        desk: Desk,
        seen: "Callable[[str], Sought | None]",
        go: "Callable[[str | Run], None]",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._seen = seen
        self._go = go
        self.bar = FindBar("event.search", tr("Find in the event"), desk.appearance)
        self._found: Found | None = None
        self._asked: Sought | None = None
        self._at = -1
        self._wants_move = False
        self.bar.asked.connect(self._on_asked)
        self.bar.stepped.connect(self.step)

    @property
    def is_open(self) -> bool:
        return not self.bar.isHidden()

    def enter(self) -> None:
        self.bar.enter()
        self.find_again()

    def leave(self) -> None:
        self._forget()
        self.bar.hide()

    def find_again(self) -> None:
        """What is looked at has become another."""
        text = self.bar.text.text()
        sought = self._seen(text) if text and self.is_open else None
        if sought is None:
            self._forget()
            return
        if sought == self._asked:
            return
        from auditor.gui.event import finding

        self._asked = sought
        self._desk.store.ask(FIND, finding.find, sought, done=self._on_found, failed=lambda _: self._forget())

    def step(self, by: int) -> None:
        """To the next place, round the end."""
        if self._found is None or not self._found.places:
            return
        count = len(self._found.places)
        self._at = (self._at + by) % count if self._at >= 0 else (0 if by > 0 else count - 1)
        self._tell()
        self._go(self._found.places[self._at])

    def _on_asked(self) -> None:
        self._wants_move = True
        self.find_again()

    def _on_found(self, found: "Found") -> None:
        if found.sought is not self._asked:
            return
        here = self._found.places[self._at] if self._found is not None and self._at >= 0 else None
        self._found = found
        self._at = found.places.index(here) if here in found.places else -1
        if self._wants_move and found.places:
            self._at = 0
            self._go(found.places[0])
        self._wants_move = False
        self._tell()

    def _forget(self) -> None:
        self._desk.store.forget(FIND)
        self._found = self._asked = None
        self._at = -1
        self._tell()

    def _tell(self) -> None:
        found = self._found
        if found is None:
            self.bar.tell(-1, 0, 0, waits=self._asked is not None)
        else:
            self.bar.tell(self._at, len(found.places), found.total)
