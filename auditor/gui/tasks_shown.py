"""The long tasks that the status bar shows."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTask:
    """One running task: its name, how far it is, what remains (`0:12 left`), and where a click leads."""

    name: str
    done: int
    total: int
    left: str = ""
    open: Callable[[], object] | None = None


class ShownTasks(QObject):
    """Tasks by key, the newest last; also sentences for the status bar."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: dict[str, ShownTask] = {}

    @property
    def newest(self) -> ShownTask | None:
        return next(reversed(self._tasks.values()), None)

    def show(self, key: str, task: ShownTask) -> None:
        self._tasks[key] = task
        self.changed.emit()

    def end(self, key: str) -> None:
        if self._tasks.pop(key, None) is not None:
            self.changed.emit()

    def say(self, text: str) -> None:
        """A short sentence about what was just done (*Value copied*), shown for some seconds."""
        self.said.emit(text)
