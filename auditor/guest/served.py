"""What a fold service answers with."""

from dataclasses import dataclass, fields
from typing import Any

from auditor.core.logical_path import LogicalPath
from auditor.core.outline import OutlineRow
from auditor.core.timeline import Unapplied


@dataclass(frozen=True, slots=True)
class Served:
    """Of which state the answer is, and what that state lacks.

    `ordinal` is smaller than the one asked for where an event ended the worker: the state is the one before it, and
    that event is the last of `unapplied`. `notes` are translated.
    """

    ordinal: int
    unapplied: tuple[Unapplied, ...]
    complete: bool
    notes: tuple[str, ...]


def served_facts(served: Served) -> dict[str, Any]:
    """What an answer says beside its own."""
    return {field.name: getattr(served, field.name) for field in fields(Served)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedState(Served):
    """The state as exact JSON, None before the first event."""

    state_text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedOutline(Served):
    """What is open of the state, compared with the one after `against` events; counts are of the whole state."""

    against: int
    rows: tuple[OutlineRow, ...]
    added: int
    removed: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedField(Served):
    """One field as exact JSON; where there is none, `missing` says how far the way goes."""

    text: str | None
    missing: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPaths(Served):
    """Logical paths by pointer, without pointers that name nothing; `lists` on the way by pointer, with the field by
    which their items are told apart (None: by place)."""

    paths: dict[str, LogicalPath]
    lists: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFields(Served):
    """Pointers in display order, the first of `total`."""

    pointers: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcastEvent:
    """One event that a stored one is read as; `data_text` is JSON, with `{"$repr": …}` for what JSON cannot hold.
    `schema_version` is None where the store names none and nobody needs it."""

    event_type: str
    schema_version: "int | None"
    data_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedUpcast:
    """What the model's upcasters make of a stored event: one event or several in order, none where it is retired.

    `steps` describes those that were taken. `finding` says why the event cannot be read where a step failed, is
    missing, or ended the worker; it is None otherwise. `notes` are translated.
    """

    events: tuple[UpcastEvent, ...]
    steps: tuple[str, ...]
    finding: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedChanges(Served):
    """(pointer, kind, text before, text after) in display order, the first of `total`; texts are exact JSON, None
    where there was nothing."""

    against: int
    changes: tuple[tuple[str, str, str | None, str | None], ...]
    total: int
