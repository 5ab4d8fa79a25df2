"""The palette: go to an id, a version, an event type or a field, or do a command, by typing a part of its name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.overlay import Overlay
from auditor.gui.palette_list import PaletteList
from auditor.gui.palette_rows import PaletteRow
from auditor.gui.palette_sources import PaletteSources, section
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.find_fields import FoundFields
    from auditor.jobs.list_aggregates import ListAggregatesResult

IDS = Lane("palette ids")
FIELDS = Lane("palette fields")
COMMANDS, FIELD, ID = ">", "@", "#"
MOST_IDS, MOST_FIELDS, MOST_COMMANDS = 50, 200, 200
PAGE = 8
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: PAGE, Qt.Key.Key_PageUp: -PAGE}


class Palette(Overlay):
    """`>` lists commands, `#` ids, `@` fields of the state at A; without a sign all but fields are looked through."""

    def __init__(
        self,
        desk: Desk,
        window: QWidget,
        show_history: Callable[[], object],
        reveal: Callable[[str], object],
    ) -> None:
        super().__init__("palette", tr("Go to id, event or command"), window, desk.appearance)
        self._desk = desk
        self._sources = PaletteSources(desk, show_history, reveal)
        self._ids: list[PaletteRow] = []
        self._fields: list[PaletteRow] = []
        self._problem = ""
        self._search = QLabel()
        self.field = QLineEdit()
        self.field.setObjectName("palette.field")
        self.field.setAccessibleName(tr("What to go to"))
        self.field.setProperty("bare", True)
        self.field.setPlaceholderText(tr("Type an id, a version, an event type or a command"))
        self.field.textChanged.connect(self._on_text)
        self.field.installEventFilter(self)
        self.list = PaletteList("palette.list", desk, tr("Found"))
        self.list.taken.connect(self._take)
        self._nothing = QLabel()
        self._nothing.setObjectName("palette.nothing")
        self._nothing.setProperty("type", "small")
        self._nothing.setContentsMargins(16, 12, 16, 12)
        self._count = QLabel()
        self._count.setObjectName("palette.count")
        self._count.setProperty("type", "quiet")
        self.column.addWidget(self._head())
        self.column.addWidget(self._nothing)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self._foot())
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def open_with(self, sign: str) -> None:
        """`sign` is one of the three, or nothing."""
        if self.isVisible() and self.field.text() == sign:
            self.end()
            return
        self.field.setText(sign)
        self.begin(self.field)
        self._on_text(sign)

    def end(self) -> None:
        super().end()
        self._desk.store.forget(IDS)
        self._desk.store.forget(FIELDS)

    def place_box(self) -> None:
        sizes = self.appearance.sizes
        width = min(sizes(640), self.width() - 48)
        rows = self.list.height_of_rows() or self._nothing.sizeHint().height()
        wanted = sizes(52) + rows + sizes(8) + sizes(36)
        top = max(sizes(40), self.height() // 9)
        self.box.setGeometry(
            (self.width() - width) // 2, top, width, min(wanted, self.height() - top - sizes(40))
        )

    # -- what is typed ---------------------------------------------------------------------------------------------

    def _on_text(self, text: str) -> None:
        sign, wanted = (
            (text[0], text[1:].strip()) if text[:1] in (COMMANDS, FIELD, ID) else ("", text.strip())
        )
        self._ids, self._fields, self._problem = [], [], ""
        self.list.begin()
        if not self._desk.store.is_open:
            self._show(sign, wanted)
            return
        if sign in ("", ID):
            self._ask_ids(sign, wanted)
        if sign == FIELD:
            self._ask_fields(wanted)
        self._show(sign, wanted)

    def _ask_ids(self, sign: str, wanted: str) -> None:
        from auditor.jobs import list_aggregates

        request = list_aggregates.ListAggregatesRequest(
            origin=self._desk.store.origin,
            limit=MOST_IDS if sign or wanted else PAGE,
            prefix=wanted or None,
            order="id" if wanted else "last",
        )

        def done(found: "ListAggregatesResult") -> None:
            self._ids = self._sources.aggregates(wanted, found)
            self._show(sign, wanted)

        self._desk.store.ask(
            IDS, list_aggregates.run, request, done=done, failed=self._on_failed(sign, wanted)
        )

    def _ask_fields(self, wanted: str) -> None:
        cursor = self._desk.cursor
        if cursor.place is None or cursor.history is None:
            self._problem = tr("No aggregate is shown: its fields cannot be looked through.")
            return
        if not wanted:
            return
        from auditor.jobs import find_fields

        request = find_fields.FindFieldsRequest(
            origin=self._desk.store.origin,
            aggregate_id=cursor.place.aggregate_id,
            aggregate_type=cursor.history.aggregate.aggregate_type,
            ordinal=cursor.ordinal,
            model=cursor.model,
            text=wanted,
            most=MOST_FIELDS,
        )

        def done(found: "FoundFields") -> None:
            self._fields = self._sources.fields(wanted, found)
            self._show(FIELD, wanted)

        self._desk.store.ask(
            FIELDS, find_fields.run, request, done=done, failed=self._on_failed(FIELD, wanted)
        )

    def _on_failed(self, sign: str, wanted: str) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            self._problem = str(error)
            self._show(sign, wanted)

        return failed

    def _show(self, sign: str, wanted: str) -> None:
        sources = self._sources
        rows: list[PaletteRow] = []
        if sign == "" and wanted:
            rows += section(tr("Versions"), sources.versions(wanted), 1)
            rows += section(tr("Event types"), sources.event_types(wanted), PAGE)
        if sign in ("", ID):
            title = tr("Aggregates") if wanted else tr("Aggregates, newest first")
            rows += section(title, self._ids, MOST_IDS if sign else PAGE)
        if sign in ("", COMMANDS):
            commands = sources.commands(wanted, only_possible=not sign and not wanted)
            listed = section(tr("Commands"), commands, PAGE if wanted and not sign else MOST_COMMANDS)
            rows = [*listed, *rows] if wanted else [*rows, *listed]
        if sign == FIELD:
            rows += section(tr("Fields of the state"), self._fields, MOST_FIELDS)
        self.list.set_rows(rows)
        found = sum(1 for row in rows if not row.is_caption)
        self._nothing.setText(self._problem or self._hint(sign, wanted))
        self._nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        self._count.setText(tr("{found:,} found", found=found) if found else "")
        if self.isVisible():
            self.place_box()
        QTimer.singleShot(0, self, self._tell_current)

    def _hint(self, sign: str, wanted: str) -> str:
        if sign == FIELD and not wanted:
            return tr("Type a part of a field's name or value.")
        return tr("Nothing with this text. Ids are found by how they begin.")

    def _tell_current(self) -> None:
        current = self.list.current
        self.field.setAccessibleDescription("" if current is None else current.spoken)

    # -- keys --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        if key in _MOVES:
            self.list.move(_MOVES[key])
            self._tell_current()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex().row())
        elif key == Qt.Key.Key_Escape:
            self.end()
        elif key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        return True

    def _take(self, number: int) -> None:
        if not 0 <= number < len(self.list.rows):
            return
        row = self.list.rows[number]
        if row.is_caption:
            return
        if not row.is_enabled:
            self._desk.tasks.say(row.reason)
            return
        self.end()
        row.run()

    # -- parts -------------------------------------------------------------------------------------------------------

    def _head(self) -> QWidget:
        head = QWidget()
        head.setProperty("hairline", "below")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(self._search)
        row.addWidget(self.field, 1)
        row.addWidget(_cap(tr("Esc")))
        self._head_widget = head
        return head

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setProperty("hairline", "above")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(6)
        for caps, text in (
            (("↑", "↓"), tr("choose")),
            ((tr("Enter"),), tr("run")),
            ((COMMANDS,), tr("commands only")),
            ((FIELD,), tr("fields")),
            ((ID,), tr("id")),
        ):
            for cap in caps:
                row.addWidget(_cap(cap))
            label = ElidedLabel(text)  # in a longer language there may be no room for all of them
            label.setProperty("type", "quiet")
            row.addWidget(label)
            row.addSpacing(8)
        row.addStretch(1)
        row.addWidget(self._count)
        self._foot_widget = foot
        return foot

    def _on_appearance_changed(self) -> None:
        sizes = self.appearance.sizes
        self._head_widget.setFixedHeight(sizes(52))
        self._foot_widget.setFixedHeight(sizes(36))
        size = sizes(16)
        self._search.setPixmap(self.appearance.icon("search").pixmap(size, size))
        self.list.doItemsLayout()


def _cap(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("chip", "key")
    return label
