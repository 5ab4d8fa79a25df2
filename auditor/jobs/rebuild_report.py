"""What a rebuild tells while it runs: often enough to be believed, seldom enough to be read."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from auditor.core.rebuild import RebuildEvent
from auditor.core.text import tr
from auditor.tasks.context import TaskContext

BEAT = 0.2
"""Seconds after which progress is told again if nothing else was said."""
LEAST_BETWEEN = 0.06
"""Seconds between two progress reports at least."""

OnEvent = Callable[[RebuildEvent], None]


def unheard(_: RebuildEvent) -> None:
    """Nobody listens."""


class RebuildReport:
    """Counts over all projections of a run: `total` is fixed before the first event, `done` and `rows` never fall.

    May be called from several threads; listeners hear one call at a time.
    """

    def __init__(self, on_event: OnEvent, context: TaskContext) -> None:
        self._on_event = on_event
        self._context = context
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._told_at = 0.0
        self._is_running = self._has_started = False
        self.projection: str | None = None
        self.total = 0
        self._done = self._rows = 0
        self._position: int | None = None
        self._earlier = (0, 0)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def has_started(self) -> bool:
        return self._has_started

    def started(self, total: int, **details: Any) -> None:
        with self._lock:
            self.total = total
            self._tell("started", details=details)
            self._is_running = self._has_started = True
        self.tell_progress()

    def grown(self, total: int, position: int) -> None:
        """Of a run that follows its store: there is more to do, from this position on."""
        with self._lock:
            self.total = total
            self._position = position
            self._is_running = True

    def caught_up(self) -> None:
        """There is nothing to do until the store grows."""
        with self._lock:
            self._is_running = False
            self._context.progress(self._done, self.total, tr("events"))
            self._tell("caught-up")

    def begin(self, projection: str) -> None:
        """Counts of the next projection are added to those of the ones before."""
        with self._lock:
            self.projection = projection
            self._earlier = (self._done, self._rows)
            self._position = None

    def opened(self, target: str, tables: list[str]) -> None:
        """The projection is loaded and its file open: a progress report with both facts, whenever the last one was."""
        with self._lock:
            self._tell_progress(0.0, {"target": target, "tables": tables})

    def committed(self, done: int, rows: int, position: int) -> None:
        with self._lock:
            self._done, self._rows = self._earlier[0] + done, self._earlier[1] + rows
            self._position = position
            self._tell_progress(LEAST_BETWEEN)

    def beat(self) -> None:
        with self._lock:
            if self._is_running:
                self._tell_progress(BEAT)

    def tell_progress(self) -> None:
        with self._lock:
            self._tell_progress(0.0)

    def warning(self, text: str, **details: Any) -> None:
        with self._lock:
            self._context.warn(text)
            self._tell("warning", message=text, details=details)

    def ended(self, kind: str, message: str | None = None, hint: str | None = None, **details: Any) -> None:
        """The last event: finished, paused or error."""
        with self._lock:
            self._is_running = False
            self._tell(kind, message=message, hint=hint, details=details)

    def _tell_progress(self, after: float, details: dict[str, Any] | None = None) -> None:
        now = time.monotonic()
        if now - self._told_at >= after:
            self._told_at = now
            self._context.progress(self._done, self.total, tr("events"))
            self._tell("progress", details=details)

    def _tell(
        self, kind: str, *, message: str | None = None, hint: str | None = None, details: Any = None
    ) -> None:
        self._on_event(
            RebuildEvent(
                kind=kind,
                projection=self.projection,
                done=self._done,
                total=self.total,
                position=self._position,
                rows=self._rows,
                seconds=self.seconds,
                message=message,
                hint=hint,
                details=details or {},
            )
        )


def of_unknown_types(projection: str, unknown: Mapping[str, int]) -> list[str]:
    """The warning that events changed nothing, if any did."""
    if not unknown:
        return []
    types = ", ".join(f"{name} ({count:,})" for name, count in sorted(unknown.items()))
    return [
        tr(
            "{count:,} events changed nothing, since {name} has no handler for their types and does not ignore them: "
            "{types}.",
            count=sum(unknown.values()),
            name=projection,
            types=types,
        )
    ]
