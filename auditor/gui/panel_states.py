"""What stands in a panel instead of its content: empty, loading, failed, cancelled, not supported."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from auditor.core.errors import AuditorError
from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.tasks.context import Progress

LOADING_AFTER_MS = 150
Verb = tuple[str, Callable[[], object]]
"""The text of a button, and what it does."""


class PanelStates(QWidget):
    """A panel's content, or a message in its place. Content that is there stays for 150 ms when loading begins."""

    def __init__(
        self, content: QWidget, name: str, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.content = content
        self._message = _Message(f"{name}.message", appearance)
        self._loading = _Loading(f"{name}.loading", appearance)
        self._stack = QStackedLayout(self)
        for page in (self._message, self._loading, content):
            self._stack.addWidget(page)
        self._timer = QTimer(self, singleShot=True, interval=LOADING_AFTER_MS)
        self._timer.timeout.connect(lambda: self._show(self._loading))
        self.state = "empty"
        """empty, loading, content, failed, cancelled or unsupported: what the panel is in, shown at once or not."""

    def show_content(self) -> None:
        self.state = "content"
        self._show(self.content)

    def show_loading(self, what: str, cancel: Callable[[], object] | None = None) -> None:
        """Shown after 150 ms unless something else is shown before. `what`: `Reading the list`."""
        if self.state == "loading" and what == self._loading.what:
            return  # how far it is stays seen
        if self.state != "loading":
            self._timer.start()
        self.state = "loading"
        self._loading.begin(what, cancel)

    def show_progress(self, what: str, progress: Progress) -> None:
        """`Replaying 42,180 of 100,000 events`, the time left and a line; only while loading."""
        self._loading.report(what, progress)

    def show_empty(self, icon: str, title: str, line: str, *verbs: Verb) -> None:
        self.state = "empty"
        self._tell(icon, "text3", title, line, verbs)

    def show_failed(self, title: str, line: str, *verbs: Verb) -> None:
        self.state = "failed"
        self._tell("warning", "fail", title, line, verbs)

    def show_error(self, error: Exception, *verbs: Verb) -> None:
        """What happened, why, what to do; a mistake of ours points to its report."""
        if isinstance(error, AuditorError):
            self.show_failed(error.message, error.hint or "", *verbs)
        else:
            self.show_failed(
                tr("A mistake of the program: {kind}", kind=type(error).__name__),
                tr("A report was written. What you did before is not lost; the store is unchanged."),
                *verbs,
            )

    def show_cancelled(self, title: str, line: str, *verbs: Verb) -> None:
        self.state = "cancelled"
        self._tell("stopped", "text3", title, line, verbs)

    def show_unsupported(self, title: str, line: str, *verbs: Verb) -> None:
        self.state = "unsupported"
        self._tell("info", "text3", title, line, verbs)

    def _tell(self, icon: str, token: str, title: str, line: str, verbs: tuple[Verb, ...]) -> None:
        self._message.tell(icon, token, title, line, verbs)
        self._show(self._message)

    def _show(self, page: QWidget) -> None:
        self._timer.stop()
        self._stack.setCurrentWidget(page)


class _Message(QWidget):
    """An icon, a title, a line and at most two buttons, centred."""

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName(name)
        self._appearance = appearance
        self._icon_name, self._token = "info", "text3"
        self._icon, self._title, self._line = QLabel(), QLabel(), QLabel()
        for label, kind in ((self._title, "strong"), (self._line, "small")):
            label.setProperty("type", kind)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setMaximumWidth(420)
        self._title.setObjectName(f"{name}.title")
        self._line.setObjectName(f"{name}.line")
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._verbs = QHBoxLayout()
        self._verbs.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(6)
        column.addStretch(2)
        for widget in (self._icon, self._title, self._line):
            column.addLayout(_centred(widget))
        column.addSpacing(6)
        column.addLayout(self._verbs)
        column.addStretch(3)
        appearance.changed.connect(self._draw_icon)

    def tell(self, icon: str, token: str, title: str, line: str, verbs: tuple[Verb, ...]) -> None:
        self._icon_name, self._token = icon, token
        self._draw_icon()
        self._title.setText(title)
        self._line.setText(line)
        self._line.setVisible(bool(line))
        self.setAccessibleName(f"{title} {line}".strip())
        while (item := self._verbs.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._verbs.addStretch(1)
        for number, (text, act) in enumerate(verbs):
            button = QPushButton(text, self)
            button.setObjectName(f"{self.objectName()}.verb{number}")
            button.setFlat(number > 0)
            button.clicked.connect(lambda _checked=False, act=act: act())
            self._verbs.addWidget(button)
            button.show()  # now, and not with the next event: it may be given the focus
        self._verbs.addStretch(1)

    def _draw_icon(self) -> None:
        size = self._appearance.sizes(20)
        icon = self._appearance.icon(self._icon_name, self._token)
        self._icon.setPixmap(icon.pixmap(size, size))


def _centred(widget: QWidget) -> QHBoxLayout:
    """As wide as it may be, in the middle; aligned by the layout, wrapped lines would be cut."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget, 100)
    row.addStretch(1)
    return row


class _Loading(QWidget):
    """Four grey bars, how far it is, and a way to stop it."""

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName(name)
        self._appearance = appearance
        self._elapsed = QElapsedTimer()
        self.what = ""
        self._bars = _Bars(appearance)
        self._text, self._left = QLabel(), QLabel()
        self._text.setProperty("type", "small")
        self._text.setObjectName(f"{name}.text")
        self._left.setProperty("type", "quiet")
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.setObjectName(f"{name}.cancel")
        self._cancel.setFlat(True)
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._act: Callable[[], object] | None = None
        self._line = QProgressBar()
        self._line.setTextVisible(False)
        self._line.setAccessibleName(tr("Progress"))
        row = QHBoxLayout()
        row.addWidget(self._text, 1)
        row.addWidget(self._left)
        row.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.addWidget(self._bars)
        column.addLayout(row)
        column.addWidget(self._line)
        column.addStretch(1)

    def begin(self, what: str, cancel: Callable[[], object] | None) -> None:
        self._elapsed.start()
        self.what, self._act = what, cancel
        self._cancel.setVisible(cancel is not None)
        self._text.setText(what)
        self.setAccessibleName(what)
        self._left.setText("")
        self._line.setVisible(False)

    def report(self, what: str, progress: Progress) -> None:
        self._text.setText(what)
        self.setAccessibleName(what)
        if progress.total is None:
            return
        self._line.setVisible(True)
        self._line.setRange(0, max(progress.total, 1))
        self._line.setValue(progress.done)
        if progress.done:
            left = self._elapsed.elapsed() / 1000 * (progress.total - progress.done) / progress.done
            self._left.setText(_time_left(left))

    def _on_cancel_clicked(self) -> None:
        if self._act is not None:
            self._act()


def _time_left(seconds: float) -> str:
    if seconds < 0.05:
        return ""
    if seconds < 60:
        return tr("{seconds:.1f} s left", seconds=seconds)
    return tr("{minutes:,}:{seconds:02} left", minutes=int(seconds) // 60, seconds=int(seconds) % 60)


class _Bars(QWidget):
    """Where rows will be."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setFixedHeight(120)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.theme.color("line"))
        width, step = self.width(), self._appearance.sizes.row
        for row, (first, second) in enumerate(((0.2, 0.3), (0.22, 0.2), (0.17, 0.38), (0.22, 0.13))):
            top = 8 + row * step
            painter.drawRoundedRect(QRectF(16, top, width * first, 9), 4, 4)
            painter.drawRoundedRect(QRectF(16 + width * 0.32, top, width * second, 9), 4, 4)
