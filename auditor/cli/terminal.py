"""What a command has in hand: the two ways out, the running job's context, and who asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from auditor.cli.diagnostics import Diagnostics
from auditor.cli.output import Output
from auditor.cli.progress import ProgressBar, ProgressLines
from auditor.jobs.origin import Origin, origin_of_process
from auditor.tasks.cancel import CancelToken
from auditor.tasks.context import TaskContext

OpenWindow = Callable[[str | None, Path | None], int]
"""Shows the window on a store and its workspace, either may be missing; returns the exit code when it is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """One run of the program. The token is cancelled by Ctrl-C. `open_window` is None where there is no window."""

    output: Output
    diagnostics: Diagnostics
    token: CancelToken
    open_window: OpenWindow | None = None

    def origin(self, via: str = "cli") -> Origin:
        return origin_of_process(via)

    @contextmanager
    def context(self, *, plain: bool = False, lines: bool = False) -> Iterator[TaskContext]:
        """Progress is a bar where stderr is a terminal; elsewhere lines if asked for, else nothing."""
        if self.diagnostics.is_terminal and not plain:
            shown: ProgressBar | ProgressLines | None = ProgressBar(self.diagnostics)
        else:
            shown = ProgressLines(self.diagnostics) if lines or plain else None
        on_warning = self.diagnostics.warning
        if shown is None:
            yield TaskContext(token=self.token, on_warning=on_warning)
            return
        try:
            yield TaskContext(token=self.token, on_warning=on_warning, on_progress=shown)
        finally:
            shown.close()
