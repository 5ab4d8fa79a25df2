"""How late the window's thread comes to its next event, and how much of that is the program's own doing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 5
THREADS = Path("/proc/self/task")


class StallWatch(QObject):
    """A timer of 5 ms. `late` has, for each tick, how many milliseconds after its time it came. `own` has the same
    without the time in which threads of this process could have run and other processes had the processors; but
    never less than what the window's thread worked itself. One lock lets only one thread of Python run at a time, so
    that the waits of one are waits of all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.late: list[float] = []
        self.own: list[float] = []
        self._timer = QTimer(self, interval=EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._last = self._worked = 0
        self._waits: dict[str, int] = {}

    @property
    def worst(self) -> float:
        """The program's own, in milliseconds."""
        return max(self.own, default=0.0)

    def told(self) -> str:
        """The latest ticks, for a person."""
        worst = sorted(range(len(self.own)), key=self.own.__getitem__)[-5:]
        said = (f"tick {at}: {self.late[at]:.0f} ms late, {self.own[at]:.0f} own" for at in sorted(worst))
        return f"of {len(self.own)} ticks " + "; ".join(said)

    def start(self) -> None:
        self._take(_waits())
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """For what the test itself does on the window's thread."""
        self.stop()
        yield
        self.start()

    def _on_tick(self) -> None:
        waits = _waits()
        late = (time.perf_counter_ns() - self._last) / 1e6 - EVERY_MS
        waited = sum(wait - self._waits.get(thread, wait) for thread, wait in waits.items()) / 1e6
        worked = (time.thread_time_ns() - self._worked) / 1e6 - EVERY_MS
        self.late.append(max(late, 0.0))
        self.own.append(max(late - waited, min(worked, late), 0.0))
        self._take(waits)

    def _take(self, waits: dict[str, int]) -> None:
        self._waits, self._worked, self._last = waits, time.thread_time_ns(), time.perf_counter_ns()


def _waits() -> dict[str, int]:
    """Nanoseconds that each thread of this process has been ready and without a processor; empty but on Linux."""
    found = {}
    try:
        for task in THREADS.iterdir():
            found[task.name] = int((task / "schedstat").read_bytes().split()[1])
    except (OSError, IndexError):  # a thread has ended meanwhile, or the system keeps no such account
        pass
    return found
