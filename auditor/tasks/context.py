"""What every job receives besides its request."""

from collections.abc import Callable
from dataclasses import dataclass, field

from auditor.tasks.cancel import CancelToken


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is. `total` is fixed at its start, or None where it cannot be known; `done` never falls."""

    done: int
    total: int | None
    unit: str


def _unheard(_: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContext:
    """The way out of a running job: stop wishes in, progress and warnings out.

    Jobs report after each batch; how often that is shown is the listener's business.
    """

    token: CancelToken = field(default_factory=CancelToken)
    on_progress: Callable[[Progress], None] = _unheard
    on_warning: Callable[[str], None] = _unheard

    def progress(self, done: int, total: int | None, unit: str) -> None:
        self.on_progress(Progress(done=done, total=total, unit=unit))

    def warn(self, text: str) -> None:
        """Something a reader of the result must know; `text` is translated."""
        self.on_warning(text)
