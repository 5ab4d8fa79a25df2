"""Whether a server lets one in, and what is found there: asked before a store on it is opened."""

from dataclasses import dataclass, field

from auditor.core.errors import PasswordNeeded
from auditor.jobs.open_store import located
from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext

MOST_COUNTED = 100_000
"""Events up to which counting takes no time worth mentioning; beyond them the server's own estimate is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtServerRequest:
    """`store` is the address; `password` counts more than one that stands in it."""

    origin: Origin
    store: str
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
    """Opens the store as for viewing and closes it again. Raises: StoreError, Cancelled."""
    from auditor.stores.reader import open_reader

    context.token.raise_if_cancelled()
    try:
        reader = open_reader(located(request.store, request.password), token=context.token)
    except PasswordNeeded as error:
        return LookAtServerResult(refused=error)
    with reader:
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
