"""States of aggregates at any ordinal, folded by a worker."""

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from auditor.core.errors import ModelError
from auditor.core.events import RecordedEvent
from auditor.core.ports import StopToken
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.guest.fold_worker import FoldWorker
from auditor.guest.folded_aggregate import Events, FoldedAggregate
from auditor.guest.process import GuestGone
from auditor.guest.served import ServedState, ServedUpcast, UpcastEvent
from auditor.guest.starting import GuestCode

__all__ = ["Events", "FoldService", "FoldedAggregate", "GuestCode", "ServedState"]


class FoldService:
    """One model in a worker process. Used from one thread at a time."""

    def __init__(
        self, code: GuestCode | None, *, cache: Path | None = None, keyframe_mb: int | None = None
    ) -> None:
        """`code` None: the generic merge. `cache`: the folder of the worker's zip, by default the user's.
        `keyframe_mb`: by default what the limits of the code say.

        Raises: ModelError.
        """
        self._worker = FoldWorker(code, cache, keyframe_mb)
        self._opened: dict[int, FoldedAggregate] = {}
        self._handles = itertools.count(1)

    @property
    def model(self) -> ModelInfo:
        return self._worker.model

    @property
    def folds_payloads(self) -> bool:
        """Whether the model looks at nothing of an event but its type and its data: no more need be read."""
        return self._worker.folds_payloads

    @property
    def notes(self) -> tuple[str, ...]:
        """Which limits the system does not keep; translated."""
        return self._worker.notes

    def open(
        self, aggregate_id: str, batches: Iterable[Events], token: StopToken | None = None
    ) -> FoldedAggregate:
        """Takes all events, in the order of their ordinals from 1, and folds them on the way.

        Close what is not needed any more: until then its events are kept.

        Raises: ModelError, Cancelled.
        """
        handle = next(self._handles)
        folded = FoldedAggregate(
            self._worker, aggregate_id, handle, when_closed=lambda closed: self._opened.pop(closed, None)
        )
        self._opened[handle] = folded
        try:
            folded.extend(batches, token)
        except BaseException:
            folded.close()
            raise
        return folded

    @property
    def upcast_types(self) -> frozenset[str]:
        """The event types that the model's upcasters read otherwise than they are stored."""
        return self._worker.upcast_types

    def standings(self, event_types: Sequence[str]) -> dict[str, str]:
        """How the model stands to each of these types, by `core.event_standing`.

        Raises: ModelError where the model cannot be loaded again, Cancelled.
        """
        try:
            answer = self._worker.process().request("event_types", types=list(event_types))
        except GuestGone as gone:
            raise ModelError(
                tr(
                    "The model's process ended when it was asked for its handlers: {reason}.",
                    reason=gone.reason,
                ),
                tr("Look at what its class does when its attributes are read."),
            ) from None
        found: dict[str, str] = answer.values["standings"]
        return found

    def newest_form(self, event: RecordedEvent, token: StopToken | None = None) -> ServedUpcast:
        """The event as the model reads it, for one of `upcast_types`.

        Raises: ModelError where the model cannot be loaded again, Cancelled.
        """
        try:
            answer = self._worker.process().request("newest_form", token=token, event=event)
        except GuestGone as gone:
            finding = tr("the model's process ended: {reason}", reason=gone.reason)
            return ServedUpcast(events=(), steps=(), finding=finding, notes=self.notes)
        values = answer.values
        events = tuple(
            UpcastEvent(event_type=event_type, schema_version=schema_version, data_text=text)
            for (event_type, schema_version), text in zip(values["events"], answer.texts, strict=True)
        )
        unsteady = tr("Its upcasters gave something else when they were asked again: they are not pure.")
        return ServedUpcast(
            events=events,
            steps=tuple(values["steps"]),
            finding=values["finding"],
            notes=self.notes if values["is_steady"] else (*self.notes, unsteady),
        )

    def close(self) -> None:
        """Ends the worker within a second and forgets all events."""
        self._worker.end()
        for folded in list(self._opened.values()):
            folded.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
