"""The events of one aggregate in order, whole or as far as who folds them looks at them."""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from .events import RecordedEvent, as_event

BETWEEN = b"\x1e"
LINE_BREAK = b"\x1d"
"""Characters that stand in no JSON text: between two texts, and for a line break within one."""


class Payloads:
    """Consecutive events of which nothing but type, version and data is known. Kept as they came, in few pieces."""

    __slots__ = ("_joined", "_type_of", "_types", "keys_differ", "versions")

    def __init__(
        self,
        types: Sequence[str],
        type_of: "Sequence[int] | None",
        versions: Sequence[int],
        joined: bytes,
        *,
        keys_differ: bool,
    ) -> None:
        """`type_of`: for each event a place in `types`; None where all are of the first. `joined`: the texts of their
        data, see `BETWEEN`. `keys_differ`: whether certainly no key stands twice in one object."""
        self._types = types
        self._type_of = bytes(type_of) if type_of is not None and len(types) <= 256 else type_of
        self.versions = versions
        self._joined = joined
        self.keys_differ = keys_differ

    def __len__(self) -> int:
        return len(self.versions)

    def types(self, start: int, stop: int) -> Iterable[str]:
        if self._type_of is None:
            return repeat(self._types[0], stop - start)
        return map(self._types.__getitem__, self._type_of[start:stop])

    def texts(self) -> list[str]:
        """Of all of them. Cost: some 30 ns each."""
        text = self._joined.decode("utf-8", "surrogatepass")
        texts = text.split("\x1e")
        return [one.replace("\x1d", "\n") for one in texts] if "\x1d" in text else texts


class Part(NamedTuple):
    """Consecutive events, the first one with ordinal `first`. `events` where they are known whole, else `payloads`:
    pairs of type and data."""

    first: int
    events: "Sequence[RecordedEvent] | None"
    payloads: "Iterable[tuple[str, str]]"
    keys_differ: bool


class EventLog:
    """Ordinals count from 1."""

    def __init__(self) -> None:
        self._batches: list[Any] = []  # of events: a list of them, or Payloads
        self._firsts: list[int] = []
        self._length = 0
        self._split: tuple[int, list[str]] = (-1, [])  # the texts of the batch that was looked at last

    def __len__(self) -> int:
        return self._length

    def extend(self, events: Iterable[RecordedEvent]) -> None:
        """Takes events that are known whole."""
        events = list(events)
        if events and self._batches and type(self._batches[-1]) is list:
            self._batches[-1] += events
            self._length += len(events)
        elif events:
            self._append(events)

    def add(self, payloads: Payloads) -> None:
        """Takes events that are not."""
        if len(payloads):
            self._append(payloads)

    def _append(self, batch: Any) -> None:
        self._batches.append(batch)
        self._firsts.append(self._length + 1)
        self._length += len(batch)

    def parts(self, first: int, last: int) -> Iterator[Part]:
        """The events from `first` to `last`."""
        at = bisect.bisect_right(self._firsts, first) - 1
        while first <= last:
            batch, offset = self._batches[at], self._firsts[at]
            stop = min(last - offset + 1, len(batch))
            yield self._part(at, first - offset, stop)
            first = offset + stop
            at += 1

    def _part(self, at: int, start: int, stop: int) -> Part:
        batch, first = self._batches[at], self._firsts[at] + start
        if type(batch) is list:
            return Part(first, batch[start:stop], (), False)
        pairs = zip(batch.types(start, stop), self._texts(at)[start:stop])  # noqa: B905 - Python 3.10
        return Part(first, None, pairs, batch.keys_differ)

    def _texts(self, at: int) -> list[str]:
        if self._split[0] != at:
            self._split = (at, self._batches[at].texts())
        return self._split[1]

    def event(self, ordinal: int) -> RecordedEvent:
        """One event; where it is not known whole, with nothing in the columns that are not."""
        at = bisect.bisect_right(self._firsts, ordinal) - 1
        batch, place = self._batches[at], ordinal - self._firsts[at]
        if type(batch) is list:
            found: RecordedEvent = batch[place]
            return found
        (event_type,) = batch.types(place, place + 1)
        return as_event(
            (0, "", "", "", event_type, batch.versions[place], "", None, self._texts(at)[place], "{}")
        )

    def texts(self, first: int, last: int) -> list[str]:
        """The data of the events from `first` to `last`."""
        found: list[str] = []
        for part in self.parts(first, last):
            if part.events is not None:
                found += [event.data_text for event in part.events]
            else:
                found += [text for _, text in part.payloads]
        return found
