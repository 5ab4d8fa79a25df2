"""The library: `from auditor.eventsourcing import AggregateRoot, EventStore, …`.

Names are loaded when they are asked for, so that an aggregate needs no database library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.core.aggregate import AggregateRoot, Stamp, answering
    from auditor.core.catch_up import CaughtUp
    from auditor.core.commands import CommandHandler
    from auditor.core.errors import (
        AggregateNotFound,
        AuditorError,
        ConcurrencyError,
        DuplicateEvent,
        InvalidOperationError,
        ModelError,
        NotYetProjected,
        OutcomeUnknown,
        PasswordNeeded,
        ProjectionFailed,
        RebuildNeeded,
        StoreBusy,
        StoreError,
        StoreFull,
        StoreReplaced,
        UpcastError,
        WrongRequest,
    )
    from auditor.core.events import DomainEvent, Envelope, EventMetadata, RecordedEvent
    from auditor.core.handlers import NoHandler
    from auditor.core.projection import Projection
    from auditor.core.repository import Repository
    from auditor.core.rows import Table
    from auditor.core.snapshot import Snapshot, SnapshotPolicy
    from auditor.core.snapshot_check import SnapshotFinding, verify_snapshots
    from auditor.core.snapshots import SnapshotRefused, SnapshotRepository, SnapshotWarning
    from auditor.core.stopping import StopSignal
    from auditor.core.upcasting import Retired, Split, Upcast, Upcaster, UpcasterChain
    from auditor.stores.native_store import EventStore
    from auditor.stores.projection_runner import ProjectionRunner
    from auditor.stores.read_model import Answer, ReadModel

__all__ = [
    "AggregateNotFound",
    "AggregateRoot",
    "Answer",
    "AuditorError",
    "CaughtUp",
    "CommandHandler",
    "ConcurrencyError",
    "DomainEvent",
    "DuplicateEvent",
    "Envelope",
    "EventMetadata",
    "EventStore",
    "InvalidOperationError",
    "ModelError",
    "NoHandler",
    "NotYetProjected",
    "OutcomeUnknown",
    "PasswordNeeded",
    "Projection",
    "ProjectionFailed",
    "ProjectionRunner",
    "ReadModel",
    "RebuildNeeded",
    "RecordedEvent",
    "Repository",
    "Retired",
    "Snapshot",
    "SnapshotFinding",
    "SnapshotPolicy",
    "SnapshotRefused",
    "SnapshotRepository",
    "SnapshotWarning",
    "Split",
    "Stamp",
    "StopSignal",
    "StoreBusy",
    "StoreError",
    "StoreFull",
    "StoreReplaced",
    "Table",
    "Upcast",
    "UpcastError",
    "Upcaster",
    "UpcasterChain",
    "WrongRequest",
    "answering",
    "verify_snapshots",
]

_MODULES = {
    "auditor.core.aggregate": ("AggregateRoot", "Stamp", "answering"),
    "auditor.core.catch_up": ("CaughtUp",),
    "auditor.core.commands": ("CommandHandler",),
    "auditor.core.errors": (
        "AggregateNotFound",
        "AuditorError",
        "ConcurrencyError",
        "DuplicateEvent",
        "InvalidOperationError",
        "ModelError",
        "NotYetProjected",
        "OutcomeUnknown",
        "PasswordNeeded",
        "ProjectionFailed",
        "RebuildNeeded",
        "StoreBusy",
        "StoreError",
        "StoreFull",
        "StoreReplaced",
        "UpcastError",
        "WrongRequest",
    ),
    "auditor.core.events": ("DomainEvent", "Envelope", "EventMetadata", "RecordedEvent"),
    "auditor.core.handlers": ("NoHandler",),
    "auditor.core.projection": ("Projection",),
    "auditor.core.repository": ("Repository",),
    "auditor.core.rows": ("Table",),
    "auditor.core.stopping": ("StopSignal",),
    "auditor.core.snapshot": ("Snapshot", "SnapshotPolicy"),
    "auditor.core.snapshot_check": ("SnapshotFinding", "verify_snapshots"),
    "auditor.core.snapshots": ("SnapshotRefused", "SnapshotRepository", "SnapshotWarning"),
    "auditor.core.upcasting": ("Retired", "Split", "Upcast", "Upcaster", "UpcasterChain"),
    "auditor.stores.native_store": ("EventStore",),
    "auditor.stores.projection_runner": ("ProjectionRunner",),
    "auditor.stores.read_model": ("Answer", "ReadModel"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
