"""`--progress ndjson`: what a rebuild, or a projection that catches up, says, one JSON object a line on stdout."""

import json
from collections.abc import Callable
from typing import Any

from auditor.cli.diagnostics import ExitCode
from auditor.cli.terminal import Terminal
from auditor.core import exact_json
from auditor.core.errors import AuditorError, Cancelled, WrongRequest
from auditor.core.rebuild import RebuildEvent
from auditor.core.text import tr
from auditor.tasks.context import TaskContext

Tell = Callable[[RebuildEvent], None]


def in_ndjson(terminal: Terminal, work: Callable[[TaskContext, Tell], bool]) -> ExitCode:
    """Every line is written at once; the last one says how it ended, also where it never began.

    `work` returns whether it was stopped before its end. Raises: as `work`; WrongRequest with `--json`.
    """
    if terminal.output.as_json:
        raise WrongRequest(
            tr("--json and --progress ndjson both want stdout."), tr("Leave one of them away.")
        )
    ends: list[str] = []

    def tell(event: RebuildEvent) -> None:
        if event.kind in ("finished", "paused", "error"):
            ends.append(event.kind)
        terminal.output.record(exact_json.dump(json_value(event.values())))

    context = TaskContext(token=terminal.token, on_warning=terminal.diagnostics.warning)
    try:
        was_stopped = work(context, tell)
    except AuditorError as error:
        if not ends:
            tell(_never_began("error", error.message, error.hint))
        raise
    except Cancelled:
        if not ends:
            tell(_never_began("paused", tr("Stopped before it began."), ""))
        raise
    return terminal.diagnostics.interrupted() if was_stopped else ExitCode.ANSWERED


def _never_began(kind: str, message: str, hint: str) -> RebuildEvent:
    return RebuildEvent(
        kind=kind,
        projection=None,
        done=0,
        total=0,
        position=None,
        rows=0,
        seconds=0.0,
        message=message,
        hint=hint,
    )


def json_value(values: dict[str, Any]) -> Any:
    """With what `json` makes of floats, which the exact writer takes only as digits."""
    return exact_json.parse(json.dumps(values))
