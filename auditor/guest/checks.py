"""Questions by which a model, its states and an application's snapshots are checked, as a worker answers them."""

from dataclasses import dataclass
from typing import Any

from auditor.core.ports import StopToken
from auditor.core.snapshot import Snapshot
from auditor.guest.folded_aggregate import FoldedAggregate
from auditor.guest.served import Served

FieldDifference = tuple[str, str, str | None, str | None]
"""A JSON Pointer, added, removed or changed, and the exact JSON texts before and after."""


@dataclass(frozen=True, slots=True)
class ServedFingerprints:
    """Of the states from ordinal `first` on, in order; `served` is of the last one that was asked for. Where an event
    ended the worker, there are none from it on."""

    served: Served
    first: int
    values: tuple[str, ...]

    @property
    def last(self) -> int:
        """The ordinal of the last one."""
        return self.first + len(self.values) - 1


def fingerprints(
    folded: FoldedAggregate,
    first: int,
    last: int,
    *,
    seconds: float | None = None,
    token: StopToken | None = None,
) -> ServedFingerprints:
    """As many as are made in about that time, at least one if any state can be had.

    Raises: as the questions to a `FoldedAggregate` do.
    """
    ms = None if seconds is None else max(1, round(seconds * 1000))
    served, answer = folded.ask("fingerprints", last, token, lambda target: min(first - 1, target - 1), ms=ms)
    values = answer.values["fingerprints"] if answer is not None and served.ordinal >= first else ()
    return ServedFingerprints(served, first, tuple(values))


@dataclass(frozen=True, slots=True)
class ServedSnapshotCheck:
    """`verdict`: agrees, differs or ignored, with the reason in `why` and the first fields that differ, as the snapshot
    has them and as the events say; None where the model cannot be asked, for the reason `why` if there is one."""

    served: Served
    verdict: str | None
    why: str
    changes: tuple[FieldDifference, ...]


def check_snapshot(
    folded: FoldedAggregate, snapshot: Snapshot, ordinal: int, token: StopToken | None = None
) -> ServedSnapshotCheck:
    """Of an aggregate whose event with the snapshot's version is the one at `ordinal`.

    Raises: as the questions to a `FoldedAggregate` do.
    """
    served, answer = folded.ask("check_snapshot", ordinal, token, snapshot=list(snapshot))
    if answer is None or served.ordinal < ordinal:
        return ServedSnapshotCheck(served, None, "", ())
    values: dict[str, Any] = answer.values
    changes = tuple((path, kind, before, after) for path, kind, before, after in values["changes"])
    return ServedSnapshotCheck(served, values["verdict"], values["why"], changes)
