"""The rebuilds of a window, and its runs that catch up: each in a process of its own, one after the other, drawn from
what it says."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.core.text import tr
from auditor.core.timestamps import format_timestamp
from auditor.gui.child_process import ChildEnd, ChildProcess
from auditor.gui.desk import Desk
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.run_words import said, task_name
from auditor.gui.projections.words import span_text
from auditor.gui.tasks_shown import ShownTask

KILLED_AFTER_MS = 2_000
TASK = "rebuild"


class Rebuilds(QObject):
    """The same command as in a terminal. `runs` are the newest of each projection, over or not, while its store is
    open. One process at a time: two would only take turns on the same store."""

    changed = Signal(str)
    """Something of that projection's run has changed."""
    ended = Signal(str)
    all_ended = Signal()
    """Nothing runs and nothing waits any more."""

    def __init__(self, desk: Desk, look_at: Callable[[str], object], parent: QObject | None = None) -> None:
        """`look_at` shows the run of that projection: a click on it in the status bar."""
        super().__init__(parent)
        self._desk = desk
        self._look_at = look_at
        self._child = ChildProcess(self)
        self._child.line.connect(self._on_line)
        self._child.ended.connect(self._on_ended)
        self._patience = QTimer(self, singleShot=True, interval=KILLED_AFTER_MS)
        self._patience.timeout.connect(self._on_impatient)
        self.runs: dict[str, RebuildRun] = {}
        self.waiting: list[str] = []
        self.current: str | None = None
        desk.store.closed.connect(self._on_closed)
        desk.store.shutting_down.connect(self._on_closed)

    # -- what is asked ---------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        return self.current is not None or bool(self.waiting)

    def is_under_way(self, name: str) -> bool:
        """It runs or waits."""
        return name == self.current or name in self.waiting

    def begin(self, name: str, *, catch_up: bool = False) -> None:
        """At once, or after those that were asked for before. `catch_up`: from its checkpoint, in the live tables."""
        if self.is_under_way(name):
            return
        self.runs[name] = RebuildRun(name, catches_up=catch_up)
        self.waiting.append(name)
        self.changed.emit(name)
        self._next()

    def cancel(self, name: str) -> None:
        """Asks it to stop between two batches; `ended` tells when it has, at the latest after two seconds."""
        if name in self.waiting:
            self.waiting.remove(name)
            self.runs[name].end(_now(), never_began=True)
            self.changed.emit(name)
            self.ended.emit(name)
            self._tell_if_over()
        elif name == self.current and self.runs[name].phase == "running":
            self.runs[name].ask_to_stop(_now())
            self._child.stop()
            self._patience.start()
            self.changed.emit(name)

    def cancel_all(self) -> None:
        for name in (*self.waiting, *([self.current] if self.current else [])):
            self.cancel(name)

    # -- the child -------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        if self.current is not None or not self.waiting or not self._desk.store.is_open:
            return
        name = self.current = self.waiting.pop(0)
        self.runs[name].begin(_now())
        store = self._desk.store
        workspace = [] if store.workspace is None else ["--workspace", str(store.workspace)]
        verb = "project" if self.runs[name].catches_up else "rebuild"
        self._child.start(
            *(verb, "--progress", "ndjson", *workspace, "--", store.location, name),
            lines=True,
            environment=store.child_environment,
        )
        self._show_task()
        self.changed.emit(name)

    def _on_line(self, line: str) -> None:
        if self.current is None:
            return
        self.runs[self.current].take(line, _now())
        self._show_task()
        self.changed.emit(self.current)

    def _on_ended(self, end: ChildEnd) -> None:
        self._over(last_words=end.last_words)

    def _on_impatient(self) -> None:
        if self.current is not None:
            self._child.kill()
            self._over(killed=True)

    def _over(self, *, last_words: str = "", killed: bool = False) -> None:
        name, self.current = self.current, None
        self._patience.stop()
        if name is None:
            return
        run = self.runs[name]
        run.end(_now(), last_words=last_words, killed=killed)
        self._desk.tasks.end(TASK)
        self._desk.tasks.say(said(run))
        self.changed.emit(name)
        self.ended.emit(name)
        self._next()
        self._tell_if_over()

    def _tell_if_over(self) -> None:
        if not self.is_busy:
            self.all_ended.emit()

    def _show_task(self) -> None:
        name = self.current
        if name is None:
            return
        run = self.runs[name]
        left = run.seconds_left
        task = ShownTask(
            name=task_name(run),
            done=run.done,
            total=run.total,
            left="" if left is None else tr("{time} left", time=span_text(left)),
            open=lambda: self._look_at(name),
        )
        self._desk.tasks.show(TASK, task)

    def _on_closed(self) -> None:
        """Whoever closes a store was asked before, or the window goes: nothing of a rebuild outlives it."""
        self._patience.stop()
        self._child.kill()
        self._desk.tasks.end(TASK)
        self.current = None
        self.waiting.clear()
        self.runs.clear()


def _now() -> str:
    return format_timestamp(datetime.now(UTC))
