"""Finding a text in the names and values of the state that is shown."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.state.reader import StateReader
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.find_fields import FoundFields

FIND = Lane("find in state")


class SearchBar(QWidget):
    """`chosen` names the field to go to. What is found is in the state that is seen: it is asked anew for each one."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, desk: Desk, reader: StateReader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._reader = reader
        self.setObjectName("state.search")
        self.setProperty("surface", "side")
        self.setProperty("hairline", "below")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = QLineEdit()
        self._text.setObjectName("state.search.text")
        self._text.setAccessibleName(tr("Text to find in names and values"))
        self._text.setPlaceholderText(tr("Find in names and values"))
        self._text.setClearButtonEnabled(True)
        self._count = QLabel()
        self._count.setObjectName("state.search.count")
        self._count.setProperty("type", "small")
        self._previous = self._button("previous", tr("Previous place"), lambda: self.step(-1))
        self._next = self._button("next", tr("Next place"), lambda: self.step(1))
        self._close = self._button("close", tr("Close the search"), self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(self._text, 1)
        for widget in (self._count, self._previous, self._next, self._close):
            row.addWidget(widget)
        self._pointers: tuple[str, ...] = ()
        self._total = 0
        self._at = -1
        self._asked: tuple[str, int] | None = None  # text and ordinal of what is found, or under way
        self._wants_move = False
        self._text.textChanged.connect(self._on_text_changed)
        reader.answered.connect(lambda _: self.find_again())
        reader.changed.connect(self._on_reader_changed)
        desk.appearance.changed.connect(self._draw_icons)
        self._draw_icons()
        self._show_count()
        self.hide()

    def enter(self) -> None:
        """Shows the bar and takes the focus."""
        self.show()
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._text.selectAll()
        self.find_again()

    def leave(self) -> None:
        self._forget()
        self.hide()
        self.closed.emit()

    def find_again(self) -> None:
        """For another text or state."""
        history, shown, text = self._desk.cursor.history, self._reader.shown, self._text.text()
        if self.isHidden():
            return
        if not text or history is None or shown is None or shown.ordinal < shown.asked:
            self._forget()
            return
        if self._asked == (text, shown.ordinal):
            return
        from auditor.jobs import find_fields

        self._asked = text, shown.ordinal
        request = find_fields.FindFieldsRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            ordinal=shown.ordinal,
            model=self._desk.cursor.model,
            text=text,
        )
        self._desk.store.ask(
            FIND, find_fields.run, request, done=self._on_found, failed=lambda _: self._forget()
        )

    def _on_found(self, found: "FoundFields") -> None:
        self._take(found.pointers, found.total)
        if self._wants_move and self._pointers:
            self._at = 0
            self._show_count()
            self.chosen.emit(self._pointers[0])
        self._wants_move = False

    def _on_text_changed(self) -> None:
        self._wants_move = True
        self.find_again()

    def _on_reader_changed(self) -> None:
        if self._reader.shown is None:  # another aggregate or model
            self._forget()

    def _forget(self) -> None:
        self._desk.store.forget(FIND)
        self._asked = None
        self._take((), 0)

    def step(self, by: int) -> None:
        """To the next place, round the end."""
        if not self._pointers:
            return
        self._at = (self._at + by) % len(self._pointers) if self._at >= 0 else (0 if by > 0 else -1)
        self._at %= len(self._pointers)
        self._show_count()
        self.chosen.emit(self._pointers[self._at])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Down:
            self.step(1)
        elif event.key() == Qt.Key.Key_Up:
            self.step(-1)
        else:
            super().keyPressEvent(event)

    def _take(self, pointers: tuple[str, ...], total: int) -> None:
        here = self._pointers[self._at] if 0 <= self._at < len(self._pointers) else None
        self._pointers, self._total = pointers, total
        self._at = pointers.index(here) if here in pointers else -1
        self._show_count()

    def _show_count(self) -> None:
        found = len(self._pointers)
        if not self._text.text():
            text = ""
        elif not found:
            text = tr("not found")
        elif self._at < 0:
            text = tr("1 place") if self._total == 1 else tr("{count:,} places", count=self._total)
        else:
            text = tr("{at:,} of {count:,}", at=self._at + 1, count=self._total)
        if found < self._total:
            text = tr("{text}, the first {count:,} are listed", text=text, count=found)
        self._count.setText(text)
        for button in (self._previous, self._next):
            button.setEnabled(bool(found))

    def _button(self, name: str, title: str, act: object) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"state.search.{name}")
        button.setAccessibleName(title)
        button.setToolTip(title)
        button.clicked.connect(lambda _=False: act())  # type: ignore[operator] # a function without arguments
        return button

    def _draw_icons(self) -> None:
        look = self._desk.appearance
        for button, icon in ((self._previous, "previous"), (self._next, "next"), (self._close, "close")):
            button.setIcon(look.icon(icon))
            button.setIconSize(QSize(look.sizes.icon, look.sizes.icon))
