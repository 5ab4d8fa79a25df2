"""What lies at some paths at the moment: asked before a window offers to open or copy them."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtFilesRequest:
    """Paths, or texts that name something else; those are not looked for."""

    origin: Origin
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtFilesResult:
    """`files` are there, `gone` are not, and of all others it cannot be said."""

    files: frozenset[str]
    gone: frozenset[str]


def run(request: LookAtFilesRequest, context: TaskContext) -> LookAtFilesResult:
    """Opens nothing. Raises: Cancelled."""
    files, gone = set(), set()
    for path in request.paths:
        context.token.raise_if_cancelled()
        if not path or "\0" in path or "://" in path:
            continue
        try:
            found = Path(path).stat()
        except (FileNotFoundError, NotADirectoryError):
            gone.add(path)
        except OSError:
            continue
        else:
            if stat.S_ISREG(found.st_mode) and os.access(path, os.R_OK) and found.st_size:
                files.add(path)
    return LookAtFilesResult(files=frozenset(files), gone=frozenset(gone))
