"""What Copy means where the focus is: panels register, the edit commands go to the one that has the focus."""

from enum import Enum
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from auditor.core.exact_json import escape_surrogates
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.actions import Actions
from auditor.gui.overlay import Overlay


class Copied(Enum):
    """What can be taken out of a panel: the value exactly as stored, JSON, where it stands, how to ask for it."""

    VALUE = ActionId.COPY_VALUE
    JSON = ActionId.COPY_JSON
    PATH = ActionId.COPY_PATH
    COMMAND = ActionId.COPY_COMMAND


class CopySource(Protocol):
    """A panel that values can be copied from."""

    def copyable(self) -> frozenset[Copied]:
        """What there is to copy now; empty without a selected row."""

    def copy(self, what: Copied) -> None:
        """Puts it on the clipboard, at once or when it was read."""


class Copying(QObject):
    """Sends the copy commands to the panel with the focus, or that had it before the palette was opened; elsewhere
    they are disabled and say why."""

    def __init__(self, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._sources: list[tuple[QWidget, CopySource]] = []
        self._last: CopySource | None = None  # had the focus before a menu or the palette
        for what in Copied:
            actions.on(what.value, partial(self._copy, what), enabled=False)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
        self.refresh()

    def register(self, panel: QWidget, source: CopySource) -> None:
        self._sources.append((panel, source))

    def refresh(self) -> None:
        """The selection of a panel has changed."""
        source = self._source()
        possible = source.copyable() if source is not None else frozenset()
        if _text_field() is not None:
            possible |= {Copied.VALUE}
        for what in Copied:
            reason = tr("Select a row of the state or the event first.")
            self._actions.enable(what.value, what in possible, reason)

    def _source(self) -> CopySource | None:
        focused = QApplication.focusWidget()
        if focused is None or _is_over_window(focused):
            return self._last
        self._last = None
        for panel, source in self._sources:
            if panel is focused or panel.isAncestorOf(focused):
                self._last = source
        return self._last

    def _copy(self, what: Copied) -> None:
        field = _text_field()
        if what is Copied.VALUE and field is not None:
            field.copy()
            return
        source = self._source()
        if source is not None and what in source.copyable():
            source.copy(what)

    def _on_focus_changed(self, _before: QWidget | None, _now: QWidget | None) -> None:
        self.refresh()


def _text_field() -> QLineEdit | QPlainTextEdit | None:
    """With the focus; its own selection is what Copy means there."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QLineEdit | QPlainTextEdit) and not _is_over_window(focused):
        return focused
    return None


def _is_over_window(widget: QWidget | None) -> bool:
    while widget is not None and not isinstance(widget, Overlay):
        widget = widget.parentWidget()
    return widget is not None


def put_on_clipboard(text: str) -> None:
    """Exactly that text; only lone surrogates, which no clipboard can carry, are written as JSON escapes them."""
    QGuiApplication.clipboard().setText(escape_surrogates(text))
