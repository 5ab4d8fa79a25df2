"""The open store: how it is kept unchanged, what it is, how much is in it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog, FactList, text_label
from auditor.gui.parts.plain_tip import plain_tip


class StoreDetails(Dialog):
    """A popover under the store's name: a click beside it closes it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        title = tr("{name} is opened read-only", name=desk.store.name)
        super().__init__("dialog.store", title, desk.appearance, parent, width=432)
        self._desk = desk
        self.setModal(False)
        self.setWindowFlags(Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setProperty("surface", "popover")
        reader = desk.store.session.reader
        self.add_heading(title, "lock", "add")
        self._sentences("check", "add", reader.access)
        if reader.warnings:
            self.add_line()
            self._sentences("info", "chg", list(map(display, reader.warnings)))
        self.add_line()
        self._facts = FactList("dialog.store.facts", desk.appearance, names_wide=84)
        place = tr("address") if desk.store.is_on_server else tr("path")
        self._facts.set(place, reader.location.name, mono=True)
        self._show_counts()
        self._facts.set(tr("database"), display(reader.product))
        self._facts.set(tr("layout"), _layout(reader.layout, reader.domain))
        self._facts.set(tr("store id"), reader.store_id, mono=True)
        self._facts.set(tr("can do"), ", ".join(_abilities(reader.capabilities)), wrapped=True)
        self.body.addWidget(self._facts)
        copy_button = self.add_button("copy", tr("Copy details"), self._copy, left=True)
        copy = desk.actions[ActionId.COPY_STORE]
        work = self.add_button("work", tr("Work on a copy…"), self._work_on_a_copy)
        work.setEnabled(copy.isEnabled())
        work.setToolTip("" if copy.isEnabled() else plain_tip(copy.whatsThis()))
        if not copy.isEnabled():
            self.add_text(copy.whatsThis(), "quiet")
        (work if copy.isEnabled() else copy_button).setFocus()
        desk.counts.changed.connect(self._show_counts)
        desk.store.closed.connect(self.close)

    def show_under(self, anchor: QWidget) -> None:
        """Below the widget, within the screen."""
        self.ensurePolished()
        self.fit()
        place = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        screen = anchor.screen().availableGeometry()
        left = min(place.x(), screen.right() - self.width())
        self.move(max(screen.left(), left), place.y())
        self.show()

    def _sentences(self, icon: str, tone: str, sentences: "list[str]") -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(self.appearance.sizes(8))
        grid.setColumnStretch(1, 1)
        size = self.appearance.sizes(16)
        for row, sentence in enumerate(sentences):
            sign = QLabel()
            sign.setPixmap(self.appearance.icon(icon, tone).pixmap(size, size))
            grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(_told(sentence), row, 1)
        self.body.addLayout(grid)

    def _show_counts(self) -> None:
        counts = self._desk.counts
        unknown = counts.problem or tr("counting…")
        position = tr(", the last at position {head:,}", head=counts.head) if counts.head is not None else ""
        events = unknown if counts.events is None else f"{counts.events:,}{position}"
        self._facts.set(tr("events"), events)
        if counts.types is None:
            self._facts.set(tr("aggregates"), unknown)
            return
        types = ", ".join(f"{display(name)} {count:,}" for name, count in counts.types.items())
        total = f"{counts.aggregates or 0:,}"
        self._facts.set(tr("aggregates"), f"{total} ({types})" if types else total)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._facts.text())
        self._desk.tasks.say(tr("Store details were copied"))

    def _work_on_a_copy(self) -> None:
        self.accept()
        self._desk.actions[ActionId.COPY_STORE].trigger()


def _told(sentence: str) -> QVBoxLayout:
    """What stands before the colon is the title."""
    title, colon, rest = sentence.partition(": ")
    column = QVBoxLayout()
    column.setSpacing(1)
    if colon and len(title) < 60:
        column.addWidget(text_label(title, "medium"))
        rest = rest[:1].upper() + rest[1:]
    else:
        rest = sentence
    line = text_label(rest, "quiet")
    line.setWordWrap(True)
    column.addWidget(line)
    return column


def _layout(layout: str, domain: str | None) -> str:
    return layout if domain is None else tr("{layout}, domain {domain}", layout=layout, domain=domain)


def _abilities(capabilities: Mapping[str, Any]) -> list[str]:
    names = {
        "global_order": tr("one order of all events"),
        "commit_order": tr("order of commits"),
        "never_misses_events": tr("readers that never miss an event"),
        "cheap_aggregates": tr("quick list of aggregates"),
        "contiguous_versions": tr("versions without holes"),
        "json_filter": tr("filters in the database"),
    }
    return [names.get(name, name) for name, value in capabilities.items() if value]
