"""Finding a store and its workspace, and opening it for viewing."""

from dataclasses import dataclass
from pathlib import Path

from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import WorkspaceCode
from auditor.stores.location import store_location
from auditor.stores.reader import open_reader
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStoreRequest:
    """`store` is a path, an SQLAlchemy URL or a workspace file; `workspace` names one where it is not beside."""

    origin: Origin
    store: str
    workspace: Path | None = None


def run(request: OpenStoreRequest, context: TaskContext) -> Session:
    """Raises: StoreError, ModelError for a workspace file that was named and is wrong."""
    context.token.raise_if_cancelled()
    return Session(open_reader(store_location(request.store).path, token=context.token), WorkspaceCode(None))
