"""The guide: its pages at the left, the page at the right, a search over all of them. It needs no network."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, QUrl
from PySide6.QtGui import QImage, QKeySequence, QResizeEvent, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.help_type import typeset
from auditor.gui.theme import DARK
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.read_guide import GuidePage
    from auditor.tasks.context import TaskContext

READING = Lane("guide")
SIZE = 920, 680


class GuideBrowser(QTextBrowser):
    """Shows only what it is given: no file and no address is read, whatever a page says. `pictures` are PNG files by
    the names that the page has for them; they are drawn as wide as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: Mapping[str, bytes] = {}

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        known = self.pictures.get(name if isinstance(name, str) else name.toString())
        if known is None:
            return QByteArray()
        picture, density = QImage.fromData(known), self.devicePixelRatioF()
        beside = self.verticalScrollBar().sizeHint().width()  # it may only come with the pictures
        room = self.width() - beside - 2 * round(self.document().documentMargin()) - 2 * self.frameWidth()
        wide = min(round(room * density), picture.width())
        drawn = picture.scaledToWidth(max(wide, 1), Qt.TransformationMode.SmoothTransformation)
        drawn.setDevicePixelRatio(density)
        return drawn


class HelpWindow(QWidget):
    """A window beside the main one; closes with it."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self._desk = desk
        self._pages: dict[str, GuidePage] = {}
        self._shown = ""
        self.setObjectName("help")
        self.setWindowTitle(tr("Guide · Auditor"))
        self.setProperty("surface", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = QLineEdit()
        self.field.setObjectName("help.field")
        self.field.setAccessibleName(tr("Search the guide"))
        self.field.setPlaceholderText(tr("Search the guide"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._on_search)
        self.contents = QListWidget()
        self.contents.setObjectName("help.contents")
        self.contents.setAccessibleName(tr("Pages of the guide"))
        self.contents.setProperty("surface", "contents")
        self.contents.currentItemChanged.connect(self._on_chosen)
        self.browser = GuideBrowser()
        self.browser.setObjectName("help.page")
        self.browser.setAccessibleName(tr("Page"))
        self.browser.setProperty("surface", "page")
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._on_link)
        side = QVBoxLayout()
        side.setContentsMargins(12, 12, 12, 12)
        side.setSpacing(8)
        side.addWidget(self.field)
        side.addWidget(self.contents, 1)
        self._side = QWidget()
        self._side.setLayout(side)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side)
        row.addWidget(self.browser, 1)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.field.setFocus)
        self.resize(*SIZE)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def open(self, page: str = "index") -> None:
        """Shows that page, in front."""
        self.show()
        self.raise_()
        self.activateWindow()
        if self._pages:
            self.show_page(page)
            return
        origin = self._desk.store.origin

        def work(context: "TaskContext") -> "tuple[GuidePage, ...]":
            from auditor.jobs import read_guide
            from auditor.jobs.perform import perform_alone

            return perform_alone(read_guide.run, read_guide.ReadGuideRequest(origin=origin), context)

        def done(pages: "tuple[GuidePage, ...]") -> None:
            self._pages = {one.name: one for one in pages}
            self._list(list(self._pages))
            self.show_page(page)
            self.contents.setFocus()

        self._desk.store.ask_alone(READING, work, done=done)

    def show_page(self, name: str) -> None:
        """Also chooses it in the list; nothing happens for a page that is not there."""
        page = self._pages.get(name)
        if page is None:
            return
        self._shown = name
        for number in range(self.contents.count()):
            if self.contents.item(number).data(Qt.ItemDataRole.UserRole) == name:
                self.contents.setCurrentRow(number)
        self.browser.document().setDefaultFont(self._desk.appearance.body())
        scheme = "dark" if self._desk.appearance.theme is DARK else "light"
        self.browser.pictures = {
            picture: content for (picture, of), content in page.pictures.items() if of == scheme
        }
        self.browser.document().setDocumentMargin(self._desk.appearance.sizes(28))
        self.browser.setMarkdown(page.text)
        typeset(self.browser.document(), self._desk.appearance)
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)
        wanted = self.field.text().strip()
        if wanted:
            self.browser.find(wanted)

    def _list(self, names: list[str]) -> None:
        self.contents.blockSignals(True)
        self.contents.clear()
        for name in names:
            item = QListWidgetItem(self._pages[name].title)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setSizeHint(QSize(0, self._desk.appearance.sizes(28)))
            self.contents.addItem(item)
        self.contents.blockSignals(False)

    def _on_search(self, text: str) -> None:
        words = text.casefold().split()
        found = [
            name for name, page in self._pages.items() if all(word in page.text.casefold() for word in words)
        ]
        self._list(found)
        if found:
            self.show_page(self._shown if self._shown in found else found[0])

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(Qt.ItemDataRole.UserRole) != self._shown:
            self.show_page(item.data(Qt.ItemDataRole.UserRole))

    def _on_link(self, url: QUrl) -> None:
        """Links lead to other pages and nowhere else."""
        name = url.toString().removesuffix(".md")
        if name in self._pages:
            self.field.clear()
            self.show_page(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._shown and self._pages[self._shown].pictures:
            self.show_page(self._shown)

    def _on_appearance_changed(self) -> None:
        self._side.setFixedWidth(self._desk.appearance.sizes(232))
        if self._shown:
            self.show_page(self._shown)
