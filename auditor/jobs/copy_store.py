"""A copy of a store's files to work on, with proof that they are the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.core.errors import StoreError
from auditor.core.text import tr
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
    """Needs no reader: a store that cannot be opened where it lies may well open as a copy.

    Raises: StoreError for one on a server; else as `stores.copying.copy_store`.
    """
    from auditor.stores.copying import copy_store
    from auditor.stores.location import ServerLocation, store_location

    location = store_location(request.source)
    if isinstance(location, ServerLocation):
        raise StoreError(
            tr("{name} is a database on a server: it has no file that could be copied.", name=location.name),
            why_no_copy(),
        )
    return copy_store(request.source, request.target, token=context.token, progress=context.progress)


def why_no_copy() -> str:
    """What takes the place of a copy, for a store on a server."""
    return tr(
        "It is viewed read-only where it is. To work on a copy, restore a dump of it (pg_dump) into another database."
    )
