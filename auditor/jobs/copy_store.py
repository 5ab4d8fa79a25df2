"""A copy of a store's files to work on, with proof that they are the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.copying import CopyReport


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyStoreRequest:
    """`target` must not exist."""

    origin: Origin
    source: str
    target: Path


def run(request: CopyStoreRequest, context: TaskContext) -> "CopyReport":
    """Needs no reader: a store that cannot be opened where it lies may well open as a copy."""
    from auditor.stores.copying import copy_store

    return copy_store(request.source, request.target, token=context.token, progress=context.progress)
