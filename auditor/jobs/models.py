"""Which model folds aggregates of a type."""

from auditor import demo
from auditor.core.errors import WrongRequest
from auditor.core.text import tr
from auditor.guest.starting import GuestCode, own_code
from auditor.jobs.workspace_code import WorkspaceCode

MERGE = "merge"
DEMO_DOMAIN = demo.DOMAIN
_BUILT_IN = {"Order": "auditor.demo.order:Order", "Customer": "auditor.demo.customer:Customer"}
"""The program's own models; they serve only stores that carry the demo's mark."""


def choose_model(
    domain: str | None, workspace_code: WorkspaceCode, aggregate_type: str, name: str | None
) -> GuestCode | None:
    """In this order: what `name` says, the workspace's, the program's own, the generic merge (None).
    Where the user goes on without the workspace's code, the generic merge takes its place.

    `name` is `merge` or the name of a model, which is the aggregate type that it stands under.
    Raises: WrongRequest for a model that is not there; ModelError; NotTrusted.
    """
    if name == MERGE:
        return None
    if name is None and workspace_code.is_done_without and aggregate_type in workspace_code.model_names:
        return None
    wanted = aggregate_type if name is None else name
    code = workspace_code.model(wanted)
    if code is None and domain == DEMO_DOMAIN and wanted in _BUILT_IN:
        code = own_code(_BUILT_IN[wanted])
    if code is None and name is not None:
        raise _unknown(name, workspace_code, domain)
    return code


def usable_models(domain: str | None, workspace_code: WorkspaceCode, aggregate_type: str) -> tuple[str, ...]:
    """What `choose_model` takes as a name: the type's own model first, then `merge`, then those of other types."""
    names = {*workspace_code.model_names, *(_BUILT_IN if domain == DEMO_DOMAIN else ())} - {MERGE}
    own = (aggregate_type,) if aggregate_type in names else ()
    return (*own, MERGE, *sorted(names.difference(own)))


def _unknown(name: str, workspace_code: WorkspaceCode, domain: str | None) -> WrongRequest:
    known = {MERGE, *workspace_code.model_names, *(_BUILT_IN if domain == DEMO_DOMAIN else ())}
    return WrongRequest(
        tr("There is no model {name!r} for this store.", name=name),
        tr("There is {names}.", names=", ".join(sorted(known))),
    )
