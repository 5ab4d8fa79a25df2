"""The chosen aggregate's history in columns, for drawing: one entry an event, index = ordinal - 1."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from auditor.core.version_faults import NO_FAULTS, Hole, VersionFaults, version_faults

if TYPE_CHECKING:
    from auditor.jobs.show_timeline import TimelineResult
    from auditor.stores.pages import AggregateRow

Integers = NDArray[np.int64]
Name = TypeVar("Name", bound=str | None)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All events of one aggregate. Types and users are numbered in the order of their first appearance."""

    aggregate: "AggregateRow"
    versions: Integers
    positions: Integers
    times: list[str]
    """Fixed-width UTC."""
    types: tuple[str, ...]
    type_of: Integers
    users: tuple[str | None, ...]
    user_of: Integers
    sizes: Integers
    """Bytes of the data as stored."""
    unapplied: tuple[int, ...] = ()
    """Ordinals that the model did not apply, once the history was folded."""
    faults: VersionFaults = NO_FAULTS
    """Versions that are missing, stand twice, or came out of order."""
    snapshots: tuple[int, ...] = ()
    """Ordinals at which the application kept a snapshot that is still there."""
    snapshot_verdicts: tuple[str, ...] = ()
    """What became of comparing each of them with its events, once they were: a value of `check_snapshots.Verdict`."""

    @property
    def length(self) -> int:
        return len(self.versions)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Where versions are missing: behind `hole.after` (an ordinal, 0: before the first), `hole.missing` of them."""
        return self.faults.holes

    @property
    def incomplete_from(self) -> int | None:
        """The first ordinal whose state lacks something: its event was not applied, or versions before it are not in
        the store."""
        return min((*self.unapplied[:1], *(hole.after + 1 for hole in self.holes[:1])), default=None)

    @property
    def incomplete_version(self) -> int | None:
        """The version of the first event that states lack: one that was not applied, or is not in the store."""
        unapplied = (version for one in self.unapplied[:1] if (version := self.version(one)) is not None)
        return min((*unapplied, *(hole.first for hole in self.holes[:1])), default=None)

    @property
    def repeated(self) -> tuple[int, ...]:
        """Ordinals of events that have the version of the one before."""
        return tuple(one.ordinal for one in self.faults.repeated)

    @property
    def strays(self) -> tuple[int, ...]:
        """Ordinals of events that stand in the store before events of lower versions."""
        return self.faults.strays

    def version(self, ordinal: int) -> int | None:
        """The stored version, None before the first event."""
        return int(self.versions[ordinal - 1]) if 0 < ordinal <= self.length else None

    def time(self, ordinal: int) -> str | None:
        return self.times[ordinal - 1] if 0 < ordinal <= self.length else None

    def event_type(self, ordinal: int) -> str | None:
        return self.types[self.type_of[ordinal - 1]] if 0 < ordinal <= self.length else None

    def user(self, ordinal: int) -> str | None:
        return self.users[self.user_of[ordinal - 1]] if 0 < ordinal <= self.length else None

    def ordinal_of_version(self, version: int) -> int | None:
        """None for a version that is not there."""
        found = np.flatnonzero(self.versions == version)
        return int(found[0]) + 1 if found.size else None

    def counts(self) -> list[int]:
        """Number of events by type, in the order of `types`."""
        return [int(count) for count in np.bincount(self.type_of, minlength=len(self.types))]

    def same_type(self, ordinal: int, step: int) -> int | None:
        """The next (`step` 1) or previous (-1) ordinal with an event of the same type; None where there is none."""
        if not 0 < ordinal <= self.length:
            return None
        alike = np.flatnonzero(self.type_of == self.type_of[ordinal - 1]) + 1
        at = int(np.searchsorted(alike, ordinal)) + step
        return int(alike[at]) if 0 <= at < len(alike) else None

    def extended(self, result: "TimelineResult") -> "History":
        """With further events: what `show_timeline` answers for `after` this one's length."""
        more = history_of(result)
        types, type_of = _renumbered(self.types, more.types, more.type_of)
        users, user_of = _renumbered(self.users, more.users, more.user_of)
        faults = result.faults
        if self.length:  # known better here: the highest position of all events before
            before = (int(self.versions[-1]), int(self.positions.max()))
            faults = version_faults(
                result.versions, result.positions, first_ordinal=result.first_ordinal, before=before
            )
        return replace(
            self,
            aggregate=more.aggregate,
            versions=np.concatenate((self.versions, more.versions)),
            positions=np.concatenate((self.positions, more.positions)),
            times=self.times + more.times,
            types=types,
            type_of=np.concatenate((self.type_of, type_of)),
            users=users,
            user_of=np.concatenate((self.user_of, user_of)),
            sizes=np.concatenate((self.sizes, more.sizes)),
            faults=self.faults.followed_by(faults),
        )


def history_of(result: "TimelineResult") -> History:
    """What `show_timeline` read, ready for drawing."""
    return History(
        aggregate=result.aggregate,
        versions=np.asarray(result.versions, dtype=np.int64),
        positions=np.asarray(result.positions, dtype=np.int64),
        times=list(result.times),
        types=tuple(result.types),
        type_of=np.asarray(result.type_of, dtype=np.int64),
        users=tuple(result.users),
        user_of=np.asarray(result.user_of, dtype=np.int64),
        sizes=np.asarray(result.sizes, dtype=np.int64),
        faults=result.faults,
    )


def _renumbered(
    known: tuple[Name, ...], names: tuple[Name, ...], numbers: Integers
) -> tuple[tuple[Name, ...], Integers]:
    """Further numbers, of their own names, as numbers of all names."""
    together = list(dict.fromkeys((*known, *names)))
    place = {name: number for number, name in enumerate(together)}
    lookup = np.array([place[name] for name in names], dtype=np.int64)
    return tuple(together), lookup[numbers] if len(names) else numbers
