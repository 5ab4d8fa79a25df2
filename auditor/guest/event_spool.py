"""The events of an open aggregate as they go over the wire, kept so that a new worker can be given them again."""

import tempfile
from collections.abc import Sequence
from typing import NamedTuple

import orjson

from auditor.core.events import RecordedEvent
from auditor.guest import wire

IN_MEMORY = 32 << 20


class SpooledBatch(NamedTuple):
    """Some events in order. `first` and `last` are ordinals."""

    first: int
    last: int
    offset: int
    size: int


class EventSpool:
    """In memory while small, then in a nameless temporary file."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._end = 0
        self.batches: list[SpooledBatch] = []

    @property
    def length(self) -> int:
        """How many events there are."""
        return self.batches[-1].last if self.batches else 0

    def add(self, events: Sequence[RecordedEvent]) -> None:
        """Appends a batch; none for no events."""
        if not events:
            return
        data = _as_json(events)
        self._file.seek(self._end)
        self._file.write(data)
        first = self.length + 1
        self.batches.append(SpooledBatch(first, first + len(events) - 1, self._end, len(data)))
        self._end += len(data)

    def read(self, batch: SpooledBatch) -> bytes:
        """The batch as a JSON list of rows of columns."""
        self._file.seek(batch.offset)
        return self._file.read(batch.size)

    def event(self, ordinal: int) -> RecordedEvent:
        """One event again; cost: its batch is parsed."""
        batch = next(batch for batch in self.batches if batch.first <= ordinal <= batch.last)
        return RecordedEvent(*wire.decode(self.read(batch))[ordinal - batch.first])

    def close(self) -> None:
        self._file.close()


def _as_json(events: Sequence[RecordedEvent]) -> bytes:
    try:
        return orjson.dumps(events, default=tuple)
    except TypeError:  # a lone surrogate or a number beyond 64 bits
        return wire.encode_value([tuple(event) for event in events])
