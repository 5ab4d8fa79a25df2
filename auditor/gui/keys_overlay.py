"""All keys, made from the action table; what is typed narrows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from auditor.core.text import tr
from auditor.gui.action_table import RECENT, ActionId, ActionSpec, Menu, Scope
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.key_caps import caps_of
from auditor.gui.overlay import Overlay

COLUMNS = 3
COLUMN_WIDE = 312


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """Caps in the order of pressing, and what they do."""

    caps: tuple[str, ...]
    text: str


def key_groups(specs: Sequence[ActionSpec]) -> list[tuple[str, list[KeyLine]]]:
    """Every command that has a key, by where it works."""
    titles = {
        "timeline": tr("Timeline, with the focus"),
        "go": tr("Move"),
        "state": tr("State and event"),
        "view": tr("View"),
        "store": tr("Stores and windows"),
        "projections": tr("Projections"),
        "help": tr("Find and help"),
    }
    groups: dict[str, list[KeyLine]] = {name: [] for name in titles}
    for spec in specs:
        if not spec.keys or spec.id in RECENT[1:]:
            continue
        caps = caps_of(spec.keys[0])
        text = spec.text.rstrip("…")
        if spec.id is RECENT[0]:
            caps, text = (*caps, "…", str(len(RECENT))), tr("Recent stores")
        groups[_group_of(spec)].append(KeyLine(caps=caps, text=text))
    return [(titles[name], lines) for name, lines in groups.items() if lines]


def _group_of(spec: ActionSpec) -> str:
    if spec.scope is Scope.TIMELINE:
        return "timeline"
    if spec.scope is Scope.PROJECTIONS:
        return "projections"
    if spec.id in (ActionId.REFRESH, ActionId.FOLLOW):
        return "store"
    by_menu = {
        Menu.FILE: "store",
        Menu.EDIT: "state",
        Menu.VIEW: "view",
        Menu.GO: "go",
        Menu.STORE: "store",
        Menu.HELP: "help",
    }
    return by_menu[spec.menu]


class KeysOverlay(Overlay):
    """Columns of groups over the dimmed window."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__("keys", tr("Keyboard"), window, desk.appearance)
        self._desk = desk
        self.field = QLineEdit()
        self.field.setObjectName("keys.field")
        self.field.setAccessibleName(tr("Find a key or an action"))
        self.field.setPlaceholderText(tr("Find a key or an action"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._show)
        self._close = QToolButton()
        self._close.setObjectName("keys.close")
        self._close.setAccessibleName(tr("Close"))
        self._close.setToolTip(tr("Close"))
        self._close.clicked.connect(self.end)
        head = QHBoxLayout()
        head.setContentsMargins(28, 20, 20, 8)
        head.setSpacing(12)
        head.addWidget(text_label(tr("Keyboard"), "title"))
        head.addWidget(text_label(tr("every command is also in the palette"), "quiet"))
        head.addStretch(1)
        head.addWidget(self.field)
        head.addWidget(self._close)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("keys.scroll")
        self._scroll.setAccessibleName(tr("Keys"))
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column.setContentsMargins(1, 1, 1, 10)
        self.column.addLayout(head)
        self.column.addWidget(self._scroll, 1)
        desk.appearance.changed.connect(self._on_appearance_changed)

    def open(self) -> None:
        if self.isVisible():
            self.end()
            return
        self.field.clear()
        self._on_appearance_changed()
        self._show("")
        self.begin(self.field)

    def _columns(self) -> int:
        room = min(self.appearance.sizes(1120), self._window.width() - 48) - 56
        return max(1, min(COLUMNS, room // self.appearance.sizes(COLUMN_WIDE)))

    def place_box(self) -> None:
        sizes = self.appearance.sizes
        width = min(sizes(1120), self.width() - 48)
        content = self._scroll.widget()
        wanted = sizes(84) + (content.sizeHint().height() if content is not None else 0)
        height = min(wanted, self.height() - sizes(80))
        self.box.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def _show(self, wanted: str) -> None:
        groups = []
        for title, lines in key_groups(self._desk.actions.specs):
            kept = [line for line in lines if _fits(wanted, line)]
            if kept:
                groups.append((title, kept))
        page = QWidget()
        page.setObjectName("keys.page")
        page.setProperty("surface", "raised")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(page)
        row.setContentsMargins(28, 4, 28, 20)
        row.setSpacing(40)
        if not groups:
            row.addWidget(text_label(tr("No command has this in its name or keys."), "small"))
            row.addStretch(1)
        for share in _in_columns(groups, self._columns()):
            column = QVBoxLayout()
            column.setSpacing(20)
            for title, lines in share:
                column.addWidget(self._group(title, lines))
            column.addStretch(1)
            row.addLayout(column, 1)
        self._scroll.setWidget(page)
        if self.isVisible():
            self.place_box()

    def _group(self, title: str, lines: Sequence[KeyLine]) -> QWidget:
        group = QWidget()
        group.setAccessibleName(title)
        grid = QGridLayout(group)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(self.appearance.sizes(6))
        grid.setColumnMinimumWidth(0, self.appearance.sizes(124))
        grid.setColumnStretch(1, 1)
        grid.addWidget(text_label(title, "group"), 0, 0, 1, 2)
        rule = QFrame()
        rule.setFixedHeight(1)
        rule.setProperty("surface", "line")
        grid.addWidget(rule, 1, 0, 1, 2)
        for number, line in enumerate(lines, 2):
            caps = QHBoxLayout()
            caps.setSpacing(4)
            for cap in line.caps:
                caps.addWidget(_cap(cap))
            caps.addStretch(1)
            label = text_label(line.text, "small")
            label.setAccessibleName(f"{' '.join(line.caps)}: {line.text}")
            grid.addLayout(caps, number, 0)
            grid.addWidget(label, number, 1)
        return group

    def _on_appearance_changed(self) -> None:
        self._close.setIcon(self.appearance.icon("close"))
        self.field.setFixedWidth(self.appearance.sizes(232))


def _cap(text: str) -> QLabel:
    label = text_label(text, "caption")
    if text != "…":
        label.setProperty("chip", "key")
    return label


def _fits(wanted: str, line: KeyLine) -> bool:
    words = wanted.casefold().split()
    caps = {cap.casefold() for cap in line.caps}
    return all(word in caps or word in line.text.casefold() for word in words)


def _in_columns(
    groups: list[tuple[str, list[KeyLine]]], columns: int
) -> list[list[tuple[str, list[KeyLine]]]]:
    """In reading order, columns of about the same height; a title counts as three lines."""
    total = sum(len(lines) + 3 for _, lines in groups)
    shares: list[list[tuple[str, list[KeyLine]]]] = [[] for _ in range(columns)]
    filled = 0.0
    for title, lines in groups:
        height = len(lines) + 3
        middle = filled + height / 2
        shares[min(int(middle * columns / max(total, 1)), columns - 1)].append((title, lines))
        filled += height
    return shares
