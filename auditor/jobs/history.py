"""The events of one aggregate as a session keeps them: read once, folded in a worker, extended when there are more."""

from array import array
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from auditor.core.events import PayloadColumns
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.core.version_faults import NO_FAULTS, VersionFaults, version_faults
from auditor.guest.checks import fingerprints
from auditor.guest.fold_service import Events, FoldService
from auditor.jobs.event_columns import EventColumns
from auditor.jobs.setters import KnownSetters
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.reader import StoreReader


class History:
    """`folded` answers for the first `length` events of the aggregate; `columns` says of them what was asked for."""

    def __init__(self, reader: "StoreReader", service: FoldService, aggregate_id: str) -> None:
        self._reader = reader
        self._service = service
        self._aggregate_id = aggregate_id
        self.folded = service.open(aggregate_id, ())
        self.columns = EventColumns(reader, aggregate_id)
        self.setters = KnownSetters(self.folded)
        self._versions = array("q")
        self._positions = array("q")
        self._faults = NO_FAULTS
        self._judged = 0  # so many events `_faults` is about
        self._highest = 0  # position of these
        self._fingerprints: list[str] = []

    @property
    def model(self) -> ModelInfo:
        return self._service.model

    @property
    def upcast_types(self) -> frozenset[str]:
        """Event types that the model reads otherwise than they are stored."""
        return self._service.upcast_types

    @property
    def notes(self) -> tuple[str, ...]:
        """On the worker; translated."""
        return self._service.notes

    @property
    def length(self) -> int:
        return self.folded.length

    def read(self, up_to: int, context: TaskContext, *, total: int | None = None) -> None:
        """Reads and folds what is still missing of the first `up_to` events. What was read before an error stays.
        `total` is what progress counts to, where more is to be read later.

        Raises: StoreError, ModelError, Cancelled.
        """
        if up_to <= self.length:
            return
        try:
            self.folded.extend(self._batches(up_to, context, total or up_to), context.token)
        finally:
            del self._versions[self.length :]
            del self._positions[self.length :]

    def _batches(self, up_to: int, context: TaskContext, total: int) -> Iterator[Events]:
        known = len(self._versions)
        after = self._positions[-1] if known else None
        context.progress(known, total, tr("events"))
        reader = self._reader
        read: Callable[..., Iterator[Events]] = (
            reader.parts.payloads if self._service.folds_payloads else reader.aggregate_events
        )
        for batch in read(self._aggregate_id, up_to=up_to - known, after=after):
            if isinstance(batch, PayloadColumns):
                self._versions.extend(batch.versions)
                self._positions.extend(batch.positions)
            else:
                self._versions.extend([event.version for event in batch])
                self._positions.extend([event.position for event in batch])
            yield batch
            context.progress(len(self._versions), total, tr("events"))

    def version(self, ordinal: int) -> int | None:
        """None before the first event."""
        return self._versions[ordinal - 1] if ordinal else None

    def faults(self, ordinal: int) -> VersionFaults:
        """What is wrong with the versions of the first `ordinal` events."""
        if self._judged < self.length:
            judged = self._judged
            positions = self._positions[judged : self.length]
            self._faults = self._faults.followed_by(
                version_faults(
                    self._versions[judged : self.length],
                    positions,
                    first_ordinal=judged + 1,
                    before=(self._versions[judged - 1], self._highest) if judged else None,
                )
            )
            self._judged, self._highest = self.length, max(self._highest, *positions)
        return self._faults.up_to(ordinal)

    def fingerprints(self, up_to: int, seconds: float, context: TaskContext) -> list[str]:
        """Of the states from ordinal 1 on, up to that one: as many as are known after about that time, more each time
        this is asked; equal ones mean equal states. Where an event ends the worker, there is none from it on.

        Raises: ModelError, Cancelled.
        """
        known = self._fingerprints
        if len(known) < up_to:
            found = fingerprints(self.folded, len(known) + 1, up_to, seconds=seconds, token=context.token)
            known += found.values
        return known[:up_to]

    def position(self, ordinal: int) -> int:
        """Of an event that is there."""
        return self._positions[ordinal - 1]

    def timestamp(self, ordinal: int) -> str | None:
        """Fixed-width UTC, None before the first event. Cost: the event is read."""
        return self._reader.parts.event(self._positions[ordinal - 1]).timestamp_utc if ordinal else None

    def close(self) -> None:
        """Lets the events go, here and in the worker."""
        self.folded.close()
