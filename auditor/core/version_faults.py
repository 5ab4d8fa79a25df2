"""What is wrong with the versions of an aggregate's events: some are missing, stand twice, or came out of order."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from .text import tr


class Hole(NamedTuple):
    """Versions `first` to `last` that the store does not have, behind the event with the ordinal `after` (0: before
    the first event)."""

    after: int
    first: int
    last: int

    @property
    def missing(self) -> int:
        """How many versions that are."""
        return self.last - self.first + 1


class RepeatedVersion(NamedTuple):
    """An event that has the version of the one before it."""

    ordinal: int
    version: int


class VersionFaults(NamedTuple):
    """All in the order of ordinals. `strays` are the ordinals of events that stand in the store before one with a
    lower version: they were not appended in the order of their versions."""

    holes: tuple[Hole, ...] = ()
    repeated: tuple[RepeatedVersion, ...] = ()
    strays: tuple[int, ...] = ()

    def followed_by(self, more: "VersionFaults") -> "VersionFaults":
        """These, and those of the events behind."""
        return VersionFaults(
            self.holes + more.holes, self.repeated + more.repeated, self.strays + more.strays
        )

    def up_to(self, ordinal: int) -> "VersionFaults":
        """Those of the first `ordinal` events."""
        if self == NO_FAULTS:
            return self
        return VersionFaults(
            tuple(one for one in self.holes if one.after < ordinal),
            tuple(one for one in self.repeated if one.ordinal <= ordinal),
            tuple(one for one in self.strays if one <= ordinal),
        )


NO_FAULTS = VersionFaults()


def version_faults(
    versions: Sequence[int],
    positions: Sequence[int],
    *,
    first_ordinal: int = 1,
    before: "tuple[int, int] | None" = None,
) -> VersionFaults:
    """Of events in the order of their versions, where they are counted from 1 in each aggregate. A version 0 says that
    none could be read: nothing follows from it.

    `before`: version and highest position of what is before the first of these. Cost of sound columns: some 100 ns an
    event.
    """
    if not versions:
        return NO_FAULTS
    version, position = before or (0, 0)
    whole = array("q", range(version + 1, version + 1 + len(versions)))
    if whole == versions and positions[0] > position and list(positions) == sorted(positions):
        return NO_FAULTS
    holes, repeated, strays = [], [], []
    for ordinal, (this, place) in enumerate(zip(versions, positions), first_ordinal):  # noqa: B905 - 3.10
        if place < position:
            strays.append(ordinal)
        position = max(position, place)
        if this <= 0:
            continue
        if this > version + 1:
            holes.append(Hole(ordinal - 1, version + 1, this - 1))
        elif this == version:
            repeated.append(RepeatedVersion(ordinal, this))
        version = max(version, this)
    return VersionFaults(tuple(holes), tuple(repeated), tuple(strays))


MOST_NOTES = 3  # of one kind; then how many more there are


def hole_notes(holes: Sequence[Hole]) -> list[str]:
    """Sentences on the first of them."""
    notes = [
        tr("Version {version} is not in the store.", version=hole.first)
        if hole.missing == 1
        else tr("Versions {first} to {last} are not in the store.", first=hole.first, last=hole.last)
        for hole in holes[:MOST_NOTES]
    ]
    if len(holes) > MOST_NOTES:
        notes.append(
            tr("{count:,} more versions are not there.", count=sum(one.missing for one in holes[MOST_NOTES:]))
        )
    return notes


def order_notes(faults: VersionFaults) -> list[str]:
    """Likewise on versions that stand twice, and on events that came out of order."""
    notes = [
        tr(
            "Version {version} stands twice: event {ordinal} has it too.",
            version=one.version,
            ordinal=one.ordinal,
        )
        for one in faults.repeated[:MOST_NOTES]
    ]
    if len(faults.repeated) > MOST_NOTES:
        count = len(faults.repeated) - MOST_NOTES
        notes.append(tr("{count:,} more events have a version that stands twice.", count=count))
    if faults.strays:
        notes.append(
            tr(
                "{count:,} events stand in the store before events of lower versions, the first is event {ordinal}.",
                count=len(faults.strays),
                ordinal=faults.strays[0],
            )
        )
    return notes


def notes_on(faults: VersionFaults) -> list[str]:
    """All that is to be said of them."""
    return [*hole_notes(faults.holes), *order_notes(faults)]
