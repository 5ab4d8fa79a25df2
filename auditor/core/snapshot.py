"""One snapshot: a state that an application stored, and everything that says whether it may be used."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


class Snapshot(NamedTuple):
    """The state of one aggregate after one stored event, in the order of the columns of the table."""

    aggregate_id: str
    aggregate_type: str
    version: int
    schema_version: int
    """The `schema_version` of the aggregate class: the shape of the state."""
    model: str
    """What `model_fingerprint` said of the class."""
    event_id: str
    """Of the event with that version: another one there means that the history is another."""
    position: int
    created_at: str
    """Fixed-width UTC."""
    state: str
    """What `state_codec.keep` made of the state."""
    checksum: str

    def checksum_due(self) -> str:
        """SHA-256, in hex, over everything but the checksum: a damaged row is told from a sound one by it."""
        digest = hashlib.sha256()
        for value in self[:-1]:
            part = str(value).encode("utf-8", "surrogatepass")
            digest.update(b"%d:" % len(part))
            digest.update(part)
        return digest.hexdigest()

    def sealed(self) -> "Snapshot":
        return self._replace(checksum=self.checksum_due())


class Snapshots(Protocol):
    """Where a store keeps its snapshots: at most one an aggregate, the newest."""

    def write(self, snapshot: Snapshot) -> bool:
        """Keeps it in place of the aggregate's older one, or of one that is beyond the aggregate's last event.

        False where a newer one is kept: that one stays. One step, also where several processes write.
        Raises: StoreBusy, StoreFull.
        """

    def read(self, aggregate_id: str) -> "Snapshot | None":
        """Raises: StoreError for one that the database itself cannot read."""

    def aggregate_ids(self) -> Iterator[str]:
        """Of all that have a snapshot, in order, read in batches."""


@dataclass(frozen=True)
class SnapshotPolicy:
    """When `Repository.save` takes a snapshot: as soon as `every` events came since the aggregate's last one.

    `by_type` has other numbers for some aggregate types; None there means never.
    """

    every: "int | None" = 100
    by_type: "Mapping[str, int | None]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number in (self.every, *self.by_type.values()):
            if number is not None and number < 1:
                raise ValueError(
                    f"a snapshot can be due after each event at the earliest, not after {number}"
                )

    def is_due(self, aggregate_type: str, events_since: int) -> bool:
        number = self.by_type.get(aggregate_type, self.every)
        return number is not None and events_since >= number
