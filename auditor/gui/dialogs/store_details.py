"""The open store: how it is kept unchanged, what it is, how much is in it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog, FactList, text_label
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.store_info import StoreInfoResult

DETAILS = Lane("details")
COUNTED_WITHOUT_ASKING = 200_000  # events by their estimate: more take the compute thread too long


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
            self._sentences("info", "chg", reader.warnings)
        self.add_line()
        self._facts = FactList("dialog.store.facts", desk.appearance, names_wide=84)
        self._facts.set(tr("path"), reader.location.name, mono=True)
        self._facts.set(tr("events"), tr("counting…"))
        self._facts.set(tr("aggregates"), tr("counting…"))
        self._facts.set(tr("layout"), _layout(reader.layout, reader.domain))
        self._facts.set(tr("store id"), reader.store_id, mono=True)
        self._facts.set(tr("can do"), ", ".join(_abilities(reader.capabilities)), wrapped=True)
        self.body.addWidget(self._facts)
        self.add_button("copy", tr("Copy details"), self._copy, left=True)
        self.add_button("work", tr("Work on a copy…"), self._work_on_a_copy).setFocus()
        self._ask(estimate=True)
        desk.store.closed.connect(self.close)
        self.finished.connect(lambda: desk.store.forget(DETAILS))

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

    def _ask(self, *, estimate: bool) -> None:
        from auditor.jobs import store_info

        request = store_info.StoreInfoRequest(origin=self._desk.store.origin, estimate=estimate)
        self._desk.store.ask(DETAILS, store_info.run, request, done=self._on_info, failed=self._on_failed)

    def _on_info(self, info: "StoreInfoResult") -> None:
        exact = not info.estimated
        if not exact and info.events <= COUNTED_WITHOUT_ASKING:
            self._ask(estimate=False)
            return
        about = "" if exact else tr("about ")
        hidden = tr(", {count:,} hidden", count=info.hidden_events) if info.hidden_events else ""
        position = tr(", the last at position {head:,}", head=info.head) if info.head is not None else ""
        self._facts.set(
            tr("events"),
            tr(
                "{about}{count:,}{hidden}{position}",
                about=about,
                count=info.events,
                hidden=hidden,
                position=position,
            ),
        )
        types = ", ".join(f"{name} {count:,}" for name, count in info.types.items())
        self._facts.set(
            tr("aggregates"),
            tr("{about}{count:,}", about=about, count=info.aggregates) + (f" ({types})" if types else ""),
        )

    def _on_failed(self, error: Exception) -> None:
        for name in (tr("events"), tr("aggregates")):
            self._facts.set(name, str(error))

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
        "cheap_aggregates": tr("quick list of aggregates"),
        "contiguous_versions": tr("versions without holes"),
        "json_filter": tr("filters in the database"),
    }
    return [names.get(name, name) for name, value in capabilities.items() if value]
