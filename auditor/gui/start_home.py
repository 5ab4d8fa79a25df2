"""The start page's content: what can be opened at the left, what was opened lately at the right."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from auditor.core.presenter import display, display_events
from auditor.core.server_address import server_address
from auditor.core.text import tr
from auditor.gui.action_table import RECENT, ActionId
from auditor.gui.clock import age
from auditor.gui.desk import Desk
from auditor.gui.drop_zone import DropZone
from auditor.gui.key_caps import spoken_keys
from auditor.gui.settings import RecentStore
from auditor.gui.start_rows import StartRow

LONG_AGO_DAYS = 6
_OPEN = (ActionId.OPEN, ActionId.CONNECT, ActionId.OPEN_DEMO)


class StartHome(QWidget):
    """A column of 840 pixels, a little above the middle."""

    forgotten = Signal(str)
    """The user took the store at that location from the list."""
    refreshed = Signal()
    """The list of recent stores was read anew; which of them are gone is to be looked up."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._gone: frozenset[str] = frozenset()
        self.setObjectName("start.home")
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.drop_zone = DropZone(desk.appearance)
        self._column = QWidget()
        self._rows = [self._open_row(name) for name in _OPEN]
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self._assemble()
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self.refresh()

    def fit(self, width: int) -> None:
        """`width` is what the page has."""
        self._column.setFixedWidth(min(self._desk.appearance.sizes(864), width - 48))

    def focus_first(self) -> None:
        self._rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Reads the list of recent stores anew."""
        self._show_recent()
        self.refreshed.emit()

    def set_gone(self, gone: frozenset[str]) -> None:
        """Which locations lead to nothing any more."""
        if gone != self._gone:
            self._gone = gone
            self._show_recent()

    def _assemble(self) -> None:
        title = _label(tr("Auditor"), "page")
        line = _label(
            tr(
                "Open an event store to see what happened. A store is opened read-only; the history is never changed."
            ),
            "body2",
        )
        line.setWordWrap(True)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, caption in ((left, tr("Open")), (right, tr("Recent"))):
            side.setSpacing(2)
            group = _label(caption, "group")
            group.setIndent(self._desk.appearance.sizes(12))
            side.addWidget(group)
            side.addSpacing(4)
        for row in self._rows:
            left.addWidget(row)
        left.addStretch(1)
        right.addLayout(self._recent)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(self._desk.appearance.sizes(36))
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 24, 0, 24)
        column.setSpacing(0)
        for label in (title, line):
            label.setIndent(self._desk.appearance.sizes(12))
            column.addWidget(label)
            column.addSpacing(4)
        column.addSpacing(20)
        column.addLayout(both)
        column.addSpacing(24)
        margin = QHBoxLayout()
        margin.setContentsMargins(12, 0, 12, 0)
        margin.addWidget(self.drop_zone)
        column.addLayout(margin)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addStretch(2)
        page.addWidget(self._column, 0, Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(3)

    def _open_row(self, name: ActionId) -> StartRow:
        lines = {
            ActionId.OPEN: tr("an SQLite file or an auditor.toml workspace"),
            ActionId.CONNECT: tr("a PostgreSQL server, by fields or address"),
            ActionId.OPEN_DEMO: tr("the orders of a small shop, 20,000 events"),
        }
        action = self._desk.actions[name]
        spec = next(spec for spec in self._desk.actions.specs if spec.id is name)
        row = StartRow(f"start.{name}", self._desk.appearance)
        row.tell(action.text().rstrip("…"), lines[name], icon=spec.icon, keys=spoken_keys(spec.keys))
        row.clicked.connect(action.trigger)
        return row

    # -- recent stores ----------------------------------------------------------------------------------------------

    def _show_recent(self) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        stores = self._desk.settings.recent
        for number, store in enumerate(stores, 1):
            self._recent.addWidget(self._recent_row(number, store))
        if not stores:
            empty = _label(tr("Stores that you open are listed here."), "quiet")
            empty.setObjectName("start.no_recent")
            empty.setIndent(self._desk.appearance.sizes(12))
            self._recent.addWidget(empty)

    def _recent_row(self, number: int, store: RecentStore) -> QWidget:
        gone = store.location in self._gone
        row = StartRow(f"start.recent.{number}", self._desk.appearance)
        when = self._when(store.opened_at)
        count = "" if store.events is None or gone else display_events(store.events)
        row.tell(
            display(store.name),
            place_of(store, is_gone=gone),
            facts=(when, count),
            keys="" if gone else f"Ctrl {number}",
            is_doubtful=gone,
        )
        row.clicked.connect(self._desk.actions[RECENT[number - 1]].trigger)
        remove = QAction(tr("Remove from this list"), row)
        remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(partial(self.forgotten.emit, store.location))
        row.addAction(remove)
        row.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return self._with_button(row, number, store, remove.trigger) if gone else row

    def _when(self, opened_at: str) -> str:
        now, moment = datetime.now(UTC), self._desk.clock.moment(opened_at)
        if moment is not None and (now - moment).days > LONG_AGO_DAYS:
            return f"{moment.day} {moment:%b %Y}"
        return tr("{age} ago", age=age(opened_at, now))

    def _with_button(
        self, row: StartRow, number: int, store: RecentStore, remove: Callable[[], None]
    ) -> QWidget:
        button = QToolButton()
        button.setObjectName(f"start.recent.{number}.remove")
        button.setIcon(self._desk.appearance.icon("close"))
        button.setToolTip(tr("Remove from this list"))
        button.setAccessibleName(tr("Remove {name} from this list", name=display(store.name)))
        button.clicked.connect(remove)
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 12, 0)
        line.setSpacing(0)
        line.addWidget(row, 1)
        line.addWidget(button)
        return both

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        self.drop_zone.setFixedHeight(sizes(88))
        self.fit(self.width())
        self._show_recent()


def place_of(store: RecentStore, *, is_gone: bool) -> str:
    """The folder as people write it, `~/shop/data`; of a store on a server who goes in where, `ada@db.shop`."""
    server = server_address(store.location)
    if server is not None:
        user = f"{server[0].user}@" if server[0].user else ""
        return display(f"{user}{server[0].place}")
    folder = PurePath(store.location).parent
    home = Path.home()
    text = f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
    text = display("~" if text == "~/." else text)
    return tr("{folder}, the file is gone", folder=text) if is_gone else text


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("type", kind)
    return label
