"""What is seen without a store: what can be opened, a store being opened, or why it could not be."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from auditor.core.errors import AuditorError, Cancelled
from auditor.core.presenter import display
from auditor.core.store_address import without_password
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.panel_states import LOADING_AFTER_MS, PanelStates, Verb
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.start_home import StartHome


class StartPage(QWidget):
    """Follows the store: home, opening, or failed with what can be done about it."""

    copy_wanted = Signal(str)
    """The store at that path could not be opened; the user would work on a copy."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("start")
        self.setProperty("surface", "content")
        self.setProperty("hairline", "above")
        self.setContentsMargins(0, 1, 0, 0)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.home = StartHome(desk)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("start.scroll")
        self._scroll.setAccessibleName(tr("Start"))
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidget(self.home)
        self.states = PanelStates(self._scroll, "start", desk.appearance)
        self.states.show_content()
        self._opening = _Opening(desk)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.states)
        self._stack.addWidget(self._opening)
        self._timer = QTimer(self, singleShot=True, interval=LOADING_AFTER_MS)
        self._timer.timeout.connect(self._show_opening)
        desk.store.opening_changed.connect(self._on_opening_changed)
        desk.store.opened.connect(self.show_home)
        desk.store.closed.connect(self._on_closed)

    def offer_copy(self, path: str) -> None:
        """The file that could not be opened is there: it can be copied."""
        failure = self._desk.store.failure
        if isinstance(failure, AuditorError) and self.states.state == "failed":
            self._show_failure(failure, (tr("Work on a copy…"), lambda: self.copy_wanted.emit(path)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.home.fit(event.size().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._desk.store.is_opening:
            self._desk.store.cancel_opening()
        elif event.key() == Qt.Key.Key_Escape and self.states.state != "content":
            self.show_home()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.home.refresh()
        self.home.focus_first()

    def _on_closed(self) -> None:
        if not self._desk.store.is_opening:
            self.show_home()

    def show_home(self) -> None:
        """What can be opened, instead of what was said about one that could not be."""
        self._timer.stop()
        self._stack.setCurrentWidget(self.states)
        self.states.show_content()
        self.home.refresh()
        if self.isVisible():
            self.home.focus_first()

    def _show_opening(self) -> None:
        self._opening.tell(shown_name(self._desk.store.location))
        self._stack.setCurrentWidget(self._opening)

    def _on_opening_changed(self) -> None:
        store = self._desk.store
        if store.is_opening:
            self._timer.start()
            return
        self._timer.stop()
        self._stack.setCurrentWidget(self.states)
        if isinstance(store.failure, Cancelled):
            self._desk.tasks.say(tr("Opening was cancelled"))
            self.show_home()
        elif store.failure is not None:
            self._show_failure(store.failure)

    def _show_failure(self, failure: Exception, *more: Verb) -> None:
        store = self._desk.store
        location, workspace = store.location, store.workspace
        again: Callable[[], None] = lambda: store.open(location, workspace)  # noqa: E731 - a verb's action
        verbs: tuple[Verb, ...] = (
            (tr("Try again"), again),
            *more,
            (tr("Open another…"), self._desk.actions[ActionId.OPEN].trigger),
            (tr("Start page"), self.show_home),
        )
        if isinstance(failure, AuditorError):
            self.states.show_failed(failure.message, _hint(failure, location), *verbs)
        else:
            self.states.show_error(failure, *verbs)
        self._focus_first_verb()

    def _focus_first_verb(self) -> None:
        for first in self.states.findChildren(QPushButton, "start.message.verb0"):
            if first.isVisible():  # those of an earlier message wait for their end
                first.setFocus()


class _Opening(QWidget):
    """A store is being opened: which, and the way to stop it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("start.opening")
        self._title = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._title.setObjectName("start.opening.title")
        self._title.setProperty("type", "strong")
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._line = QLabel(tr("It is read only as far as is needed; nothing is counted yet."))
        self._line.setProperty("type", "small")
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.setObjectName("start.opening.cancel")
        self._cancel.setAccessibleName(tr("Cancel opening"))
        self._cancel.clicked.connect(desk.store.cancel_opening)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 24, 48, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._title)
        for widget in (self._line, self._cancel):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def tell(self, name: str) -> None:
        self._title.set_text(tr("Opening {name}", name=name))
        self._cancel.setFocus()


def shown_name(location: str) -> str:
    """What was given to open a store, as a screen may show it."""
    return display(without_password(location))


def _hint(error: AuditorError, location: str) -> str:
    if location.removesuffix(".gz").endswith((".ndjson", ".jsonl")):
        return tr(
            "Events in newline-delimited JSON are put into a store first: auditor import STORE FILE --create"
        )
    return error.hint
