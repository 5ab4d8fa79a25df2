"""Which projections a store has, and where their rows go."""

from dataclasses import dataclass
from pathlib import Path

from auditor.core.errors import WrongRequest
from auditor.core.text import tr
from auditor.guest.starting import GuestCode, own_code
from auditor.jobs.models import DEMO_DOMAIN
from auditor.jobs.session import Session
from auditor.stores.read_model_file import default_path

_BUILT_IN = {"order_summaries": "auditor.demo.projections:OrderSummaries"}
"""The program's own projection; it serves only stores that carry the demo's mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedProjection:
    """A projection under the name that a user gives it, and the file of its read model."""

    name: str
    code: GuestCode
    target: Path


def choose_projection(session: Session, name: str) -> NamedProjection:
    """The workspace's projection of that name, else the program's own.

    Raises: WrongRequest for a name that is not there, listing those that are; ModelError; NotTrusted.
    """
    beside = default_path(session.reader.location.path)
    named = session.workspace_code.projection(name)
    if named is not None:
        return NamedProjection(name=name, code=named.code, target=named.target or beside)
    if session.reader.domain == DEMO_DOMAIN and name in _BUILT_IN:
        return NamedProjection(name=name, code=own_code(_BUILT_IN[name]), target=beside)
    raise _unknown(session, name)


def _unknown(session: Session, name: str) -> WrongRequest:
    built_in = _BUILT_IN if session.reader.domain == DEMO_DOMAIN else ()
    known = sorted({*session.workspace_code.projection_names, *built_in})
    message = tr("There is no projection {name!r} for this store.", name=name)
    if known:
        return WrongRequest(message, tr("There is {names}.", names=", ".join(known)))
    return WrongRequest(
        message, tr("Name projections in an auditor.toml beside the store, or give --workspace FILE.")
    )
