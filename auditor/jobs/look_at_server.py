"""Whether a server lets one in, and what is found there: asked before a store on it is opened."""

from dataclasses import dataclass, field
from pathlib import Path

from auditor.core.errors import PasswordNeeded
from auditor.jobs import open_store
from auditor.jobs.origin import Origin
from auditor.jobs.workspace_code import TrustWord
from auditor.tasks.context import TaskContext

MOST_COUNTED = 100_000
"""Events up to which counting takes no time worth mentioning; beyond them the server's own estimate is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtServerRequest:
    """`store` and `workspace` as for opening: a workspace file may name a server too. `password` counts more than one
    that stands in the address."""

    origin: Origin
    store: str
    workspace: Path | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtServerResult:
    """`access` says how the store would be kept unchanged, `warnings` what else to know, as after opening it.

    `refused` is set, and nothing else known, where the server wants a password, or another one.
    """

    name: str = ""
    product: str = ""
    """What runs there, with its version."""
    layout: str = ""
    events: int = 0
    is_estimate: bool = False
    access: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    refused: PasswordNeeded | None = None


def run(request: LookAtServerRequest, context: TaskContext) -> LookAtServerResult:
    """Opens the store as for viewing and closes it again.

    Raises: StoreError, WorkspaceError, WrongRequest, Cancelled.
    """
    opening = open_store.OpenStoreRequest(
        origin=request.origin,
        store=request.store,
        workspace=request.workspace,
        trust=TrustWord(),
        password=request.password,
    )
    try:
        session = open_store.run(opening, context)
    except PasswordNeeded as error:
        return LookAtServerResult(refused=error)
    with session, session.stopped_by(context.token):
        reader = session.reader
        is_large = (reader.head() or 0) > MOST_COUNTED
        info = reader.info(estimate=is_large)
        return LookAtServerResult(
            name=reader.location.name,
            product=reader.product,
            layout=reader.layout,
            events=info.events,
            is_estimate=is_large,
            access=tuple(reader.access),
            warnings=tuple(reader.warnings),
        )
