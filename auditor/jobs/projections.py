"""Which projections a store has, and where their rows go."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import auditor
from auditor.core.errors import WrongRequest
from auditor.core.server_address import is_server_address
from auditor.core.text import tr
from auditor.guest.starting import GuestCode, own_code
from auditor.jobs.models import DEMO_DOMAIN
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import CodeAsItIs

if TYPE_CHECKING:
    from auditor.stores.location import StoreLocation
    from auditor.stores.read_model_place import ReadModelPlace

_BUILT_IN = {"order_summaries": "auditor.demo.projections:OrderSummaries"}
"""The program's own projection; it serves only stores that carry the demo's mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedProjection:
    """A projection under the name that a user gives it, its code, the hash over the code's files (None where there is
    no source) and where its read model stands."""

    name: str
    code: GuestCode
    code_sha256: str | None
    target: "ReadModelPlace"


def choose_projection(session: Session, name: str) -> NamedProjection:
    """The workspace's projection of that name, else the program's own.

    Raises: WrongRequest for a name that is not there, listing those that are; ModelError; NotTrusted.
    """
    target = target_of(session, name)
    named = session.workspace_code.projection(name)
    if named is not None:
        return NamedProjection(name=name, code=named.code, code_sha256=named.sha256, target=target)
    own = _BUILT_IN[name]
    return NamedProjection(name=name, code=own_code(own), code_sha256=_own_sha256(own), target=target)


def known_projections(session: Session) -> tuple[str, ...]:
    """Their names, sorted. Raises: ModelError for a workspace file that is wrong."""
    built_in = _BUILT_IN if session.reader.domain == DEMO_DOMAIN else ()
    return tuple(sorted({*session.workspace_code.projection_names, *built_in}))


def target_of(session: Session, name: str) -> "ReadModelPlace":
    """Where the projection's read model stands, or would stand. Asks for no trust, looks at no file; a server may be
    asked for the name of its schema.

    Raises: WrongRequest for a name that is not there, listing those that are; ModelError; StoreError.
    """
    from auditor.stores.read_model_place import place_beside, read_model_place

    if name not in known_projections(session):
        raise _unknown(session, name)
    named = session.workspace_code.projection_place(name)
    store = session.reader.location
    return place_beside(store) if named is None else read_model_place(named, store=store)


def target_as_named(session: Session, name: str) -> "StoreLocation":
    """For a target whose server cannot be asked: what the workspace says, or the store's own place."""
    from auditor.stores.location import store_location

    named = session.workspace_code.projection_place(name)
    return session.reader.location if named is None else store_location(named)


def code_as_it_is(session: Session, name: str) -> CodeAsItIs:
    """The code of a projection that is known, hashed but not run. Raises: ModelError."""
    code = session.workspace_code.projection_code_as_it_is(name)
    if code is not None:
        return code
    own = _own_sha256(_BUILT_IN[name])
    return CodeAsItIs(sha256=own, files=frozenset({own} if own else ()), trusted=True)


def _own_sha256(target: str) -> str | None:
    module = Path(auditor.__file__).parent.parent.joinpath(*target.partition(":")[0].split("."))
    try:
        return hashlib.sha256(module.with_suffix(".py").read_bytes()).hexdigest()
    except OSError:  # a frozen program has no source
        return None


def _unknown(session: Session, name: str) -> WrongRequest:
    known = known_projections(session)
    message = tr("There is no projection {name!r} for this store.", name=name)
    if known:
        return WrongRequest(message, tr("There is {names}.", names=", ".join(known)))
    return WrongRequest(message, where_to_name_them(session))


def where_to_name_them(session: Session) -> str:
    """What to do to have projections."""
    if is_server_address(session.reader.location.address):
        return tr("Name projections in an auditor.toml, and give it: --workspace FILE.")
    return tr("Name projections in an auditor.toml beside the store, or give --workspace FILE.")
