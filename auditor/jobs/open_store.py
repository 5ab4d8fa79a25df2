"""Finding a store and its workspace, and opening it for viewing."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.core.errors import WorkspaceError, WrongRequest
from auditor.core.text import tr
from auditor.guest.workspace import FILE_NAME, Workspace
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import TrustWord, WorkspaceCode
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.location import StoreLocation


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStoreRequest:
    """`store` is a path, an SQLAlchemy URL or a workspace file (.toml).

    The workspace is the one named here, else `store` itself, else an auditor.toml beside the store's file. `password`
    is for a server, and counts more than one that stands in the URL.
    """

    origin: Origin
    store: str
    workspace: Path | None = None
    trust: TrustWord
    password: str | None = field(default=None, repr=False)


def run(request: OpenStoreRequest, context: TaskContext) -> Session:
    """Runs no code of the workspace's.

    Raises: StoreError, PasswordNeeded, Cancelled; WorkspaceError for a workspace file that was named and is wrong (one
    that only lies beside the store is read when its code is wanted); WrongRequest.
    """
    from auditor.stores.reader import open_reader

    context.token.raise_if_cancelled()
    named = _named_workspace(request)
    if named is None:
        location = located(request.store, request.password)
        workspace_code = WorkspaceCode(_beside(location), request.trust)
    else:
        workspace_code = WorkspaceCode(named, request.trust)
        workspace = workspace_code.workspace
        store = _store_of(workspace) if _is_workspace(request.store) else request.store
        location = located(store, request.password)
    return Session(open_reader(location, token=context.token), workspace_code)


def located(store: str, password: str | None = None) -> "StoreLocation":
    """The place that is meant; on a server with that password, where one is given. Raises: StoreError."""
    from auditor.stores.location import ServerLocation, store_location

    place = store_location(store)
    if password is not None and isinstance(place, ServerLocation):
        return place.with_password(password)
    return place


def _named_workspace(request: OpenStoreRequest) -> Path | None:
    if not _is_workspace(request.store):
        return request.workspace
    if request.workspace is not None:
        raise WrongRequest(
            tr("Two workspace files are named."), tr("Leave --workspace away, or name the store.")
        )
    return Path(request.store)


def _is_workspace(store: str) -> bool:
    return store.endswith(".toml")


def _store_of(workspace: Workspace | None) -> str:
    if workspace is None or workspace.store is None:
        raise WorkspaceError(
            tr("The workspace file names no store."),
            tr("Add `url` to its [store], or give the store and the file: STORE --workspace FILE."),
        )
    return workspace.store


def _beside(location: "StoreLocation") -> Path | None:
    """Only looks whether the file is there."""
    from auditor.stores.location import FileLocation

    if not isinstance(location, FileLocation):
        return None
    path = location.path.parent / FILE_NAME
    return path if path.is_file() else None
