"""A look at a server before its store is opened: how it went, in sentences."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from auditor.core.errors import AuditorError, PasswordNeeded
from auditor.core.presenter import display, display_events
from auditor.core.server_address import ServerAddress
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.panel_states import LOADING_AFTER_MS
from auditor.jobs.origin import Origin
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.look_at_server import LookAtServerResult
    from auditor.tasks.context import TaskContext

TESTING = Lane("test a server")

TestState = Literal["none", "running", "passed", "failed"]
Line = tuple[str, str, str]
"""Icon, tone, sentence."""


class ServerTest(QFrame):
    """Nothing, that it runs, or what came of it."""

    changed = Signal()
    """Also its height."""

    def __init__(self, name: str, desk: Desk) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("surface", "note")
        self.setAccessibleName(tr("Result of the test"))
        self._desk = desk
        self.state: TestState = "none"
        self.tried: tuple[ServerAddress, str] | None = None
        """What the state is about."""
        self.wants_password = False
        self._lines = QWidget()
        self._grid = QGridLayout(self._lines)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(desk.appearance.sizes(5))
        self._grid.setColumnStretch(1, 1)
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}.bar")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(tr("Progress"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(8)
        column.addWidget(self._lines)
        column.addWidget(self._bar)
        self._soon = QTimer(self, singleShot=True, interval=LOADING_AFTER_MS)
        self._soon.timeout.connect(self._show_running)
        self._bar.hide()
        self.hide()

    def run(self, address: ServerAddress, password: str, passed: Callable[[], object]) -> None:
        """`passed` is called when the server has let us in and an event store is there."""
        self.state, self.tried, self.wants_password = "running", (address, password), False
        self._soon.start()
        self._desk.store.ask_alone(
            TESTING,
            _look(
                self._desk.store.origin,
                address.url,
                password or self._desk.store.access.password(address.url),
            ),
            done=lambda found: self._on_done(found, passed),
            failed=self._on_failed,
            cancelled=self._on_cancelled,
        )
        self.changed.emit()

    def stop(self) -> None:
        """What runs is given up at once."""
        if self.state == "running":
            self._desk.store.forget(TESTING)
            self._on_cancelled()

    def clear(self) -> None:
        """What was said is not about what the fields say now."""
        if self.state == "running":
            self._desk.store.forget(TESTING)
        self._show("none", [])

    def text(self) -> str:
        labels = [one for one in self._lines.findChildren(QLabel) if one.text()]
        return "\n".join(label.text() for label in labels)

    # -- what came of it -----------------------------------------------------------------------------------------

    def _show_running(self) -> None:
        if self.state == "running" and self.tried is not None:
            place = display(self.tried[0].place, longest=80)
            self._show("running", [("", "", tr("Connecting to {place}…", place=place))])

    def _on_done(self, found: "LookAtServerResult", passed: Callable[[], object]) -> None:
        if found.refused is not None:
            self._on_failed(found.refused)
            return
        events = display_events(found.events)
        about = tr("about {events}", events=events) if found.is_estimate else events
        lines: list[Line] = [
            ("check", "add", tr("{product}: a {layout} event store with {events}.",
                                product=found.product, layout=found.layout, events=about)),
            *(("check", "add", sentence) for sentence in found.access[:1]),
            *(("warning", "chg", display(sentence)) for sentence in found.warnings),
        ]  # fmt: skip
        self._show("passed", lines)
        passed()

    def _on_failed(self, error: Exception) -> None:
        self.wants_password = isinstance(error, PasswordNeeded)
        if isinstance(error, AuditorError):
            lines: list[Line] = [("warning", "fail", error.message)]
            lines += [("", "", error.hint)] if error.hint else []
        else:
            said = tr("A mistake of the program: {kind}. A report was written.", kind=type(error).__name__)
            lines = [("warning", "fail", said)]
        self._show("failed", lines)

    def _on_cancelled(self) -> None:
        self._show("none", [])

    def _show(self, state: TestState, lines: list[Line]) -> None:
        self._soon.stop()
        self.state = state
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        for row, line in enumerate(lines):
            self._add(row, *line)
        self._bar.setVisible(state == "running")
        self.setVisible(bool(lines))
        for layout in (
            self._grid,
            self.layout(),
        ):  # from inside out, so that the dialog is told their heights
            if layout is not None:
                layout.invalidate()
                layout.activate()
        self.setAccessibleDescription(" ".join(sentence for _, _, sentence in lines))
        self.changed.emit()

    def _add(self, row: int, icon: str, tone: str, sentence: str) -> None:
        size = self._desk.appearance.sizes(16)
        sign = QLabel()
        if icon:
            sign.setPixmap(self._desk.appearance.icon(icon, tone).pixmap(size, size))
        sign.setFixedWidth(size)
        self._grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
        label = text_label(sentence, "small")
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if tone in ("fail", "chg"):
            label.setProperty("tone", "fail" if tone == "fail" else "doubt")
        self._grid.addWidget(label, row, 1)
        label.ensurePolished()


def _look(origin: Origin, url: str, password: str | None) -> "Callable[[TaskContext], LookAtServerResult]":
    def work(context: "TaskContext") -> "LookAtServerResult":
        from auditor.jobs import look_at_server
        from auditor.jobs.perform import perform_alone

        request = look_at_server.LookAtServerRequest(origin=origin, store=url, password=password)
        return perform_alone(look_at_server.run, request, context)

    return work
