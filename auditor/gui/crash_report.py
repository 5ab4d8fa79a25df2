"""Mistakes of ours: a report is written, a quiet bar says so, and the window lives on."""

import sys
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.bridge import MainThreadBridge
from auditor.gui.desk import Desk
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.push_button import push_button
from auditor.jobs.bug_report import ListReportsRequest, reports_folder, run, write_report
from auditor.tasks.runner import Lane

LISTING = Lane("list reports")
MOST_MESSAGES = 50


class QtError(RuntimeError):
    """Qt itself found a mistake of ours."""


class CrashBar(QWidget):
    """The newest mistake of this run and where its report lies; one at a time, until it is closed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._told: dict[str, Path | None] = {}
        self._count = 0
        self.setObjectName("crash")
        self.setProperty("surface", "incomplete")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = QLabel()
        self._title = ElidedLabel()
        self._title.setObjectName("crash.title")
        self._title.setProperty("type", "strong")
        self._title.setProperty("tone", "fail")
        self._line = ElidedLabel()
        self._line.setObjectName("crash.line")
        self._line.setProperty("type", "small")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self._sign)
        row.addLayout(texts, 1)
        self._folder = push_button("crash.folder", tr("Open folder"), self._open_folder)
        self._copy = push_button("crash.copy", tr("Copy"), self._copy_path)
        for button in (self._folder, self._copy):
            row.addWidget(button)
        self._close = QToolButton()
        self._close.setObjectName("crash.close")
        self._close.setAccessibleName(tr("Close the message"))
        self._close.setToolTip(tr("Close the message"))
        self._close.clicked.connect(self.hide)
        row.addWidget(self._close)
        desk.store.crashed.connect(lambda error: self.tell(error, tr("a question to the store")))
        desk.actions.on(ActionId.REPORTS, self._show_reports)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self.hide()

    def tell(self, error: BaseException, doing: str, notes: tuple[str, ...] = ()) -> None:
        """Writes a report, once for each kind of mistake, and shows where. `doing`: what the program was at."""
        kind = _kind(error)
        if kind not in self._told:
            # here and now, although it is a file: the compute thread may be what has failed
            self._told[kind] = write_report(error, f"window, {doing}", notes)
        path = self._told[kind]
        self._count += 1
        name = display(type(error).__name__)
        more = tr(" ({count} in this run)", count=self._count) if self._count > 1 else ""
        self._title.set_text(tr("A mistake of the program: {kind}{more}", kind=name, more=more))
        self._line.set_text(
            tr("The report could not be written. The store is unchanged.")
            if path is None
            else tr("A report was written to {path}. It stays on this machine.", path=display(str(path)))
        )
        self._copy.setEnabled(path is not None)
        self._copied = "" if path is None else str(path)
        self.setAccessibleName(f"{self._title.text()}. {self._line.text()}")
        self.show()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(reports_folder())))

    def _copy_path(self) -> None:
        QGuiApplication.clipboard().setText(self._copied)
        self._desk.tasks.say(tr("The report's path was copied"))

    def _show_reports(self) -> None:
        request = ListReportsRequest(origin=self._desk.store.origin)
        self._desk.store.ask_alone(LISTING, lambda context: run(request, context), done=self._on_listed)

    def _on_listed(self, reports: tuple[Path, ...]) -> None:
        if not reports:
            self._desk.tasks.say(tr("No mistake of the program was reported so far"))
            return
        self._open_folder()
        self._desk.tasks.say(
            tr("Reports in {path}: {count:,}", count=len(reports), path=display(str(reports_folder())))
        )

    def _on_appearance_changed(self) -> None:
        size = self._desk.appearance.sizes(16)
        self._sign.setPixmap(self._desk.appearance.icon("warning", "fail").pixmap(size, size))
        self._close.setIcon(self._desk.appearance.icon("close"))


def _kind(error: BaseException) -> str:
    """The same for the same mistake: its type and where it was raised."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = "" if last is None else f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}"
    return f"{type(error).__name__} {place}" if place else repr(error)


class MistakesCaught(QObject):
    """While it stands, whatever nobody caught ends in `tell(error, doing, notes)`, on Qt's thread: exceptions in slots
    and threads, and Qt's own critical messages. Its other messages are kept for the next report."""

    def __init__(
        self, tell: Callable[[BaseException, str, tuple[str, ...]], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tell = tell
        self._bridge = MainThreadBridge(self)
        self._messages: deque[str] = deque(maxlen=MOST_MESSAGES)
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_exception_in_thread
        qInstallMessageHandler(self._on_message)

    def stop(self) -> None:
        sys.excepthook, threading.excepthook = self._hooks
        qInstallMessageHandler(None)
        self._bridge.close()

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, Exception):
            self._hooks[0](kind, error, trace)
            return
        self._post(error, "an action")

    def _on_exception_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._post(arguments.exc_value, "a thread")

    def _on_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        self._messages.append(text)
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
            self._post(QtError(text), "Qt")

    def _post(self, error: BaseException, doing: str) -> None:
        notes = ("Qt said before:", *self._messages) if self._messages else ()
        self._bridge.post(partial(self._tell, error, doing, notes))
