"""What is kept of a mistake of ours: a file that stays on this machine until its user sends it."""

import os
import platform
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor import folders
from auditor.core.presenter import display
from auditor.jobs.origin import Origin
from auditor.own_program import program_version
from auditor.tasks.context import TaskContext

_MOST_NAMES = 100


def write_report(error: BaseException, doing: str, notes: Sequence[str] = ()) -> Path | None:
    """Where the report lies; None where it cannot be written. Holds the traceback, and not what was asked for.

    `doing` names the verb or the part of the window; `notes` are what else was said, such as Qt's own messages.
    """
    text = "\n".join(
        [
            f"auditor {program_version()}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {doing}",
            "",
            *map(display, "".join(traceback.format_exception(error)).split("\n")),
            *map(display, notes),
        ]
    )
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    try:
        reports_folder().mkdir(parents=True, exist_ok=True)
        for number in range(_MOST_NAMES):
            last = f"-{number}" if number else ""
            path = reports_folder() / f"bug-{stamp}-{os.getpid()}{last}.txt"
            try:
                with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(text)
            except FileExistsError:  # two mistakes within a second
                continue
            return path
    except OSError:
        pass
    return None


def reports_folder() -> Path:
    return folders.state_folder() / "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReportsRequest:
    """Of this user."""

    origin: Origin


def run(request: ListReportsRequest, context: TaskContext) -> tuple[Path, ...]:  # noqa: ARG001 - asks for nothing more
    """The reports there are, the newest first."""
    context.token.raise_if_cancelled()
    try:
        found = [path for path in reports_folder().iterdir() if path.name.startswith("bug-")]
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda path: path.name, reverse=True))
